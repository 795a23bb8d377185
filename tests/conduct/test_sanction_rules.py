"""Sanctions as values: who may do what in each status, what ends them and why, and the conditions under which none may come in force."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, get_args

import msgspec
import pytest
from msgspec.structs import replace

from chalicelib.conduct.rules import sanction_handling as handling
from chalicelib.conduct.rules.effects import CountSanctions
from chalicelib.conduct.rules.force_majeure import Declared, Event
from chalicelib.conduct.rules.sanction import (
    Actor,
    Context,
    Facts,
    Measure,
    NotByTheSame,
    Policy,
    Sanction,
    SanctionBlocked,
    SanctionRefused,
    Status,
)
from chalicelib.conduct.rules.sanction_timers import MACHINE
from chalicelib.conduct.rules.sanction_transitions import TABLE, SanctionNotInThisStatus
from chalicelib.credit.rules.effects import HoldCredit, ReleaseCredit
from chalicelib.shared import policies
from chalicelib.shared.periods import start_of
from tests.conduct.sanctioning import (
    DAY,
    FACTS,
    GROUNDS,
    MS,
    NOW,
    POLICY,
    appealed,
    context,
    in_force,
    noticed,
    proposed,
)
from tests.ends import endings

MEASURES: tuple[Measure, ...] = get_args(Measure)
WAIT = tuple(measure for measure in MEASURES if POLICY.measures[measure].waits_for_appeal)


def after(was: Sanction, at: Any, **facts: Any) -> Sanction:
    """After the next deadline, which is then."""
    given = context(was.measure, **facts)
    assert MACHINE.next_due(was, given) == at
    [change] = list(MACHINE.overdue(was, given, at))[:1]
    return change.state


def withdrawn() -> Sanction:
    return handling.withdraw(proposed(), NOW).state


def lapsed() -> Sanction:
    return after(proposed(), NOW + 10 * DAY)


def dropped() -> Sanction:
    return after(noticed("bank_flag"), NOW + 15 * DAY, is_paused=True)


def granted() -> Sanction:
    return handling.decide_appeal(appealed(), context("bank_flag"), "new", "overturned", "Paid.", NOW).state


def undecided() -> Sanction:
    return after(appealed(), NOW + 15 * DAY)


def granted_before_notice() -> Sanction:
    was = handling.appeal(noticed("no_badge"), context("no_badge"), "Paid.", NOW).state
    return handling.decide_appeal(was, context("no_badge"), "new", "overturned", "Paid.", NOW).state


def granted_in_force() -> Sanction:
    was = handling.appeal(in_force(), context(), "Paid.", NOW).state
    return handling.decide_appeal(was, context(), "new", "overturned", "Paid.", NOW).state


def lifted() -> Sanction:
    return handling.lift(in_force(), "Agreed.", NOW).state


def expired() -> Sanction:
    return after(
        handling.decide_appeal(appealed(), context("bank_flag"), "new", "upheld", "No.", NOW).state, NOW + 1826 * DAY
    )


def undecided_in_hardship() -> Sanction:
    return after(appealed(), NOW + 15 * DAY, is_paused=True)


ENDED = [
    ("withdraw", withdrawn().status),
    ("lapse", lapsed().status),
    ("take_effect", dropped().status),
    ("decide-appeal", granted().status),
    ("decide-appeal", granted_before_notice().status),
    ("decide-appeal", granted_in_force().status),
    ("overturn", undecided().status),
    ("overturn", undecided_in_hardship().status),
    ("lift", lifted().status),
    ("expire", expired().status),
]
"""By which transition it ends, and how it then stands."""
IN: dict[Status, Callable[[], Sanction]] = {
    "proposed": proposed,
    "noticed": noticed,
    "appealed": appealed,
    "in_force": in_force,
    "withdrawn": withdrawn,
    "lapsed": lapsed,
    "dropped": dropped,
    "overturned": granted,
    "lifted": lifted,
    "expired": expired,
}
MAY: dict[tuple[Actor, Status], list[str]] = {
    ("officer", "proposed"): ["approve", "withdraw"],
    ("officer", "noticed"): ["lift"],
    ("officer", "appealed"): ["decide-appeal", "lift"],
    ("officer", "in_force"): ["lift"],
    ("lawyer", "proposed"): ["approve"],
    ("lawyer", "appealed"): ["decide-appeal"],
    ("firm", "noticed"): ["appeal"],
    ("firm", "in_force"): ["appeal"],
}


@pytest.mark.parametrize("status", get_args(Status))
@pytest.mark.parametrize("actor", get_args(Actor))
def test_each_may_do_in_each_status_what_is_drawn_and_nothing_else(status: Status, actor: Actor) -> None:
    sanction = IN[status]()
    assert sanction.status == status
    assert TABLE.allowed(sanction, actor, context(sanction.measure), NOW) == MAY.get((actor, status), [])


def test_every_transition_to_an_end_is_here() -> None:
    assert set(ENDED) == endings(TABLE)


@pytest.mark.parametrize("measure", MEASURES)
def test_whoever_proposed_it_and_whoever_approved_it_does_not_approve_it_again(measure: Measure) -> None:
    was, given = proposed(measure), context(measure)
    with pytest.raises(NotByTheSame):
        handling.approve(was, given, "officer-1", True, NOW)
    if POLICY.measures[measure].approvals > 1:
        was = handling.approve(was, given, "officer-2", True, NOW).state
        assert was.status == "proposed"
        with pytest.raises(NotByTheSame):
            handling.approve(was, given, "officer-2", True, NOW)


@pytest.mark.parametrize("measure", ["suspension", "public_note"])
def test_a_lawyer_is_among_those_who_approve_a_grave_one(measure: Measure) -> None:
    was = handling.approve(proposed(measure), context(measure), "officer-2", False, NOW).state
    with pytest.raises(NotByTheSame, match="legal"):
        handling.approve(was, context(measure), "officer-3", False, NOW)
    assert handling.approve(was, context(measure), "officer-3", True, NOW).state.status == "noticed"


@pytest.mark.parametrize("measure", WAIT)
def test_a_grave_one_waits_for_the_appeal_and_for_its_decision(measure: Measure) -> None:
    was = noticed(measure)
    assert was.effective_at == was.appeal_until == NOW + 15 * DAY
    waits = handling.appeal(was, context(measure), "We paid.", NOW + 15 * DAY - MS).state
    assert waits.status == "appealed"
    assert MACHINE.next_due(waits, context(measure)) == NOW + 30 * DAY - MS
    upheld = handling.decide_appeal(waits, context(measure), "new", "upheld", "No.", NOW + 20 * DAY).state
    assert (upheld.status, upheld.in_force_at) == ("in_force", NOW + 20 * DAY)
    assert TABLE.allowed(noticed(measure), "firm", context(measure), NOW + 15 * DAY) == []


@pytest.mark.parametrize("measure", ["no_draws", "no_badge"])
def test_a_light_one_comes_in_force_after_its_notice_and_is_appealed_meanwhile(measure: Measure) -> None:
    was = handling.appeal(noticed(measure), context(measure), "We paid.", NOW).state
    assert was.status == "noticed"
    stands = after(was, NOW + POLICY.measures[measure].notice_days * DAY)
    assert stands.status == "in_force"
    assert TABLE.allowed(stands, "firm", context(measure), NOW) == []
    kept = handling.decide_appeal(stands, context(measure), "new", "upheld", "No.", NOW).state
    assert (kept.status, TABLE.allowed(kept, "officer", context(measure), NOW)) == ("in_force", ["lift"])


def test_whatever_comes_in_force_the_firm_has_known_of_for_a_day_at_least() -> None:
    for version in policies.versions("sanctions"):
        known = version.read_as(Policy)
        for terms in known.measures.values():
            assert (known.appeal_days if terms.waits_for_appeal else terms.notice_days) >= 1


def test_an_appeal_is_decided_by_somebody_new_in_time_or_is_the_firms() -> None:
    for officer in ("officer-1", "officer-2", "officer-3"):
        with pytest.raises(NotByTheSame):
            handling.decide_appeal(appealed(), context("bank_flag"), officer, "upheld", "No.", NOW)
    assert list(MACHINE.overdue(appealed(), context("bank_flag"), NOW + 15 * DAY - MS)) == []
    assert undecided().status == "overturned"


def test_a_hardship_during_an_appeal_drops_what_it_forbids_and_does_not_say_that_it_was_wrong() -> None:
    dropped_then = undecided_in_hardship()
    assert (dropped_then.status, dropped_then.in_force_at) == ("dropped", None)
    assert dropped_then.appeal is not None
    assert dropped_then.appeal.outcome is None
    stands = handling.appeal(in_force(), context(), "We paid.", NOW).state
    assert after(stands, NOW + 15 * DAY, is_paused=True).status == "overturned", "officers could have decided it"


def test_a_suspension_is_renewed_once_and_what_was_overturned_counts_for_nothing() -> None:
    given = context("suspension")
    once = replace(in_force("suspension"), status="expired")
    wrong = replace(once, status="overturned")

    def again(*before: Sanction) -> Sanction:
        return handling.proposed(
            "snc_2",
            "mem_1",
            "boc",
            "lon_1",
            "suspension",
            "no_contact",
            reason="Still none.",
            evidence_ids=("lon_1",),
            court_reference="",
            bank_request="",
            by="officer-1",
            context=given,
            policy_hash="p",
            now=NOW,
            before=before,
        ).state

    assert again(once, wrong, noticed("suspension")).status == "proposed"
    with pytest.raises(SanctionRefused, match="2 times"):
        again(once, once)


@pytest.mark.parametrize(
    ("region", "on", "expected"),
    [
        ("CN-33", date(2026, 10, 1), True),
        ("CN-33", date(2026, 10, 31), True),
        ("CN-33", date(2026, 9, 30), False),
        ("CN-33", date(2026, 11, 1), False),
        ("CN-ZJ", date(2026, 10, 1), True),
        ("CN-SH", date(2026, 10, 1), False),
        ("CN-31", date(2026, 10, 1), False),
        ("KR-26", date(2026, 10, 1), True),
        ("", date(2026, 10, 1), False),
    ],
)
def test_an_event_is_of_its_regions_and_its_days(region: str, on: date, expected: bool) -> None:
    """A province is the same by its letters and by its number."""
    flood = Event(name="Flood", regions=("CN-33", "KR"), from_on=date(2026, 10, 1), until_on=date(2026, 10, 31))
    assert Declared(events=(flood,)).applies(region, on) is expected


def test_an_event_in_no_region_is_refused() -> None:
    event = {"name": "Flood", "regions": ["CN-ZJ", "CN-99"], "from_on": "2026-10-01", "until_on": "2026-10-31"}
    with pytest.raises(msgspec.ValidationError, match="no such region: CN-99"):
        msgspec.convert({"events": [event]}, Declared)


@pytest.mark.parametrize("block", ["is_paused", "is_disputed", "is_force_majeure"])
@pytest.mark.parametrize("measure", MEASURES)
def test_hardship_and_a_dispute_forbid_every_step_of_every_measure(measure: Measure, block: str) -> None:
    blocked = context(measure, **{block: True})
    with pytest.raises(SanctionBlocked):
        proposed(measure, blocked)
    with pytest.raises(SanctionBlocked):
        handling.approve(proposed(measure), blocked, "officer-2", True, NOW)
    was = noticed(measure)
    assert was.effective_at is not None
    assert after(was, was.effective_at, **{block: True}).status == "dropped"
    if measure in WAIT:
        with pytest.raises(SanctionBlocked):
            handling.decide_appeal(appealed(measure), blocked, "new", "upheld", "No.", NOW)


def test_what_has_lost_its_ground_is_dropped() -> None:
    assert after(noticed(), NOW + DAY, dpd=7).status == "dropped"
    assert after(noticed("bank_flag"), NOW + 15 * DAY, defaulted_on=None).status == "dropped"


@pytest.mark.parametrize(
    ("measure", "facts"),
    [
        ("no_draws", Facts(dpd=7)),
        ("no_draws", Facts(red_alerts=("alr_1",))),
        ("no_badge", Facts(dpd=30)),
        ("bank_flag", Facts(dpd=120)),
        ("suspension", Facts(dpd=120)),
        ("suspension", Facts(defaulted_on=date(2026, 9, 2))),
    ],
)
def test_each_measure_has_its_least(measure: Measure, facts: Facts) -> None:
    with pytest.raises(SanctionRefused):
        proposed(measure, context(measure, **{name: getattr(facts, name) for name in facts.__struct_fields__}))


def test_a_measure_is_for_its_grounds_only_and_a_note_takes_a_court_and_a_bank() -> None:
    for measure in MEASURES:
        for ground in set(GROUNDS.values()) - set(POLICY.measures[measure].grounds):
            with pytest.raises(SanctionRefused):
                proposed(measure, ground=ground)
    with pytest.raises(SanctionRefused):
        proposed("public_note", court_reference="")
    with pytest.raises(SanctionRefused):
        proposed("public_note", bank_request="")


def test_public_notes_are_off() -> None:
    assert "public_note" not in POLICY.offered
    with pytest.raises(SanctionRefused):
        proposed("public_note", Context(policy=POLICY, facts=FACTS["public_note"]))


def test_it_ends_with_the_cure_and_what_its_measure_waits_after_it() -> None:
    cured = date(2026, 10, 20)
    for measure in MEASURES:
        was, days = in_force(measure), POLICY.measures[measure].days_after_cure
        change = handling.follow_loan(was, context(measure, cured_on=cured), NOW)
        if days is None:
            assert change is None
            continue
        assert was.in_force_at is not None
        latest = was.in_force_at + timedelta(days=POLICY.measures[measure].most_days)
        ends = min(latest, start_of(cured + days * DAY))
        assert change is not None
        assert change.state.expires_at == ends
        again = handling.follow_loan(change.state, context(measure), NOW)
        assert again is not None, "late again: it was no cure"
        assert again.state.expires_at == latest
        assert handling.follow_loan(again.state, context(measure), NOW) is None


def test_a_red_alert_is_a_ground_by_the_evidence_that_names_it_and_cured_when_it_is_dealt_with() -> None:
    red = context(dpd=0, red_alerts=("alr_1",))
    with pytest.raises(SanctionRefused, match="names no red alert"):
        proposed(given=red, ground="red_alert")
    was = proposed(given=red, ground="red_alert", evidence_ids=("lon_1", "alr_1"))
    noticed_then = handling.approve(was, red, "officer-2", False, NOW).state
    stands = handling.take_effect(noticed_then, red, NOW).state
    assert handling.follow_loan(stands, red, NOW) is None
    over = context(dpd=0, alerts_over_on=date(2026, 10, 20), cured_on=date(2026, 10, 3))
    change = handling.follow_loan(stands, over, NOW)
    assert change is not None
    assert change.state.expires_at == start_of(date(2026, 10, 20))


def test_credit_is_held_while_it_is_in_force_and_at_no_other_time() -> None:
    measures: tuple[Measure, ...] = ("no_draws", "suspension")
    for measure in measures:
        was = noticed(measure)
        assert was.effective_at is not None
        begun = handling.take_effect(was, context(measure), was.effective_at)
        ended = handling.lift(begun.state, "Agreed.", NOW)
        holds = [
            effect for change in (begun, ended) for effect in change.effects if not isinstance(effect, CountSanctions)
        ]
        suspends = measure == "suspension"
        assert holds == [
            HoldCredit(member_id="mem_1", suspends=suspends),
            ReleaseCredit(member_id="mem_1", suspends=suspends),
        ]
    for measure in set(MEASURES) - set(measures):
        effects = handling.lift(in_force(measure), "Agreed.", NOW).effects
        assert all(isinstance(effect, CountSanctions) for effect in effects)


def test_the_count_of_a_month_has_the_days_it_was_in_force() -> None:
    [count] = handling.lift(in_force("no_badge"), "!", NOW + 13 * DAY).effects
    assert count == CountSanctions(month="2026-10", measure="no_badge", what="lifted", days=10, ended=1)
    [count] = handling.withdraw(proposed(), NOW).effects
    assert count == CountSanctions(month="2026-10", measure="no_draws", what="withdrawn")


def test_nothing_is_done_to_what_has_ended() -> None:
    for status in ("withdrawn", "lapsed", "dropped", "overturned", "lifted", "expired"):
        sanction: Sanction = IN[status]()
        assert MACHINE.next_due(sanction, context(sanction.measure)) is None
        with pytest.raises(SanctionNotInThisStatus):
            TABLE.require("lift", sanction, "officer", context(sanction.measure), NOW)
