"""Facts from an officer's feed: each judged alone, all answered together, the answer kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec

from chalicelib.daybook.rules import reading
from chalicelib.daybook.rules.activity import Flag, Inquiry, Login, ProfileChange, Reply
from chalicelib.daybook.rules.facts import Outcome
from chalicelib.daybook.rules.items import Fact
from chalicelib.daybook.rules.reading import Unreadable
from chalicelib.daybook.rules.trades import TradeFact
from chalicelib.daybook.service.recording import record
from chalicelib.daybook.views.feeds import (
    ActivitiesRequest,
    ActivityRequest,
    CountsView,
    FactView,
    FeedView,
    InquiryRequest,
    LoginRequest,
    ProfileChangeRequest,
    TradeRequest,
    TradesRequest,
)
from chalicelib.members import service as members
from chalicelib.shared import ids, journal
from chalicelib.shared.commit import StoredResponse, commit, find_replay
from chalicelib.shared.http import encode
from chalicelib.shared.journal import Event
from chalicelib.shared.request import RequestContext

A = TypeVar("A", TradeRequest, ActivityRequest)
Judged = Fact | Outcome
"""A fact, or the refusal of what was to be one."""


def record_trades(body: TradesRequest, request: RequestContext) -> StoredResponse:
    """Record up to 500 trade facts; unknown suppliers become members."""
    return _feed("trades.recorded", body.items, _trade, _register_suppliers, request)


def record_activity(body: ActivitiesRequest, request: RequestContext) -> StoredResponse:
    """Record up to 500 activity facts of members that are known."""
    return _feed("activity.recorded", body.items, _activity, _refuse_strangers, request)


def _feed(
    kind: str,
    asked: Sequence[A],
    judge: Callable[[A, str], Fact],
    meet: Callable[[Sequence[A], list[Judged], RequestContext], list[Judged]],
    request: RequestContext,
) -> StoredResponse:
    """Facts go in first, then the answer: a repetition after a fall in between finds each fact as this telling left it."""
    first = find_replay(request.entry_id, request.digest)
    if first is not None:
        return first
    judged = [_judged(one, judge, f"{request.entry_id}:{place}") for place, one in enumerate(asked)]
    outcomes = _recorded(meet(asked, judged, request))
    told = _view(asked, outcomes, request)
    event = Event(kind, {"feed": told.id, **msgspec.structs.asdict(told.counts)})
    return commit(
        journal.entry(request, event, aggregate_id=told.id, seq=1, prev=journal.GENESIS, response=encode(told))
    )


def _judged(one: A, judge: Callable[[A, str], Fact], source: str) -> Judged:
    try:
        return judge(one, source)
    except Unreadable as wrong:
        return Outcome("refused", wrong.reason, wrong.column)


def _recorded(judged: Sequence[Judged]) -> list[Outcome]:
    outcomes = iter(record([fact for fact in judged if not isinstance(fact, Outcome)]))
    return [one if isinstance(one, Outcome) else next(outcomes) for one in judged]


def _register_suppliers(body: Sequence[TradeRequest], judged: list[Judged], request: RequestContext) -> list[Judged]:
    suppliers = {
        one.supplier_ref: fact.supplier_country
        for one, fact in zip(body, judged, strict=True)
        if isinstance(fact, TradeFact)
    }
    members.ensure(suppliers, request)
    return judged


def _refuse_strangers(body: Sequence[ActivityRequest], judged: list[Judged], request: RequestContext) -> list[Judged]:
    known = members.known({fact.member_id for fact in judged if not isinstance(fact, Outcome)})
    stranger = Outcome("refused", "unknown_member", "member_ref")
    return [fact if isinstance(fact, Outcome) or fact.member_id in known else stranger for fact in judged]


def _trade(body: TradeRequest, source: str) -> Fact:
    values = {name: value for name, value in msgspec.structs.asdict(body).items() if value}
    return reading.trade_fact(values, source)


def _activity(body: ActivityRequest, source: str) -> Fact:
    member_id = reading.member_id(reading.reference(body.member_ref, "member_ref"))
    at = reading.moment(body.at, "at")
    if isinstance(body, LoginRequest | ProfileChangeRequest):
        activity_id = reading.reference(body.activity_id, "activity_id")
        form = Login if isinstance(body, LoginRequest) else ProfileChange
        return form(member_id=member_id, activity_id=activity_id, at=at, source=source)
    thread_id = reading.reference(body.thread_id, "thread_id")
    if not isinstance(body, InquiryRequest):
        return Reply(member_id=member_id, thread_id=thread_id, at=at, source=source)
    buyer_ref = reading.reference(body.buyer_ref, "buyer_ref")
    own: set[Flag] = {"self"} if buyer_ref == body.member_ref else set()
    flags = tuple(sorted({*body.flags, *own}))
    return Inquiry(member_id=member_id, thread_id=thread_id, buyer_ref=buyer_ref, at=at, flags=flags, source=source)


def _view(asked: Sequence[A], outcomes: Sequence[Outcome], request: RequestContext) -> FeedView:
    counts = Counter[str](outcome.result for outcome in outcomes)
    return FeedView(
        id=ids.derived_id("fed", request.entry_id),
        version=1,
        status="recorded",
        counts=CountsView(**counts),
        items=[_told(one, outcome) for one, outcome in zip(asked, outcomes, strict=True)],
        created_at=request.now,
        updated_at=request.now,
        allowed_actions=[],
        deadlines=[],
    )


def _told(body: TradeRequest | ActivityRequest, outcome: Outcome) -> FactView:
    match body:
        case (
            TradeRequest(trade_id=fact_id)
            | LoginRequest(activity_id=fact_id)
            | ProfileChangeRequest(activity_id=fact_id)
        ):
            pass
        case _:
            fact_id = body.thread_id
    return FactView(fact_id=fact_id[:100], result=outcome.result, column=outcome.column, reason=outcome.reason)
