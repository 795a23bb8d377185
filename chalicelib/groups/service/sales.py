"""What a member sold, from the day-book."""

from __future__ import annotations

from datetime import datetime

from chalicelib.daybook.service import recording as daybook_recording
from chalicelib.groups.rules import sales as rules
from chalicelib.groups.rules.sales import Sales
from chalicelib.shared.periods import business_date


def of_member(member_id: str, months: int, now: datetime) -> Sales:
    """Its sales over so many whole months before today: one query."""
    since, until = rules.window(business_date(now), months)
    return rules.sales(daybook_recording.rows(member_id, since, until), since, until)
