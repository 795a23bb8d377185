"""Bodies that work, for the API document and the tests."""

from __future__ import annotations

from typing import Any, Final

LOAN_ID: Final = "lon_01JV8QZ7N4K3T5W6X8Y9ABCDEF"
PAYOFF: Final[dict[str, Any]] = {"on": "2026-12-10"}
SIMULATION: Final[dict[str, Any]] = {
    "loan_id": LOAN_ID,
    "payments": [{"on": "2026-12-10", "money": {"amount": "100000.00", "currency": "CNY"}}],
}
HARDSHIP: Final[dict[str, Any]] = {
    "from_on": "2026-12-01",
    "to_on": "2026-12-31",
    "reason": "A flood has stopped the factory; the insurer pays in December.",
}
RESTRUCTURING: Final[dict[str, Any]] = {
    "schedule": [
        {"number": 1, "due_date": "2027-03-10", "principal": 50000000, "interest": 1500000},
        {"number": 2, "due_date": "2027-06-10", "principal": 50000000, "interest": 1500000},
    ],
    "reason": "Two instalments in spring, after the season.",
}
SIGN: Final[dict[str, Any]] = {"hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}
DRAW: Final[dict[str, Any]] = {"money": {"amount": "300000.00", "currency": "CNY"}, "months": 3}
DRAW_ON_ORDERS: Final[dict[str, Any]] = DRAW | {
    "receivables": [
        {"kind": "order", "id": "ord_01JV8QZ7N4K3T5W6X8Y9ABCDEF"},
        {"kind": "invoice", "id": "rcb_01JV8QZ7N4K3T5W6X8Y9ABCDEF"},
    ]
}
