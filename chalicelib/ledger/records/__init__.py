"""The projected books and the daily closes; the journal read raw, byte by byte, where it is being verified."""

from __future__ import annotations

from chalicelib.ledger.records.books import TotalRow, all_months, book, history, lines, months
from chalicelib.ledger.records.closes import (
    close_parts,
    keep_close,
    keep_close_part,
    keep_lag,
    lag,
    last_close,
)
from chalicelib.ledger.records.evidence import chain_of, chains, in_journal, journal, pages, places, read_image
from chalicelib.ledger.records.marks import is_unmarked, lift_mark, mark, put_mark

__all__ = [
    "TotalRow",
    "all_months",
    "book",
    "chain_of",
    "chains",
    "close_parts",
    "history",
    "in_journal",
    "is_unmarked",
    "journal",
    "keep_close",
    "keep_close_part",
    "keep_lag",
    "lag",
    "last_close",
    "lift_mark",
    "lines",
    "mark",
    "months",
    "pages",
    "places",
    "put_mark",
    "read_image",
]
