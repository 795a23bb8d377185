"""Endpoints and replays that work, for the API document and the tests."""

from __future__ import annotations

from typing import Any, Final

ENDPOINT: Final[dict[str, Any]] = {
    "url": "https://receiver.example/surety",
    "kinds": ["order.*", "claim.*"],
    "description": "our trade desk",
}
A_GAP: Final[dict[str, Any]] = {"aggregate_id": "ord_01KJP3ZQ4GT5H2W8N6VXRD0BCE", "from_seq": 5, "to_seq": 6}
A_TIME: Final[dict[str, Any]] = {
    "since": "2026-03-02T00:00:00Z",
    "until": "2026-03-05T00:00:00Z",
    "only_undelivered": True,
}
