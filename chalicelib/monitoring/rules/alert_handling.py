"""What officers, the firm and the clock do to an alert. What rules find of it is in `episode.py`. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from chalicelib.monitoring.rules import alert as rules
from chalicelib.monitoring.rules.alert_transitions import TABLE, AlertChange
from chalicelib.monitoring.rules.finding import Level
from chalicelib.shared.bounds import must_have_room
from chalicelib.shared.errors import RuleViolation
from chalicelib.shared.periods import business_date, end_of_business_date


def acknowledge(was: rules.Alert, context: rules.Context, officer: str, now: datetime) -> AlertChange:
    """An officer sees to it. Who has acknowledged it before does no more."""
    due_at = now + timedelta(days=context.policy.resolve_days[was.level])
    return TABLE.change(
        was,
        "acknowledge",
        now,
        to="acknowledged",
        owner=officer,
        due_at=due_at,
        silenced_until=None,
        payload={"due_at": due_at, "private": {"owner": officer}},
    )


def explain(was: rules.Alert, text: str, now: datetime) -> AlertChange:
    """The firm says why. It is asked nothing more, and an officer reads it."""
    must_have_room(was.explanations, rules.MOST_EXPLANATIONS, rules.TooManyExplanations)
    given = (*was.explanations, rules.Explanation(text=text, at=now))
    return TABLE.change(was, "explain", now, event="explained", explanations=given, payload={"text": text})


def resolve(
    was: rules.Alert, context: rules.Context, decision: rules.Decision, note: str, now: datetime
) -> AlertChange:
    """A person has dealt with it. Nothing is held any more. The episode goes on until the values are normal, and nobody is asked again unless it becomes red."""
    return TABLE.change(
        was,
        "resolve",
        now,
        to="resolved",
        outcome=decision,
        note=note,
        resolved_at=now,
        due_at=now + timedelta(days=context.policy.resolved_days),
        held_until=None,
        silenced_until=None,
        payload={"outcome": decision, "note": note, **to_bank(was, context)},
    )


def escalate(was: rules.Alert, context: rules.Context, note: str, now: datetime) -> AlertChange:
    """An officer knows more than the numbers say: an amber alert is red from now on. A red one is handed to a supervisor."""
    if was.level == "red":
        return TABLE.change(
            was,
            "escalate",
            now,
            event="handed_over",
            payload={"private": {"note": note}},
            **_supervisors(was, context, now),
        )
    return TABLE.change(
        was,
        "escalate",
        now,
        event="escalated",
        payload={"reason": "officer", "private": {"note": note}, **to_bank(was, context, "red")},
        **became_red(was, context, business_date(now), now),
    )


def silence(was: rules.Alert, context: rules.Context, until: date, reason: str, now: datetime) -> AlertChange:
    """Nobody is reminded of it until a day has passed. SilenceTooLong."""
    end = _end(until, context.policy.most_silence_days, rules.SilenceTooLong, now)
    return TABLE.change(
        was,
        "silence",
        now,
        to="silenced",
        silenced_until=end,
        due_at=end,
        payload={"until": until, "private": {"reason": reason}},
    )


def hold(was: rules.Alert, context: rules.Context, until: date, reason: str, now: datetime) -> AlertChange:
    """A person holds the firm's draws, or goes on holding them, until a day has passed. HoldTooLong."""
    end = _end(until, context.policy.most_hold_days, rules.HoldTooLong, now)
    payload = {"held_until": end, "reason": reason}
    return TABLE.change(
        was, "hold", now, event="held", held_until=end, was_held=True, person_held=True, payload=payload
    )


def hold_late(was: rules.Alert, context: rules.Context, on: date, now: datetime) -> AlertChange:
    """The loan is so late that the rule holds the firm's draws, though nothing is red: once in an episode, as where it becomes red."""
    end = now + timedelta(days=context.policy.hold_days)
    payload = {"held_until": end, "reason": "late", "on": on}
    return TABLE.change(was, "hold_late", now, event="held", held_until=end, was_held=True, payload=payload)


def release(was: rules.Alert, reason: str, now: datetime) -> AlertChange:
    """A person lets the firm draw again. The alert goes on."""
    return TABLE.change(was, "release", now, event="released", held_until=None, payload={"reason": reason})


def end_hold(was: rules.Alert, context: rules.Context, at: datetime) -> AlertChange:
    """No person has held the draws for longer."""
    return TABLE.change(was, "end_hold", at, event="released", held_until=None, payload={"reason": "time_over"})


def end_silence(was: rules.Alert, context: rules.Context, at: datetime) -> AlertChange:
    """What was found is still so: an officer has to see to it."""
    due_at = at + timedelta(hours=context.policy.acknowledge_hours[was.level])
    return TABLE.change(
        was, "end_silence", at, event="silence_ended", status="open", silenced_until=None, due_at=due_at
    )


def refer(was: rules.Alert, context: rules.Context, at: datetime) -> AlertChange:
    """No officer has acknowledged it, or resolved it, in time: it is a supervisor's. The firm is held to nothing more for that."""
    return TABLE.change(was, "refer", at, event="referred", **_supervisors(was, context, at))


def remind(was: rules.Alert, context: rules.Context, at: datetime) -> AlertChange:
    """No supervisor has, either: an alarm rings, and again after twice the time. It stays overdue, and stays theirs."""
    return TABLE.change(was, "remind", at, event="unattended", reminders=was.reminders + 1)


def look_again(was: rules.Alert, context: rules.Context, at: datetime) -> AlertChange:
    """What a person resolved so long ago is looked at anew: if it is still found, by another alert."""
    return closed(was, "look_again", was.outcome or "handled", at)


def close(
    was: rules.Alert, context: rules.Context, outcome: rules.Outcome, at: datetime, on: date | None = None
) -> AlertChange:
    """The episode is over, with the business day `on`. Its bank hears of that, unless a person has resolved it before."""
    return closed(was, "close", outcome, at, on, **({} if was.resolved_at else to_bank(was, context)))


def closed(
    was: rules.Alert, name: str, outcome: rules.Outcome, at: datetime, on: date | None = None, **payload: Any
) -> AlertChange:
    """What a person has decided stays what became of it."""
    outcome, on = was.outcome or outcome, on or business_date(at)
    return TABLE.change(
        was,
        name,
        at,
        event="closed" if was.resolved_at else "resolved",
        status="closed",
        outcome=outcome,
        closed_at=at,
        closed_on=on,
        due_at=None,
        held_until=None,
        silenced_until=None,
        payload={"outcome": outcome, "on": on, **payload},
    )


def became_red(was: rules.Alert, context: rules.Context, on: date, at: datetime) -> dict[str, Any]:
    """The fields of an alert that is red from a day on: a supervisor's. Draws are held, unless the rule has held them before in this episode."""
    holds = was.about.kind == "loan" and not was.was_held
    return {
        "level": "red",
        "red_on": on,
        "held_until": at + timedelta(days=context.policy.hold_days) if holds else was.held_until,
        "was_held": was.was_held or holds,
        "outcome": None,
        "note": "",
        "resolved_at": None,
        **_supervisors(was, context, at, "red"),
    }


def to_bank(alert: rules.Alert, context: rules.Context, level: Level | None = None) -> dict[str, Any]:
    """The bank that hears of a change at once: that of a red alert, where it may know. Of amber ones its digest tells."""
    is_told = alert.bank_id and context.is_shared and (level or alert.level) == "red"
    return {"bank_ids": [alert.bank_id]} if is_told else {}


def _supervisors(was: rules.Alert, context: rules.Context, at: datetime, level: Level | None = None) -> dict[str, Any]:
    """Nobody owns it until a supervisor takes it."""
    return {
        "status": "escalated",
        "owner": "",
        "silenced_until": None,
        "due_at": at + supervisors_time(level or was.level, context),
        "reminders": 0,
    }


def supervisors_time(level: Level, context: rules.Context) -> timedelta:
    return timedelta(days=context.policy.supervisor_days[level])


def _end(until: date, days: int, error: type[RuleViolation], now: datetime) -> datetime:
    """The end of a day that lies ahead, and not too far."""
    today = business_date(now)
    earliest, latest = today + timedelta(days=1), today + timedelta(days=days)
    if not earliest <= until <= latest:
        raise error(
            f"{until} is not from {earliest} until {latest}.", param="until", earliest=str(earliest), latest=str(latest)
        )
    return end_of_business_date(until)
