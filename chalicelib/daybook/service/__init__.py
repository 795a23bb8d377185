"""Use-cases of the day-book: recording facts each once, feeds, imports, and reading what the facts add up to."""

from __future__ import annotations

from chalicelib.daybook.service.feeds import record_activity, record_trades
from chalicelib.daybook.service.imports import open_import, show, with_form
from chalicelib.daybook.service.reading_days import BadWindow, day_book
from chalicelib.daybook.service.recording import DAYS, has_history, record, record_claims, rows, unfinished

__all__ = [
    "DAYS",
    "BadWindow",
    "day_book",
    "has_history",
    "open_import",
    "record",
    "record_activity",
    "record_claims",
    "record_trades",
    "rows",
    "show",
    "unfinished",
    "with_form",
]
