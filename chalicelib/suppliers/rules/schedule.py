"""When suppliers are evaluated. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from chalicelib.shared.periods import business_date, months_before, start_of

EVALUATED_ON: Final = 10
EVALUATED_AT: Final = timedelta(minutes=30)
"""Every supplier in the programme is evaluated on the 10th of each month, at 00:30 in Shanghai."""


def next_evaluation(now: datetime) -> datetime:
    """The next monthly evaluation after now."""
    today = business_date(now)
    this_month = start_of(today.replace(day=EVALUATED_ON)) + EVALUATED_AT
    if now < this_month:
        return this_month
    following = months_before(today.replace(day=1), -1)
    return start_of(following.replace(day=EVALUATED_ON)) + EVALUATED_AT
