"""Trades that a marketplace tells of: what suppliers qualify on, and what deposits follow from."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

LINEN: Final = "bed_bath_table"
"""A category of the group with the lowest deposits: 50, 100, 200, 500, 1,000 CNY."""


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


def linen_sold(ref: str, number: int, at: str) -> dict[str, Any]:
    """An order of 18.00 CNY in one of the categories that owe a deposit, paid and delivered at an instant."""
    return {
        "trade_id": f"{ref}-{number}",
        "supplier_ref": ref,
        "buyer_ref": f"buyer-{number}",
        "supplier_country": "CN",
        "buyer_country": "CN",
        "category": LINEN,
        "currency": "CNY",
        "amount": "18.00",
        "status": "completed",
        "ordered_at": at,
        "paid_at": at,
        "delivered_at": at,
    }
