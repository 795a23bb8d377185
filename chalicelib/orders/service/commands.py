"""What buyers, suppliers and banks do with orders.

One read and one transaction each.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import cast

import msgspec
from msgspec.structs import replace

from chalicelib.banks.rules.references import ReferenceUsed
from chalicelib.banks.service import inbox as banks_inbox
from chalicelib.banks.service import references as banks_references
from chalicelib.members import service as members
from chalicelib.members.rules import must_be_registered, must_trade_apart
from chalicelib.orders.aggregate import ORDERS
from chalicelib.orders.rules import agreement, amending, delivery, payments
from chalicelib.orders.rules import terms as orders_terms
from chalicelib.orders.rules.order import AWAITING_MONEY, Order, Policy, Side
from chalicelib.orders.rules.payments import BankFact, PaymentReceived, PaymentReturned
from chalicelib.orders.rules.terms import BadTerms, NotCovered, Terms
from chalicelib.orders.rules.transitions import OrderChange
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
from chalicelib.shared import fx, ids, policies
from chalicelib.shared.commit import NOTHING_ELSE, Answer, Joined, Update, once
from chalicelib.shared.money import Money
from chalicelib.shared.periods import business_date
from chalicelib.shared.refusal import NotFound, Refusal, Unfit
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
    policy = policy_in_force(request.now)
    change = agreement.create(
        ids.fresh("ord", request.now),
        orders_terms.must_hold_together(terms, request.now),
        side=side,
        buyer_id=asked.buyer_id,
        supplier_id=asked.supplier_id,
        policy=policy.hash,
        warning=warning,
        propose=asked.propose,
        now=request.now,
    )
    return ORDERS.create(change, policy.read_as(Policy), request, side)


def propose(order_id: str, request: Request) -> Answer:
    return _execute(order_id, request, "propose", lambda was, policy, side: agreement.propose(was, side, request.now))


def amend(order_id: str, asked: AmendAsked, request: Request) -> Answer:
    """Other terms: before agreement a new proposal, after it a request; and after it another day to ship by."""

    def decide(order: Order, policy: Policy, side: Side) -> OrderChange:
        if (asked.terms is None) == (asked.ship_by is None):
            raise BadTerms("Send either terms or ship_by.", param="terms")
        if asked.ship_by is not None:
            day = ship_by_of(asked.ship_by, order.terms.zone)
            return agreement.ask_for_day(order, side, day, policy, request.now)
        assert asked.terms is not None
        if order.status in AWAITING_MONEY:
            return amending.ask_for_terms(order, side, asked.terms.terms(order.terms.zone), policy, request.now)
        standing = suppliers_cover.standing(order.supplier_id)
        terms, warning = _coverable(asked.terms, order.supplier_id, standing, asked.accept_uncovered, request.now)
        terms = orders_terms.must_hold_together(terms, request.now)
        return agreement.amend(order, side, terms, warning=warning, now=request.now)

    return _execute(order_id, request, "amend", decide)


def accept(order_id: str, asked: AcceptAsked, request: Request) -> Answer:
    """Agree, and reserve the cover in the same commit: CapacityExceeded and SupplierNotActive leave the order as it was."""

    def decide(order: Order, policy: Policy, side: Side) -> OrderChange:
        policy_hash = order.policy
        if order.status == "proposed":
            in_force = policy_in_force(request.now)
            policy, policy_hash = in_force.read_as(Policy), in_force.hash
        covered = order.cover is None and order.terms_at_stake.cover != "none"
        quote = fx.quote(order.terms.currency, business_date(request.now)) if covered else None
        return agreement.accept(
            order, side, asked.version, policy=policy, policy_hash=policy_hash, quote=quote, now=request.now
        )

    return _execute(order_id, request, "accept", decide)


def cancel(order_id: str, asked: CancelAsked, request: Request) -> Answer:
    return _execute(
        order_id, request, "cancel", lambda was, policy, side: agreement.cancel(was, side, asked.reason, request.now)
    )


def accept_short_payment(order_id: str, asked: ShortAsked, request: Request) -> Answer:
    def decide(order: Order, policy: Policy, side: Side) -> OrderChange:
        shortfall = _minor_of(asked.shortfall, order, "shortfall")
        return payments.accept_short(order, shortfall, policy, request.now)

    return _execute(order_id, request, "accept-short-payment", decide)


def ship(order_id: str, asked: ShipAsked, request: Request) -> Answer:
    return _execute(
        order_id,
        request,
        "ship",
        lambda was, policy, side: delivery.ship(was, asked.shipment(request.now), policy, request.now),
    )


def deliver(order_id: str, asked: DeliverAsked, request: Request) -> Answer:
    return _execute(
        order_id,
        request,
        "deliver",
        lambda was, policy, side: delivery.deliver(was, side, asked.reference, policy, request.now),
    )


def extend_receipt(order_id: str, request: Request) -> Answer:
    return _execute(
        order_id, request, "extend-receipt", lambda was, policy, side: delivery.extend(was, side, policy, request.now)
    )


def receive(order_id: str, request: Request) -> Answer:
    return _execute(order_id, request, "receive", lambda was, policy, side: delivery.receive(was, policy, request.now))


def pay_out_early(order_id: str, asked: EarlyAsked, request: Request) -> Answer:
    def decide(order: Order, policy: Policy, side: Side) -> OrderChange:
        suppliers_money.must_be_in_good_standing(order.supplier_id)
        return delivery.pay_out(order, _minor_of(asked.money, order, "money"), request.now)

    return _execute(order_id, request, "early-payout", decide)


def apply_bank_fact(
    order_id: str, fact: BankFact, request: Request, *, aside: SetAside, joined: Joined = NOTHING_ELSE
) -> Answer:
    """What a bank told us of an order. TooEarly, SeqSpent and NotFound are the inbox's to deal with; money is never refused.

    Where it does not count for the order, what `aside` makes of the reason is committed with it, else `joined`. A reference that was
    booked before is this payment told again, or money that does not count.
    """

    def apply(fact: BankFact, *references: Update) -> Answer:
        def join(change: OrderChange) -> Joined:
            return aside(change.aside) if change.aside else replace(joined, changes=joined.changes + references)

        return once(request, lambda: _apply(order_id, fact, request, join))

    if isinstance(fact, PaymentReturned):
        return apply(fact)
    use = Use(by=order_id, at=request.now, amount_minor=fact.amount_minor, currency=fact.currency)
    try:
        return apply(fact, banks_references.take_reference(fact.bank_id, fact.bank_ref, use))
    except ReferenceUsed as used:
        again = used.first.is_repeated_by(use)
        return apply(replace(fact, reference="told_again" if again else "reused"))


def allocate(order_id: str, fact: BankFact, request: Request, joined: Joined) -> Answer:
    """Money that leaves suspense for an order, or what a bank took back of it. OrderClosed, WrongCurrency, ReturnNotMatched, NotFound."""
    return _apply(order_id, fact, request, lambda change: joined)


def _execute(
    order_id: str, request: Request, action: str, decide: Callable[[Order, Policy, Side], OrderChange]
) -> Answer:
    """An action of a party: the table knows of none by an officer."""
    return ORDERS.execute(
        order_id, request, action, lambda order, policy, actor: decide(order, policy, cast(Side, actor))
    )


def _apply(order_id: str, fact: BankFact, request: Request, joined: Callable[[OrderChange], Joined]) -> Answer:
    designated = isinstance(fact, PaymentReceived) and _is_designated(fact, request.now)
    answer = ORDERS.apply(
        order_id,
        request,
        lambda order, policy: payments.apply(order, fact, designated=designated, policy=policy, now=request.now),
        joined=joined,
    )
    if answer is None:
        raise NotFound(f"There is no order {order_id!r:.60}.")
    return answer


def _minor_of(asked: Money | None, order: Order, param: str) -> int | None:
    """An amount in the order's currency."""
    minor = asked.minor(param=f"{param}.amount", least=1) if asked else None
    if asked and asked.currency != order.terms.currency:
        raise BadTerms(f"The contract is in {order.terms.currency}.", param=f"{param}.currency")
    return minor


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


def policy_in_force(now: datetime) -> policies.Policy:
    return policies.in_force("protection", business_date(now))


def zone_of(member_id: str) -> str:
    found = members.known([member_id]).get(member_id)
    return found.zone if found else "Asia/Shanghai"


def _unknown(member_id: str, param: str) -> UnknownMember:
    return UnknownMember(f"There is no member {member_id!r:.60}.", param=param)


def _is_designated(fact: PaymentReceived, now: datetime) -> bool:
    partner = banks_inbox.partner(fact.bank_id, now)
    return partner is not None and partner.designates(fact.account, fact.currency)
