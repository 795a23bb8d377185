"""Names that count once: a bank's reference, the cause of a deduction, for ever; a firm's one group, until that is over. One guarded item each.

    return commit(entry, repository.put(deposit, due_at), uniques.take("cause#mem_…#case-7", Use(by=entry.aggregate_id, at=now), CauseKnown))

The item is written with what the name is used for. A memory inside a thing's own document would have to end somewhere, and would not
know of other things.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import msgspec
from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.condition import Condition

from chalicelib.shared.columns import Document
from chalicelib.shared.commit import Update
from chalicelib.shared.errors import DomainError, WriteConflict
from chalicelib.shared.tables import Row, table
from chalicelib.shared.uses import Use


class UniqueRow(Row):
    Meta = table("uniques")
    name = UnicodeAttribute(hash_key=True)
    by = UnicodeAttribute()
    use = Document[Use](Use)


def take(
    name: str, use: Use, refused: Callable[[Use], DomainError], *, again: bool = False, after: Use | None = None
) -> Update:
    """For a commit: the name is used, if it never was; else what `refused` makes of its first use.

    With `again` the thing that used it may use it once more. `after` is a use that is over: this one takes its place, if no other has.
    """
    guard: Condition = UniqueRow.name.does_not_exist()
    if again:
        guard |= UniqueRow.by == use.by
    if after:
        guard |= UniqueRow.use == after
    return Update(
        UniqueRow(name),
        [UniqueRow.by.set(use.by), UniqueRow.use.set(use)],
        guard=guard,
        error=lambda item: _refusal(item, refused),
    )


def also_named(name: str, use: Use, named: str) -> Update:
    """For a commit: what the name was used for has another name too, while it is that use still."""
    renamed = msgspec.structs.replace(use, named=(*use.named, named))
    return Update(UniqueRow(name), [UniqueRow.use.set(renamed)], guard=UniqueRow.by == use.by)


def find(name: str) -> Use | None:
    """What a name was used for, if it was."""
    row = UniqueRow.find(name)
    return row.use if row else None


def find_many(names: Iterable[str]) -> dict[str, Use]:
    """What each of these names was used for, of those that were. One round trip for a hundred."""
    return {row.name: row.use for row in UniqueRow.find_many(names)}


def _refusal(item: dict[str, Any] | None, refused: Callable[[Use], DomainError]) -> DomainError:
    if item is None:
        return WriteConflict("The name was being taken by another request.")
    return refused(UniqueRow.use.deserialize(item["use"]["B"]))
