"""What a supplier has not finished: trades on their way, claims that are open, and the day of the last completed trade. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec

from chalicelib.daybook.rules.days import DayRow


class Unfinished(msgspec.Struct, frozen=True):
    """How many trades and claims are open, the orders of those claims, and the day on which the last completed trade was delivered."""

    trades: int = 0
    claims: int = 0
    claimed_orders: tuple[str, ...] = ()
    last_completed: date | None = None


def unfinished(rows: Sequence[DayRow]) -> Unfinished:
    """What a supplier's days leave open; which orders are claimed on they do not say."""
    return Unfinished(
        trades=sum(row.open for row in rows),
        claims=sum(row.claims_open for row in rows),
        last_completed=max((row.day for row in rows if row.completed), default=None),
    )
