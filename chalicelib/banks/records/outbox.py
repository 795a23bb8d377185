"""The outbox: one item for each instruction, and one for each attempt that says whose it is. Kept for ever."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec.structs import replace
from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from chalicelib.banks.rules.instruction import OPEN, Instruction
from chalicelib.shared import due
from chalicelib.shared.columns import Instant, Packed, WholeNumber
from chalicelib.shared.commit import Put
from chalicelib.shared.due import DueIndex
from chalicelib.shared.periods import to_ms
from chalicelib.shared.tables import Row, table_name


class ByOf(GlobalSecondaryIndex["InstructionRow"]):
    """The instructions of an order, a supplier or a bank event."""

    class Meta:
        index_name = "by_of"
        projection = KeysOnlyProjection()

    of = UnicodeAttribute(hash_key=True)
    instruction_id = UnicodeAttribute(range_key=True)


class ByStatus(GlobalSecondaryIndex["InstructionRow"]):
    """Sparse: only instructions that are not at an end, by the moment they came to be so."""

    class Meta:
        index_name = "by_status"
        projection = KeysOnlyProjection()

    shown_as = UnicodeAttribute(hash_key=True)
    since = Instant(range_key=True)


class InstructionRow(Row):
    class Meta:
        table_name = table_name("instructions")

    instruction_id = UnicodeAttribute(hash_key=True)
    version = WholeNumber()
    of = UnicodeAttribute()
    shown_as = UnicodeAttribute(null=True)
    since = Instant(null=True)
    due_shard = WholeNumber(null=True)
    due_at = Instant(null=True)
    body = Packed(Instruction)

    due = DueIndex()
    by_of = ByOf()
    by_status = ByStatus()


class AttemptRow(Row):
    """An attempt, under its own name in the same table."""

    class Meta:
        table_name = table_name("instructions")

    instruction_id = UnicodeAttribute(hash_key=True)
    belongs_to = UnicodeAttribute()


def load(instruction_id: str) -> Instruction | None:
    row = InstructionRow.find(instruction_id)
    return row.body if row else None


def load_many(instruction_ids: Iterable[str]) -> list[Instruction]:
    """In the order of the ids; what is not there is left out."""
    wanted = list(instruction_ids)
    found = {row.instruction_id: row.body for row in InstructionRow.find_many(wanted)}
    return [found[name] for name in wanted if name in found]


def listed(instruction_ids: Iterable[str]) -> dict[str, Instruction]:
    """For lists: those of these instructions that can be read, by id."""
    return {row.instruction_id: row.body for row in InstructionRow.listed(instruction_ids)}


def instruction_of(attempt_id: str) -> str | None:
    row = AttemptRow.find(attempt_id)
    return row.belongs_to if row else None


def put(instruction: Instruction, head: str) -> Put:
    """The instruction's next version, if the one before is still the present one; its first, if there is none."""
    is_open = instruction.status in OPEN and instruction.kind != "stop"
    row = InstructionRow(
        instruction.id,
        version=instruction.version,
        of=instruction.of,
        shown_as=instruction.status if is_open else None,
        since=instruction.updated_at if is_open else None,
        **due.columns(instruction.id, instruction.due_at),
        body=replace(instruction, head=head),
    )
    if instruction.version == 1:
        return Put(row, guard=InstructionRow.instruction_id.does_not_exist())
    return Put(row, guard=InstructionRow.version == instruction.version - 1)


def put_attempt(attempt_id: str, instruction_id: str) -> Put:
    row = AttemptRow(attempt_id, belongs_to=instruction_id)
    return Put(row, guard=AttemptRow.instruction_id.does_not_exist())


def ids_of(of: str, after: str | None = None) -> Iterator[str]:
    key = InstructionRow.instruction_id > after if after else None
    for row in InstructionRow.by_of.query(of, key):
        yield row.instruction_id


def ids_by_status(status: str, after: dict[str, Any] | None = None) -> Iterator[tuple[int, str]]:
    """Since when, and ids, oldest first, from where `after` (an earlier pair) left off."""
    start = after and {
        "shown_as": {"S": status},
        "since": {"N": str(after["at"])},
        "instruction_id": {"S": after["id"]},
    }
    for row in InstructionRow.by_status.query(status, last_evaluated_key=start, page_size=101):
        yield to_ms(row.since), row.instruction_id
