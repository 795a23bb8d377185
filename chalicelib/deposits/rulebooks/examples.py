"""Bodies that work, for the API document and the tests."""

from __future__ import annotations

from typing import Any, Final

RULEBOOK: Final[dict[str, Any]] = {
    "id": "EX-2026-05",
    "effective_on": "2026-05-01",
    "based_on": "EX-2024-01",
    "terms": {"groups": {"G2": {"text": "furniture", "amounts_minor": [10000, 30000, 60000, 100000, 200000]}}},
}
CHECK: Final[dict[str, Any]] = {name: RULEBOOK[name] for name in ("based_on", "terms")}
