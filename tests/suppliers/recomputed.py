"""The qualification once more, from the file alone: nothing of the product is imported here.

Written from the rule as it stands in the programme's terms, to be compared with what the product decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from fractions import Fraction

SHANGHAI = timezone(timedelta(hours=8))
Rates = Mapping[tuple[str, str], str]
"""US dollars for one unit, by currency and month."""


@dataclass
class Sums:
    completed: int = 0
    gmv: int = 0
    due: int = 0
    on_time: int = 0

    @property
    def on_time_bp(self) -> int:
        return 10_000 * self.on_time // self.due if self.due else 0

    @property
    def q_bp(self) -> int:
        return (5_000 * self.on_time_bp + 3_000 * 10_000 + 2_000 * 8_000) // 10_000

    @property
    def qualified(self) -> bool:
        return self.completed >= 5 and self.due >= 5 and self.on_time_bp >= 8_000

    @property
    def limit(self) -> int:
        """US cents."""
        if not self.qualified:
            return 0
        raw = 1_000_00 + self.gmv * 2_000 * self.q_bp // 10**8
        return min(max(raw, 1_000_00), 1_000_000_00) // 100_00 * 100_00


def recompute(trades: Iterable[Mapping[str, str]], rates: Rates, as_of: date) -> dict[str, Sums]:
    """Each supplier's sums over the 180 Shanghai dates before `as_of`: no points, no inquiries, no protected orders."""
    first = as_of - timedelta(days=180)
    found: dict[str, Sums] = defaultdict(Sums)
    for trade in trades:
        sums = found[trade["supplier_ref"]]
        delivered, ship_by = _day(trade["delivered_at"]), _day(trade["ship_by"])
        if trade["status"] == "completed" and delivered and first <= delivered < as_of:
            sums.completed += 1
            cents = Fraction(trade["amount"]) * 100 * Fraction(rates[trade["currency"], f"{delivered:%Y-%m}"])
            sums.gmv += round(cents)
        if trade["status"] != "cancelled" and ship_by and first <= ship_by < as_of:
            sums.due += 1
            shipped = trade["shipped_at"]
            sums.on_time += bool(shipped) and _at(shipped) <= _at(trade["ship_by"])
    return found


def _at(told: str) -> datetime:
    return datetime.fromisoformat(told.replace("Z", "+00:00"))


def _day(told: str) -> date | None:
    return _at(told).astimezone(SHANGHAI).date() if told else None
