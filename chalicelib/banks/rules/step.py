"""One step of an instruction: as it then is, what happened, and what it does to the books. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from chalicelib.banks.rules.instruction import Attempt, Instruction, Status, postings
from chalicelib.shared.journal import Event

ALARMS: Final = frozenset({"InstructionContradicted", "InstructionManual", "InstructionOverpaid"})
"""Counters that ring: a bank said two things, an officer has to act, more moved than was to be moved."""


class Step(msgspec.Struct, frozen=True):
    """The next version, what happened, and since when. `alarm` is a counter that rings."""

    instruction: Instruction
    event: Event
    at: datetime
    alarm: str = ""


def step(was: Instruction, after: Instruction, name: str, at: datetime, *, alarm: str = "", **told: Any) -> Step:
    """The next version. What it does to the books follows from the difference."""
    made = replace(after, version=was.version + 1, seq=was.seq + 1, updated_at=at)
    return Step(made, Event(f"instruction.{name}", was.facts() | told, postings(was, made)), at, alarm)


def with_attempt(was: Instruction, attempt: Attempt) -> Instruction:
    """The instruction with an attempt in its new form, or one more."""
    others = was.attempts
    if was.attempt(attempt.id) is None:
        return replace(was, attempts=(*others, attempt))
    return replace(was, attempts=tuple(attempt if other.id == attempt.id else other for other in others))


def to_officer(was: Instruction, after: Instruction, why: str, at: datetime, **told: Any) -> Step:
    """An officer's from now on. One of which nothing is left to be moved stays over; nobody asks about its last attempt any more."""
    status: Status = was.status if was.is_over and not after.left_minor else "manual"
    given = replace(after, status=status, due_at=None, reason=why)
    return step(was, given, "manual", at, alarm="InstructionManual", **told | {"reason": why, "owner": "officer"})
