"""The terms of a loan as an offer, an agreement and a line have them. Pure."""

from __future__ import annotations

from typing import Annotated

import msgspec

from chalicelib.credit.rules.position import CNY
from chalicelib.credit.rules.products import BasisPoints, DayCount, Method
from chalicelib.shared.errors import Conflict
from chalicelib.shared.money import divide
from chalicelib.shared.texts import say

RateBp = Annotated[int, msgspec.Meta(ge=0, le=100_000)]
Months = Annotated[int, msgspec.Meta(ge=1, le=60)]


class RateIsFixed(Conflict):
    code = "rate_is_fixed"
    title = "The rate of a line, and of what is drawn on it, is the one that was signed."
    fix = "Report charges at the agreed rate; another rate takes a new agreement."


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """`rate_bp` is the yearly rate in basis points; `fee_minor` is for the whole amount, and each draw bears its part of it when it is disbursed."""

    amount_minor: int
    currency: str = CNY
    rate_bp: BasisPoints
    fee_minor: int = 0
    day_count: DayCount
    method: Method
    months: Months

    def fee_of(self, drawn_minor: int) -> int:
        """What a draw bears of the fee."""
        return divide(self.fee_minor * drawn_minor, self.amount_minor, "half_up")


def require_agreed_rate(rate_bp: int | None, agreed_bp: int) -> None:
    """RateIsFixed where a bank reports another rate than was agreed: no product here floats, and a rate that is silently ignored would be believed."""
    if rate_bp is not None and rate_bp != agreed_bp:
        raise RateIsFixed(
            say("{agreed_bp} basis points were agreed.", agreed_bp=agreed_bp), param="data.rate_bp", agreed_bp=agreed_bp
        )
