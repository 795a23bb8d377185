"""The table of rule sheets: each version of each group, which never changes, and its seal once all have signed it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from pynamodb.attributes import UnicodeAttribute

from chalicelib.groups.rules.rule_sheet import KeptSheet, SheetSeal, SheetVersion
from chalicelib.groups.rules.sheet_handling import KeepSheet, SealSheet
from chalicelib.shared.aggregates import Writer
from chalicelib.shared.columns import Packed, WholeNumber
from chalicelib.shared.commit import Put, Update
from chalicelib.shared.state_machine import Effect
from chalicelib.shared.tables import Row, table


class SheetRow(Row):
    Meta = table("rule-sheets")
    group_id = UnicodeAttribute(hash_key=True)
    number = WholeNumber(range_key=True)
    body = Packed(SheetVersion)
    seal = Packed(SheetSeal, null=True)

    @property
    def kept(self) -> KeptSheet:
        return KeptSheet(version=self.body, seal=self.seal)


def load(group_id: str, number: int) -> KeptSheet | None:
    row = SheetRow.find(group_id, number)
    return row.kept if row else None


def newest(group_id: str, before: int | None) -> Iterator[KeptSheet]:
    """The versions of a group from below a number on, the newest first."""
    below = SheetRow.number < before if before is not None else None
    rows = SheetRow.query(group_id, below, consistent_read=True, scan_index_forward=False, page_size=20)
    return (row.kept for row in rows)


def keep(target: str, effects: Sequence[KeepSheet]) -> Put:
    [effect] = effects
    row = SheetRow(effect.group_id, effect.version.number, body=effect.version)
    return Put(row, guard=SheetRow.group_id.does_not_exist())


def seal(target: str, effects: Sequence[SealSheet]) -> Update:
    [effect] = effects
    row = SheetRow(effect.group_id, effect.seal.number)
    return Update(row, actions=[SheetRow.seal.set(effect.seal)], guard=SheetRow.group_id.exists())


EFFECTS: Final[Mapping[type[Effect], Writer]] = {KeepSheet: keep, SealSheet: seal}
"""The writers of what changes of a group do to its sheets."""
