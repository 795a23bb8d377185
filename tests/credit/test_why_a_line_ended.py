"""A closed line tells what ended it: a side that did not want it any more, its time, or a bank that never activated it."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

import pytest

from chalicelib.credit.rules import line_handling
from chalicelib.credit.rules.line import Line, Why
from chalicelib.credit.rules.line_timers import MACHINE
from chalicelib.credit.rules.line_transitions import TABLE, LineChange
from chalicelib.credit.views.lines import view
from tests.credit.lining import CONTEXT, DAY, END, NOW, active, drawn, later, opened
from tests.ends import endings


def left_alone(was: Callable[[], Line]) -> Callable[[], LineChange]:
    """The last change that the clock makes of a line."""
    return lambda: list(MACHINE.overdue(was(), CONTEXT, END + 900 * DAY))[-1]


def repaid_late() -> Line:
    return drawn(later(drawn(active(), outstanding=1), END))


CLOSED: list[tuple[str, Why, Callable[[], LineChange]]] = [
    ("close", "closed_by_borrower", lambda: line_handling.close(active(), "borrower", "Done.", NOW)),
    ("close", "closed_by_officer", lambda: line_handling.close(active(), "officer", "Done.", NOW)),
    ("close", "closed_by_bank", lambda: line_handling.close(active(), "bank", "Done.", NOW)),
    ("lapse", "not_activated", left_alone(opened)),
    ("expire", "expired", left_alone(active)),
    ("close", "expired", left_alone(repaid_late)),
]
ENDED = [(name, closes().state.status) for name, _, closes in CLOSED]


@pytest.mark.parametrize(("name", "why", "closes"), CLOSED)
def test_the_reason_is_the_one_that_acted(name: str, why: Why, closes: Callable[[], LineChange]) -> None:
    change = closes()
    assert (change.event.kind, change.event.payload["why"]) == ("line.closed", why)
    line = view(change.state, CONTEXT, "borrower", change.at)
    assert (line.status, line.why, line.closed_at) == ("closed", why, change.at)


def test_every_reason_and_every_transition_to_an_end_is_here() -> None:
    assert {why for _, why, _ in CLOSED} == set(get_args(Why))
    assert set(ENDED) == endings(TABLE)
