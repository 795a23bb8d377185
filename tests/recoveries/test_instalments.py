"""Paying in parts: which plans are plans, when they are called for, when they are missed, and what early money counts for."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from chalicelib.recoveries.rules import asking, instalments, receiving
from chalicelib.recoveries.rules.instalments import BadPlan, Part
from chalicelib.recoveries.rules.recovery import due_minor
from chalicelib.recoveries.rules.timers import MACHINE
from chalicelib.shared.periods import BeyondCalendar, business_days_after, end_of_business_date, instant, start_of
from tests.recoveries.asking import (
    CHINA,
    CONTEXT,
    DAY,
    NOW,
    POLICY,
    demanded,
    first_change,
    in_setoff,
    later,
    opened,
    suspended,
    with_balance,
    with_plan,
)

APRIL = instant("2026-03-31T16:00:00Z")
"""The 1st of April begins in Shanghai."""


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ([(date(2026, 3, 2), 150_000)], "fall after"),  # today
        ([(date(2026, 6, 1), 150_000)], "fall after"),  # the 91st day
        ([(date(2026, 4, 1), 149_999)], "add up"),
        ([(date(2026, 4, 1), 100_000), (date(2026, 4, 1), 50_000)], "later than"),
        ([(date(2026, 5, 1), 100_000), (date(2026, 4, 1), 50_000)], "later than"),
        ([(date(2026, 4, day), 150_000 // 7) for day in range(1, 8)], "1 to 6"),
        ([], "1 to 6"),
    ],
)
def test_what_is_no_plan_is_refused_and_says_why(parts: list[Part], why: str) -> None:
    with pytest.raises(BadPlan, match=why):
        instalments.propose(demanded(), parts, POLICY, CHINA, NOW)


def test_the_last_day_of_the_ninety_and_six_instalments_are_a_plan() -> None:
    days = [date(2026, 4, 1) + timedelta(days=12 * number) for number in range(5)]
    parts = [*((day, 25_000) for day in days), (date(2026, 5, 31), 25_000)]
    assert instalments.propose(demanded(), parts, POLICY, CHINA, NOW).state.proposed is not None


def test_an_instalment_in_a_year_whose_holidays_are_not_known_is_refused_by_name() -> None:
    december = instant("2027-12-01T02:00:00Z")
    owed = later(opened(now=december), december)
    with pytest.raises(BeyondCalendar) as raised:
        instalments.propose(owed, [(date(2027, 12, 28), 150_000)], POLICY, CHINA, december)
    assert raised.value.numbers == {"calendar": "CN", "known_until": "2027-12-31"}
    assert instalments.propose(owed, [(date(2027, 12, 21), 150_000)], POLICY, CHINA, december).state.proposed


@pytest.mark.parametrize(
    ("at", "due"),
    [
        ("2026-12-23T02:00:00Z", "2027-01-04T16:00:00Z"),  # into a year that is not published yet
        ("2027-12-22T02:00:00Z", "2027-12-31T16:00:00Z"),  # the last day the calendar knows
        ("2027-12-23T02:00:00Z", "2028-01-13T16:00:00Z"),  # 21 plain days: a debt is asked back all the same
    ],
)
def test_beyond_the_calendar_a_debit_is_given_plain_days(at: str, due: str) -> None:
    assert asking.debit_due_at(instant(at), POLICY, CHINA) == instant(due)


def test_the_plain_days_are_never_fewer_than_the_business_days_of_any_year() -> None:
    day = date(CHINA.first_year, 1, 1)
    while day < date(CHINA.last_year, 12, 1):
        plain = end_of_business_date(day + timedelta(days=POLICY.debit_days_beyond_calendar))
        assert business_days_after(start_of(day), POLICY.debit_business_days, CHINA) <= plain
        day += timedelta(days=1)


def test_a_proposal_that_nobody_answers_lapses() -> None:
    proposed = instalments.propose(in_setoff(), [(date(2026, 4, 20), 150_000)], POLICY, CHINA, NOW + 12 * DAY).state
    assert later(proposed, NOW + 19 * DAY - timedelta(milliseconds=1)).proposed is not None
    assert later(proposed, NOW + 19 * DAY).proposed is None


def test_a_newer_proposal_takes_the_place_of_the_one_before() -> None:
    first = instalments.propose(demanded(), [(date(2026, 4, 20), 150_000)], POLICY, CHINA, NOW).state
    second = instalments.propose(first, [(date(2026, 4, 21), 150_000)], POLICY, CHINA, NOW).state
    assert second.proposed is not None
    assert [part.on for part in second.proposed.instalments] == [date(2026, 4, 21)]


def test_on_its_day_an_instalment_is_debited() -> None:
    plan = with_plan(in_setoff(), NOW + 12 * DAY)
    change = first_change(plan, APRIL)
    assert change.at == APRIL
    assert [payment_order.amount_minor for payment_order in change.event.payment_orders] == [50_000]
    assert next(MACHINE.overdue(change.state, CONTEXT, APRIL), None) is None


def test_what_is_in_the_balance_is_taken_first_and_only_what_is_due() -> None:
    plan = with_plan(in_setoff(), NOW + 12 * DAY)
    assert receiving.set_off(plan, with_balance(900_000), APRIL - DAY) is None
    drawn = receiving.set_off(plan, with_balance(30_000), APRIL)
    assert drawn is not None
    change = first_change(drawn.state, APRIL)
    assert [payment_order.amount_minor for payment_order in change.event.payment_orders] == [20_000]


def test_money_that_came_early_counts_for_the_first_instalments() -> None:
    early = receiving.manual(with_plan(), "boc", "R-1", 60_000, "USD", NOW + DAY).state
    change = first_change(early, APRIL)
    assert change.event.payment_orders == ()
    assert due_minor(change.state, instant("2026-05-05T16:00:00Z")) == 90_000


def test_a_debit_under_way_when_the_plan_is_made_counts_for_it() -> None:
    change = first_change(with_plan(), APRIL)
    assert change.event.payment_orders == (), "1,500.00 are being debited already"


def test_while_a_plan_is_kept_nobody_is_suspended() -> None:
    kept = receiving.collected(later(with_plan(), APRIL), "ins_1", 1, 50_000, APRIL + DAY).state
    assert later(kept, NOW + 60 * DAY).status == "instalments"
    rest = receiving.collected(later(kept, NOW + 65 * DAY), "ins_2", 1, 100_000, NOW + 66 * DAY).state
    assert (rest.status, rest.remaining_minor) == ("recovered", 0)


def test_an_instalment_that_is_missed_before_the_thirtieth_day_makes_all_of_it_due_again() -> None:
    recovery = demanded()
    parts = [(date(2026, 3, 4), 50_000), (date(2026, 5, 6), 100_000)]
    plan = instalments.accept(
        instalments.propose(recovery, parts, POLICY, CHINA, NOW).state, None, POLICY, CHINA, NOW
    ).state
    missed = instant("2026-03-13T16:00:00Z")
    assert later(plan, missed - timedelta(milliseconds=1)).status == "instalments"
    ended = later(plan, missed)
    assert (ended.status, ended.plan) == ("setoff", None)
    assert due_minor(ended, missed) == 150_000


def test_a_suspension_ends_with_the_plan_that_is_accepted_and_begins_again_with_the_one_that_is_missed() -> None:
    plan = with_plan(suspended(), NOW + 31 * DAY, first=date(2026, 4, 20))
    assert not plan.is_overdue
    assert later(plan, NOW + 62 * DAY).is_overdue


def test_a_plan_that_waited_for_its_officer_gives_the_bank_its_days_from_then_on() -> None:
    """The first instalment's day came while it waited: else the plan would end before the bank can have debited it."""
    proposed = instalments.propose(demanded(), [(date(2026, 3, 3), 150_000)], POLICY, CHINA, NOW).state
    accepted_at = NOW + 7 * DAY - timedelta(seconds=1)
    recovery = instalments.accept(later(proposed, accepted_at), None, POLICY, CHINA, accepted_at).state
    [part] = instalments.must_have_plan(recovery).instalments
    assert part.missed_at == asking.debit_due_at(accepted_at, POLICY, CHINA)
    assert later(recovery, part.missed_at - timedelta(milliseconds=1)).status == "instalments"
    assert later(recovery, part.missed_at).status == "setoff"
