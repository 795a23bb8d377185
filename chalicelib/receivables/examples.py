"""Bodies that work, for the API document and the tests."""

from __future__ import annotations

from typing import Any, Final

PRESENT: Final[dict[str, Any]] = {
    "buyer_id": "mem_01JV8QZ7N4K3T5W6X8Y9ABCDEF",
    "number": "INV-2026-0311",
    "money": {"amount": "125000.00", "currency": "CNY"},
    "due_on": "2026-06-30",
    "document_sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
}
DECLINE: Final[dict[str, Any]] = {"reason": "The goods of this invoice were returned in March."}
