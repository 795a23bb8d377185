"""The outbox: one item for each instruction, and one for each attempt that says whose it is. Kept for ever."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any, Final

from pynamodb.attributes import UnicodeAttribute

from chalicelib.banks.rules.instruction import OPEN, Instruction
from chalicelib.shared.aggregates import AggregateRow, Repository
from chalicelib.shared.columns import Instant, Packed
from chalicelib.shared.commit import Put, Update
from chalicelib.shared.periods import to_ms
from chalicelib.shared.tables import Row, index, table


class InstructionRow(AggregateRow):
    Meta = table("instructions")
    instruction_id = UnicodeAttribute(hash_key=True)
    of = UnicodeAttribute()
    shown_as = UnicodeAttribute(null=True)
    since = Instant(null=True)
    body = Packed(Instruction)

    by_of = index(of, instruction_id)
    """The instructions of an order, a supplier or a bank event."""
    by_status = index(shown_as, since)
    """Sparse: only instructions that are not at an end, by the moment they came to be so."""


class AttemptRow(Row):
    """An attempt, under its own name in the same table."""

    Meta = table("instructions")
    instruction_id = UnicodeAttribute(hash_key=True)
    belongs_to = UnicodeAttribute()


class Instructions(Repository[Instruction]):
    """Their place in the index of what is due is the outbox's too: sending and asking are no changes of the clock."""

    def put(self, state: Instruction, due_at: datetime | None) -> Put | Update:
        return super().put(state, state.due_at)


def _columns(instruction: Instruction) -> dict[str, Any]:
    is_listed = instruction.status in OPEN and instruction.kind != "stop"
    return {
        "of": instruction.aggregate_id,
        "shown_as": instruction.status if is_listed else None,
        "since": instruction.updated_at if is_listed else None,
    }


REPOSITORY: Final = Instructions(InstructionRow, _columns)


def all_of(of: str, *, least: int = 1) -> list[Instruction]:
    """The instructions of an order, a supplier or a bank event, by id, where there are at least so many. Unreadable where one cannot be read."""
    names = list(ids_of(of))
    instructions = REPOSITORY.load_all(names) if len(names) >= least else {}
    return [instructions[name] for name in sorted(instructions)]


def instruction_of(attempt_id: str) -> str | None:
    row = AttemptRow.find(attempt_id)
    return row.belongs_to if row else None


def put_attempt(attempt_id: str, instruction_id: str) -> Put:
    row = AttemptRow(attempt_id, belongs_to=instruction_id)
    return Put(row, guard=AttemptRow.instruction_id.does_not_exist())


ids_of = partial(REPOSITORY.ids, InstructionRow.by_of)


def ids_by_status(status: str, after: dict[str, Any] | None = None) -> Iterator[tuple[int, str]]:
    """Since when, and ids, oldest first, from where `after` (an earlier pair) left off."""
    start = after and {
        "shown_as": {"S": status},
        "since": {"N": str(after["at"])},
        "instruction_id": {"S": after["id"]},
    }
    for row in InstructionRow.by_status.query(status, last_evaluated_key=start, page_size=101):
        yield to_ms(row.since), row.instruction_id
