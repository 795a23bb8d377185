"""Every deadline of an instruction, whose it is, and what comes of it when it passes. Pure.

All of them stand at `due_at`. Two kinds come by themselves: what the clock decides alone is a timer that fires; sending and asking speak to
the bank and are the outbox's, whose sweep does them at the same instant.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from chalicelib.banks.rules import outbox, stops
from chalicelib.banks.rules.instruction import Instruction
from chalicelib.banks.rules.partners import InstructionPolicy
from chalicelib.banks.rules.transitions import TABLE
from chalicelib.shared.state_machine import Deadline, StateMachine, Timer


def _account_due(instruction: Instruction, policy: InstructionPolicy) -> datetime | None:
    return instruction.due_at


def _stop_ends(instruction: Instruction, policy: InstructionPolicy) -> datetime | None:
    return instruction.due_at if instruction.kind == "stop" else None


def _finished(instruction: Instruction, policy: InstructionPolicy) -> datetime | None:
    """A stop has held back all that had not left."""
    return instruction.due_at if instruction.is_paid and not instruction.unresolved else None


def _decision_due(instruction: Instruction, policy: InstructionPolicy) -> datetime:
    return instruction.updated_at + timedelta(days=policy.manual_days)


def _at_the_bank(instruction: Instruction, policy: InstructionPolicy) -> list[Deadline]:
    """What the outbox does when it is due."""
    if instruction.due_at is None or instruction.kind == "stop" or (instruction.is_paid and not instruction.unresolved):
        return []
    name, owner, outcome = _OF_THE_OUTBOX[instruction.status]
    return [Deadline(name=name, due_at=instruction.due_at, owner=owner, default_outcome=outcome)]


_OF_THE_OUTBOX: Final = {
    "created": ("sending", "platform", "sent"),
    "sent": ("settlement", "bank", "asked"),
    "unknown": ("answer", "bank", "asked"),
    "failed": ("retry", "platform", "sent"),
    "settled": ("answer", "bank", "asked"),
    "stopped": ("answer", "bank", "asked"),
}
_CREATED: Final = frozenset({"created"})

MACHINE: Final = StateMachine[Instruction, InstructionPolicy](
    table=TABLE,
    timers=(
        Timer("account", frozenset({"needs_account"}), _account_due, "party", "manual", outbox.lapse),
        Timer("stop", _CREATED, _stop_ends, "platform", "stopped", stops.end_stop),
        Timer("finishing", _CREATED, _finished, "platform", "settled", outbox.finish),
        Timer("decision", frozenset({"manual"}), _decision_due, "officer", "overdue"),
        Timer("outbox", frozenset(_OF_THE_OUTBOX), _at_the_bank, "", ""),
    ),
)
