"""Bodies that work, for the API document and the tests."""

from __future__ import annotations

from typing import Any, Final

FREEZE: Final[dict[str, Any]] = {"reason": "The controlling shareholder has changed; we look into it."}
CLOSE_LINE: Final[dict[str, Any]] = {"reason": "We have found cheaper money."}
CONSENT: Final[dict[str, Any]] = {
    "purpose": "credit",
    "bank_ids": ["boc", "ccb", "cmb"],
    "data_classes": ["profile", "exports", "deposits", "programme"],
    "until": "2026-12-31",
}
LIMIT_SIMULATION: Final[dict[str, Any]] = {
    "product": "boc-term",
    "exports": [{"money": {"amount": "12000.00", "currency": "USD"}, "on": "2026-02-20"}],
}
