"""A case tells what resolved it, then and when it is closed: an officer's decision, or that one side did not answer in time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import get_args

import pytest

from chalicelib.cases.rules import handling
from chalicelib.cases.rules.case import Case, Decision, Outcome
from chalicelib.cases.rules.timers import MACHINE
from chalicelib.cases.rules.transitions import TABLE, CaseChange
from chalicelib.cases.views.case import view
from tests.cases.asking import CONTEXT, DAY, NOW, escalated, later, opened, resolved, waiting
from tests.ends import endings

TICK = timedelta(milliseconds=1)


def decided(was: Callable[[], Case], decision: Decision) -> Callable[[], CaseChange]:
    return lambda: handling.resolve(was(), CONTEXT, "supervisor", decision, "So it is.", NOW)


def left_alone(was: Callable[[], Case]) -> Callable[[], CaseChange]:
    return lambda: next(MACHINE.overdue(was(), CONTEXT, NOW + 90 * DAY))


RESOLVED: list[tuple[Callable[[], CaseChange], Outcome]] = [
    (decided(opened, "answered"), "answered"),
    (decided(waiting, "upheld"), "upheld"),
    (decided(escalated, "declined"), "declined"),
    (left_alone(waiting), "no_reply"),
    (left_alone(escalated), "unanswered"),
]


def closed(resolves: Callable[[], CaseChange]) -> CaseChange:
    [change] = MACHINE.overdue(resolves().state, CONTEXT, NOW + 90 * DAY)
    return change


ENDED = [("close", closed(resolves).state.status) for resolves, _ in RESOLVED]
"""By which transition it ends, and how it then stands."""


@pytest.mark.parametrize(("resolves", "outcome"), RESOLVED)
def test_the_reason_is_the_one_that_acted(resolves: Callable[[], CaseChange], outcome: Outcome) -> None:
    for change, event in ((resolves(), "case.resolved"), (closed(resolves), "case.closed")):
        assert (change.event.kind, change.event.payload["outcome"]) == (event, outcome)
        case_view = view(change.state, CONTEXT, "customer", NOW + 90 * DAY)
        assert (case_view.status, case_view.outcome) == (event.removeprefix("case."), outcome)
        assert case_view.resolved_at is not None


def test_every_outcome_and_every_transition_to_an_end_is_here() -> None:
    assert {outcome for _, outcome in RESOLVED} == set(get_args(Outcome))
    assert set(ENDED) == endings(TABLE)


def test_an_officer_who_decides_a_moment_before_the_clock_has_decided() -> None:
    case = waiting()
    assert case.due_at is not None
    in_time = later(case, case.due_at - TICK)
    change = handling.resolve(in_time, CONTEXT, "officer", "declined", "No.", case.due_at - TICK)
    assert later(change.state, case.due_at).outcome == "declined"
    assert "resolve" not in TABLE.allowed(later(case, case.due_at), "officer", CONTEXT, case.due_at)
    assert later(case, case.due_at).outcome == "no_reply"


def test_a_case_that_goes_on_has_no_outcome_and_its_next_end_has_its_own() -> None:
    again = handling.reopen(resolved(), CONTEXT, "customer", "It is not.", NOW).state
    assert (again.status, again.outcome, again.resolved_at) == ("open", None, None)
    assert later(again, NOW + 90 * DAY).outcome == "unanswered"
