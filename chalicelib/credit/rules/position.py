"""A limit and what is taken of it: a credit line's, or a firm's exposure over all banks. Pure.

    limit = available + pending + outstanding + withheld

`pending` are draws that a bank has not disbursed yet, `outstanding` is principal that is owed. `withheld` can be drawn by nobody: on a line
that does not revolve what was repaid, of an exposure what the firm owes elsewhere. `available` is below zero only after the limit fell or a
repayment was reversed: nothing is called back for it.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from chalicelib.ledger.rules import chart
from chalicelib.shared.journal import Posting, transfer

CNY: Final = "CNY"

Part = Literal["available", "pending", "outstanding", "withheld"]
Parts = tuple[Part, Part]
"""From which part an amount goes to which."""
Holder = Literal["line", "exposure"]

GRANTED: Final[dict[Holder, str]] = {"line": chart.LINE_GRANTED, "exposure": chart.EXPOSURE_GRANTED}
ACCOUNTS: Final[dict[Holder, dict[Part, str]]] = {
    "line": {
        "available": chart.LINE_AVAILABLE,
        "pending": chart.LINE_PENDING,
        "outstanding": chart.LINE_OUTSTANDING,
        "withheld": chart.LINE_REPAID,
    },
    "exposure": {
        "available": chart.EXPOSURE_AVAILABLE,
        "pending": chart.EXPOSURE_PENDING,
        "outstanding": chart.EXPOSURE_OUTSTANDING,
        "withheld": chart.EXPOSURE_ELSEWHERE,
    },
}


class Position(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The contended numbers, in minor units."""

    limit_minor: int = 0
    pending_minor: int = 0
    outstanding_minor: int = 0
    withheld_minor: int = 0

    @property
    def used_minor(self) -> int:
        return self.pending_minor + self.outstanding_minor + self.withheld_minor

    @property
    def available_minor(self) -> int:
        return self.limit_minor - self.used_minor

    @property
    def drawable_minor(self) -> int:
        """What a draw could take."""
        return max(0, self.available_minor)

    @property
    def is_drawn(self) -> bool:
        """Whether draws are under way or principal is owed."""
        return self.pending_minor + self.outstanding_minor > 0


def postings(holder: Holder, owner_id: str, minor: int, parts: Parts, currency: str = CNY) -> tuple[Posting, ...]:
    """The two legs of an amount that goes from one part of a position to another."""
    source, destination = (ACCOUNTS[holder][part] for part in parts)
    return transfer(minor, currency, debit_to=(destination, owner_id), credit_to=(source, owner_id))


def limit_postings(
    holder: Holder, owner_id: str, *, was_minor: int, now_minor: int, currency: str = CNY
) -> tuple[Posting, ...]:
    """A raised limit is granted; a cut is taken back, even of what has been drawn."""
    available, granted = (ACCOUNTS[holder]["available"], owner_id), (GRANTED[holder], owner_id)
    if now_minor >= was_minor:
        return transfer(now_minor - was_minor, currency, debit_to=available, credit_to=granted)
    return transfer(was_minor - now_minor, currency, debit_to=granted, credit_to=available)
