"""A member as it draws in its group now: what credit and loans ask."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from chalicelib.groups.records import positions, sheets
from chalicelib.groups.rules.drawing import NotOfGroup, drawing_seat
from chalicelib.groups.rules.position import DrawInGroup, DrawingSeat, MoveInGroup
from chalicelib.groups.service import reading
from chalicelib.shared.aggregates import Writer
from chalicelib.shared.state_machine import Effect
from chalicelib.shared.texts import say

EFFECTS: Final[Mapping[type[Effect], Writer]] = dict.fromkeys((DrawInGroup, MoveInGroup), positions.write_effects)
"""For the aggregate of loans: what draws and repayments do to a group's position."""


def seat_of(group_id: str, member_id: str, now: datetime) -> DrawingSeat:
    """NotOfGroup, GroupTakesNoDraws or SeatHeld where it cannot draw, whatever the amount. Two reads."""
    group = reading.load(group_id, now)
    if group is None:
        raise NotOfGroup(
            say("{member_id} has no seat in {group_id!r:.60}.", member_id=member_id, group_id=group_id),
            param="group_id",
        )
    kept = sheets.load(group_id, group.sheet_version) if group.sheet_version else None
    return drawing_seat(group, kept.version if kept else None, member_id)
