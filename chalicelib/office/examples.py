"""Bodies that work, for the API document and the tests."""

from __future__ import annotations

from typing import Any, Final

MINE: Final[dict[str, Any]] = {"assignee": "me"}
ANOTHERS: Final[dict[str, Any]] = {"assignee": "officer-7"}
NOBODYS: Final[dict[str, Any]] = {"assignee": None}
