"""Bodies that work, for the API document and the tests."""

from __future__ import annotations

from typing import Any, Final

RESCUE: Final[dict[str, Any]] = {"money": {"amount": "90000.00", "currency": "CNY"}}
DISPUTE: Final[dict[str, Any]] = {"text": "We paid this share to the bank on 4 May, under the reference R-778."}
DECIDE_DISPUTE: Final[dict[str, Any]] = {
    "decision": "stands",
    "text": "The bank booked R-778 for your own loan: the share is still open.",
}
OBJECT: Final[dict[str, Any]] = {
    "reason": "We left the group on 12 January with the bank's consent; this loan was drawn on 20 January.",
}
DECIDE_OBJECTION: Final[dict[str, Any]] = {
    "decision": "dismissed",
    "answer": "The loan was drawn on 10 January, while you were sealed in: your share stands.",
}
OPEN_POOL: Final[dict[str, Any]] = {
    "name": "Textile exporters of Shaoxing",
    "bank_id": "boc",
    "currency": "CNY",
    "share_bp": 5_000,
    "contributors": ["Chamber of textile exporters", "Bank of China, Shaoxing"],
}
