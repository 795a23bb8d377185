"""Bodies that work, for the API document and the tests."""

from __future__ import annotations

from typing import Any, Final

REVERSE: Final[dict[str, Any]] = {
    "why": "false_data",
    "note": "The accounts that the application was approved by were not the firm's.",
}
