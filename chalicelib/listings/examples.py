"""Bodies that work, for the API document and the tests."""

from __future__ import annotations

from typing import Any, Final

OFFER: Final[dict[str, Any]] = {
    "titles": {"ko": "모란 자수 린넨 셔츠", "zh-Hans": "牡丹刺绣亚麻衬衫", "en": "Linen shirt with peony embroidery"},
    "texts": {
        "ko": "한국산 린넨. 손자수.",
        "zh-Hans": "韩国亚麻,手工刺绣。",
        "en": "Linen woven in Korea, embroidered by hand.",
    },
    "category": "clothing",
    "hs_code": "610510",
    "origin": "KR",
    "steps": [
        {"quantity": 1, "price": {"amount": "12900", "currency": "KRW"}},
        {"quantity": 10, "price": {"amount": "11900", "currency": "KRW"}},
    ],
    "minimum_quantity": 1,
    "lead_days": 5,
}
DRAFT: Final[dict[str, Any]] = {
    "channel_id": "chn_01JV8QZ7N4K3T5W6X8Y9ABCDEF",
    "offer": OFFER,
    "on_hand": 100,
}
EDIT: Final[dict[str, Any]] = {"offer": OFFER}
STOCK: Final[dict[str, Any]] = {"on_hand": 120, "count": 1}
REJECT: Final[dict[str, Any]] = {
    "rules": [{"rule": "not_as_described", "words": "The picture shows another shirt. Send one of this one."}]
}
SUSPEND: Final[dict[str, Any]] = {"reason": "Its maker says that the pattern is not licensed."}
PICTURE: Final[dict[str, Any]] = {
    "media_type": "image/jpeg",
    "size": 1200,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
}
