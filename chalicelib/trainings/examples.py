"""Bodies that work, for the API document and the tests."""

from __future__ import annotations

from typing import Any, Final

ANNOUNCE: Final[dict[str, Any]] = {
    "topic": "joint_liability",
    "title": "What it means to stand for each other",
    "where": "Ningbo, 88 Zhongshan East Road, room 3",
    "language": "zh-Hans",
    "starts_at": "2026-12-10T06:00:00Z",
    "ends_at": "2026-12-10T09:00:00Z",
    "capacity": 30,
}
REGISTER: Final[dict[str, Any]] = {"person_id": "per_01JV8QZ7N4K3T5W6X8Y9ABCDEF"}
CANCEL: Final[dict[str, Any]] = {"note": "The teacher is ill. It takes place in April."}
RECORD: Final[dict[str, Any]] = {"attended": ["per_01JV8QZ7N4K3T5W6X8Y9ABCDEF"]}
