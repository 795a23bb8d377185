"""Which action on an alert, from where, by whom, to where. Pure. The clock's moments are in `alert_timers.py`."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from chalicelib.credit.rules.effects import HoldCredit, ReleaseCredit
from chalicelib.monitoring.rules.alert import ENDS, OPEN, Alert, Context, HoldsNoDraws, Status
from chalicelib.shared.errors import DomainError
from chalicelib.shared.state_machine import STAYS, Among, Change, Effect, InvalidTransition, Table, Transition
from chalicelib.shared.texts import say, term

AlertChange = Change[Alert]


class AlertNotInThisStatus(InvalidTransition):
    code = "alert_not_in_this_status"
    title = "The alert does not allow that now."


def _is_in_charge(alert: Alert, context: Context, actor: str, now: datetime) -> bool:
    """What was escalated is for supervisors only."""
    return actor == "supervisor" or alert.status != "escalated"


def _is_held(alert: Alert, context: Context, actor: str, now: datetime) -> bool:
    return alert.held_until is not None


def _may_hold(alert: Alert, context: Context, actor: str, now: datetime) -> bool:
    return alert.may_hold


def _holds_none(alert: Alert, context: Context, now: datetime) -> DomainError | None:
    if alert.status not in OPEN or alert.may_hold:
        return None
    return HoldsNoDraws(
        say("It is {level}, and about a {kind}.", level=term("level", alert.level), kind=term("kind", alert.about.kind))
    )


def follows(was: Alert | None, alert: Alert) -> tuple[Effect, ...]:
    """What a change does to the firm's credit: one hold more or less, as sanctions do it."""
    was_held = was is not None and was.held_until is not None
    if was_held == (alert.held_until is not None):
        return ()
    hold = ReleaseCredit if was_held else HoldCredit
    return (hold(member_id=alert.member_id),)


def payload_of(was: Alert | None, alert: Alert) -> dict[str, Any]:
    """What every entry tells."""
    about = alert.about
    return {
        **({"from": was.status} if was else {}),
        "to": alert.status,
        "rule": alert.rule,
        "level": alert.level,
        "started_on": alert.started_on,
        f"{about.kind}_id": about.id,
        "member_id": about.member_id,
        "bank_ids": [],
    }


_in: Final = Among[Status]()
_FIRST_LINE: Final = _in("open", "acknowledged", "silenced")
_EPISODE: Final = OPEN | _in("resolved")
"""What was found is still so, as far as is known."""
_CLOCK: Final = frozenset({"clock"})
_FIRM: Final = frozenset({"firm"})
_OFFICERS: Final = frozenset({"officer", "supervisor"})

TABLE: Final = Table[Alert, Context](
    kind="alert",
    error=AlertNotInThisStatus,
    ends=ENDS,
    payload=payload_of,
    effects=follows,
    transitions=(
        # persons
        Transition("acknowledge", OPEN, _OFFICERS, _in("acknowledged"), _is_in_charge),
        Transition("explain", OPEN, _FIRM, STAYS),
        Transition("resolve", OPEN, _OFFICERS, _in("resolved"), _is_in_charge),
        Transition("escalate", _FIRST_LINE, _OFFICERS, _in("escalated")),
        Transition("silence", OPEN, _OFFICERS, _in("silenced"), _is_in_charge),
        Transition("hold", OPEN, _OFFICERS, STAYS, _may_hold, _holds_none),
        Transition("release", OPEN, _OFFICERS, STAYS, _is_held),
        # what is found
        Transition("worsen", _EPISODE, _CLOCK, _in("escalated")),
        Transition("hold_late", OPEN, _CLOCK, STAYS),
        Transition("note_normal", _EPISODE, _CLOCK, STAYS),
        Transition("note_again", _EPISODE, _CLOCK, STAYS),
        Transition("propose_default", _EPISODE, _CLOCK, STAYS),
        Transition("correct", _EPISODE, _CLOCK, _EPISODE | ENDS),
        Transition("close", _EPISODE, _CLOCK, ENDS),
        # deadlines
        Transition("refer", _in("open", "acknowledged"), _CLOCK, _in("escalated")),
        Transition("remind", _in("escalated"), _CLOCK, STAYS),
        Transition("end_hold", OPEN, _CLOCK, STAYS),
        Transition("end_silence", _in("silenced"), _CLOCK, _in("open")),
        Transition("look_again", _in("resolved"), _CLOCK, ENDS),
    ),
)
