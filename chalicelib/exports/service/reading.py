"""Reading what an exporter exported."""

from __future__ import annotations

from datetime import date
from typing import Final

from chalicelib.exports import records
from chalicelib.exports.rules.days import ExportDay

MOST_DAYS: Final = 184
"""The longest six months there are, which is what limits are decided on."""


def days(member_id: str, since: date, until: date) -> tuple[ExportDay, ...]:
    """The exporter's days from `since` up to but not including `until`, oldest first; days on which nothing counted have none.

    For slices above, which decide who may see what. At most MOST_DAYS.
    """
    assert 0 <= (until - since).days <= MOST_DAYS, "a window is at most six months"
    return tuple(records.days(member_id, since, until))
