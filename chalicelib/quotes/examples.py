"""Bodies that work, for the API document and the tests."""

from __future__ import annotations

from typing import Any, Final

QUOTE: Final[dict[str, Any]] = {
    "channel_id": "chn_01JV8QZ7N4K3T5W6X8Y9ABCDEF",
    "price": {"amount": "129000", "currency": "KRW"},
    "currency": "CNY",
}
