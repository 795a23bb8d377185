"""The deadlines of an item, whose they are, and what comes of them. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from chalicelib.reconciliation.rules import handling
from chalicelib.reconciliation.rules.item import Context, Item
from chalicelib.reconciliation.rules.transitions import TABLE
from chalicelib.shared.state_machine import StateMachine, Timer, kept, rings_next

_due = kept("due_at")


MACHINE: Final = StateMachine[Item, Context](
    table=TABLE,
    timers=(
        Timer("explanation", frozenset({"open"}), _due, "officer", "escalated", handling.escalate),
        Timer(
            "supervisors_explanation",
            frozenset({"escalated"}),
            _due,
            "supervisor",
            "rings",
            handling.remind,
            rings_at=lambda item, context: rings_next(
                item.due_at, item.reminders, timedelta(hours=context.policy.supervisor_hours)
            ),
        ),
    ),
)
