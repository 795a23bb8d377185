"""Trades of the months before: what suppliers qualify on."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any


def trade(ref: str, number: int, began: datetime, *, is_late: bool = False) -> dict[str, Any]:
    """A trade that a supplier completed. Each was ordered eight days before the one with the number below it, and is worth five dollars more."""
    ordered = began - timedelta(days=20 + 8 * number)
    instants = {
        "ordered_at": ordered,
        "paid_at": ordered + timedelta(hours=2),
        "ship_by": ordered + timedelta(days=6),
        "shipped_at": ordered + timedelta(days=8 if is_late else 4),
        "delivered_at": ordered + timedelta(days=15),
    }
    return {
        "trade_id": f"{ref}-{number:03d}",
        "supplier_ref": ref,
        "buyer_ref": f"buyer-{number % 5}",
        "buyer_country": "DE",
        "currency": "USD",
        "amount": f"{75 + 5 * number}.00",
        "status": "completed",
        **{name: instant.isoformat() for name, instant in instants.items()},
    }
