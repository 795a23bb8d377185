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
CALL_SIMULATION: Final[dict[str, Any]] = {
    "mode": "joint_capped",
    "members": [
        {"seat": 1, "weight": 500000},
        {"seat": 2, "weight": 500000, "cap": {"amount": "400000.00", "currency": "CNY"}},
        {"seat": 3, "weight": 500000, "cap": {"amount": "400000.00", "currency": "CNY"}},
    ],
    "calls": [{"on": "2026-03-02", "debtor_seat": 1, "owed": {"amount": "300000.00", "currency": "CNY"}}],
    "events": [
        {"kind": "guarantor_paid", "on": "2026-03-10", "seat": 3, "money": {"amount": "150000.00", "currency": "CNY"}},
        {"kind": "guarantor_failed", "on": "2026-03-23", "seat": 2},
        {"kind": "guarantor_paid", "on": "2026-03-30", "seat": 3, "money": {"amount": "150000.00", "currency": "CNY"}},
        {
            "kind": "claim_paid",
            "on": "2026-04-20",
            "seat": 2,
            "to_seat": 3,
            "money": {"amount": "150000.00", "currency": "CNY"},
        },
    ],
}
