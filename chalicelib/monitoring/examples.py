"""Bodies that work, for the API document and the tests."""

from __future__ import annotations

from typing import Any, Final

EXPLAIN: Final[dict[str, Any]] = {"text": "All is well: we take stock until Friday."}
RESOLVE: Final[dict[str, Any]] = {"outcome": "explained", "note": "The firm takes stock, and trades again from Friday."}
ESCALATE: Final[dict[str, Any]] = {"note": "The warehouse is empty."}
SILENCE: Final[dict[str, Any]] = {"until": "2026-03-20", "reason": "The firm takes stock until then."}
HOLD: Final[dict[str, Any]] = {
    "until": "2026-03-20",
    "reason": "Until the bank has confirmed the new settlement account.",
}
RELEASE: Final[dict[str, Any]] = {"reason": "The bank has confirmed the account."}
SHADOW: Final[dict[str, Any]] = {
    "from": "2025-03-01",
    "until": "2026-02-28",
    "changes": {"silence": {"amber_intervals": 4, "red_intervals": 5}},
}
