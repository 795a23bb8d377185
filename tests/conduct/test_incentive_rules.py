"""Incentives and what they come to, as values: who may do what in each status, what ends them, and the cap (case CO-1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.conduct.rules import incentive as rules
from chalicelib.conduct.rules.incentive import MACHINE, TABLE, Actor, Incentive, Kind, Policy, Status
from chalicelib.conduct.rules.integrity import integrity, level_of
from chalicelib.shared import policies
from chalicelib.shared.errors import AnotherOfficerNeeded
from chalicelib.shared.periods import start_of
from tests.ends import endings

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
TODAY = date(2026, 3, 2)
VERSION = policies.versions("integrity")[0]
POLICY = VERSION.read_as(Policy)
MS = timedelta(milliseconds=1)
Earned = list[tuple[date, int]]


def standing() -> Incentive:
    return rules.earned("mem_1", "lon_1", "repaid_on_time", NOW, POLICY, VERSION.hash, NOW).state


def reversed_by_an_officer() -> Incentive:
    return rules.reverse(standing(), "false_data", "Not the firm's.", "ann", NOW).state


def undone() -> Incentive:
    return rules.undo(standing(), NOW).state


def expired(was: Callable[[], Incentive] = standing) -> Incentive:
    [change] = MACHINE.overdue(was(), (), was().expires_at)
    return change.state


IN: dict[Status, Callable[[], Incentive]] = {"standing": standing, "reversed": undone, "expired": expired}
ENDED = [("expire", expired(was).status) for was in (standing, undone)]
"""By which transition it ends, and how it then stands."""


@pytest.mark.parametrize("status", get_args(Status))
@pytest.mark.parametrize("actor", get_args(Actor))
def test_officers_reverse_what_stands_and_nobody_does_anything_else(status: Status, actor: Actor) -> None:
    expected = ["reverse"] if (actor, status) == ("officer", "standing") else []
    assert TABLE.allowed(IN[status](), actor, (), NOW) == expected
    assert TABLE.allowed(reversed_by_an_officer(), actor, (), NOW) == (["restore"] if actor == "officer" else [])


def test_every_transition_to_an_end_is_here() -> None:
    assert set(ENDED) == endings(TABLE)


@pytest.mark.parametrize("was", [standing, undone, reversed_by_an_officer])
def test_it_lasts_for_two_years_to_the_millisecond(was: Callable[[], Incentive]) -> None:
    assert was().expires_at == start_of(date(2028, 3, 2))
    assert list(MACHINE.overdue(was(), (), was().expires_at - MS)) == []
    assert expired(was).status == "expired"
    assert MACHINE.next_due(expired(was), ()) is None


def test_what_was_undone_comes_back_with_its_fact_and_what_an_officer_reversed_does_not() -> None:
    again = rules.redo(undone(), NOW).state
    assert (again.status, again.why) == ("standing", None)
    with pytest.raises(rules.IncentiveNotInThisStatus):
        TABLE.require("redo", reversed_by_an_officer(), "clock", (), NOW)


def test_what_an_officer_reversed_another_one_gives_back_or_an_appeal_that_finds_the_data_true() -> None:
    was = reversed_by_an_officer()
    with pytest.raises(AnotherOfficerNeeded):
        rules.restore(was, "It was.", "ann", NOW)
    for change in (rules.restore(was, "It was.", "bob", NOW), rules.give_back(was, "snc_1", NOW)):
        assert replace(change.state, version=1, seq=1, recent=()) == standing()
    mistaken = rules.reverse(standing(), "mistake", "Twice.", "ann", NOW).state
    with pytest.raises(rules.IncentiveNotInThisStatus):
        TABLE.require("give_back", mistaken, "clock", (), NOW)


def test_each_is_named_after_its_firm_what_it_is_for_and_its_kind() -> None:
    names = {
        rules.incentive_id(member, subject, kind)
        for member in ("mem_1", "mem_2")
        for subject in ("lon_1", "lon_2")
        for kind in get_args(Kind)
    }
    assert len(names) == 2 * 2 * len(get_args(Kind))


def shown(earned: Earned, as_of: date = TODAY) -> int:
    def between(from_on: date, until_on: date) -> Iterator[int]:
        return (points for on, points in earned if from_on <= on < until_on)

    return integrity(as_of, POLICY, between).points


def test_co_1_the_cap_is_applied_to_what_still_stands() -> None:
    """Approved and granted three times each, repaid twice: 50, shown as 40. Then one of each is taken back."""
    on = date(2025, 9, 1)
    earned = [(on, 5)] * 6 + [(on, 10)] * 2
    assert shown(earned) == 40
    earned.remove((on, 5))
    assert (sum(points for _, points in earned), shown(earned)) == (45, 40)
    earned.remove((on, 5))
    assert (sum(points for _, points in earned), shown(earned)) == (40, 40)
    earned.remove((on, 10))
    assert (sum(points for _, points in earned), shown(earned)) == (30, 30)


def test_a_day_counts_in_one_window_and_for_two_years() -> None:
    assert shown([(TODAY, 5)]) == 5
    assert shown([(TODAY + timedelta(days=1), 5)]) == 0
    assert shown([(date(2025, 3, 3), 30), (date(2025, 3, 2), 30)]) == 60
    assert shown([(date(2025, 3, 3), 30), (date(2025, 3, 3), 30)]) == 40
    assert (shown([(date(2024, 3, 3), 5)]), shown([(date(2024, 3, 2), 5)])) == (5, 0)
    assert shown([(TODAY, 50), (date(2025, 1, 1), 50)]) == 80


def test_no_more_is_read_than_reaches_the_cap() -> None:
    reads = 0

    def endless(from_on: date, until_on: date) -> Iterator[int]:
        nonlocal reads
        while True:
            reads += 1
            yield 5

    assert integrity(TODAY, POLICY, endless).points == 80
    assert reads == 16


@pytest.mark.parametrize(
    ("points", "level"),
    [(0, None), (9, None), (10, "bronze"), (24, "bronze"), (25, "silver"), (39, "silver"), (40, "gold"), (80, "gold")],
)
def test_levels(points: int, level: str | None) -> None:
    assert level_of(points, POLICY) == level


days = st.dates(date(2023, 1, 1), date(2026, 3, 2))


@given(st.lists(st.tuples(days, st.sampled_from((5, 10))), max_size=40), days)
def test_more_never_lowers_it_and_no_window_goes_beyond_the_cap(earned: Earned, as_of: date) -> None:
    assert 0 <= shown(earned, as_of) <= 80
    if earned:
        assert shown(earned[1:], as_of) <= shown(earned, as_of) <= shown(earned[1:], as_of) + earned[0][1]
