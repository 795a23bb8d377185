"""The state machine of recoveries, row by row: what each side may do in each state, what nobody may, and what comes by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import get_args

import pytest

from chalicelib.recoveries.rules import receiving
from chalicelib.recoveries.rules.recovery import ENDS, Recovery, Status
from chalicelib.recoveries.rules.timers import MACHINE
from chalicelib.recoveries.rules.transitions import TABLE, Actor, NotInThisState
from tests.recoveries.asking import (
    CONTEXT,
    DAY,
    NOW,
    demanded,
    in_setoff,
    later,
    opened,
    suspended,
    with_plan,
    written_off,
)

ACTIONS = sorted({each.name for each in TABLE.transitions if each.actors & {"supplier", "officer"}})
MS = timedelta(milliseconds=1)
T30, T90 = NOW + 30 * DAY, NOW + 90 * DAY


def paid(recovery: Recovery, now: datetime) -> Recovery:
    return receiving.manual(recovery, "boc", "R-1", recovery.remaining_minor, "USD", now).state


IN: dict[Status, Callable[[], Recovery]] = {
    "open": opened,
    "demanded": demanded,
    "setoff": in_setoff,
    "suspended": suspended,
    "instalments": with_plan,
    "debited": lambda: receiving.collected(demanded(), "ins_1", 1, 150_000, NOW).state,
    "recovered": lambda: paid(demanded(), NOW),
    "written_off": written_off,
}
SUPPLIER: dict[Status, set[str]] = {
    "demanded": {"instalments"},
    "setoff": {"instalments"},
    "suspended": {"instalments"},
}
OFFICER: dict[Status, set[str]] = {
    "open": {"receipts"},
    "demanded": {"receipts"},
    "setoff": {"receipts"},
    "suspended": {"receipts"},
    "instalments": {"receipts"},
    "written_off": {"receipts"},
}


@pytest.mark.parametrize("status", get_args(Status))
@pytest.mark.parametrize(("side", "expected"), [("supplier", SUPPLIER), ("officer", OFFICER)])
def test_each_side_may_do_in_each_state_what_is_drawn_and_nothing_else(
    status: Status, side: Actor, expected: dict[Status, set[str]]
) -> None:
    recovery = IN[status]()
    assert recovery.status == status
    now = max(NOW, recovery.updated_at)
    drawn = expected.get(status, set())
    assert set(TABLE.allowed(recovery, side, CONTEXT, now)) == drawn
    for action in set(ACTIONS) - drawn:
        with pytest.raises(NotInThisState) as raised:
            TABLE.require(action, recovery, side, CONTEXT, now)
        assert set(raised.value.numbers["allowed_actions"]) == drawn


@pytest.mark.parametrize("status", get_args(Status))
def test_every_state_that_is_no_end_has_an_owner_a_time_and_a_default(status: Status) -> None:
    deadlines = MACHINE.deadlines(IN[status](), CONTEXT)
    assert bool(deadlines) == (status not in ENDS)
    assert all(deadline.owner and deadline.default_outcome for deadline in deadlines)


@pytest.mark.parametrize(
    ("was", "due_at", "before", "after"),
    [
        (demanded, datetime.fromisoformat("2026-03-11T16:00:00Z"), "demanded", "setoff"),
        (in_setoff, T30, "setoff", "suspended"),
        (with_plan, datetime.fromisoformat("2026-04-13T16:00:00Z"), "instalments", "suspended"),
    ],
)
def test_what_falls_due_comes_at_its_moment_and_not_a_millisecond_before(
    was: Callable[[], Recovery], due_at: datetime, before: str, after: str
) -> None:
    assert later(was(), due_at - MS).status == before
    assert later(was(), due_at).status == after
    assert later(was(), due_at + MS).updated_at == due_at


def test_daily_steps_and_one_jump_of_months_come_to_the_same() -> None:
    step_by_step = opened()
    for day in range(200):
        step_by_step = later(step_by_step, NOW + day * DAY)
    assert step_by_step == later(opened(), NOW + 199 * DAY)
    assert step_by_step.status == "suspended"
    assert step_by_step.suspended_at == T30


def test_it_is_written_off_by_an_officer_from_the_90th_day_and_not_before() -> None:
    assert "write-off" not in TABLE.allowed(suspended(), "officer", CONTEXT, T90 - MS)
    assert "write-off" in TABLE.allowed(suspended(), "officer", CONTEXT, T90)
    assert later(suspended(), T90 + 100 * DAY).status == "suspended", "nothing is written off by itself"


def test_a_plan_is_accepted_only_where_one_waits() -> None:
    with pytest.raises(NotInThisState):
        TABLE.require("accept-instalments", demanded(), "officer", CONTEXT, NOW)


def test_a_supplier_with_a_plan_is_not_written_off() -> None:
    recovery = with_plan(suspended(), NOW + 31 * DAY, first=date(2026, 4, 20))
    assert "write-off" not in TABLE.allowed(recovery, "officer", CONTEXT, T90)
