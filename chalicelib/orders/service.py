"""Protected orders: what buyers, suppliers, banks and the clock do with them.

A use-case loads the order with everything applied that has fallen due, lets the rules decide, and commits.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from msgspec.structs import replace

from chalicelib.banks import service as banks
from chalicelib.daybook import service as daybook
from chalicelib.members import service as members
from chalicelib.orders import records, rules
from chalicelib.orders.rules import BankFact, Order, PaymentReceived, Policy, Side, Step, Terms
from chalicelib.orders.views.asked import (
    AcceptAsked,
    AmendAsked,
    CancelAsked,
    DeliverAsked,
    OrderAsked,
    ShipAsked,
    ShortAsked,
    TermsAsked,
    ship_by_of,
)
from chalicelib.orders.views.order import OrderView, PayTo, order_view
from chalicelib.shared import fx, ids, journal, policies
from chalicelib.shared.commit import Answer, Put, Update, commit, once
from chalicelib.shared.http import encode
from chalicelib.shared.journal import Entry
from chalicelib.shared.observe import logger, traced
from chalicelib.shared.periods import business_date
from chalicelib.shared.refusal import NotAllowed, NotFound, Raced, Unfit
from chalicelib.shared.request import Caller, Request
from chalicelib.suppliers import service as suppliers

NOT_ENROLLED = "supplier_not_enrolled"


class NotAParty(Unfit):
    code = "not_a_party"
    title = "You are neither the buyer nor the supplier of that order."
    fix = "Name yourself as buyer_id or supplier_id."


class UnknownMember(Unfit):
    code = "unknown_member"
    title = "The other party is not a member."
    fix = "Use the id of a registered member: GET /v1/members?external_ref=…"


@traced
def create(asked: OrderAsked, request: Request) -> Answer:
    """A draft or a proposal. Without a supplier in the programme it is an order without cover, and says so."""
    side = _side_at_creation(asked, request.caller)
    terms, warning = _coverable(asked.terms, asked.supplier_id, request.now)
    if side == "supplier":
        _must_be_member(asked.buyer_id)
    made = rules.create(
        ids.fresh("ord", request.now),
        rules.must_hold_together(terms, request.now),
        side=side,
        buyer_id=asked.buyer_id,
        supplier_id=asked.supplier_id,
        policy=_in_force(request.now).hash,
        warning=warning,
        propose=asked.propose,
        now=request.now,
    )
    return _commit(made, journal.GENESIS, request, status=201)


@traced
def propose(order_id: str, request: Request) -> Answer:
    order, side = _for_change(order_id, request)
    return _commit(rules.propose(order, side, request.now), order.head, request)


@traced
def amend(order_id: str, asked: AmendAsked, request: Request) -> Answer:
    order, side = _for_change(order_id, request)
    if (asked.terms is None) == (asked.ship_by is None):
        raise rules.BadTerms("Send either terms or ship_by.", param="terms")
    if asked.ship_by is not None:
        zone = order.terms.ship_by.zone if isinstance(order.terms.ship_by, rules.ShipOn) else "Asia/Shanghai"
        day = ship_by_of(asked.ship_by, zone)
        return _commit(rules.ask_for_day(order, side, day, _pinned(order), request.now), order.head, request)
    assert asked.terms is not None
    terms, warning = _coverable(asked.terms, order.supplier_id, request.now)
    amended = rules.amend(order, side, rules.must_hold_together(terms, request.now), warning=warning, now=request.now)
    return _commit(amended, order.head, request)


@traced
def accept(order_id: str, asked: AcceptAsked, request: Request) -> Answer:
    """Agree, and reserve the cover in the same commit: CapacityExceeded and SupplierNotActive leave the proposal as it was."""
    order, side = _for_change(order_id, request)
    policy = _in_force(request.now) if order.status == "proposed" else policies.pinned("protection", order.policy)
    covered = order.status == "proposed" and order.terms.cover != "none"
    step = rules.accept(
        order,
        side,
        asked.version,
        policy=policy.read_as(Policy),
        policy_hash=policy.hash,
        quote=fx.quote(order.terms.currency, business_date(request.now)) if covered else None,
        now=request.now,
    )
    return _commit(step, order.head, request)


@traced
def cancel(order_id: str, asked: CancelAsked, request: Request) -> Answer:
    order, side = _for_change(order_id, request)
    return _commit(rules.cancel(order, side, asked.reason, request.now), order.head, request)


@traced
def accept_short_payment(order_id: str, asked: ShortAsked, request: Request) -> Answer:
    order, _ = _for_change(order_id, request, only="supplier")
    explicit = asked.shortfall.minor(param="shortfall.amount", least=1) if asked.shortfall else None
    if asked.shortfall and asked.shortfall.currency != order.terms.currency:
        raise rules.BadTerms(f"The contract is in {order.terms.currency}.", param="shortfall.currency")
    return _commit(rules.accept_short(order, explicit, _pinned(order), request.now), order.head, request)


@traced
def ship(order_id: str, asked: ShipAsked, request: Request) -> Answer:
    order, _ = _for_change(order_id, request, only="supplier")
    return _commit(rules.ship(order, asked.shipment(request.now), _pinned(order), request.now), order.head, request)


@traced
def deliver(order_id: str, asked: DeliverAsked, request: Request) -> Answer:
    order, side = _for_change(order_id, request)
    return _commit(rules.deliver(order, side, asked.reference, _pinned(order), request.now), order.head, request)


@traced
def extend_receipt(order_id: str, request: Request) -> Answer:
    order, side = _for_change(order_id, request)
    return _commit(rules.extend(order, side, _pinned(order), request.now), order.head, request)


@traced
def receive(order_id: str, request: Request) -> Answer:
    order, _ = _for_change(order_id, request, only="buyer")
    return _commit(rules.receive(order, _pinned(order), request.now), order.head, request)


@traced
def apply_bank_fact(order_id: str, fact: BankFact, request: Request) -> Answer:
    """What a bank told us of an order. TooEarly, SeqSpent and NotFound are the inbox's to deal with; money is never refused."""
    return once(request, lambda: _apply_bank_fact(order_id, fact, request))


def _apply_bank_fact(order_id: str, fact: BankFact, request: Request) -> Answer:
    order = settled(order_id, request.now)
    if order is None:
        raise NotFound(f"There is no order {order_id!r:.60}.")
    designated = isinstance(fact, PaymentReceived) and _is_designated(fact, request.now)
    step = rules.apply(order, fact, designated=designated, policy=_pinned(order), now=request.now)
    return _commit(step, order.head, request)


def find(order_id: str, request: Request) -> tuple[Order, Side | None]:
    """The order as it stands now, as one of its parties or an officer may see it; a draft is its creator's alone."""
    order = records.load(order_id)
    side = order.side_of(request.caller.sub) if order and request.caller.role == "member" else None
    if (
        order is None
        or not (side or request.caller.is_officer)
        or (order.status == "draft" and side != order.created_by)
    ):
        raise NotFound(f"There is no order {order_id!r:.60}.")
    return as_of(order, request.now), side


def shown(order: Order, side: Side | None, now: datetime) -> OrderView:
    open_for_money = order.status in ("agreed", "part_funded", "funded")
    return order_view(order, _pinned(order), side, now, _pay_to(order.terms.currency, now) if open_for_money else [])


def as_of(order: Order, now: datetime) -> Order:
    """The order with everything applied that has fallen due; nothing is written."""
    for step in rules.fallen_due(order, _pinned(order), now):
        order = step.order
    return order


def settled(order_id: str, now: datetime) -> Order | None:
    """The order with everything written that has fallen due. Who writes it first does not matter: each step has one name."""
    order = records.load(order_id)
    while order and (step := next(rules.fallen_due(order, _pinned(order), now), None)):
        made = _entry(step, order.head, Request.of_clock(order_id, step.order.version, now))
        try:
            written = commit(made, *_changes(step, made))
        except Raced:
            written = None
        order = records.linked(step.order, made) if written and not written.replayed else records.load(order_id)
    return order


def tell_day_book(order_id: str) -> None:
    """Record what an order counts for, as far as it is certain. A currency without a table rate counts for nothing, and is logged."""
    order = records.load(order_id)
    if order is None:
        return
    known = members.known([order.supplier_id, order.buyer_id])
    supplier, buyer = known.get(order.supplier_id), known.get(order.buyer_id)
    countries = {
        "supplier_country": supplier.country if supplier else "ZZ",
        "buyer_country": buyer.country if buyer else "ZZ",
    }
    fact = rules.trade_fact(order, _pinned(order), **countries)
    try:
        daybook.record([fact] if fact else [])
    except fx.NoRate:
        logger.warning("an order counts for nothing: there is no table rate", extra={"order_id": order_id})


def _for_change(order_id: str, request: Request, *, only: Side | None = None) -> tuple[Order, Side]:
    order = settled(order_id, request.now)
    side = order.side_of(request.caller.sub) if order else None
    if order is None or side is None or (order.status == "draft" and side != order.created_by):
        raise NotFound(f"There is no order {order_id!r:.60}.")
    request.expects(order.version)
    if only and side != only:
        raise NotAllowed(f"Only the {only} of an order does this.", fix="Choose one of allowed_actions.")
    return order, side


def _commit(step: Step, head: str, request: Request, *, status: int = 200) -> Answer:
    """The order, its journal entry and, where cover moves, the supplier: one transaction."""
    made = _entry(step, head, request, status=status)
    return commit(made, *_changes(step, made))


def _entry(step: Step, head: str, request: Request, *, status: int = 200) -> Entry:
    """What happened, with the answer where a party asked for it."""
    order = step.order
    side = order.side_of(request.caller.sub)
    answer = encode(shown(order, side, request.now)) if side else b""
    return journal.entry(
        request, step.event, of=order.id, seq=order.version, prev=head, answer=answer, status=status, at=step.at
    )


def _changes(step: Step, made: Entry) -> Iterator[Put | Update]:
    order = step.order
    yield records.put(order, made, rules.next_due(order, _pinned(order)))
    if step.reserve_usd_minor:
        yield suppliers.reserve(order.supplier_id, step.reserve_usd_minor)
    if step.release_usd_minor:
        yield suppliers.release(order.supplier_id, step.release_usd_minor)


def _side_at_creation(asked: OrderAsked, caller: Caller) -> Side:
    if asked.buyer_id == asked.supplier_id:
        raise NotAParty("Buyer and supplier are the same member.", param="supplier_id")
    if caller.sub == asked.buyer_id:
        return "buyer"
    if caller.sub == asked.supplier_id:
        return "supplier"
    raise NotAParty("The caller is neither buyer_id nor supplier_id.", param="buyer_id")


def _coverable(asked: TermsAsked, supplier_id: str, now: datetime) -> tuple[Terms, str]:
    """The terms, without cover where the supplier is not in the programme. One read: who is in it is a member."""
    standing = suppliers.standing(supplier_id)
    enrolled = standing is not None and standing.status == "active"
    if standing is None:
        _must_be_member(supplier_id)
    zone = zone_of(supplier_id) if asked.needs_zone else ""
    terms = asked.terms(zone)
    if enrolled or terms.cover == "none":
        return terms, ""
    return replace(terms, cover="none"), NOT_ENROLLED


def zone_of(member_id: str) -> str:
    found = members.known([member_id]).get(member_id)
    return found.zone if found else "Asia/Shanghai"


def _must_be_member(member_id: str) -> None:
    if member_id not in members.known([member_id]):
        raise UnknownMember(f"There is no member {member_id!r:.60}.", param="supplier_id")


def _is_designated(fact: PaymentReceived, now: datetime) -> bool:
    partner = banks.partner(fact.bank_id, now)
    return partner is not None and partner.designates(fact.account, fact.currency)


def _pay_to(currency: str, now: datetime) -> list[PayTo]:
    return [
        PayTo(partner.id, account)
        for partner in banks.policy(now).partners
        for account in partner.accounts.get(currency, ())
    ]


def policy_in_force(now: datetime) -> Policy:
    return _in_force(now).read_as(Policy)


def _in_force(now: datetime) -> policies.Policy:
    return policies.in_force("protection", business_date(now))


def _pinned(order: Order) -> Policy:
    return policies.pinned("protection", order.policy).read_as(Policy)
