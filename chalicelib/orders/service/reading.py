"""Looking at orders: lists, timelines, money, cover quotes, a supplier's reservations."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import Any

from chalicelib.banks.service import inbox as banks_inbox
from chalicelib.ledger.service import timelines as ledger_timelines
from chalicelib.members import service as members
from chalicelib.orders import records
from chalicelib.orders.aggregate import ORDERS
from chalicelib.orders.records import REPOSITORY
from chalicelib.orders.rules import terms as orders_terms
from chalicelib.orders.rules.order import Cover, Order, Policy, Side
from chalicelib.orders.rules.terms import Terms
from chalicelib.orders.service.commands import policy_in_force, terms_of
from chalicelib.orders.views.cover import CoverageView, CoverCondition, CoverPromise, CoverQuoteView, ReservationView
from chalicelib.orders.views.money import MoneyView, money_view
from chalicelib.orders.views.order import OrderView
from chalicelib.orders.views.requests import CoverQuoteRequest, OrdersQuery
from chalicelib.shared import fx, pages, timelines
from chalicelib.shared.errors import NotFound
from chalicelib.shared.journal import Entry
from chalicelib.shared.money import Money
from chalicelib.shared.pages import Page, Paging
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import RequestContext
from chalicelib.shared.texts import say
from chalicelib.shared.timelines import TimelineEntry
from chalicelib.shared.views import view_of
from chalicelib.suppliers.rules.coverage import NOT_ENROLLED, CoverPosition, uncovered
from chalicelib.suppliers.service import cover as suppliers_cover

order = partial(ORDERS.shown, OrderView)


def money(order_id: str, request: RequestContext) -> MoneyView:
    return money_view(ORDERS.read(order_id, request)[0].state, request.now)


def timeline(order_id: str, query: Paging, request: RequestContext) -> Page[TimelineEntry]:
    """Journal entries, oldest first."""
    loaded, actor = ORDERS.kept(order_id, request)
    state = loaded.state

    def tell(entry: Entry) -> TimelineEntry:
        return timelines.entry(entry, state.side_of(entry.by.member_id), state.terms.currency, actor)

    return ledger_timelines.timeline(state, query, request, tell)


def listed(query: OrdersQuery, request: RequestContext) -> Page[OrderView]:
    """A member's orders as buyer or as supplier, the newest first; for an officer who names none all that wait for something."""
    member_id = request.caller.member_id or query.member_id or ""
    if query.member_id not in (None, member_id):
        return Page(items=[])
    of = f"orders:{query.as_}:{query.status}:{query.member_id}"
    places: Iterator[tuple[Any, str]] = (
        _places(member_id, query.as_, query, request, of) if member_id else _by_due(query, request, of)
    )
    return ORDERS.page(places, query, request, of, keep=lambda state: query.status in (None, state.status))


def coverage(supplier_id: str, query: Paging, request: RequestContext) -> CoverageView:
    """A supplier's protection amount with every reservation, for itself and officers."""
    position = suppliers_cover.cover_position(supplier_id)
    if not (request.caller.is_officer or request.caller.is_member(supplier_id)) or (
        position is None and supplier_id not in members.known([supplier_id])
    ):
        raise NotFound(say("There is no supplier {supplier_id!r:.60}.", supplier_id=supplier_id))

    return view_of(
        CoverageView,
        position or CoverPosition(status=NOT_ENROLLED),
        fx.LIMIT_CURRENCY,
        supplier_id=supplier_id,
        reservations=_reservations(supplier_id, query, request),
    )


def cover_quote(body: CoverQuoteRequest, request: RequestContext) -> CoverQuoteView:
    """What these terms would be covered for if they were accepted now. Nothing is reserved."""
    position = suppliers_cover.cover_position(body.supplier_id)
    sent = terms_of(body.terms, body.supplier_id, position)
    if sent is None:
        raise NotFound(say("There is no member {supplier_id!r:.60}.", supplier_id=body.supplier_id))
    terms = orders_terms.must_hold_together(sent, request.now)
    banks_inbox.must_be_payable(terms.currency, request.now, param="terms.currency")
    quote = fx.quote(terms.currency, business_date(request.now))
    cover = Cover.of(terms.cap_minor, quote)
    maximum = position.coverable_minor if position else 0
    short = max(0, cover.reserved_usd_minor - maximum)
    lacking = uncovered(position, request.now)
    why = [
        *(["cover_not_chosen"] if terms.cover == "none" else []),
        *([lacking.why] if lacking else ["capacity_exceeded"] if short else []),
    ]
    enough = cover.reserved_usd_minor if not why else None
    exact = request.caller.is_officer or request.caller.is_member(body.supplier_id)
    return CoverQuoteView(
        covered=not why,
        cap=Money.of(cover.cap_minor, terms.currency),
        reserved=Money.of(cover.reserved_usd_minor, fx.LIMIT_CURRENCY),
        rate=quote.rate,
        rate_as_of=quote.as_of,
        maximum=_usd(maximum if exact else enough),
        shortfall=_usd(short if exact else None if enough is None else 0),
        why=why,
        awaits=[CoverCondition.of(lacking)] if lacking else [],
        promises=_promises(terms, request),
    )


def _usd(minor: int | None) -> Money | None:
    return None if minor is None else Money.of(minor, fx.LIMIT_CURRENCY)


def _promises(terms: Terms, request: RequestContext) -> list[CoverPromise]:
    days = policy_in_force(request.now).read_as(Policy).claim_days_after_receipt
    quality = "the goods are shipped" if terms.quality == "pre_shipment" else f"{days} days after receipt is confirmed"
    late = CoverPromise(name="on_time_shipment", until=f"{days} days after receipt is confirmed")
    return [
        late,
        CoverPromise(
            name="quality_pre_shipment" if terms.quality == "pre_shipment" else "quality_post_delivery", until=quality
        ),
    ]


def _reservation(order: Order) -> ReservationView | None:
    cover = order.cover
    if cover is None:
        return None
    return ReservationView(
        order_id=order.id,
        order_status=order.status,
        state=cover.state,
        reserved=Money.of(cover.reserved_usd_minor, fx.LIMIT_CURRENCY),
        remaining=Money.of(cover.remaining_usd_minor, fx.LIMIT_CURRENCY),
        rate=cover.quote.rate,
        agreed_at=order.agreed_at,
    )


def _reservations(supplier_id: str, query: Paging, request: RequestContext) -> Page[ReservationView]:
    of = f"coverage:{supplier_id}"
    places = _places(supplier_id, "supplier", query, request, of)
    return pages.filtered(places, REPOSITORY.load_many, _reservation, query, request, of)


def _places(member_id: str, side: Side, query: Paging, request: RequestContext, of: str) -> Iterator[tuple[str, str]]:
    """A party's orders, the newest first, from where the page before ended."""
    before = pages.decode_cursor(query.cursor, request.caller, of) if query.cursor else None
    return ((order_id, order_id) for order_id in records.ids_of(member_id, side, before))


def bought_by(member_id: str, most: int) -> list[str]:
    """The newest orders of a buyer, by their ids: for slices above that ask on behalf of officers."""
    return list(islice(records.ids_of(member_id, "buyer"), most))


def _by_due(query: Paging, request: RequestContext, of: str) -> Iterator[tuple[Any, str]]:
    after = pages.decode_cursor(query.cursor, request.caller, of) if query.cursor else None
    return pages.by_due(records.waiting, after)


def partners(member_id: str, most: int) -> frozenset[str]:
    """With whom a member has agreed on trade, in so many of its last orders on each side. Two queries, and a read for each hundred."""
    sides: tuple[Side, ...] = ("buyer", "supplier")
    names = [name for side in sides for name in islice(records.ids_of(member_id, side), most)]
    orders = (order for order in REPOSITORY.load_many(names).values() if order.agreed_at)
    return frozenset({party for order in orders for party in (order.buyer_id, order.supplier_id)} - {member_id})
