"""The deadlines of a training, and what comes of each when it passes. Pure."""

from __future__ import annotations

from typing import Final

from chalicelib.shared.state_machine import StateMachine, Timer
from chalicelib.trainings.rules import handling
from chalicelib.trainings.rules.training import Context, Training
from chalicelib.trainings.rules.transitions import TABLE

MACHINE: Final = StateMachine[Training, Context](
    table=TABLE,
    timers=(
        Timer(
            "registration",
            frozenset({"announced"}),
            lambda training, context: training.starts_at,
            "member",
            "held",
            handling.begin,
        ),
        Timer(
            "attendance",
            frozenset({"held"}),
            lambda training, context: training.record_until,
            "officer",
            "closed",
            handling.close,
        ),
    ),
)
