"""Every deadline of a sanction, whose it is, and what comes of it when it passes. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from chalicelib.conduct.rules import sanction_handling as handling
from chalicelib.conduct.rules.sanction import Context, Sanction
from chalicelib.conduct.rules.sanction_transitions import TABLE
from chalicelib.shared.state_machine import StateMachine, Timer


def _decision_due(sanction: Sanction, context: Context) -> datetime | None:
    appeal = sanction.appeal
    return appeal.decide_by if appeal and appeal.is_open else None


def _appeal_until(sanction: Sanction, context: Context) -> datetime | None:
    return sanction.appeal_until if sanction.appeal is None else None


MACHINE: Final = StateMachine[Sanction, Context](
    table=TABLE,
    timers=(
        Timer(
            "decision",
            frozenset({"noticed", "appealed", "in_force"}),
            _decision_due,
            "officer",
            "overturned",
            handling.overturn,
            funded=True,
        ),
        Timer(
            "approval",
            frozenset({"proposed"}),
            lambda sanction, _: sanction.due_at,
            "officer",
            "lapsed",
            handling.lapse,
        ),
        Timer(
            "notice",
            frozenset({"noticed"}),
            lambda sanction, _: sanction.effective_at,
            "firm",
            "in_force",
            handling.take_effect,
            funded=True,
        ),
        Timer("appeal", frozenset({"noticed", "in_force"}), _appeal_until, "firm", "no_appeal"),
        Timer(
            "end", frozenset({"in_force"}), lambda sanction, _: sanction.expires_at, "firm", "expired", handling.expire
        ),
    ),
)
