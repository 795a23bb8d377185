"""What buyers, suppliers and banks do with orders.

One read and one transaction each.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import cast

import msgspec
from msgspec.structs import replace

from chalicelib.banks.rules.protocol import second_key
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
from chalicelib.orders.views import requests
from chalicelib.orders.views.cover import CoverCondition
from chalicelib.shared import fx, ids, policies, uniques
from chalicelib.shared.commit import NOTHING_ELSE, Joined, StoredResponse, Update, idempotent
from chalicelib.shared.errors import DomainError, NotFound, RuleViolation, WriteConflict
from chalicelib.shared.money import Money
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import Caller, RequestContext
from chalicelib.shared.texts import say
from chalicelib.shared.uses import Use
from chalicelib.suppliers.rules.coverage import CoverPosition, uncovered
from chalicelib.suppliers.service import cover as suppliers_cover

ToSuspense = Callable[[DomainError], Joined]
"""What a commit does besides with money that its order does not take, for a reason."""


class NotAParty(RuleViolation):
    code = "not_a_party"
    title = "You are neither the buyer nor the supplier of that order."
    fix = "Name yourself as buyer_id or supplier_id."


class UnknownMember(RuleViolation):
    code = "unknown_member"
    title = "The other party is not a member."
    fix = "Use the id of a registered member: GET /v1/members?external_ref=…"


def create(body: requests.OrderRequest, request: RequestContext) -> StoredResponse:
    """A draft or a proposal. Cover that the supplier does not take is NotCovered, unless the order may be without."""
    side = _side_at_creation(body, request.caller)
    position, buyer = suppliers_cover.cover_position_beside(body.supplier_id, body.buyer_id)
    if side == "buyer":
        must_be_registered(body.buyer_id, buyer)
    elif buyer is None:
        raise _unknown(body.buyer_id, "buyer_id")
    terms, warning = _coverable(body.terms, body.supplier_id, position, body.accept_uncovered, request.now)
    policy = policy_in_force(request.now)
    change = agreement.create(
        ids.new_id("ord", request.now),
        orders_terms.must_hold_together(terms, request.now),
        side=side,
        buyer_id=body.buyer_id,
        supplier_id=body.supplier_id,
        policy=policy.hash,
        warning=warning,
        propose=body.propose,
        now=request.now,
    )
    return ORDERS.create(change, policy.read_as(Policy), request, side)


def propose(order_id: str, request: RequestContext) -> StoredResponse:
    return _execute(order_id, request, "propose", lambda was, policy, side: agreement.propose(was, side, request.now))


def amend(order_id: str, body: requests.AmendRequest, request: RequestContext) -> StoredResponse:
    """Other terms: before agreement a new proposal, after it a request; and after it another day to ship by."""

    def decide(order: Order, policy: Policy, side: Side) -> OrderChange:
        if (body.terms is None) == (body.ship_by is None):
            raise BadTerms("Send either terms or ship_by.", param="terms")
        if body.ship_by is not None:
            day = requests.ship_by_of(body.ship_by, order.terms.zone)
            return agreement.request_ship_by_change(order, side, day, policy, request.now)
        assert body.terms is not None
        if order.status in AWAITING_MONEY:
            return amending.request_terms_change(order, side, body.terms.terms(order.terms.zone), policy, request.now)
        position = suppliers_cover.cover_position(order.supplier_id)
        terms, warning = _coverable(body.terms, order.supplier_id, position, body.accept_uncovered, request.now)
        terms = orders_terms.must_hold_together(terms, request.now)
        return agreement.amend(order, side, terms, warning=warning, now=request.now)

    return _execute(order_id, request, "amend", decide)


def accept(order_id: str, body: requests.AcceptRequest, request: RequestContext) -> StoredResponse:
    """Agree, and reserve the cover in the same commit: CapacityExceeded and SupplierNotActive leave the order as it was."""

    def decide(order: Order, policy: Policy, side: Side) -> OrderChange:
        policy_hash = order.policy
        if order.status == "proposed":
            in_force = policy_in_force(request.now)
            policy, policy_hash = in_force.read_as(Policy), in_force.hash
        covered = order.cover is None and order.terms_at_stake.cover != "none"
        quote = fx.quote(order.terms.currency, business_date(request.now)) if covered else None
        return agreement.accept(
            order, side, body.version, policy=policy, policy_hash=policy_hash, quote=quote, now=request.now
        )

    return _execute(order_id, request, "accept", decide)


def cancel(order_id: str, body: requests.CancelRequest, request: RequestContext) -> StoredResponse:
    return _execute(
        order_id, request, "cancel", lambda was, policy, side: agreement.cancel(was, side, body.reason, request.now)
    )


def accept_short_payment(order_id: str, body: requests.ShortRequest, request: RequestContext) -> StoredResponse:
    def decide(order: Order, policy: Policy, side: Side) -> OrderChange:
        shortfall = _minor_of(body.shortfall, order, "shortfall")
        return payments.accept_short(order, shortfall, policy, request.now)

    return _execute(order_id, request, "accept-short-payment", decide)


def ship(order_id: str, body: requests.ShipRequest, request: RequestContext) -> StoredResponse:
    return _execute(
        order_id,
        request,
        "ship",
        lambda was, policy, side: delivery.ship(was, body.shipment(request.now), policy, request.now),
    )


def deliver(order_id: str, body: requests.DeliverRequest, request: RequestContext) -> StoredResponse:
    return _execute(
        order_id,
        request,
        "deliver",
        lambda was, policy, side: delivery.deliver(was, side, body.reference, policy, request.now),
    )


def carried(order_id: str, body: requests.CarrierRequest, request: RequestContext) -> StoredResponse:
    """What a carrier tells of a parcel: an officer's feed brings it."""
    return _execute(
        order_id,
        request,
        "carrier-events",
        lambda was, policy, side: delivery.carried(
            was, body.tracking_number, body.step, body.reference, policy, request.now
        ),
    )


def take_back(order_id: str, body: requests.LineRequest, request: RequestContext) -> StoredResponse:
    return _execute(
        order_id,
        request,
        "take-back",
        lambda was, policy, side: delivery.take_back(was, body.line, body.quantity, request.now),
    )


def extend_receipt(order_id: str, request: RequestContext) -> StoredResponse:
    return _execute(
        order_id, request, "extend-receipt", lambda was, policy, side: delivery.extend(was, side, policy, request.now)
    )


def receive(order_id: str, request: RequestContext) -> StoredResponse:
    return _execute(order_id, request, "receive", lambda was, policy, side: delivery.receive(was, policy, request.now))


def pay_out_early(order_id: str, body: requests.EarlyRequest, request: RequestContext) -> StoredResponse:
    def decide(order: Order, policy: Policy, side: Side) -> OrderChange:
        suppliers_cover.must_be_in_good_standing(order.supplier_id)
        return delivery.pay_out(order, _minor_of(body.money, order, "money"), request.now)

    return _execute(order_id, request, "early-payout", decide)


def apply_bank_fact(
    order_id: str, fact: BankFact, request: RequestContext, *, aside: ToSuspense, joined: Joined = NOTHING_ELSE
) -> StoredResponse:
    """What a bank told us of an order. TooEarly, SeqSpent and NotFound are the inbox's to deal with; money is never refused.

    Where it does not count for the order, what `aside` makes of the reason is committed with it, else `joined`. A reference that was
    booked before is this payment told again, or money that does not count. What a bank took back bears the reference of what it takes back:
    that it was told of is kept by its number, whether or not it counts.
    """

    def apply(fact: BankFact, *references: Update, by_number: tuple[Update, ...] = ()) -> StoredResponse:
        def join(change: OrderChange) -> Joined:
            own = aside(change.aside) if change.aside else replace(joined, changes=joined.changes + references)
            return replace(own, changes=own.changes + by_number)

        return idempotent(request, lambda: _apply(order_id, fact, request, join))

    use = Use(by=order_id, at=request.now, amount_minor=fact.amount_minor, currency=fact.currency)
    if isinstance(fact, PaymentReturned):
        return apply(fact, by_number=(uniques.take(_key_of(order_id, fact), use, _told_before),))
    try:
        return apply(fact, banks_references.take_reference(fact.bank_id, fact.bank_ref, use))
    except ReferenceUsed as used:
        again = used.first.is_repeated_by(use)
        return apply(replace(fact, reference="told_again" if again else "reused"))


def was_told(order_id: str, fact: BankFact) -> bool:
    """Whether a bank has told of this very return before, under that number. Of what it received the references know."""
    first = uniques.find(_key_of(order_id, fact)) if isinstance(fact, PaymentReturned) else None
    return first is not None and (first.amount_minor, first.currency) == (fact.amount_minor, fact.currency)


def allocate(order_id: str, fact: BankFact, request: RequestContext, joined: Joined) -> StoredResponse:
    """Money that leaves suspense for an order, or what a bank took back of it. OrderClosed, WrongCurrency, MethodNotAgreed, ReturnNotMatched, NotFound."""
    return _apply(order_id, fact, request, lambda change: joined)


def _execute(
    order_id: str, request: RequestContext, action: str, decide: Callable[[Order, Policy, Side], OrderChange]
) -> StoredResponse:
    """An action of a party, or what an officer tells, whose rule asks for no side."""
    return ORDERS.execute(
        order_id, request, action, lambda order, policy, actor: decide(order, policy, cast(Side, actor))
    )


def _apply(
    order_id: str, fact: BankFact, request: RequestContext, joined: Callable[[OrderChange], Joined]
) -> StoredResponse:
    designated = isinstance(fact, PaymentReceived) and _is_designated(fact, request.now)
    response = ORDERS.apply(
        order_id,
        request,
        lambda order, policy: payments.apply(order, fact, designated=designated, policy=policy, now=request.now),
        joined=joined,
    )
    if response is None:
        raise NotFound(say("There is no order {order_id!r:.60}.", order_id=order_id))
    return response


def _key_of(order_id: str, fact: BankFact) -> str:
    return second_key(fact.bank_id, "payment.returned", f"{fact.bank_ref}#{fact.seq}", order_id)


def _told_before(first: Use) -> DomainError:
    """Its number counts in the same commit: whoever finds it taken was not the first, and finds the number spent then."""
    return WriteConflict("Somebody else changed this in between.")


def _minor_of(money: Money | None, order: Order, param: str) -> int | None:
    """An amount in the order's currency."""
    minor = money.minor(param=f"{param}.amount", least=1) if money else None
    if money and money.currency != order.terms.currency:
        raise BadTerms(say("The contract is in {currency}.", currency=order.terms.currency), param=f"{param}.currency")
    return minor


def _side_at_creation(body: requests.OrderRequest, caller: Caller) -> Side:
    must_trade_apart(body.supplier_id, body.buyer_id, param="supplier_id")
    if caller.is_member(body.buyer_id):
        return "buyer"
    if caller.is_member(body.supplier_id):
        return "supplier"
    raise NotAParty("The caller is neither buyer_id nor supplier_id.", param="buyer_id")


def _coverable(
    body: requests.TermsRequest, supplier_id: str, position: CoverPosition | None, accept_uncovered: bool, now: datetime
) -> tuple[Terms, str]:
    """The terms; without cover, and with the reason, where the supplier takes none and that is accepted."""
    terms = terms_of(body, supplier_id, position)
    if terms is None:
        raise _unknown(supplier_id, "supplier_id")
    banks_inbox.must_be_payable(terms.currency, now, param="terms.currency")
    if terms.cover == "none":
        return terms, ""
    warning = must_be_coverable(position, accept_uncovered, now, param="terms.cover")
    return replace(terms, cover="none") if warning else terms, warning


def must_be_coverable(position: CoverPosition | None, accept_uncovered: bool, now: datetime, *, param: str) -> str:
    """Why the supplier takes no new cover, where the order may be without; empty where it does. NotCovered."""
    lacking = uncovered(position, now)
    if lacking and not accept_uncovered:
        raise NotCovered(
            say("The supplier takes no new cover at present ({why}).", why=lacking.why),
            param=param,
            why=[lacking.why],
            awaits=[msgspec.to_builtins(CoverCondition.of(lacking))],
        )
    return lacking.why if lacking else ""


def policy_in_force(now: datetime) -> policies.Policy:
    return policies.in_force("protection", business_date(now))


def terms_of(body: requests.TermsRequest, supplier_id: str, position: CoverPosition | None) -> Terms | None:
    """The terms that are sent, with the supplier's zone for a day that names none. None where there is no such supplier.

    Who is in the programme is a member: it is read only for its zone. At most one read.
    """
    is_read = position is None or body.needs_zone
    supplier = members.known([supplier_id]).get(supplier_id) if is_read else None
    if position is None and supplier is None:
        return None
    return body.terms(supplier.zone if supplier else "Asia/Shanghai")


def _unknown(member_id: str, param: str) -> UnknownMember:
    return UnknownMember(say("There is no member {member_id!r:.60}.", member_id=member_id), param=param)


def _is_designated(fact: PaymentReceived, now: datetime) -> bool:
    partner = banks_inbox.partner(fact.bank_id, now)
    return partner is not None and partner.designates(fact.account, fact.currency)
