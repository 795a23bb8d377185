"""The projected books and the daily closes; the journal read raw, byte by byte, where it is being verified."""

from __future__ import annotations

from chalicelib.ledger.records.books import TotalRow, all_months, book, lines, months
from chalicelib.ledger.records.closes import (
    close_parts,
    keep_close,
    keep_close_part,
    keep_lag,
    lag,
    last_close,
)
from chalicelib.ledger.records.evidence import chain_of, chains, in_journal, journal, places, read_image

__all__ = [
    "TotalRow",
    "all_months",
    "book",
    "chain_of",
    "chains",
    "close_parts",
    "in_journal",
    "journal",
    "keep_close",
    "keep_close_part",
    "keep_lag",
    "lag",
    "last_close",
    "lines",
    "months",
    "places",
    "read_image",
]
