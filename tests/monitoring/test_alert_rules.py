"""Alerts as values: who may do what in each status, what holds draws and for how long, each deadline, what ends them and why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import get_args

import pytest

from chalicelib.credit.rules.effects import HoldCredit, ReleaseCredit
from chalicelib.monitoring.rules import alert_handling as handling
from chalicelib.monitoring.rules import episode
from chalicelib.monitoring.rules.alert import (
    MOST_EXPLANATIONS,
    Actor,
    Alert,
    Context,
    HoldTooLong,
    SilenceTooLong,
    Status,
    TooManyExplanations,
)
from chalicelib.monitoring.rules.alert_timers import MACHINE
from chalicelib.monitoring.rules.alert_transitions import TABLE
from chalicelib.monitoring.rules.episode import Decided
from chalicelib.monitoring.rules.finding import Level
from chalicelib.shared.periods import end_of_business_date
from tests.ends import endings
from tests.monitoring.alerting import (
    CONTEXT,
    DAY,
    GROUP,
    MS,
    NORMAL_DAYS,
    NOW,
    ON,
    acknowledged,
    closed,
    decided,
    escalated,
    finding,
    followed,
    next_due,
    opened,
    resolved,
    silenced,
)

HOLD, RELEASE = HoldCredit(member_id="mem_1"), ReleaseCredit(member_id="mem_1")
IN: dict[Status, Callable[[], Alert]] = {
    "open": opened,
    "acknowledged": acknowledged,
    "escalated": escalated,
    "silenced": silenced,
    "resolved": resolved,
    "closed": closed,
}
FIRST_LINE = ["acknowledge", "resolve", "escalate", "silence"]
MAY: dict[tuple[Actor, Status], list[str]] = {
    ("firm", "open"): ["explain"],
    ("firm", "acknowledged"): ["explain"],
    ("firm", "escalated"): ["explain"],
    ("firm", "silenced"): ["explain"],
    ("officer", "open"): FIRST_LINE,
    ("officer", "acknowledged"): FIRST_LINE,
    ("officer", "escalated"): ["hold", "release"],
    ("officer", "silenced"): FIRST_LINE,
    ("supervisor", "open"): FIRST_LINE,
    ("supervisor", "acknowledged"): FIRST_LINE,
    ("supervisor", "escalated"): ["acknowledge", "resolve", "silence", "hold", "release"],
    ("supervisor", "silenced"): FIRST_LINE,
}


@pytest.mark.parametrize("status", get_args(Status))
@pytest.mark.parametrize("actor", get_args(Actor))
def test_each_may_do_in_each_status_what_is_drawn_and_nothing_else(status: Status, actor: Actor) -> None:
    alert = IN[status]()
    assert alert.status == status
    assert TABLE.allowed(alert, actor, CONTEXT, NOW) == MAY.get((actor, status), [])


def normal() -> Alert:
    return followed(opened(), *(decided(days, None) for days in (1, 2, 3)))


def corrected() -> Alert:
    change = episode.redecide(opened(), [(decided(0, None), NORMAL_DAYS)], ON, CONTEXT, NOW)
    assert change is not None
    return change.state


ENDED = [
    ("close", normal().status),
    ("correct", corrected().status),
    ("look_again", next_due(resolved()).status),
]
"""By which transition it ends, and how it then stands."""


def test_every_transition_to_an_end_is_here_and_says_why() -> None:
    assert set(ENDED) == endings(TABLE)
    outcomes = [each.outcome for each in (normal(), corrected(), next_due(resolved()), closed())]
    assert outcomes == ["normal", "corrected", "explained", "loan_over"]
    for each in (normal(), corrected(), next_due(resolved()), closed()):
        assert MACHINE.next_due(each, CONTEXT) is None


@pytest.mark.parametrize(
    ("was", "name", "after", "then"),
    [
        (opened(), "acknowledgement", timedelta(hours=48), "escalated"),
        (acknowledged(), "resolution", timedelta(days=14), "escalated"),
        (escalated(), "supervision", timedelta(days=2), "escalated"),
        (silenced(), "silence", end_of_business_date(ON + 5 * DAY) - NOW, "open"),
        (resolved(), "second_look", timedelta(days=30), "closed"),
    ],
)
def test_a_deadline_passes_at_its_moment_and_not_before(was: Alert, name: str, after: timedelta, then: Status) -> None:
    [deadline] = [each for each in MACHINE.deadlines(was, CONTEXT) if each.name == name]
    assert deadline.due_at == NOW + after
    assert all(change.state.version == was.version for change in MACHINE.overdue(was, CONTEXT, deadline.due_at - MS))
    changes = list(MACHINE.overdue(was, CONTEXT, deadline.due_at))
    assert changes[-1].state.status == then


def test_a_red_one_is_more_urgent_and_no_neglect_of_ours_makes_an_amber_one_red() -> None:
    [hold, acknowledgement] = sorted(MACHINE.deadlines(opened("red"), CONTEXT), key=lambda each: each.name != "hold")
    assert (acknowledgement.due_at, hold.due_at) == (NOW + timedelta(hours=8), NOW + 5 * DAY)
    neglected = next_due(next_due(opened()))
    assert (neglected.status, neglected.level, neglected.held_until) == ("escalated", "amber", None)


def test_what_no_supervisor_sees_to_stays_overdue_and_rings_after_waits_that_double() -> None:
    left = escalated()
    rung = [
        change for change in MACHINE.overdue(left, CONTEXT, NOW + 3650 * DAY) if change.event.kind != "alert.released"
    ]
    assert {change.event.kind for change in rung} == {"alert.unattended"}
    assert [(change.at - NOW).days for change in rung[:4]] == [2, 4, 8, 16]
    assert len(rung) == 11
    [overdue] = MACHINE.deadlines(rung[-1].state, CONTEXT)
    assert (overdue.name, overdue.due_at) == ("supervision", NOW + 2 * DAY)
    again = handling.acknowledge(rung[-1].state, CONTEXT, "boss", NOW)
    assert next_due(again.state).reminders == 0


def test_a_red_one_holds_draws_for_five_days_once_and_a_person_holds_them_for_longer() -> None:
    raised = episode.raised(opened("red").about, finding("red"), decided(0, "red"), CONTEXT, "", NOW)
    assert raised.effects == (HOLD,)
    ended = handling.end_hold(raised.state, CONTEXT, NOW + 5 * DAY)
    assert (ended.effects, ended.state.held_until) == ((RELEASE,), None)
    again = followed(ended.state, decided(1, "red"), decided(2, None), decided(3, "red"))
    assert again.held_until is None, "a hold that ran out is not set again by the same episode"
    kept = handling.hold(raised.state, CONTEXT, ON + 20 * DAY, "The account.", NOW)
    assert (kept.effects, kept.state.held_until) == ((), end_of_business_date(ON + 20 * DAY))
    assert handling.hold(ended.state, CONTEXT, ON + 20 * DAY, "The account.", NOW).effects == (HOLD,)
    assert handling.release(kept.state, "Confirmed.", NOW).effects == (RELEASE,)


def test_it_holds_draws_from_the_moment_on_at_which_it_becomes_red() -> None:
    change = episode.follow(opened(), decided(2, "red"), NORMAL_DAYS, CONTEXT, NOW + 2 * DAY)
    assert change is not None
    assert (change.event.kind, change.effects, change.state.status) == ("alert.escalated", (HOLD,), "escalated")
    assert change.state.held_until == NOW + 7 * DAY
    by_officer = handling.escalate(opened(), CONTEXT, "Empty.", NOW)
    assert (by_officer.event.kind, by_officer.effects) == ("alert.escalated", (HOLD,))
    assert "note" not in by_officer.event.payload
    over = handling.escalate(opened("red"), CONTEXT, "See.", NOW)
    assert (over.event.kind, over.effects, over.state.status) == ("alert.handed_over", (), "escalated")


def so_late(days: int, dpd: int, level: Level = "amber") -> Decided:
    return decided(days, level, "repayment", numbers={"dpd": dpd})


def test_an_amber_one_of_repayment_holds_draws_from_eight_days_past_due_on_and_once() -> None:
    was = opened(rule="repayment")
    assert episode.follow(was, so_late(6, 7), NORMAL_DAYS, CONTEXT, NOW) is None
    change = episode.follow(was, so_late(7, 8), NORMAL_DAYS, CONTEXT, NOW)
    assert change is not None
    assert (change.event.kind, change.effects) == ("alert.held", (HOLD,))
    assert change.event.payload["bank_ids"] == [], "its digest tells it of amber ones"
    held = change.state
    assert (held.level, held.status, held.held_until) == ("amber", "open", NOW + 5 * DAY)
    assert followed(held, so_late(8, 9)) == held
    assert followed(held, so_late(30, 31, "red")).held_until == held.held_until, "nor for longer when it becomes red"
    ended = handling.end_hold(held, CONTEXT, NOW + 5 * DAY).state
    assert followed(ended, so_late(13, 14)) == ended
    assert followed(ended, so_late(30, 31, "red")).held_until is None


def test_a_person_holds_draws_of_a_late_amber_one_for_longer_and_its_end_lets_them_go() -> None:
    officers = [
        TABLE.allowed(followed(opened(rule="repayment"), so_late(7, dpd)), "officer", CONTEXT, NOW) for dpd in (7, 8)
    ]
    assert officers == [FIRST_LINE, [*FIRST_LINE, "hold", "release"]]
    held = followed(opened(rule="repayment"), so_late(7, 8))
    kept = handling.hold(held, CONTEXT, ON + 20 * DAY, "They do not answer.", NOW)
    assert (kept.effects, kept.state.held_until) == ((), end_of_business_date(ON + 20 * DAY))
    paid = followed(kept.state, *(decided(days, None, "repayment") for days in (8, 9)))
    over = episode.follow(paid, decided(10, None, "repayment"), NORMAL_DAYS, CONTEXT, NOW)
    assert over is not None
    assert (over.state.outcome, over.effects) == ("normal", (RELEASE,))


def test_what_a_person_has_dealt_with_or_another_rule_found_holds_nothing_for_being_late() -> None:
    dealt_with = handling.resolve(opened(rule="repayment"), CONTEXT, "explained", "Paid by Friday.", NOW).state
    assert followed(dealt_with, so_late(7, 8)) == dealt_with
    assert followed(opened(), decided(7, numbers={"silent_days": 9})) == opened()


def test_whoever_resolves_it_lets_the_firm_draw_again_and_so_does_its_end() -> None:
    assert handling.resolve(opened("red"), CONTEXT, "handled", "Paid.", NOW).effects == (RELEASE,)
    assert handling.close(opened("red"), CONTEXT, "normal", NOW).effects == (RELEASE,)
    assert handling.close(resolved("red"), CONTEXT, "normal", NOW).effects == ()


def test_an_alert_about_a_group_holds_no_firm() -> None:
    alert = opened("red", "group", GROUP)
    assert (alert.held_until, "hold" in TABLE.allowed(alert, "officer", CONTEXT, NOW)) == (None, False)
    assert escalated().was_held


@pytest.mark.parametrize("level", get_args(Level))
def test_the_bank_hears_of_red_ones_at_once_and_only_while_it_may(level: Level) -> None:
    told = ["boc"] if level == "red" else []
    raised = episode.raised(opened().about, finding(level), decided(0, level), CONTEXT, "", NOW)
    ended = handling.close(raised.state, CONTEXT, "normal", NOW)
    assert (raised.event.payload["bank_ids"], ended.event.payload["bank_ids"]) == (told, told)
    private = Context(policy=CONTEXT.policy, is_shared=False)
    assert handling.close(raised.state, private, "normal", NOW).event.payload["bank_ids"] == []
    assert handling.close(resolved(level), CONTEXT, "normal", NOW).event.kind == "alert.closed", "it has heard"


def test_a_hold_and_a_silence_end_on_a_day_that_lies_ahead_and_not_too_far() -> None:
    for days in (0, 31):
        until = ON + DAY + days * DAY  # it is the eleventh in Shanghai
        with pytest.raises(HoldTooLong):
            handling.hold(opened("red"), CONTEXT, until, "So.", NOW)
        with pytest.raises(SilenceTooLong):
            handling.silence(opened(), CONTEXT, until, "So.", NOW)


def test_a_firm_explains_so_many_times() -> None:
    alert = opened()
    for _ in range(MOST_EXPLANATIONS):
        alert = handling.explain(alert, "Stock-taking.", NOW).state
    with pytest.raises(TooManyExplanations):
        handling.explain(alert, "Stock-taking.", NOW)
    assert alert.status == "open", "an officer reads it"
