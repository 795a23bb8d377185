"""Bodies that work, for the API document and the tests."""

from __future__ import annotations

from typing import Any, Final

TRADE: Final[dict[str, Any]] = {
    "trade_id": "T-2026-000118",
    "supplier_ref": "lantern-works",
    "buyer_ref": "acme-gmbh",
    "supplier_country": "CN",
    "buyer_country": "DE",
    "category": "lanterns",
    "currency": "USD",
    "amount": "1500.00",
    "ordered_at": "2026-01-05T09:30:00+08:00",
    "paid_at": "2026-01-06T11:00:00+08:00",
    "ship_by": "2026-01-20T23:59:59+08:00",
    "shipped_at": "2026-01-15T16:20:00+08:00",
    "promised_by": "2026-02-20T18:00:00+08:00",
    "delivered_at": "2026-02-12T10:05:00+01:00",
    "status": "completed",
}
TRADES: Final[dict[str, Any]] = {"items": [TRADE]}
ACTIVITY: Final[dict[str, Any]] = {
    "items": [
        {"kind": "login", "activity_id": "L-1", "member_ref": "lantern-works", "at": "2026-01-05T08:00:00+08:00"},
        {
            "kind": "inquiry",
            "thread_id": "C-17",
            "member_ref": "lantern-works",
            "buyer_ref": "acme-gmbh",
            "at": "2026-01-05T09:00:00+08:00",
        },
        {
            "kind": "offer_change",
            "activity_id": "O-9",
            "member_ref": "lantern-works",
            "change": "put_up",
            "at": "2026-01-05T08:20:00+08:00",
        },
        {"kind": "reply", "thread_id": "C-17", "member_ref": "lantern-works", "at": "2026-01-05T10:30:00+08:00"},
    ]
}
IMPORT: Final[dict[str, Any]] = {"kind": "trade_history"}
