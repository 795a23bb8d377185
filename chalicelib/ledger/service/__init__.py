"""The books: statements of accounts, the trial balance, and whether the journal bears them out."""

from __future__ import annotations

from chalicelib.ledger.service.statements import statement, trial_balance
from chalicelib.ledger.service.verification import close, closed, verification

__all__ = ["close", "closed", "statement", "trial_balance", "verification"]
