"""Stops: a payment was taken back, and refunds of it that have not left are held back. Pure."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from chalicelib.banks.rules.instruction import Instruction
from chalicelib.banks.rules.step import Step, step


def holds_back(stop: Instruction, refund: Instruction) -> bool:
    """Whether a stop is for this refund, and both are still at a stage where it can be."""
    return (
        stop.kind == "stop"
        and not stop.is_over
        and refund.can_be_held_back
        and (stop.bank_id, stop.bank_ref, stop.of, stop.currency)
        == (refund.bank_id, refund.bank_ref, refund.of, refund.currency)
    )


def hold_back(refund: Instruction, stop: Instruction, now: datetime) -> tuple[Step, Instruction]:
    """Reduce what has not left of a refund by what a stop still has to hold back: the refund's step, and the stop as it then is.

    Where a part had left before and nothing else is left now, the refund is due to be finished.
    """
    held = min(refund.left_minor, stop.amount_minor)
    waiting = stop.amount_minor - held
    after = replace(refund, amount_minor=refund.amount_minor - held)
    if after.amount_minor == 0:
        after = replace(after, status="stopped", due_at=None)
    elif after.is_paid:
        after = replace(after, status="created", due_at=now, reason="")
    spent = replace(
        stop,
        amount_minor=waiting,
        version=stop.version + 1,
        updated_at=now,
        status="created" if waiting else "stopped",
        due_at=stop.due_at if waiting else None,
    )
    return step(refund, after, "stopped", now, stopped_minor=held, stop=stop.id), spent


def end_stop(was: Instruction, now: datetime) -> Step:
    """No refund came to be held back in time: what had left before stays receivable."""
    after = replace(was, status="stopped", due_at=None)
    return step(was, after, "stop_ended", was.due_at or now, left_minor=was.amount_minor)
