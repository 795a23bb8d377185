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
