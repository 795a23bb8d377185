"""The books: statements of accounts, the trial balance, and whether the journal bears them out."""

from __future__ import annotations

from chalicelib.ledger.service.marking import lift
from chalicelib.ledger.service.statements import chain, statement, trial_balance, turnovers
from chalicelib.ledger.service.timelines import timeline
from chalicelib.ledger.service.verifying import (
    Itemised,
    answers_kept_since,
    close,
    close_parts,
    last_closing,
    verification,
)

__all__ = [
    "Itemised",
    "answers_kept_since",
    "chain",
    "close",
    "close_parts",
    "last_closing",
    "lift",
    "statement",
    "timeline",
    "trial_balance",
    "turnovers",
    "verification",
]
