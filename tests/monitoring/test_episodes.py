"""Episodes: when an alert begins, becomes red and is over; a day decided twice; days decided anew because facts came late."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.credit.rules.effects import HoldCredit
from chalicelib.monitoring.rules import episode
from chalicelib.monitoring.rules.alert import Alert, alert_id
from chalicelib.monitoring.rules.alert_handling import acknowledge, end_hold, hold, release, resolve
from chalicelib.monitoring.rules.alert_transitions import AlertChange
from chalicelib.monitoring.rules.episode import Decided
from chalicelib.monitoring.rules.finding import Finding, Judgement, Level
from tests.monitoring.alerting import (
    CONTEXT,
    DAY,
    LOAN,
    NORMAL_DAYS,
    NOW,
    ON,
    VERSION,
    decided,
    escalated,
    finding,
    followed,
    opened,
    resolved,
)

WORDS = st.lists(st.sampled_from(["amber", "red", None, "unknown"]), min_size=1, max_size=25)


def day(number: int, word: str | None) -> Decided:
    levels: dict[str | None, Level | None] = {"amber": "amber", "red": "red", None: None, "unknown": None}
    return decided(number, levels[word], judged=word != "unknown")


def run(days: list[Decided], twice: bool = False) -> list[Alert]:
    """The alerts after a run for each day, as the service keeps them: one that lasts, and those before it."""
    alerts: list[Alert] = []
    for each in [again for one in days for again in ([one, one] if twice else [one])]:
        lasting = alerts[-1] if alerts and alerts[-1].status != "closed" else None
        if lasting is None and each.finding and all(alert.started_on != each.on for alert in alerts):
            alerts.append(episode.raised(LOAN, each.finding, each, CONTEXT, VERSION.hash, NOW).state)
            lasting = alerts[-1]
        if lasting:
            alerts[-1] = followed(lasting, each)
    return alerts


def redecide(was: Alert, days: list[Decided], touched_on: date) -> AlertChange | None:
    return episode.redecide(was, [(each, NORMAL_DAYS) for each in days], touched_on, CONTEXT, NOW)


def course(alert: Alert) -> tuple[date, str, str, tuple[date, ...]]:
    return alert.started_on, alert.level, alert.status, alert.normal_on


@given(WORDS)
def test_a_day_decided_twice_changes_nothing(words: list[str | None]) -> None:
    days = [day(number, word) for number, word in enumerate(words)]
    assert [*map(course, run(days, twice=True))] == [*map(course, run(days))]


@given(WORDS)
def test_one_episode_lasts_at_a_time_and_it_never_becomes_amber_again(words: list[str | None]) -> None:
    alerts = run([day(number, word) for number, word in enumerate(words)])
    assert all(alert.status == "closed" for alert in alerts[:-1])
    ends = [alert.closed_on for alert in alerts[:-1]]
    assert all(end and end < later.started_on for end, later in zip(ends, alerts[1:], strict=True))
    for alert in alerts:
        last = alert.closed_on or ON + len(words) * DAY
        found = [word for number, word in enumerate(words) if alert.started_on <= ON + number * DAY <= last]
        assert alert.level == ("red" if "red" in found else "amber")


@given(WORDS, st.data())
def test_days_decided_anew_leave_what_a_run_with_the_right_facts_would(
    words: list[str | None], data: st.DataObject
) -> None:
    """For the alert that lasts: its level, its days without anything, and whether it ever was; and following the days once more adds nothing."""
    alerts = run([day(number, word) for number, word in enumerate(words)])
    if not alerts or alerts[-1].status == "closed":
        return
    first = (alerts[-1].started_on - ON).days
    length = len(words) - first
    late = [
        *words[:first],
        *data.draw(st.lists(st.sampled_from(["amber", "red", None]), min_size=length, max_size=length)),
    ]
    days = [day(number, late[number]) for number in range(first, len(late))]
    change = redecide(alerts[-1], days, ON + first * DAY)
    now = change.state if change else alerts[-1]
    right = run([day(number, word) for number, word in enumerate(late)])[len(alerts) - 1 :]
    if not right:
        assert (now.status, now.outcome) == ("closed", "corrected")
    elif right[0].status == "closed":
        assert (now.status, now.outcome, now.closed_on) == ("closed", "normal", right[0].closed_on)
    else:
        assert (now.started_on, now.level, now.normal_on) == (right[0].started_on, right[0].level, right[0].normal_on)
        assert followed(now, *days) == now


def test_it_is_over_after_three_days_on_which_nothing_was_found_and_a_day_not_judged_is_none() -> None:
    alert = followed(opened(), decided(1, None), decided(2, None))
    assert alert.status == "open"
    assert followed(alert, decided(3, None, judged=False)).status == "open"
    over = followed(alert, decided(3, None, judged=False), decided(4, None))
    assert (over.status, over.outcome, over.closed_on) == ("closed", "normal", ON + 4 * DAY)
    assert followed(alert, decided(3), decided(4, None), decided(5, None)).status == "open", "it begins anew"


def test_what_a_person_resolved_asks_nobody_again_unless_it_becomes_red() -> None:
    was = resolved()
    assert followed(was, decided(1), decided(2)) == was
    red = followed(was, decided(3, "red"))
    assert (red.id, red.status, red.level, red.outcome, red.was_held) == (was.id, "escalated", "red", None, True)
    assert followed(was, decided(1, None), decided(2, None), decided(3, None)).outcome == "explained"


def test_default_is_proposed_once() -> None:
    was = opened("red", "repayment")
    so_late = decided(60, "red", "repayment", proposes="default")
    change = episode.follow(was, so_late, NORMAL_DAYS, CONTEXT, NOW)
    assert change is not None
    assert (change.event.kind, change.event.payload["bank_ids"]) == ("alert.default_proposed", ["boc"])
    assert (
        episode.follow(change.state, decided(61, "red", "repayment", proposes="default"), NORMAL_DAYS, CONTEXT, NOW)
        is None
    )


def test_its_name_is_what_it_is_about_the_rule_and_the_day_on_which_it_began() -> None:
    assert opened().id == opened("red").id == alert_id("lon_1", "login_silence", ON)
    assert (
        len(
            {
                alert_id("lon_1", "login_silence", ON),
                alert_id("lon_1", "trade_drop", ON),
                alert_id("lon_1", "login_silence", ON + DAY),
            }
        )
        == 3
    )


def test_what_a_judgement_says_of_a_rule() -> None:
    judgement = Judgement(findings=(finding("red"),), not_judged={"trade_drop": "data_lack"})
    assert episode.decided(judgement, "login_silence", ON, "p").finding == finding("red")
    assert not episode.decided(judgement, "trade_drop", ON, "p").is_judged
    usual = episode.decided(judgement, "order_count", ON, "p")
    assert (usual.finding, usual.is_judged) == (None, True)


def test_what_had_become_red_and_was_not_is_amber_again_and_holds_nothing() -> None:
    was = acknowledge(followed(opened(), decided(1, "red")), CONTEXT, "boss", NOW).state
    change = redecide(was, [decided(0), decided(1)], ON + DAY)
    assert change is not None
    assert (change.state.level, change.state.held_until, change.event.kind) == ("amber", None, "alert.corrected")
    assert change.event.payload["bank_ids"] == ["boc"], "it was told that it is red"
    assert len(change.effects) == 1
    assert redecide(change.state, [decided(0), decided(1)], ON + DAY) is None


def test_draws_that_were_held_for_days_that_it_was_not_late_are_let_go() -> None:
    days = [decided(number, rule="repayment", numbers={"dpd": number + 1}) for number in range(8)]
    [held] = run(days)
    assert held.held_until
    assert redecide(held, days, ON) is None
    change = redecide(held, days[:7], ON)
    assert change is not None
    assert (change.state.level, change.state.held_until, change.event.kind) == ("amber", None, "alert.corrected")
    assert len(change.effects) == 1
    longer = hold(held, CONTEXT, ON + 9 * DAY, "They do not answer.", NOW).state
    assert redecide(longer, days[:7], ON) is None, "a person's word stands"


def test_a_hold_that_a_late_fact_took_back_is_set_anew_where_it_turns_red_all_the_same() -> None:
    eased = corrected(followed(opened(), decided(1, "red")))
    assert (eased.level, eased.held_until, eased.was_held) == ("amber", None, False)
    again = episode.follow(eased, decided(2, "red"), NORMAL_DAYS, CONTEXT, NOW)
    assert again is not None
    assert again.state.held_until == NOW + CONTEXT.policy.hold_days * DAY
    assert again.effects == (HoldCredit(member_id="mem_1"),)


def test_a_hold_that_ran_out_is_not_set_anew() -> None:
    red = followed(opened(), decided(1, "red"))
    over = end_hold(red, CONTEXT, NOW + CONTEXT.policy.hold_days * DAY).state
    again = followed(corrected(over), decided(2, "red"))
    assert (again.level, again.held_until) == ("red", None)


def test_what_a_person_holds_no_late_fact_lets_go_nor_does_the_rule_hold_it_anew() -> None:
    red = followed(opened(), decided(1, "red"))
    held = hold(red, CONTEXT, ON + 9 * DAY, "Another account.", NOW).state
    eased = corrected(held)
    assert (eased.level, eased.held_until) == ("amber", held.held_until)
    assert followed(eased, decided(2, "red")).held_until == held.held_until
    released = release(eased, "Confirmed.", NOW).state
    assert followed(released, decided(2, "red")).held_until is None


def corrected(was: Alert) -> Alert:
    """After a late fact by which it was never red."""
    change = redecide(was, [decided(0), decided(1)], ON + DAY)
    assert change is not None
    assert change.state.level == "amber"
    return change.state


def test_each_day_that_is_decided_anew_goes_by_the_rules_in_force_on_it() -> None:
    """Two days without a finding ended an episode until a version asked for three."""
    was = followed(opened(), decided(1))
    days = [decided(0), decided(1, None), replace(decided(2, None), policy="new"), replace(decided(3), policy="new")]
    ended = episode.redecide(was, [*zip(days, (2, 2, 2, 3), strict=True)], ON + DAY, CONTEXT, NOW)
    assert ended is not None
    assert (ended.state.status, ended.state.closed_on) == ("closed", ON + 2 * DAY)
    lasts = episode.redecide(was, [*zip(days, (2, 2, 3, 3), strict=True)], ON + DAY, CONTEXT, NOW)
    assert lasts is None or lasts.state.status == "open"
    late = [decided(0, None), replace(decided(1), policy="new")]
    moved = episode.redecide(was, [*zip(late, (2, 3), strict=True)], ON, CONTEXT, NOW)
    assert moved is not None
    assert [each.policy for each in moved.state.evidence] == ["new"]


def test_what_a_person_has_escalated_no_late_fact_eases() -> None:
    change = redecide(escalated(), [decided(0)], ON)
    assert change is None


@pytest.mark.parametrize("level", ["amber", "red"])
def test_a_resolution_stands_where_days_are_decided_anew(level: Level) -> None:
    was = resolve(opened(level), CONTEXT, "handled", "Paid.", NOW).state
    assert redecide(was, [decided(0, level)], ON) is None
    gone = redecide(was, [decided(0, None)], ON)
    assert gone is not None
    assert gone.state.outcome == "handled"


def test_a_finding_is_kept_as_evidence() -> None:
    [kept] = opened().evidence
    findings: Finding = finding()
    assert (kept.numbers, kept.baseline, kept.p_ppm) == (findings.numbers, findings.baseline, findings.p_ppm)
    assert [each.level for each in followed(opened(), decided(1, "red")).evidence] == ["amber", "red"]
