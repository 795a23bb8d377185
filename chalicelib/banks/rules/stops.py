"""Stops: a payment was charged back, and refunds of it that have not left are held back. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec.structs import replace

from chalicelib.banks.rules.instruction import ALREADY_LEFT, HELD_BACK, TAKEN_BACK, Instruction
from chalicelib.banks.rules.partners import InstructionPolicy
from chalicelib.banks.rules.transitions import TABLE, InstructionChange, step


def recalls(stop: Instruction, refund: Instruction) -> bool:
    """Whether a stop is for this refund, and both are still at a stage where it can be."""
    return (
        stop.kind == "stop"
        and not stop.is_over
        and refund.can_be_recalled
        and (stop.bank_id, stop.bank_ref, stop.aggregate_id, stop.currency)
        == (refund.bank_id, refund.bank_ref, refund.aggregate_id, refund.currency)
    )


def recall(refund: Instruction, stop: Instruction, now: datetime) -> InstructionChange:
    """Reduce what has not left of a refund by what a stop still has to hold back: the refund's change, and with it the stop's.

    Where a part had left before and nothing else is left now, the refund is due to be finished.
    """
    held = min(refund.remaining_minor, stop.amount_minor)
    waiting = stop.amount_minor - held
    after = replace(refund, amount_minor=refund.amount_minor - held)
    if after.amount_minor == 0:
        after = replace(after, status="stopped", due_at=None, reason=TAKEN_BACK)
    elif after.is_paid:
        after = replace(after, status="created", due_at=now, reason=TAKEN_BACK)
    spent = TABLE.next_version(
        stop,
        "hold_back",
        now,
        amount_minor=waiting,
        status="created" if waiting else "stopped",
        due_at=stop.due_at if waiting else None,
        reason="" if waiting else HELD_BACK,
    )
    payload: dict[str, Any] = {"stopped_minor": held, "stop": stop.id, "reason": TAKEN_BACK}
    return step(refund, "hold_back", after, "stopped", now, also=(spent,), **payload)


def end_stop(was: Instruction, policy: InstructionPolicy, at: datetime) -> InstructionChange:
    """No refund came to be held back in time: what had left before stays receivable."""
    after = replace(was, status="stopped", due_at=None, reason=ALREADY_LEFT)
    return step(was, "end_stop", after, "stop_ended", at, remaining_minor=was.amount_minor, reason=ALREADY_LEFT)
