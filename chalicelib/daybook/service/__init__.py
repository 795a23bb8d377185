"""Use-cases of the day-book: recording facts each once, and reading what they add up to."""

from __future__ import annotations

from chalicelib.daybook.service.recording import has_history, record, rows

__all__ = ["has_history", "record", "rows"]
