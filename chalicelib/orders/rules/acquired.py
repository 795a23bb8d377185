"""What card and wallet payments do to the order of a channel: an acquirer's payments fund it, and are taken back of it. Pure.

A payment's commit changes the payment and its order together. What comes out of here is the order's next version, for the `also` of the
payment's change, with the postings, payment orders and effects that belong to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from chalicelib.ledger.rules.chart import BANK_CLEARING, HELD, REFUNDS_PAYABLE, SETTLEMENTS_DUE, UNALLOCATED
from chalicelib.orders.rules.claims import OrderPart
from chalicelib.orders.rules.ending import ended, give_back, refund_of, unallocated_back
from chalicelib.orders.rules.order import AWAITING_MONEY, ENDS, MOST_PAYMENTS, Order, Payment, Policy, TooManyPayments
from chalicelib.orders.rules.payments import OrderClosed, TakenBack, with_money
from chalicelib.orders.rules.transitions import TABLE
from chalicelib.shared import bounds
from chalicelib.shared.errors import Conflict
from chalicelib.shared.journal import PaymentOrder, Posting, credit, debit, transfer
from chalicelib.shared.money import Money
from chalicelib.shared.texts import say, term


class NothingDue(Conflict):
    code = "nothing_due"
    title = "The order is paid."
    fix = "Nothing is to be done: what was captured goes back the way it came."


class NotThatMuchRefundable(Conflict):
    code = "not_that_much_refundable"
    title = "So much of the payment cannot be refunded."
    fix = (
        "Ask for at most `refundable`: what is disputed, on its way back or promised to a claim is not refunded again."
    )

    def __init__(self, refundable_minor: int, currency: str) -> None:
        refundable = Money.of(refundable_minor, currency)
        super().__init__(
            say("At most {amount} {currency} of it.", amount=refundable.grouped, currency=currency),
            param="money",
            refundable=refundable,
        )


def await_capture(order: Order, until: datetime, now: datetime) -> Order:
    """A payment was authorised in time: its capture is waited for as long as the authorisation lives."""
    return TABLE.next_version(order, "payment.authorised", now, pay_due_at=order.may_pay_until(until, now))


def fund(order: Order, payment: Payment, refundable_until: datetime, now: datetime) -> OrderPart:
    """What was captured is held for the order; what is more than is due of it is owed back. OrderClosed, NothingDue, TooManyPayments."""
    if order.status in ENDS:
        raise OrderClosed(say("The order is {status}.", status=term("status", order.status)), order_status=order.status)
    if order.received_minor >= order.due_minor:
        raise NothingDue(say("All of it was received."))
    bounds.must_have_room(len(order.payments), MOST_PAYMENTS, TooManyPayments)
    taken = min(payment.amount_minor, order.due_minor - order.received_minor)
    above = payment.amount_minor - taken
    paid = replace(
        order,
        payments=(*order.payments, payment),
        received_minor=order.received_minor + taken,
        unallocated_minor=order.unallocated_minor + above,
        channel=order.channel and order.channel.open_to_refunds(refundable_until),
    )
    legs = (
        debit(BANK_CLEARING, payment.bank_id, payment.currency, payment.amount_minor),
        credit(HELD, order.id, payment.currency, taken),
        *((credit(UNALLOCATED, order.id, payment.currency, above),) if above else ()),
    )
    return _part(order, "payment.received", with_money(order, paid, now), now, postings=legs)


def most_refundable(order: Order, bank_id: str, refs: Sequence[str]) -> int:
    """What of a payment's captures the order can still give back: of what is held, nothing that is reserved for claims."""
    there = sum(paid.refundable_minor for paid in _of(order, bank_id, refs))
    return max(0, min(there, order.held_minor - order.reserved_minor)) if order.status not in ENDS else 0


def refund(
    order: Order, bank_id: str, refs: Sequence[str], minor: int, now: datetime, *, more_may_come: bool
) -> OrderPart:
    """Money goes back to the buyer before the order's end; all of it is the order's end, unless a dispute about more is open. NotThatMuchRefundable."""
    most = most_refundable(order, bank_id, refs)
    if minor > most:
        raise NotThatMuchRefundable(most, order.terms.currency)
    payments, refunds = _given_back(order, bank_id, refs, minor)
    left = replace(order, payments=payments, refunded_minor=order.refunded_minor + minor)
    postings = _owed(order, HELD, minor)
    if left.held_minor or left.open_claims or more_may_come:
        return _part(order, "refund", left, now, postings=postings, payment_orders=refunds)
    more, surplus = give_back(left, left.unallocated_minor)
    over = replace(left, payments=more, **ended(left, "refunded", "refunded_by_supplier", now))
    return _part(
        order,
        "refund",
        over,
        now,
        postings=(*postings, *unallocated_back(left)),
        payment_orders=(*refunds, *surplus),
    )


def take_back(
    order: Order, bank_id: str, refs: Sequence[str], minor: int, policy: Policy, now: datetime
) -> tuple[OrderPart, TakenBack]:
    """A buyer's bank disputes a payment, and the acquirer has taken so much of its captures. As of a bank's return, in `payments`."""
    left, payments = minor, list(order.payments)
    for place, paid in enumerate(payments):
        if (paid.bank_id, paid.bank_ref) in {(bank_id, ref) for ref in refs}:
            part = min(left, paid.amount_minor - paid.returned_minor)
            payments[place], left = replace(paid, returned_minor=paid.returned_minor + part), left - part
    assert not left, f"{order.id} has no captures for {left} more"
    taken = TakenBack.of(order, minor)
    back = taken.taken_of(replace(order, payments=tuple(payments)))
    if order.status in AWAITING_MONEY:
        back = replace(back, pay_due_at=order.may_pay_until(now + timedelta(hours=policy.respond_hours), now))
    part_of_order = _part(
        order,
        "payment.returned",
        with_money(order, back, now),
        now,
        postings=(*taken.debits(order), credit(BANK_CLEARING, bank_id, order.terms.currency, minor)),
    )
    return part_of_order, taken


def refunded_of(order: Order, bank_id: str, ref: str) -> int:
    """What refunds of a capture come to, those that have left and those that have not."""
    return sum(paid.refunded_minor for paid in _of(order, bank_id, (ref,)))


def refund_again(order: Order, bank_id: str, ref: str, minor: int) -> PaymentOrder:
    """A refund of a capture that was held back leaves after all: the order has counted it already."""
    [paid] = _of(order, bank_id, (ref,))
    return refund_of(order, paid, minor)


def give_again(order: Order, bank_id: str, refs: Sequence[str], taken: TakenBack, now: datetime) -> OrderPart:
    """The dispute was won: what was booked when it was opened is booked the other way round.

    Of an order that has ended meanwhile the supplier gets it, where the order was completed; else it is the buyer's, the way it came. What
    is more than is due of the order, for another payment or a waiver has taken its place meanwhile, is owed back to the buyer.
    """
    left, payments = taken.total_minor, list(order.payments)
    for place, paid in reversed([*enumerate(payments)]):
        if (paid.bank_id, paid.bank_ref) in {(bank_id, ref) for ref in refs}:
            part = min(left, paid.returned_minor)
            payments[place], left = replace(paid, returned_minor=paid.returned_minor - part), left - part
    currency = order.terms.currency
    there = taken.given_again(replace(order, payments=tuple(payments)))
    more = max(0, min(taken.held_minor, there.received_minor - order.due_minor))
    there = replace(there, received_minor=there.received_minor - more, unallocated_minor=there.unallocated_minor + more)
    postings = (
        debit(BANK_CLEARING, bank_id, currency, taken.total_minor),
        *taken.credits(order),
        *transfer(more, currency, debit_to=(HELD, order.id), credit_to=(UNALLOCATED, order.id)),
    )
    if order.status not in ENDS:
        return _part(order, "payment.received", with_money(order, there, now), now, postings=postings)
    above, held = taken.above_minor + more, taken.held_minor - more
    if order.status == "completed":
        paid_out = transfer(held, currency, debit_to=(HELD, order.id), credit_to=(SETTLEMENTS_DUE, order.id))
        there, owed_minor = replace(there, released_minor=there.released_minor + held), above
    else:
        paid_out, owed_minor = _owed(order, HELD, held), held + above
        there = replace(there, refunded_minor=there.refunded_minor + held)
    payments_after, back = _given_back(there, bank_id, refs, owed_minor, then_others=True)
    over = replace(there, payments=payments_after, unallocated_minor=there.unallocated_minor - above)
    return _part(
        order,
        "payment.received",
        over,
        now,
        postings=(*postings, *paid_out, *_owed(order, UNALLOCATED, above)),
        payment_orders=back,
    )


def release(order: Order, payment_id: str, minor: int, now: datetime) -> Order:
    """So much of what is held, and came by a payment, is the exporter's before completion."""
    left, payments = minor, list(order.payments)
    for place, paid in enumerate(payments):
        if paid.payment_id == payment_id:
            part = min(left, paid.releasable_minor)
            payments[place], left = replace(paid, released_minor=paid.released_minor + part), left - part
    assert not left, f"{payment_id} has brought {left} less"
    released = order.released_minor + minor
    return TABLE.next_version(order, "early-payout", now, released_minor=released, payments=tuple(payments))


def _part(
    was: Order,
    name: str,
    state: Order,
    now: datetime,
    *,
    postings: Iterable[Posting],
    payment_orders: tuple[PaymentOrder, ...] = (),
) -> OrderPart:
    after = TABLE.next_version(was, name, now, state=state)
    effects = TABLE.effects(was, after)
    booked = tuple(posting for effect in effects for posting in effect.postings)
    return OrderPart(order=after, postings=(*postings, *booked), payment_orders=payment_orders, effects=effects)


def _of(order: Order, bank_id: str, refs: Sequence[str]) -> tuple[Payment, ...]:
    return tuple(paid for paid in order.payments if paid.bank_id == bank_id and paid.bank_ref in refs)


def _given_back(
    order: Order, bank_id: str, refs: Sequence[str], minor: int, *, then_others: bool = False
) -> tuple[tuple[Payment, ...], tuple[PaymentOrder, ...]]:
    """A refund of one payment's captures, and of no other payment but where these do not suffice."""
    mine = _of(order, bank_id, refs)
    others = tuple(paid for paid in order.payments if paid not in mine) if then_others else ()
    changed, refunds = give_back(replace(order, payments=(*mine, *others)), minor)
    after = {(paid.bank_id, paid.bank_ref): paid for paid in changed}
    return tuple(after.get((paid.bank_id, paid.bank_ref), paid) for paid in order.payments), refunds


def _owed(order: Order, account: str, minor: int) -> tuple[Posting, ...]:
    return transfer(minor, order.terms.currency, debit_to=(account, order.id), credit_to=(REFUNDS_PAYABLE, order.id))
