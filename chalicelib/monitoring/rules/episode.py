"""What a business day's judgement does to alerts: one is raised, becomes red, or is over. Pure.

An episode begins with the first day on which a rule finds something, and ends with the last of so many days in a row, of those that it judged,
on which it finds nothing. A day that it cannot judge is neither. Deciding a day again changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from msgspec.structs import replace

from chalicelib.monitoring.rules import alert_handling as handling
from chalicelib.monitoring.rules.alert import ENDS, Alert, Context, Evidence, Subject, alert_id
from chalicelib.monitoring.rules.alert_transitions import TABLE, AlertChange, follows, payload_of
from chalicelib.monitoring.rules.finding import Finding, Judgement, Level, Rule
from chalicelib.shared.journal import Event
from chalicelib.shared.views import view_of


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """What one rule concluded on a business day: a finding, nothing, or that it does not judge; `policy` is the hash of the rules."""

    on: date
    policy: str
    finding: Finding | None = None
    is_judged: bool = True


def decided(judgement: Judgement, rule: Rule, on: date, policy: str) -> Decided:
    """What a judgement says by one of its rules."""
    finding = next((each for each in judgement.findings if each.rule == rule), None)
    return Decided(on=on, policy=policy, finding=finding, is_judged=rule not in judgement.not_judged)


def raised(
    about: Subject,
    finding: Finding,
    day: Decided,
    context: Context,
    policy_hash: str,
    now: datetime,
    digest_on: date | None = None,
) -> AlertChange:
    """The first version. A red one holds the firm's draws at once. The day's own digest counts it, or that of `digest_on`."""
    level = finding.level
    is_held = level == "red" and about.kind == "loan"
    alert = Alert(
        id=alert_id(about.id, finding.rule, day.on),
        rule=finding.rule,
        about=about,
        started_on=day.on,
        level=level,
        found_on=day.on,
        status="open",
        version=1,
        created_at=now,
        updated_at=now,
        digest_on=digest_on or day.on,
        policy=policy_hash,
        evidence=(_evidence(finding, day),),
        due_at=now + timedelta(hours=context.policy.acknowledge_hours[level]),
        red_on=day.on if level == "red" else None,
        held_until=now + timedelta(days=context.policy.hold_days) if is_held else None,
        was_held=is_held,
    )
    payload = {**payload_of(None, alert), "on": day.on, **_numbers(finding), **handling.to_bank(alert, context)}
    return AlertChange(
        state=alert, event=Event("alert.raised", payload, policy=policy_hash), at=now, effects=follows(None, alert)
    )


def follow(was: Alert, day: Decided, normal_days: int, context: Context, now: datetime) -> AlertChange | None:
    """The next change of an alert by what its rule concluded on a day. None where the day changes nothing more."""
    if was.status in ENDS or not day.is_judged or day.on < was.started_on:
        return None
    if day.finding is None:
        return _not_found(was, day, normal_days, context, now)
    if day.finding.level == "red" and was.level != "red":
        return _worsened(was, day.finding, day, context, now)
    if day.finding.reaches(was.holds_at(context.policy)):
        return handling.hold_late(was, context, day.on, now)
    if day.finding.proposes == "default" and was.proposed_default_on is None:
        return _default_proposed(was, day, context, now)
    if was.normal_on and day.on > was.normal_on[-1]:
        payload = {"on": day.on}
        return TABLE.change(was, "note_again", now, event="found_again", found_on=day.on, normal_on=(), payload=payload)
    return None


def _not_found(was: Alert, day: Decided, normal_days: int, context: Context, now: datetime) -> AlertChange | None:
    if day.on <= max(was.found_on, *was.normal_on, was.started_on):
        return None
    normal_on = (*was.normal_on, day.on)
    if len(normal_on) >= normal_days:
        return handling.close(was, context, "normal", now, day.on)
    return TABLE.change(was, "note_normal", now, event="not_found", normal_on=normal_on, payload={"on": day.on})


def _worsened(was: Alert, finding: Finding, day: Decided, context: Context, now: datetime) -> AlertChange:
    """It is red from now on, whatever a person made of it when it was amber."""
    return TABLE.change(
        was,
        "worsen",
        now,
        event="escalated",
        evidence=(was.evidence[0], _evidence(finding, day)),
        found_on=day.on,
        normal_on=(),
        payload={"reason": "found", "on": day.on, **_numbers(finding), **handling.to_bank(was, context, "red")},
        **handling.became_red(was, context, day.on, now),
    )


def _default_proposed(was: Alert, day: Decided, context: Context, now: datetime) -> AlertChange:
    """So late that the bank may declare default, which nobody else does."""
    return TABLE.change(
        was,
        "propose_default",
        now,
        event="default_proposed",
        proposed_default_on=day.on,
        payload={"on": day.on, **handling.to_bank(was, context)},
    )


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """How an episode has gone: when it began, how grave it became, and since when nothing is found."""

    started_on: date
    level: Level
    evidence: tuple[Evidence, ...]
    found_on: date
    normal_on: tuple[date, ...] = ()
    closed_on: date | None = None


def redecide(
    was: Alert, days: Sequence[tuple[Decided, int]], touched_on: date, context: Context, now: datetime
) -> AlertChange | None:
    """Decide the days of an episode anew, in their order and from its first on, because facts came late for some from `touched_on` on. With each,
    how many days without a finding ended an episode by the rules in force on it.

    None where the alert stays as it is. What a person decided of it stands. An episode that never was is closed as corrected; what had become
    red and was not is amber again.
    """
    course: Course | None = None
    for day, normal_days in days:
        course = _with_day(course, day, normal_days)
        if course and course.closed_on:
            break
    told_to = handling.to_bank(was, context)
    if course is None:
        return handling.closed(was, "correct", "corrected", now, touched_on, from_on=touched_on, **told_to)
    if course.closed_on:
        return handling.closed(was, "correct", "normal", now, course.closed_on, from_on=touched_on, **told_to)
    level: Level = "red" if course.level == "red" or _was_escalated_by_person(was) else "amber"
    fields: dict[str, Any] = {
        "started_on": course.started_on,
        "evidence": course.evidence,
        "found_on": course.found_on,
        "normal_on": course.normal_on,
    }
    is_held_for_nothing = was.held_until and not any(_holds(day, context) for day, _ in days)
    if level != was.level or (level == "amber" and is_held_for_nothing):
        fields |= _other_level(was, level, course, context, now)
    if replace(was, **fields) == was:
        return None
    payload = {"from_on": touched_on, **handling.to_bank(was, context, "red" if "red" in (level, was.level) else None)}
    return TABLE.change(was, "correct", now, event="corrected", payload=payload, **fields)


def _with_day(course: Course | None, day: Decided, normal_days: int) -> Course | None:
    finding = day.finding
    if not day.is_judged:
        return course
    if finding is None:
        if course is None:
            return None
        normal_on = (*course.normal_on, day.on)
        return replace(course, normal_on=normal_on, closed_on=day.on if len(normal_on) >= normal_days else None)
    if course is None:
        return Course(started_on=day.on, level=finding.level, evidence=(_evidence(finding, day),), found_on=day.on)
    if finding.level == "red" and course.level != "red":
        evidence = (course.evidence[0], _evidence(finding, day))
        return replace(course, level="red", evidence=evidence, found_on=day.on, normal_on=())
    return replace(course, found_on=day.on, normal_on=()) if course.normal_on else course


def _holds(day: Decided, context: Context) -> bool:
    return day.finding is not None and day.finding.reaches(context.policy.hold_dpd)


def _was_escalated_by_person(was: Alert) -> bool:
    return was.level == "red" and all(each.level != "red" for each in was.evidence)


def _other_level(was: Alert, level: Level, course: Course, context: Context, now: datetime) -> dict[str, Any]:
    """The rule's hold is taken back as if it had never been; one that has run out, or that a person set, is not."""
    if level == "red":
        return handling.became_red(was, context, course.evidence[-1].on, now)
    fields: dict[str, Any] = {"level": level, "red_on": None}
    if was.held_until and not was.person_held:
        fields |= {"held_until": None, "was_held": False}
    return fields


def _evidence(finding: Finding, day: Decided) -> Evidence:
    return view_of(Evidence, finding, on=day.on, policy=day.policy)


def _numbers(finding: Finding) -> dict[str, Any]:
    """What an entry tells of a finding."""
    return {
        "numbers": dict(finding.numbers),
        "baseline": dict(finding.baseline),
        "p_ppm": finding.p_ppm,
        "low_confidence": finding.low_confidence,
    }
