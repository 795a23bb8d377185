"""Bodies that work, for the API document and the tests."""

from __future__ import annotations

from typing import Any, Final

FOUND: Final[dict[str, Any]] = {"product_id": "ccb-joint", "name": "Lamp makers of Ningbo"}
INVITE: Final[dict[str, Any]] = {"member_id": "mem_01JV8QZ7N4K3T5W6X8Y9ABCDEF"}
VOUCH: Final[dict[str, Any]] = {"seat": 2, "answer": "vouches", "looked_at": ["premises", "books"]}
REFUSE: Final[dict[str, Any]] = {"seat": 2, "answer": "refuses"}
REPLACE: Final[dict[str, Any]] = {"seat": 3, "member_id": "mem_01JV8QZ7N4K3T5W6X8Y9ABCDEF"}
CONSENT: Final[dict[str, Any]] = {"looked_at": ["references", "trade_history"]}
AGREE: Final[dict[str, Any]] = {}
SUSPEND: Final[dict[str, Any]] = {"reason": "Two members have told of heavy losses in the flood."}
RESUME: Final[dict[str, Any]] = {"reason": "Both have shown that orders go on."}
RULE_SHEET: Final[dict[str, Any]] = {
    "seats": [
        {
            "seat": seat,
            "limit": {"amount": "300000.00", "currency": "CNY"},
            "cap": {"amount": "600000.00", "currency": "CNY"},
        }
        for seat in (1, 2, 3)
    ],
    "draw_order": [2, 1, 3],
    "repayment_days": [20],
    "punctual_payments": 2,
    "group_cap": {"amount": "800000.00", "currency": "CNY"},
    "reserve": {"amount": "20000.00", "currency": "CNY"},
}
SIGN_SHEET: Final[dict[str, Any]] = {"document_sha256": "3f" * 32}
BRIEFING: Final[dict[str, Any]] = {"document_sha256": "3f" * 32, "answers": ["b", "d", "a", "a", "c"]}
