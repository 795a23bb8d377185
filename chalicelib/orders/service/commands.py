"""What buyers, suppliers and banks do with orders.

A use-case loads the order with everything applied that has fallen due, lets the rules decide, and carries the step out.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import msgspec
from msgspec.structs import replace

from chalicelib.banks.rules.references import ReferenceUsed
from chalicelib.banks.service import inbox as banks_inbox
from chalicelib.banks.service import references as banks_references
from chalicelib.members import service as members
from chalicelib.members.rules import must_be_registered, must_trade_apart
from chalicelib.orders.rules import agreement, amending, delivery, payments
from chalicelib.orders.rules import terms as orders_terms
from chalicelib.orders.rules.order import AWAITING_MONEY, Order, Policy, Side
from chalicelib.orders.rules.payments import BankFact, PaymentReceived
from chalicelib.orders.rules.step import Step
from chalicelib.orders.rules.terms import BadTerms, NotCovered, Terms
from chalicelib.orders.service.settling import carry_out, in_force, pinned, settled
from chalicelib.orders.views.asked import (
    AcceptAsked,
    AmendAsked,
    CancelAsked,
    DeliverAsked,
    EarlyAsked,
    OrderAsked,
    ShipAsked,
    ShortAsked,
    TermsAsked,
    ship_by_of,
)
from chalicelib.orders.views.cover import Awaited
from chalicelib.shared import fx, ids, journal, policies
from chalicelib.shared.commit import NOTHING_ELSE, Answer, Joined, once
from chalicelib.shared.periods import business_date
from chalicelib.shared.refusal import NotAllowed, NotFound, Refusal, Unfit
from chalicelib.shared.request import Caller, Request
from chalicelib.shared.uses import Use
from chalicelib.suppliers.rules.coverage import Standing, uncovered
from chalicelib.suppliers.service import cover as suppliers_cover
from chalicelib.suppliers.service import money as suppliers_money

SetAside = Callable[[Refusal], Joined]
"""What a commit does besides with money that its order does not take, for a reason."""


class NotAParty(Unfit):
    code = "not_a_party"
    title = "You are neither the buyer nor the supplier of that order."
    fix = "Name yourself as buyer_id or supplier_id."


class UnknownMember(Unfit):
    code = "unknown_member"
    title = "The other party is not a member."
    fix = "Use the id of a registered member: GET /v1/members?external_ref=…"


def create(asked: OrderAsked, request: Request) -> Answer:
    """A draft or a proposal. Cover that the supplier does not take is NotCovered, unless the order may be without."""
    side = _side_at_creation(asked, request.caller)
    standing, buyer = suppliers_cover.standing_beside(asked.supplier_id, asked.buyer_id)
    if side == "buyer":
        must_be_registered(asked.buyer_id, buyer)
    elif buyer is None:
        raise _unknown(asked.buyer_id, "buyer_id")
    terms, warning = _coverable(asked.terms, asked.supplier_id, standing, asked.accept_uncovered, request.now)
    made = agreement.create(
        ids.fresh("ord", request.now),
        orders_terms.must_hold_together(terms, request.now),
        side=side,
        buyer_id=asked.buyer_id,
        supplier_id=asked.supplier_id,
        policy=in_force(request.now).hash,
        warning=warning,
        propose=asked.propose,
        now=request.now,
    )
    return carry_out(made, journal.GENESIS, request, status=201)


def propose(order_id: str, request: Request) -> Answer:
    order, side = _for_change(order_id, request)
    return carry_out(agreement.propose(order, side, request.now), order.head, request)


def amend(order_id: str, asked: AmendAsked, request: Request) -> Answer:
    """Other terms: before agreement a new proposal, after it a request; and after it another day to ship by."""
    order, side = _for_change(order_id, request)
    if (asked.terms is None) == (asked.ship_by is None):
        raise BadTerms("Send either terms or ship_by.", param="terms")
    if asked.ship_by is not None:
        day = ship_by_of(asked.ship_by, order.terms.zone)
        return carry_out(agreement.ask_for_day(order, side, day, pinned(order), request.now), order.head, request)
    assert asked.terms is not None
    if order.status in AWAITING_MONEY:
        wanted = asked.terms.terms(order.terms.zone)
        return carry_out(amending.ask_for_terms(order, side, wanted, pinned(order), request.now), order.head, request)
    standing = suppliers_cover.standing(order.supplier_id)
    terms, warning = _coverable(asked.terms, order.supplier_id, standing, asked.accept_uncovered, request.now)
    amended = agreement.amend(
        order, side, orders_terms.must_hold_together(terms, request.now), warning=warning, now=request.now
    )
    return carry_out(amended, order.head, request)


def accept(order_id: str, asked: AcceptAsked, request: Request) -> Answer:
    """Agree, and reserve the cover in the same commit: CapacityExceeded and SupplierNotActive leave the order as it was."""
    order, side = _for_change(order_id, request)
    policy = in_force(request.now) if order.status == "proposed" else policies.pinned("protection", order.policy)
    covered = order.cover is None and order.terms_at_stake.cover != "none"
    step = agreement.accept(
        order,
        side,
        asked.version,
        policy=policy.read_as(Policy),
        policy_hash=policy.hash,
        quote=fx.quote(order.terms.currency, business_date(request.now)) if covered else None,
        now=request.now,
    )
    return carry_out(step, order.head, request)


def cancel(order_id: str, asked: CancelAsked, request: Request) -> Answer:
    order, side = _for_change(order_id, request)
    return carry_out(agreement.cancel(order, side, asked.reason, request.now), order.head, request)


def accept_short_payment(order_id: str, asked: ShortAsked, request: Request) -> Answer:
    order, _ = _for_change(order_id, request, only="supplier")
    explicit = asked.shortfall.minor(param="shortfall.amount", least=1) if asked.shortfall else None
    if asked.shortfall and asked.shortfall.currency != order.terms.currency:
        raise BadTerms(f"The contract is in {order.terms.currency}.", param="shortfall.currency")
    return carry_out(payments.accept_short(order, explicit, pinned(order), request.now), order.head, request)


def ship(order_id: str, asked: ShipAsked, request: Request) -> Answer:
    order, _ = _for_change(order_id, request, only="supplier")
    return carry_out(delivery.ship(order, asked.shipment(request.now), pinned(order), request.now), order.head, request)


def deliver(order_id: str, asked: DeliverAsked, request: Request) -> Answer:
    order, side = _for_change(order_id, request)
    return carry_out(delivery.deliver(order, side, asked.reference, pinned(order), request.now), order.head, request)


def extend_receipt(order_id: str, request: Request) -> Answer:
    order, side = _for_change(order_id, request)
    return carry_out(delivery.extend(order, side, pinned(order), request.now), order.head, request)


def receive(order_id: str, request: Request) -> Answer:
    order, _ = _for_change(order_id, request, only="buyer")
    return carry_out(delivery.receive(order, pinned(order), request.now), order.head, request)


def pay_out_early(order_id: str, asked: EarlyAsked, request: Request) -> Answer:
    order, _ = _for_change(order_id, request, only="supplier")
    suppliers_money.must_be_in_good_standing(order.supplier_id)
    minor = asked.money.minor(param="money.amount", least=1) if asked.money else None
    if asked.money and asked.money.currency != order.terms.currency:
        raise BadTerms(f"The contract is in {order.terms.currency}.", param="money.currency")
    return carry_out(delivery.pay_out(order, minor, request.now), order.head, request)


def apply_bank_fact(
    order_id: str, fact: BankFact, request: Request, *, aside: SetAside, joined: Joined = NOTHING_ELSE
) -> Answer:
    """What a bank told us of an order. TooEarly, SeqSpent and NotFound are the inbox's to deal with; money is never refused.

    Where it does not count for the order, what `aside` makes of the reason is committed with it, else `joined`. A reference that was
    booked before is this payment told again, or money that does not count.
    """
    try:
        return once(request, lambda: _apply_bank_fact(order_id, fact, request, aside, joined))
    except ReferenceUsed as used:
        if not isinstance(fact, PaymentReceived):
            raise
        again = used.first.is_repeated_by(_use(fact, order_id, request.now))
        known = replace(fact, reference="told_again" if again else "reused")
        return once(request, lambda: _apply_bank_fact(order_id, known, request, aside, joined))


def allocate(order_id: str, fact: BankFact, request: Request, joined: Joined) -> Answer:
    """Money that leaves suspense for an order, or what a bank took back of it. OrderClosed, WrongCurrency, ReturnNotMatched, NotFound."""
    return carry_out(*_step_of(order_id, fact, request), request, joined=joined)


def _apply_bank_fact(order_id: str, fact: BankFact, request: Request, aside: SetAside, joined: Joined) -> Answer:
    step, head = _step_of(order_id, fact, request)
    if step.aside is not None:
        return carry_out(step, head, request, joined=aside(step.aside))
    if isinstance(fact, PaymentReceived) and fact.reference == "new":
        use = _use(fact, order_id, request.now)
        joined = replace(
            joined, changes=(*joined.changes, banks_references.take_reference(fact.bank_id, fact.bank_ref, use))
        )
    return carry_out(step, head, request, joined=joined)


def _step_of(order_id: str, fact: BankFact, request: Request) -> tuple[Step, str]:
    """What a bank's fact makes of an order, and the last link of its chain."""
    order = settled(order_id, request.now)
    if order is None:
        raise NotFound(f"There is no order {order_id!r:.60}.")
    designated = isinstance(fact, PaymentReceived) and _is_designated(fact, request.now)
    return payments.apply(order, fact, designated=designated, policy=pinned(order), now=request.now), order.head


def _use(fact: PaymentReceived, order_id: str, now: datetime) -> Use:
    return Use(by=order_id, at=now, amount_minor=fact.amount_minor, currency=fact.currency)


def _for_change(order_id: str, request: Request, *, only: Side | None = None) -> tuple[Order, Side]:
    order = settled(order_id, request.now)
    side = order.side_of(request.caller.member_id) if order else None
    if order is None or side is None or (order.status == "draft" and side != order.created_by):
        raise NotFound(f"There is no order {order_id!r:.60}.")
    request.expects(order.version)
    if only and side != only:
        raise NotAllowed(f"Only the {only} of an order does this.", fix="Choose one of allowed_actions.")
    return order, side


def _side_at_creation(asked: OrderAsked, caller: Caller) -> Side:
    must_trade_apart(asked.supplier_id, asked.buyer_id, param="supplier_id")
    if caller.is_member(asked.buyer_id):
        return "buyer"
    if caller.is_member(asked.supplier_id):
        return "supplier"
    raise NotAParty("The caller is neither buyer_id nor supplier_id.", param="buyer_id")


def _coverable(
    asked: TermsAsked, supplier_id: str, standing: Standing | None, accept_uncovered: bool, now: datetime
) -> tuple[Terms, str]:
    """The terms; without cover, and with the reason, where the supplier takes none and that is accepted. Who is in the programme is a member."""
    if standing is None and supplier_id not in members.known([supplier_id]):
        raise _unknown(supplier_id, "supplier_id")
    terms = asked.terms(zone_of(supplier_id) if asked.needs_zone else "")
    banks_inbox.must_be_payable(terms.currency, now, param="terms.currency")
    lacking = uncovered(standing, now)
    if lacking is None or terms.cover == "none":
        return terms, ""
    if not accept_uncovered:
        raise NotCovered(
            f"The supplier takes no new cover at present ({lacking.why}).",
            param="terms.cover",
            why=[lacking.why],
            awaits=[msgspec.to_builtins(Awaited.of(lacking))],
        )
    return replace(terms, cover="none"), lacking.why


def zone_of(member_id: str) -> str:
    found = members.known([member_id]).get(member_id)
    return found.zone if found else "Asia/Shanghai"


def _unknown(member_id: str, param: str) -> UnknownMember:
    return UnknownMember(f"There is no member {member_id!r:.60}.", param=param)


def _is_designated(fact: PaymentReceived, now: datetime) -> bool:
    partner = banks_inbox.partner(fact.bank_id, now)
    return partner is not None and partner.designates(fact.account, fact.currency)
