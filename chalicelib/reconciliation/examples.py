"""Bodies that work, for the API document and the tests."""

from __future__ import annotations

from typing import Any, Final

RESOLVE: Final[dict[str, Any]] = {
    "outcome": "bank_corrects",
    "note": "The bank booked the fee twice and reverses it tomorrow.",
}
