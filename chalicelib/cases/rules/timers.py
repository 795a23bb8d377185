"""Every deadline of a case, whose it is, and what comes of it when it passes. Pure.

A deadline is met iff `now < due_at`, and `due_at` was worked out by the change that began it. Each status but the end has one.
"""

from __future__ import annotations

from typing import Final

from chalicelib.cases.rules import handling
from chalicelib.cases.rules.case import Case, Context
from chalicelib.cases.rules.transitions import TABLE
from chalicelib.shared.state_machine import StateMachine, Timer, kept

_due = kept("due_at")


MACHINE: Final = StateMachine[Case, Context](
    table=TABLE,
    timers=(
        Timer("answer", frozenset({"open"}), _due, "officer", "escalated", handling.escalate_unanswered),
        Timer(
            "supervisors_answer",
            frozenset({"escalated"}),
            _due,
            "supervisor",
            "resolved_unanswered",
            handling.resolve_unanswered,
        ),
        Timer(
            "customers_answer",
            frozenset({"waiting_for_customer"}),
            _due,
            "customer",
            "resolved",
            handling.resolve_without_reply,
        ),
        Timer("reopening", frozenset({"resolved"}), _due, "customer", "closed", handling.close),
    ),
)
