"""The state machine of cases, row by row: what each side may do in each status, what nobody may, and what comes by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.cases.rules import handling
from chalicelib.cases.rules.case import (
    ENDS,
    MOST_MESSAGES,
    MOST_OF,
    Actor,
    Case,
    Status,
    TooManyMessages,
)
from chalicelib.cases.rules.timers import MACHINE
from chalicelib.cases.rules.transitions import TABLE, CaseChange, NotInThisStatus
from tests.cases.asking import CONTEXT, DAY, HOUR, NOW, closed, escalated, internal, later, opened, resolved, waiting

MS = timedelta(milliseconds=1)
ACTIONS = ("reply", "assign", "escalate", "resolve", "reopen")
IN: dict[Status, Callable[[], Case]] = {
    "open": opened,
    "waiting_for_customer": waiting,
    "escalated": escalated,
    "resolved": resolved,
    "closed": closed,
}
MAY: dict[Actor, dict[Status, set[str]]] = {
    "customer": {
        "open": {"reply"},
        "waiting_for_customer": {"reply", "escalate"},
        "escalated": {"reply"},
        "resolved": {"reopen"},
    },
    "officer": {
        "open": {"reply", "assign", "escalate", "resolve"},
        "waiting_for_customer": {"reply", "assign", "escalate", "resolve"},
        "resolved": {"reopen"},
    },
    "supervisor": {
        "open": {"reply", "assign", "escalate", "resolve"},
        "waiting_for_customer": {"reply", "assign", "escalate", "resolve"},
        "escalated": {"reply", "assign", "resolve"},
        "resolved": {"reopen"},
    },
    "lender": {"open": {"reply"}, "waiting_for_customer": {"reply"}, "escalated": {"reply"}},
}


@pytest.mark.parametrize("status", get_args(Status))
@pytest.mark.parametrize("actor", get_args(Actor))
def test_each_may_do_in_each_status_what_is_drawn_and_nothing_else(status: Status, actor: Actor) -> None:
    case = IN[status]()
    assert case.status == status
    drawn = MAY[actor].get(status, set())
    assert set(TABLE.allowed(case, actor, CONTEXT, NOW)) == drawn
    for action in set(ACTIONS) - drawn:
        with pytest.raises(NotInThisStatus) as raised:
            TABLE.require(action, case, actor, CONTEXT, NOW)
        assert set(raised.value.numbers["allowed_actions"]) == drawn


@pytest.mark.parametrize("status", get_args(Status))
def test_every_status_that_is_no_end_has_an_owner_a_time_and_a_default(status: Status) -> None:
    deadlines = MACHINE.deadlines(IN[status](), CONTEXT)
    assert len(deadlines) == (status not in ENDS)
    assert all(deadline.owner and deadline.default_outcome and deadline.by_clock for deadline in deadlines)


@pytest.mark.parametrize(
    ("was", "due_at", "after", "outcome"),
    [
        (opened, NOW + 24 * HOUR, "escalated", None),
        (escalated, NOW + 48 * HOUR, "resolved", "unanswered"),
        (waiting, NOW + 7 * DAY, "resolved", "no_reply"),
        (resolved, NOW + 14 * DAY, "closed", "upheld"),
    ],
)
def test_what_falls_due_comes_at_its_moment_and_not_a_millisecond_before(
    was: Callable[[], Case], due_at: datetime, after: str, outcome: str | None
) -> None:
    case = was()
    assert later(case, due_at - MS) == case
    assert (later(case, due_at).status, later(case, due_at).outcome) == (after, outcome)
    assert later(case, due_at + MS).updated_at == due_at


def test_daily_steps_and_one_jump_of_weeks_come_to_the_same() -> None:
    step_by_step = opened()
    for day in range(30):
        step_by_step = later(step_by_step, NOW + day * DAY)
    assert step_by_step == later(opened(), NOW + 29 * DAY)
    assert (step_by_step.status, step_by_step.outcome) == ("closed", "unanswered")


def test_who_has_to_answer_gets_no_more_time_by_being_written_to_again() -> None:
    case = opened()
    assert handling.reply(case, CONTEXT, "customer", "Hello?", NOW + HOUR).state.due_at == case.due_at


def test_a_reply_of_the_customer_gives_officers_their_time_anew() -> None:
    case = handling.reply(waiting(), CONTEXT, "customer", "Three and four.", NOW + DAY).state
    assert (case.status, case.due_at) == ("open", NOW + 2 * DAY)


def test_what_was_escalated_stays_with_supervisors_when_it_goes_to_and_fro_and_when_it_is_reopened() -> None:
    case = handling.reply(escalated(), CONTEXT, "supervisor", "Which two?", NOW).state
    assert case.status == "waiting_for_customer"
    assert TABLE.allowed(case, "officer", CONTEXT, NOW) == []
    assert TABLE.allowed(case, "customer", CONTEXT, NOW) == ["reply"]
    case = handling.reply(case, CONTEXT, "customer", "Three and four.", NOW).state
    assert (case.status, case.due_at) == ("escalated", NOW + 48 * HOUR)
    case = handling.resolve(case, CONTEXT, "supervisor", "declined", "They were there.", NOW).state
    assert handling.reopen(case, CONTEXT, "customer", "They were not.", NOW).state.status == "escalated"


def test_an_escalated_case_belongs_to_nobody_until_a_supervisor_takes_it() -> None:
    owned = handling.assign(opened(), "officer-1", NOW).state
    assert later(owned, NOW + DAY).owner == ""


def test_the_banks_messages_leave_room_too_and_after_one_the_customer_is_waited_for() -> None:
    case = opened()
    for number in range(MOST_OF["lender"]):
        case = handling.reply(case, CONTEXT, "lender", f"{number}", NOW).state
    assert case.status == "waiting_for_customer"
    with pytest.raises(TooManyMessages):
        handling.reply(case, CONTEXT, "lender", "more", NOW)
    assert MOST_OF["customer"] + MOST_OF["lender"] < MOST_MESSAGES


def test_a_case_without_a_customer_waits_for_nobody_outside() -> None:
    case = internal()
    assert handling.reply(case, CONTEXT, "officer", "Asked the bank.", NOW).state.status == "open"


def test_the_customers_messages_leave_room_for_officers_answers() -> None:
    case = opened()
    for number in range(MOST_OF["customer"] - 1):
        case = handling.reply(case, CONTEXT, "customer", f"{number}", NOW).state
    with pytest.raises(TooManyMessages):
        handling.reply(case, CONTEXT, "customer", "more", NOW)
    for number in range(MOST_MESSAGES - MOST_OF["customer"] - 1):
        case = handling.reply(case, CONTEXT, "officer", f"{number}", NOW).state
    assert later(case, NOW + 8 * DAY).status == "resolved"


@pytest.mark.parametrize("begun", [opened, internal])
def test_a_case_that_is_full_can_still_be_decided(begun: Callable[[], Case]) -> None:
    case = begun()
    for number in range(MOST_MESSAGES - 2):
        case = handling.reply(case, CONTEXT, "officer", f"{number}", NOW).state
    for rule in (handling.reply, handling.escalate):
        with pytest.raises(TooManyMessages):
            rule(case, CONTEXT, "officer", "more", NOW)
    case = handling.resolve(case, CONTEXT, "officer", "answered", "So it is.", NOW).state
    assert (case.status, len(case.messages)) == ("resolved", MOST_MESSAGES)
    with pytest.raises(TooManyMessages):
        handling.reopen(case, CONTEXT, "officer", "more", NOW)


@given(
    walk=st.lists(
        st.tuples(st.sampled_from(get_args(Actor)), st.sampled_from(ACTIONS), st.integers(0, 90)), max_size=25
    )
)
def test_every_change_of_a_case_is_declared_and_every_case_ends(walk: list[tuple[Actor, str, int]]) -> None:
    case, now = opened(), NOW
    for actor, action, hours in walk:
        now += hours * HOUR
        case = later(case, now)
        if action not in TABLE.allowed(case, actor, CONTEXT, now):
            continue
        change = _change(case, actor, action, now)
        assert change.state.version == case.version + 1
        case = change.state
        assert case.due_at is not None
        assert case.due_at > now
    assert later(case, now + 60 * DAY).status == "closed"


def _change(was: Case, actor: Actor, action: str, now: datetime) -> CaseChange:
    match action:
        case "reply":
            return handling.reply(was, CONTEXT, actor, "!", now)
        case "assign":
            return handling.assign(was, "officer-2", now)
        case "escalate":
            return handling.escalate(was, CONTEXT, actor, "!", now)
        case "resolve":
            return handling.resolve(was, CONTEXT, actor, "answered", "!", now)
    return handling.reopen(was, CONTEXT, actor, "!", now)
