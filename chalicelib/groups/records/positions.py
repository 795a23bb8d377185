"""The table of group positions: one item for each group that was ever sealed."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace
from pynamodb.attributes import UnicodeAttribute

from chalicelib.groups.rules.position import GroupEffect, GroupPosition
from chalicelib.shared.columns import Packed, WholeNumber
from chalicelib.shared.commit import Put
from chalicelib.shared.errors import WriteConflict
from chalicelib.shared.tables import Row, table


class GroupPositionRow(Row):
    Meta = table("group-positions")
    group_id = UnicodeAttribute(hash_key=True)
    version = WholeNumber()
    body = Packed(GroupPosition)


def load(group_id: str) -> GroupPosition:
    """The position as it is now; an empty one of a group that was never sealed. One consistent read."""
    row = GroupPositionRow.find(group_id)
    return row.body if row else GroupPosition(group_id=group_id)


def write_effects(group_id: str, effects: Sequence[GroupEffect]) -> Put:
    """Everything a commit does to one group's position, as the one write a transaction may hold of it, guarded by its version.

    WriteConflict where a draw was decided under terms that the group has changed since, or a member leaves that has drawn since.
    """
    position = was = load(group_id)
    if any(effect.is_outdated(was) for effect in effects):
        raise WriteConflict("The group, or what is drawn in it, has changed in between.")
    for effect in effects:
        position = effect.applied_to(position)
    version = was.version + 1
    row = GroupPositionRow(group_id, version=version, body=replace(position, version=version))
    guard = GroupPositionRow.version == was.version if was.version else GroupPositionRow.group_id.does_not_exist()
    return Put(row, guard=guard)
