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
APPLICATION: Final[dict[str, Any]] = {
    "product_ids": ["boc-term", "cmb-term", "ccb-term"],
    "amount": {"amount": "500000.00", "currency": "CNY"},
    "months": 6,
    "method": "annuity",
    "purpose": "Steel for the spring orders of two buyers in Hamburg.",
}
SCREENED_PASSED: Final[dict[str, Any]] = {"passed": True}
SCREENED_OUT: Final[dict[str, Any]] = {
    "passed": False,
    "reasons": [{"code": "exports_below_minimum", "note": "USD 80,000 in six months."}],
}
DOCUMENT: Final[dict[str, Any]] = {
    "name": "Invoice 2026-118",
    "bank_id": "boc",
    "media_type": "application/pdf",
    "size": 3,
    "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
}
SUPPLY: Final[dict[str, Any]] = {
    "bank_id": "boc",
    "text": "The missing invoice is number 2026-118; it was paid on 3 March.",
}
COMPARISON: Final[dict[str, Any]] = {"offer_ids": ["ofr_01JV8QZ7N4K3T5W6X8Y9ABCDEF"], "drawn_on": "2026-03-10"}
SIGNATURE: Final[dict[str, Any]] = {
    "document_sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
}
DEBTS: Final[dict[str, Any]] = {"outstanding": {"amount": "200000.00", "currency": "CNY"}, "as_of": "2026-02-28"}
LIMIT_SIMULATION: Final[dict[str, Any]] = {
    "product": "boc-term",
    "exports": [{"money": {"amount": "12000.00", "currency": "USD"}, "on": "2026-02-20"}],
}
REVIEW_SCORE: Final[dict[str, Any]] = {
    "finding": "set_aside",
    "note": "The firm is new here: its books show three good years.",
}
