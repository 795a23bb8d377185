"""Bodies that work, for the API document and the tests."""

from __future__ import annotations

from typing import Any, Final

PLAN: Final[dict[str, Any]] = {"country": "KR"}
TERMS: Final[dict[str, Any]] = {
    "agencies": ["kotra"],
    "languages": ["ko", "zh-Hans", "en"],
    "required_languages": ["zh-Hans"],
    "buyer_markets": ["CN"],
    "price_currencies": ["KRW"],
    "settlement_currency": "KRW",
    "categories": ["clothing", "jewellery", "cosmetics"],
    "hs_categories": ["cosmetics"],
    "band": {
        "least": {"amount": "50.00", "currency": "CNY"},
        "most": {"amount": "20000.00", "currency": "CNY"},
    },
    "fee_bp": 250,
    "spread_bp": 50,
    "badge": [
        {"language": "en", "text": "Member of the Korea channel"},
        {"language": "zh-Hans", "text": "韩国频道会员"},
        {"language": "ko", "text": "한국 채널 회원"},
    ],
    "colour": "#0b3d91",
    "targets": {"suppliers": 5000, "listings": 100000, "paid_a_day": {"amount": "1000000.00", "currency": "CNY"}},
}
AMEND: Final[dict[str, Any]] = {"terms": TERMS | {"spread_bp": 40}}
PAUSE: Final[dict[str, Any]] = {"reason": "The acquirer changes its systems tonight."}
CLOSE: Final[dict[str, Any]] = {"reason": "The agreement with the agency has ended."}
NOMINATE: Final[dict[str, Any]] = {
    "legal_name": "한빛의류 주식회사",
    "romanised_name": "Hanbit Apparel Co., Ltd.",
    "registration_number": "123-45-67890",
    "categories": ["clothing"],
    "office": {"mailbox": "export@hanbit.example", "telephone": "+82 2 555 0100"},
    "vouching": "Exporting since 2003; our Hangzhou post has visited the factory.",
}
EDIT: Final[dict[str, Any]] = NOMINATE | {"categories": ["clothing", "jewellery"]}
CHECK: Final[dict[str, Any]] = {"member_id": "mem_01JV8QZ7N4K3T5W6X8Y9ABCDEF"}
RETURN: Final[dict[str, Any]] = {"reason": "The registration is of another firm: please hand in the right one."}
WITHDRAW: Final[dict[str, Any]] = {"reason": "The firm wants to wait a season."}
DECLINE: Final[dict[str, Any]] = {"reason": "We sell at home only."}
REGISTRATION: Final[dict[str, Any]] = {
    "kind": "business_registration",
    "media_type": "application/pdf",
    "size": 184_320,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
}
SUSPEND: Final[dict[str, Any]] = {
    "reason": "quality",
    "text": "Three parcels came without labels; please say what changed.",
}
REINSTATE: Final[dict[str, Any]] = {"text": "The labels are right again."}
REVOKE: Final[dict[str, Any]] = {"reason": "law", "text": "The goods were recalled by the ministry."}
APPEAL: Final[dict[str, Any]] = {"text": "The recall was of another maker's goods: the notice is attached to our case."}
DECIDE: Final[dict[str, Any]] = {"outcome": "overturned", "text": "You are right: the notice names another firm."}
