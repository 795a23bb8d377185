"""A member as it draws in its group now: what credit and loans ask."""

from __future__ import annotations

from datetime import datetime

from chalicelib.groups.records import sheets
from chalicelib.groups.rules.drawing import NotOfGroup, drawing_seat
from chalicelib.groups.rules.position import DrawingSeat
from chalicelib.groups.service.reading import load


def seat_of(group_id: str, member_id: str, now: datetime) -> DrawingSeat:
    """NotOfGroup, GroupTakesNoDraws or SeatHeld where it cannot draw, whatever the amount. Two reads."""
    group = load(group_id, now)
    if group is None:
        raise NotOfGroup(f"{member_id} has no seat in {group_id!r:.60}.", param="group_id")
    kept = sheets.load(group_id, group.sheet_version) if group.sheet_version else None
    return drawing_seat(group, kept.version if kept else None, member_id)
