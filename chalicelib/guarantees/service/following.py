"""What the journal says that concerns guarantees: payments of guarantors, defaults, calls.

Everything here may run twice, late and in any order: what counts is how things stand now.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from chalicelib.guarantees.service import calling, rescues
from chalicelib.shared.journal import Entry

RESCUING: Final = frozenset({"loan.repayment_received", "loan.repayment_reversed", "loan.default_declared"})
"""Entries of a loan that may concern a rescue."""


def follow(entry: Entry, now: datetime) -> None:
    """The effect of one journal entry, or none."""
    calling.follow(entry, now)
    if entry.event.kind in RESCUING:
        rescues.follow(entry.aggregate_id, now)
