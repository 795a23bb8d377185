"""Bodies that work, for the API document and the tests. The people are invented."""

from __future__ import annotations

from typing import Any, Final

FIRM: Final[dict[str, Any]] = {
    "name": "Ningbo Haiyue Lamps Co., Ltd.",
    "registration_no": "91330200MA2AAAAA1A",
    "industry": "C3872",
    "region": "CN-ZJ",
    "size": "small",
    "paid_in_capital": {"amount": "1000000.00", "currency": "CNY"},
    "founded_year": 2011,
}
SIGNER: Final[dict[str, Any]] = {
    "name": "Chen Yulan",
    "id_number": "330200197501010000",
    "phone": "+86 574 5555 0100",
    "email": "chen@firm.example",
    "powers": ["consent", "apply", "sign", "draw"],
    "powers_until": "2028-12-31",
    "is_legal_representative": True,
    "is_controller": True,
    "share_bp": 6000,
}
HOLDER: Final[dict[str, Any]] = {"name": "Haiyue Holding Ltd.", "kind": "company", "share_bp": 4000}
ACCOUNT: Final[dict[str, Any]] = {
    "bank_name": "Bank of China, Ningbo",
    "currency": "CNY",
    "number": "6222020200112233",
}
LICENCE: Final[dict[str, Any]] = {
    "kind": "business_licence",
    "media_type": "application/pdf",
    "size": 3,
    "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
}
RETURN: Final[dict[str, Any]] = {"reasons": ["The licence is of another firm."]}
REGISTERS: Final[dict[str, Any]] = {"seen_on": "2026-01-05", "tax_grade": "A", "on_court_list": False}
ERASE: Final[dict[str, Any]] = {"reason": "asked for by the person"}
DISCLOSE: Final[dict[str, Any]] = {"reason": "Compared with the register before verification."}
