"""Invented trades: a seller's, completed, over ten years."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from chalicelib.daybook.rules.trades import TradeFact

SELLER: Final = "mem_" + "S" * 26
BEGAN: Final = datetime(2016, 1, 5, 4, tzinfo=UTC)
DAYS: Final = 3_600


def completed(number: int, day: int) -> TradeFact:
    """A trade of its own number, that began and was completed on such a day of the ten years."""
    paid_at = BEGAN + timedelta(days=day)
    return TradeFact(
        member_id=SELLER,
        trade_id=f"T-{number:06}",
        buyer_ref="b",
        supplier_country="CN",
        buyer_country="CN",
        category="baby",
        currency="USD",
        amount_minor=100,
        ordered_at=paid_at,
        paid_at=paid_at,
        shipped_at=paid_at + timedelta(hours=1),
        delivered_at=paid_at + timedelta(hours=2),
        status="completed",
    )
