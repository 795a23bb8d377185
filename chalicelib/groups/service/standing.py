"""Where a group stands: the rule sheet in force, and what each seat has drawn. For slices above."""

from __future__ import annotations

from typing import NamedTuple

from chalicelib.groups.records import positions, sheets
from chalicelib.groups.rules.group import Group
from chalicelib.groups.rules.position import GroupPosition
from chalicelib.groups.rules.rule_sheet import RuleSheet


class Standing(NamedTuple):
    sheet: RuleSheet
    position: GroupPosition


def of_group(group: Group) -> Standing | None:
    """None of a group that has no sheet in force. Two reads."""
    kept = sheets.load(group.id, group.sheet_version) if group.sheet_version else None
    return Standing(kept.version.sheet, positions.load(group.id)) if kept else None
