"""Every deadline of an alert, whose it is, and what comes of it when it passes. Pure.

A deadline is met iff `now < due_at`; each was worked out and kept by the change that began it.
"""

from __future__ import annotations

from typing import Final

from chalicelib.monitoring.rules import alert_handling as handling
from chalicelib.monitoring.rules.alert import OPEN, Alert, Context
from chalicelib.monitoring.rules.alert_handling import supervisors_time
from chalicelib.monitoring.rules.alert_transitions import TABLE
from chalicelib.shared.state_machine import StateMachine, Timer, kept, rings_next

_due = kept("due_at")
_hold = kept("held_until")


MACHINE: Final = StateMachine[Alert, Context](
    table=TABLE,
    timers=(
        Timer("hold", OPEN, _hold, "officer", "released", handling.end_hold),
        Timer("acknowledgement", frozenset({"open"}), _due, "officer", "referred_to_supervisor", handling.refer),
        Timer("resolution", frozenset({"acknowledged"}), _due, "officer", "referred_to_supervisor", handling.refer),
        Timer(
            "supervision",
            frozenset({"escalated"}),
            _due,
            "supervisor",
            "reminded",
            handling.remind,
            rings_at=lambda alert, context: rings_next(
                alert.due_at, alert.reminders, supervisors_time(alert.level, context)
            ),
        ),
        Timer("silence", frozenset({"silenced"}), _due, "officer", "open_again", handling.end_silence),
        Timer("second_look", frozenset({"resolved"}), _due, "platform", "closed", handling.look_again),
    ),
)
