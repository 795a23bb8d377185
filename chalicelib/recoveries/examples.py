"""Bodies that work, for the API document and the tests."""

from __future__ import annotations

from typing import Any, Final

PLAN: Final[dict[str, Any]] = {
    "instalments": [
        {"on": "2026-04-01", "money": {"amount": "500.00", "currency": "USD"}},
        {"on": "2026-05-06", "money": {"amount": "1000.00", "currency": "USD"}},
    ]
}
RECEIPT: Final[dict[str, Any]] = {
    "money": {"amount": "250.00", "currency": "USD"},
    "bank_id": "boc",
    "bank_ref": "R-9001",
}
WRITE_OFF: Final[dict[str, Any]] = {"reason": "The supplier was struck off the register on 3 May."}
