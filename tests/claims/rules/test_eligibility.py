"""From when and until when each reason can be claimed: one millisecond before, at, and after."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.claims.rules.eligibility import (
    NothingReceived,
    ReasonDoesNotFit,
    TooEarlyToClaim,
    WindowOver,
    why_not,
    window,
)
from chalicelib.claims.rules.reasons import REASONS, Reason
from chalicelib.orders.rules.order import Order
from chalicelib.orders.rules.terms import NotCovered, ShipOn
from chalicelib.shared.errors import DomainError
from tests.claims.rules.given import (
    ABOUT_SHIPMENT,
    AFTER_RECEIPT,
    MILLISECOND,
    PAID,
    POLICY,
    SHIP_BY,
    TERMS_POLICY,
    paid_order,
    received_order,
    shipped_order,
)

RECEIVED = PAID + timedelta(days=40)
BEFORE = {"quality": "pre_shipment"}


def refused(reason: Reason, order: Order, now: datetime) -> DomainError | None:
    return why_not(reason, order, TERMS_POLICY, POLICY, now)


def open_reasons(order: Order, now: datetime) -> tuple[Reason, ...]:
    return tuple(reason for reason in REASONS if refused(reason, order, now) is None)


def assert_open(reason: Reason, order: Order, opens: datetime, ends: datetime | None) -> None:
    """Valid iff opens <= now < ends, to the millisecond."""
    found = window(reason, order, TERMS_POLICY, POLICY)
    assert (found.opens_at, found.ends_at) == (opens, ends)
    early = refused(reason, order, opens - MILLISECOND)
    assert isinstance(early, TooEarlyToClaim)
    assert refused(reason, order, opens) is None
    if ends is None:
        assert refused(reason, order, opens + timedelta(days=3650)) is None
        return
    assert refused(reason, order, ends - MILLISECOND) is None
    assert isinstance(refused(reason, order, ends), WindowOver)
    assert isinstance(refused(reason, order, ends + MILLISECOND), WindowOver)


def test_not_shipped_opens_when_the_day_to_ship_by_ends_and_closes_thirty_days_later() -> None:
    assert_open("not_shipped", paid_order(), SHIP_BY, SHIP_BY + timedelta(days=30))


def test_not_shipped_cannot_be_claimed_once_the_goods_have_left() -> None:
    late = shipped_order(at=SHIP_BY + timedelta(days=3))
    assert isinstance(refused("not_shipped", late, SHIP_BY + timedelta(days=4)), ReasonDoesNotFit)


def test_late_shipment_opens_with_the_same_instant_and_stays_open_until_the_window_after_receipt_ends() -> None:
    assert_open("late_shipment", paid_order(), SHIP_BY, None)
    late = received_order(RECEIVED, shipped_at=SHIP_BY + timedelta(days=1))
    assert_open("late_shipment", late, SHIP_BY, RECEIVED + timedelta(days=30))


def test_goods_that_left_at_the_last_instant_were_in_time() -> None:
    assert isinstance(refused("late_shipment", shipped_order(at=SHIP_BY), SHIP_BY), ReasonDoesNotFit)
    assert refused("late_shipment", shipped_order(at=SHIP_BY + MILLISECOND), SHIP_BY + MILLISECOND) is None


def test_no_shipment_is_due_while_the_buyer_owes_what_it_waits_for() -> None:
    unpaid = paid_order(paid_at=None, received_minor=150_000)
    for reason in ABOUT_SHIPMENT:
        waits = refused(reason, unpaid, SHIP_BY + timedelta(days=300))
        assert isinstance(waits, TooEarlyToClaim)
        assert waits.numbers == {"waits_for": "payment"}


def test_a_late_balance_moves_the_day_from_which_late_shipment_can_be_claimed() -> None:
    fixed = ShipOn(date=date(2026, 5, 1), zone="Asia/Shanghai")
    agreed = datetime(2026, 5, 1, 16, tzinfo=UTC)
    in_time = paid_order(terms={"ship_by": fixed})
    assert window("late_shipment", in_time, TERMS_POLICY, POLICY).opens_at == agreed
    late = paid_order(terms={"ship_by": fixed}, paid_at=agreed - timedelta(days=7) + timedelta(days=5))
    assert_open("late_shipment", late, agreed + timedelta(days=5), None)


@pytest.mark.parametrize(
    ("zone", "ends"),
    [
        ("Pacific/Kiritimati", datetime(2028, 2, 29, 10, tzinfo=UTC)),
        ("Pacific/Niue", datetime(2028, 3, 1, 11, tzinfo=UTC)),
        ("Asia/Shanghai", datetime(2028, 2, 29, 16, tzinfo=UTC)),
    ],
)
def test_the_day_to_ship_by_ends_where_the_contract_says_also_on_a_leap_day(zone: str, ends: datetime) -> None:
    order = paid_order(terms={"ship_by": ShipOn(date=date(2028, 2, 29), zone=zone)})
    assert_open("not_shipped", order, ends, ends + timedelta(days=30))


def test_a_change_of_summer_time_inside_the_window_makes_no_day_shorter() -> None:
    order = paid_order(terms={"ship_by": ShipOn(date=date(2026, 3, 27), zone="Europe/Berlin")})
    ends = datetime(2026, 3, 27, 23, tzinfo=UTC)
    assert_open("not_shipped", order, ends, ends + timedelta(hours=30 * 24))


@pytest.mark.parametrize("reason", sorted(AFTER_RECEIPT - {"damaged_in_transit"}))
def test_what_is_said_of_received_goods_is_open_from_receipt_for_thirty_days(reason: Reason) -> None:
    assert_open(reason, received_order(RECEIVED), RECEIVED, RECEIVED + timedelta(days=30))


def test_damage_in_transit_is_open_for_seven_days_from_receipt() -> None:
    assert_open("damaged_in_transit", received_order(RECEIVED), RECEIVED, RECEIVED + timedelta(days=7))


@pytest.mark.parametrize("reason", sorted(AFTER_RECEIPT))
def test_before_receipt_nothing_can_be_said_of_the_goods(reason: Reason) -> None:
    waits = refused(reason, shipped_order(), RECEIVED)
    assert isinstance(waits, TooEarlyToClaim)
    assert waits.numbers == {"waits_for": "receipt"}
    found = window(reason, shipped_order(), TERMS_POLICY, POLICY)
    assert (found.opens_at, found.ends_at) == (None, None)


def test_quality_before_shipment_is_open_from_funding_until_the_goods_leave() -> None:
    assert_open("quality_pre_shipment", paid_order(terms=BEFORE), PAID, SHIP_BY + timedelta(days=30))
    left = shipped_order(terms=BEFORE)
    assert isinstance(refused("quality_pre_shipment", left, SHIP_BY), ReasonDoesNotFit)


def test_quality_before_shipment_has_no_known_end_while_the_balance_is_open() -> None:
    assert_open("quality_pre_shipment", paid_order(terms=BEFORE, paid_at=None), PAID, None)


def test_quality_before_shipment_waits_for_the_deposit() -> None:
    part = paid_order(terms=BEFORE, funded_at=None, paid_at=None, status="part_funded", received_minor=40_000)
    waits = refused("quality_pre_shipment", part, SHIP_BY)
    assert isinstance(waits, TooEarlyToClaim)
    assert waits.numbers == {"waits_for": "payment"}


def test_quality_is_judged_when_both_sides_agreed_it_would_be() -> None:
    assert isinstance(refused("quality_pre_shipment", paid_order(), SHIP_BY), ReasonDoesNotFit)
    assert isinstance(refused("quality_mismatch", received_order(RECEIVED, terms=BEFORE), RECEIVED), ReasonDoesNotFit)


@pytest.mark.parametrize(("transport", "days"), [("express", 15), ("air", 30), ("sea", 60)])
def test_not_received_opens_a_grace_after_the_latest_day_of_arrival(transport: str, days: int) -> None:
    sent = PAID + timedelta(days=10)
    order = shipped_order(sent, terms={"transport": transport})
    assert_open("not_received", order, sent + timedelta(days=days + 7), None)


def test_not_received_is_open_after_receipt_that_nobody_confirmed_until_the_window_ends() -> None:
    sent, received = PAID + timedelta(days=10), PAID + timedelta(days=70)
    order = received_order(received, received_automatically=True)
    assert_open("not_received", order, sent + timedelta(days=67), received + timedelta(days=30))


def test_who_confirmed_receipt_cannot_claim_that_nothing_came() -> None:
    assert isinstance(refused("not_received", received_order(), RECEIVED + timedelta(days=25)), ReasonDoesNotFit)


def test_what_was_never_shipped_is_not_what_was_not_received() -> None:
    waits = refused("not_received", paid_order(), SHIP_BY + timedelta(days=300))
    assert isinstance(waits, TooEarlyToClaim)
    assert waits.numbers == {"waits_for": "shipment"}


@pytest.mark.parametrize("reason", REASONS)
def test_an_order_without_cover_or_money_cannot_be_claimed_on(reason: Reason) -> None:
    assert isinstance(refused(reason, received_order(cover=None), RECEIVED), NotCovered)
    assert isinstance(refused(reason, received_order(received_minor=0), RECEIVED), NothingReceived)
    assert isinstance(refused(reason, received_order(refunded_minor=500_000), RECEIVED), NothingReceived)


def test_what_is_open_can_be_listed_at_any_moment() -> None:
    assert open_reasons(paid_order(), SHIP_BY - MILLISECOND) == ()
    assert open_reasons(paid_order(), SHIP_BY) == ("not_shipped", "late_shipment")
    assert set(open_reasons(received_order(RECEIVED), RECEIVED)) == AFTER_RECEIPT
    week_later = RECEIVED + timedelta(days=7)
    assert set(open_reasons(received_order(RECEIVED), week_later)) == (AFTER_RECEIPT - {"damaged_in_transit"})


def test_a_refusal_tells_when_to_come_or_when_it_was_too_late() -> None:
    early = refused("not_shipped", paid_order(), PAID)
    over = refused("damaged_in_transit", received_order(RECEIVED), RECEIVED + timedelta(days=7))
    assert early is not None
    assert early.numbers == {"due_at": "2026-04-01T02:15:00Z"}
    assert over is not None
    assert over.numbers == {"ended_at": "2026-04-18T02:15:00Z"}
