"""A group that has ended tells what ended it: it was not formed, everybody left, nothing was drawn, or all is repaid."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

import pytest

from chalicelib.groups.rules import forming, vetting
from chalicelib.groups.rules.group import Group, Why
from chalicelib.groups.rules.timers import MACHINE
from chalicelib.groups.rules.transitions import TABLE, GroupChange
from chalicelib.groups.views.groups import view
from tests.ends import endings
from tests.groups.grouping import CONTEXT, DAY, NOW, founded, sealed, seat, vetting_group, winding_down


def left_alone(was: Callable[[], Group]) -> Callable[[], GroupChange]:
    """The last change that the clock makes of a group."""
    return lambda: list(MACHINE.overdue(was(), CONTEXT, NOW + 900 * DAY))[-1]


ENDING: list[tuple[str, Why, Callable[[], GroupChange]]] = [
    ("lapse", "not_formed", left_alone(founded)),
    ("leave", "left_by_all", lambda: forming.leave(founded(), CONTEXT, seat(founded(), 1), NOW)),
    ("time_out", "left_by_all", lambda: vetting.time_out(vetting_group(3), CONTEXT, NOW)),
    ("dissolve", "never_drawn", left_alone(sealed)),
    ("dissolve", "all_repaid", left_alone(winding_down)),
]
ENDED = [(name, ends().state.status) for name, _, ends in ENDING]


@pytest.mark.parametrize(("name", "why", "ends"), ENDING)
def test_the_reason_is_the_one_that_acted(name: str, why: Why, ends: Callable[[], GroupChange]) -> None:
    change = ends()
    assert change.event.payload["why"] == why
    group = view(change.state, CONTEXT, "officer", change.at)
    assert (group.status, group.why, group.ended_at, group.deadlines) == (change.state.status, why, change.at, [])
    assert not any(each.status == "invited" for each in group.seats)


def test_every_reason_and_every_transition_to_an_end_is_here() -> None:
    assert {why for _, why, _ in ENDING} == set(get_args(Why))
    assert set(ENDED) == endings(TABLE)
