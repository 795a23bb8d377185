"""The feeds of the day-book: trades, and the activity of members."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from chalicelib.daybook.rules import reading
from chalicelib.daybook.rules.activity import Activity, Flag, Inquiry, Login, OfferChange, ProfileChange, Reply
from chalicelib.daybook.rules.coverage import Feed as CoveredFeed
from chalicelib.daybook.rules.coverage import told_until
from chalicelib.daybook.rules.facts import Outcome
from chalicelib.daybook.rules.trades import TradeFact
from chalicelib.daybook.service import coverage
from chalicelib.daybook.service.feeding import Feed, values_of
from chalicelib.daybook.views import feeds
from chalicelib.members import service as members
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.errors import Malformed
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import RequestContext


def record_trades(body: feeds.TradesRequest, request: RequestContext) -> StoredResponse:
    """Record up to 500 trade facts; unknown suppliers become members."""
    return _take(TRADES, "trade", body, request)


def record_activity(body: feeds.ActivitiesRequest, request: RequestContext) -> StoredResponse:
    """Record up to 500 activity facts of members that are known."""
    return _take(ACTIVITY, "logins", body, request)


def _take(
    feed: Feed[Any, Any],
    name: CoveredFeed,
    body: feeds.TradesRequest | feeds.ActivitiesRequest,
    request: RequestContext,
) -> StoredResponse:
    """Take facts in; then keep until when all has been told, and again where the request comes again: before, a day would be complete whose facts are
    not there yet.
    """
    if not body.items and not body.told_until:
        raise Malformed("Tell something, or until when all has been told.", param="items")
    days = told_until(name, body.told_until, business_date(request.now)) if body.told_until else ()
    response = feed.take(body.items, request)
    coverage.keep(days)
    return response


def _register_suppliers(
    items: Sequence[feeds.TradeRequest], judged: list[TradeFact | Outcome], request: RequestContext
) -> list[TradeFact | Outcome]:
    suppliers = {
        one.supplier_ref: fact.supplier_country
        for one, fact in zip(items, judged, strict=True)
        if isinstance(fact, TradeFact)
    }
    members.ensure(suppliers, request)
    return judged


def _refuse_strangers(
    items: Sequence[feeds.ActivityRequest], judged: list[Activity | Outcome], request: RequestContext
) -> list[Activity | Outcome]:
    known = members.known({fact.member_id for fact in judged if not isinstance(fact, Outcome)})
    stranger = Outcome("refused", "unknown_member", "member_ref")
    return [fact if isinstance(fact, Outcome) or fact.member_id in known else stranger for fact in judged]


def _activity(body: feeds.ActivityRequest, source: str) -> Activity:
    member_id = reading.member_id(reading.reference(body.member_ref, "member_ref"))
    at = reading.moment(body.at, "at")
    if not isinstance(body, feeds.InquiryRequest | feeds.ReplyRequest):
        activity_id = reading.reference(body.activity_id, "activity_id")
        if isinstance(body, feeds.OfferChangeRequest):
            return OfferChange(member_id=member_id, activity_id=activity_id, change=body.change, at=at, source=source)
        form = Login if isinstance(body, feeds.LoginRequest) else ProfileChange
        return form(member_id=member_id, activity_id=activity_id, at=at, source=source)
    thread_id = reading.reference(body.thread_id, "thread_id")
    if not isinstance(body, feeds.InquiryRequest):
        return Reply(member_id=member_id, thread_id=thread_id, at=at, source=source)
    buyer_ref = reading.reference(body.buyer_ref, "buyer_ref")
    own: set[Flag] = {"self"} if buyer_ref == body.member_ref else set()
    flags = tuple(sorted({*body.flags, *own}))
    return Inquiry(member_id=member_id, thread_id=thread_id, buyer_ref=buyer_ref, at=at, flags=flags, source=source)


def _activity_id(body: feeds.ActivityRequest) -> str:
    return body.thread_id if isinstance(body, feeds.InquiryRequest | feeds.ReplyRequest) else body.activity_id


TRADES: Final = Feed[feeds.TradeRequest, TradeFact](
    event="trades.recorded",
    judge=lambda one, source: reading.trade_fact(values_of(one), source),
    admit=_register_suppliers,
    record=coverage.record_told,
    fact_id=lambda one: one.trade_id,
)
ACTIVITY: Final = Feed[feeds.ActivityRequest, Activity](
    event="activity.recorded",
    judge=_activity,
    admit=_refuse_strangers,
    record=coverage.record_told,
    fact_id=_activity_id,
)
