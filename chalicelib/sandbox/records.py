"""The sandbox's own table: how far its clock runs ahead, and how its banks behave."""

from __future__ import annotations

from typing import Final

from pynamodb.attributes import UnicodeAttribute

from chalicelib.sandbox.rules import Behaviour
from chalicelib.shared.columns import Document, WholeNumber
from chalicelib.shared.commit import Put
from chalicelib.shared.tables import Row, guarded, table

CLOCK = "clock"
USUAL: Final = Behaviour()
"""What a bank does that was told nothing else."""


class SandboxRow(Row):
    Meta = table("sandbox")
    name = UnicodeAttribute(hash_key=True)
    offset_ms = WholeNumber(default=0)


class BankRow(Row):
    """A bank, with what it is to do next; or an attempt it has taken, with what comes of it."""

    Meta = table("sandbox")
    name = UnicodeAttribute(hash_key=True)
    version = WholeNumber()
    behaviours: Document[tuple[Behaviour, ...]] = Document(tuple[Behaviour, ...])


def offset_ms() -> int | None:
    """How far the clock runs ahead, or None where nobody has set it yet."""
    row = SandboxRow.find(CLOCK)
    return row.offset_ms if row else None


def begin(milliseconds: int) -> None:
    """Set the clock for the first time; where somebody has, theirs stands."""
    first = SandboxRow(CLOCK, offset_ms=milliseconds)
    guarded(lambda: first.save(condition=SandboxRow.name.does_not_exist()))


def move(milliseconds: int) -> bool:
    """Set the clock further ahead. False where it is further ahead already: it stays there."""
    ahead = SandboxRow.name.does_not_exist() | (SandboxRow.offset_ms <= milliseconds)
    clock = SandboxRow(CLOCK)
    return guarded(lambda: clock.update(actions=[SandboxRow.offset_ms.set(milliseconds)], condition=ahead))


def behave(bank_id: str, behaviours: tuple[Behaviour, ...]) -> Put:
    """What a bank is to do with the next instructions, whatever it was to do before."""
    row = BankRow(_bank(bank_id), version=0, behaviours=behaviours)
    return Put(row, guard=BankRow.name.exists() | BankRow.name.does_not_exist())


def next_behaviour(bank_id: str) -> Behaviour:
    """What the bank does now, taken off its list. Of two who ask at once one gets it, the other the next."""
    row = BankRow.find(_bank(bank_id))
    if row is None or not row.behaviours:
        return USUAL
    first, *rest = row.behaviours
    left = BankRow(row.name, version=row.version + 1, behaviours=tuple(rest))
    is_ours = guarded(lambda: left.save(condition=BankRow.version == row.version))
    return first if is_ours else next_behaviour(bank_id)


def take(attempt_id: str, behaviour: Behaviour) -> None:
    """Remember that a bank has an attempt, and what comes of it."""
    BankRow(_attempt(attempt_id), version=0, behaviours=(behaviour,)).save()


def taken(attempt_id: str) -> Behaviour | None:
    row = BankRow.find(_attempt(attempt_id))
    return row.behaviours[0] if row else None


def _bank(bank_id: str) -> str:
    return f"bank:{bank_id}"


def _attempt(attempt_id: str) -> str:
    return f"attempt:{attempt_id}"
