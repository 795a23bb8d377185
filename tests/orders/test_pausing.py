"""While a claim is open an order's clock stands still, whatever happens meanwhile: each timer then goes on with the time it had left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from chalicelib.orders.rules import acquired, claims, delivery, payments
from chalicelib.orders.rules.order import Claimed, Order, Payment
from chalicelib.orders.rules.payments import PaymentReturned
from chalicelib.orders.rules.terms import ShipAfterPayment
from chalicelib.orders.rules.timers import MACHINE
from chalicelib.orders.rules.transitions import TABLE
from tests.claims.playing import PAYMENTS
from tests.claims.rules.given import MILLISECOND, PAID, TERMS_POLICY, paid_order, shipped_order

DAY = timedelta(days=1)
CLAIM = Claimed(claim_id="clm_1", reason="late_shipment", lines=(1,), requested_minor=100)
SHIPPED = shipped_order(receipt_due_at=PAID + 70 * DAY)
UNPAID = paid_order(
    status="part_funded",
    received_minor=100_000,
    funded_at=None,
    paid_at=None,
    pay_due_at=PAID + 60 * DAY,
    payments=(replace(PAYMENTS[0], amount_minor=100_000),),
)


def left(order: Order, at: datetime) -> timedelta:
    """The time that the clock gives it."""
    deadlines = MACHINE.deadlines(order, TERMS_POLICY)
    return min(deadline.due_at for deadline in deadlines if deadline.by_clock) - at


def after(order: Order, meanwhile: Callable[[Order, datetime], Order], begun: int, happens: int, ended: int) -> Order:
    """A claim is open from one day to another; in between something happens."""
    claimed = claims.attach_claim(order, CLAIM, PAID + begun * DAY)
    changed = meanwhile(claimed, PAID + happens * DAY)
    return claims.close_claim(changed, CLAIM.claim_id, "withdrawn", TERMS_POLICY, PAID + ended * DAY).order


def nothing(order: Order, at: datetime) -> Order:
    return order


def delivered(order: Order, at: datetime) -> Order:
    return delivery.deliver(order, "supplier", "POD-1", TERMS_POLICY, at).state


def returned(order: Order, at: datetime) -> Order:
    """The bank takes a part of what it brought back."""
    payment: Payment = order.payments[-1]
    fact = PaymentReturned(
        bank_id=payment.bank_id,
        bank_ref=payment.bank_ref,
        seq=0,
        amount_minor=50_000,
        currency="USD",
        value_date=at.date(),
        reason="recall",
    )
    return payments.apply(order, fact, designated=True, policy=TERMS_POLICY, now=at).state


def disputed(order: Order, at: datetime) -> Order:
    payment = order.payments[-1]
    part, _ = acquired.take_back(order, payment.bank_id, (payment.bank_ref,), 50_000, TERMS_POLICY, at)
    return part.order


def authorised(order: Order, at: datetime) -> Order:
    return acquired.await_capture(order, at + DAY, at)


@pytest.mark.parametrize(
    ("order", "meanwhile"),
    [
        (SHIPPED, nothing),
        (SHIPPED, delivered),
        (UNPAID, nothing),
        (UNPAID, returned),
        (UNPAID, disputed),
        (UNPAID, authorised),
    ],
    ids=["shipped", "delivered", "part paid", "charged back", "disputed", "authorised"],
)
@pytest.mark.parametrize("happens", [21, 200])
def test_what_happens_under_a_claim_takes_none_of_the_time_that_was_left_and_adds_none(
    order: Order, meanwhile: Callable[[Order, datetime], Order], happens: int
) -> None:
    was = left(order, PAID + 20 * DAY)
    assert left(after(order, meanwhile, 20, happens, 210), PAID + 210 * DAY) == was


@pytest.mark.parametrize(
    ("order", "meanwhile", "least"),
    [
        (SHIPPED, delivered, TERMS_POLICY.receipt_after_delivery_days * DAY),
        (UNPAID, returned, timedelta(hours=TERMS_POLICY.respond_hours)),
        (UNPAID, disputed, timedelta(hours=TERMS_POLICY.respond_hours)),
        (UNPAID, authorised, DAY),
    ],
    ids=["delivered", "charged back", "disputed", "authorised"],
)
def test_who_had_little_time_left_has_what_is_due_to_it_from_then_on(
    order: Order, meanwhile: Callable[[Order, datetime], Order], least: timedelta
) -> None:
    begun = 69 if order is SHIPPED else 59
    changed = after(replace(order, extended_by=("buyer",)), meanwhile, begun, 100, 100)
    assert left(changed, PAID + 100 * DAY) == max(least, DAY)


def test_receipt_is_extended_under_a_claim_as_long_as_time_is_left() -> None:
    claimed = claims.attach_claim(SHIPPED, CLAIM, PAID + 70 * DAY - MILLISECOND)
    late = PAID + 100 * DAY
    assert "extend-receipt" in TABLE.allowed(claimed, "buyer", TERMS_POLICY, late)
    longer = delivery.extend(claimed, "buyer", TERMS_POLICY, late).state
    order = claims.close_claim(longer, CLAIM.claim_id, "withdrawn", TERMS_POLICY, late).order
    assert left(order, late) == TERMS_POLICY.extend_days * DAY + MILLISECOND
    assert "extend-receipt" not in TABLE.allowed(SHIPPED, "buyer", TERMS_POLICY, PAID + 70 * DAY)


def test_a_balance_that_a_bank_takes_back_late_can_be_paid_again() -> None:
    order = paid_order(payments=PAYMENTS, agreed_at=PAID, pay_due_at=PAID + 60 * DAY)
    order = replace(order, terms=replace(order.terms, ship_by=ShipAfterPayment(days=100, payment="full")))
    at = PAID + 70 * DAY
    back = returned(order, at)
    assert (back.status, back.paid_at) == ("funded", None)
    assert left(back, at) == timedelta(hours=TERMS_POLICY.respond_hours)
