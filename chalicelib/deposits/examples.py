"""Bodies that work, for the API document and the tests."""

from __future__ import annotations

from typing import Any, Final

PAYMENT: Final[dict[str, Any]] = {"money": {"amount": "500.00", "currency": "CNY"}}
DEBIT: Final[dict[str, Any]] = {"by": "debit"}
RELEASE: Final[dict[str, Any]] = {"money": {"amount": "200.00", "currency": "CNY"}}
RISK: Final[dict[str, Any]] = {"risk_class": "R2", "case": "C-2207", "reason": "Claims a certificate it does not have."}
SPECIAL: Final[dict[str, Any]] = {"special": "M1"}
INSURANCE: Final[dict[str, Any]] = {
    "insurer": "Ping An Property",
    "reference": "PA-88-1204",
    "money": {"amount": "1000.00", "currency": "CNY"},
    "valid_from": "2026-03-02T00:00:00+08:00",
    "valid_until": "2027-03-02T00:00:00+08:00",
}
INSURER_RECEIPT: Final[dict[str, Any]] = {
    "money": {"amount": "350.00", "currency": "CNY"},
    "bank_id": "boc",
    "bank_ref": "PA-88-1204-1",
}
HOLD: Final[dict[str, Any]] = {
    "money": {"amount": "350.00", "currency": "CNY"},
    "case": "C-2207",
    "reason": "A buyer's complaint is being looked at.",
}
DEDUCTION: Final[dict[str, Any]] = {
    "money": {"amount": "350.00", "currency": "CNY"},
    "cause": "CLM-5591",
    "reason": "The goods were not as described.",
    "payee_id": "mem_0123456789ABCDEFGHJKMNPQRS",
    "bank_id": "boc",
    "account": "6217000010001234567",
}
CORRECTION: Final[dict[str, Any]] = {
    "base": {"amount": "50.00", "currency": "CNY"},
    "reason": "Three orders were refunded before the cut-off and told after it.",
}
CORRECTION_OF_A_RISK: Final[dict[str, Any]] = {
    "risk_id": "rsk_0123456789ABCDEFGHJKMNPQRS",
    "reason": "The certificate was shown on appeal: there was no violation.",
}
