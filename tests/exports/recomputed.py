"""A second reckoning of export limits from a file of declarations alone: it imports nothing of the product.

Written from credit.md 5, 12 and 17: released through the platform and not cancelled, in the six calendar months before a date, less what came
back in them, each amount at the table rate of the month of release, half-even; below 100,000.00 USD nothing; verified elsewhere adds four fifths.
"""

from __future__ import annotations

import csv
import io
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

CENT = Decimal("0.01")


@dataclass
class Export:
    exporter: str
    origin: str
    currency: str
    amount: Decimal
    cancelled: bool = False
    released_on: date | None = None
    returns: dict[date, Decimal] = field(default_factory=dict)


@dataclass
class Exporter:
    platform: Decimal = Decimal(0)
    elsewhere: Decimal = Decimal(0)

    @property
    def limit(self) -> Decimal:
        if self.platform < 100_000:
            return Decimal(0)
        raw = self.platform + self.elsewhere * 4 / 5
        return min(raw, Decimal(10_000_000)).quantize(Decimal(1), ROUND_FLOOR)


def declarations(content: str) -> dict[str, Export]:
    """What the file comes to, each declaration once."""
    exports: dict[str, Export] = {}
    for row in csv.DictReader(io.StringIO(content)):
        known = exports.setdefault(
            row["declaration_no"],
            Export(row["exporter_ref"], row["origin"], row["currency"], Decimal(row["amount"])),
        )
        known.cancelled |= row["status"] == "cancelled"
        if row["released_on"]:
            known.released_on = date.fromisoformat(row["released_on"])
        if row["returned_on"]:
            known.returns[date.fromisoformat(row["returned_on"])] = Decimal(row["returned_amount"])
    return exports


def exporters(content: str, rates: Mapping[tuple[str, str], Decimal], as_of: date) -> dict[str, Exporter]:
    """Each exporter of the file and what it exported in the window. `rates` are US dollars by month and currency."""
    since, found = six_months_before(as_of), dict[str, Exporter]()
    for export in declarations(content).values():
        exporter = found.setdefault(export.exporter, Exporter())
        if export.cancelled or export.released_on is None:
            continue
        month = export.released_on.strftime("%Y-%m")
        rate = Decimal(1) if export.currency == "USD" else rates[month, export.currency]
        moved = [(export.released_on, export.amount), *((on, -back) for on, back in export.returns.items())]
        usd = sum(
            ((amount * rate).quantize(CENT, ROUND_HALF_EVEN) for on, amount in moved if since <= on < as_of), Decimal(0)
        )
        if export.origin == "elsewhere":
            exporter.elsewhere += usd
        else:
            exporter.platform += usd
    return found


def six_months_before(day: date) -> date:
    months = day.year * 12 + day.month - 1 - 6
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
