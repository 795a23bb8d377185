"""The trade history the demo begins with: the real one where it lies beside the repository, else an invented one."""

from __future__ import annotations

import csv
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from chalicelib.daybook.rules.reading import COLUMNS

HISTORY: Final = Path(__file__).parents[4] / "shared" / "data" / "trade_history_2016_2017.csv"


def history(arguments: list[str]) -> Path:
    return HISTORY if HISTORY.is_file() and "--invented" not in arguments else _invented()


def _invented() -> Path:
    """Three suppliers of six months: one always on time, one often late, one with too few trades."""
    path = Path(tempfile.mkdtemp()) / "invented_history.csv"
    with path.open("w", newline="") as file:
        lines = csv.DictWriter(file, COLUMNS)
        lines.writeheader()
        for supplier, trades, late_every in (("oak-and-co", 24, 0), ("slow-boats", 20, 2), ("new-here", 3, 0)):
            for number in range(trades):
                late = bool(late_every) and number % late_every == 0
                lines.writerow(_invented_trade(supplier, number, late=late))
    return path


def _invented_trade(supplier: str, number: int, *, late: bool) -> dict[str, str]:
    ordered = datetime(2017, 7, 10, tzinfo=UTC) + timedelta(days=6 * number)
    days = {"ordered_at": 0, "paid_at": 0, "ship_by": 5, "shipped_at": 7 if late else 4, "delivered_at": 12}
    return {
        "trade_id": f"{supplier}-{number}",
        "supplier_ref": supplier,
        "buyer_ref": f"buyer-{number}",
        "supplier_country": "VN",
        "buyer_country": "US",
        "category": "furniture_decor",
        "currency": "USD",
        "amount": f"{60 + number}.00",
        "status": "completed",
        **{name: (ordered + timedelta(days=after)).isoformat() for name, after in days.items()},
    }
