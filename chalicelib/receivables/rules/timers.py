"""What the clock does to receivables: an invoice that its buyer does not confirm in time lapses. Pure."""

from __future__ import annotations

from typing import Final

from chalicelib.receivables.rules import handling
from chalicelib.receivables.rules.receivable import Context, Receivable
from chalicelib.receivables.rules.transitions import TABLE
from chalicelib.shared.state_machine import StateMachine, Timer

MACHINE: Final = StateMachine[Receivable, Context](
    table=TABLE,
    timers=(
        Timer(
            "buyers_answer",
            frozenset({"presented"}),
            lambda receivable, context: receivable.due_at,
            "buyer",
            "lapsed",
            handling.lapse_unanswered,
        ),
    ),
)
