"""Bodies that work, for the API document and the tests."""

from __future__ import annotations

from typing import Any, Final

PAY: Final[dict[str, Any]] = {"method": "wallet"}
PART: Final[dict[str, Any]] = {"money": {"amount": "33.33", "currency": "CNY"}}
ALL: Final[dict[str, Any]] = {}
