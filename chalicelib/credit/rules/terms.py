"""The terms of a loan as an offer, an agreement and a line have them. Pure."""

from __future__ import annotations

from typing import Annotated

import msgspec

from chalicelib.credit.rules.position import CNY
from chalicelib.credit.rules.products import BasisPoints, DayCount, Method

Months = Annotated[int, msgspec.Meta(ge=1, le=60)]


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """`rate_bp` is the yearly rate in basis points; `fee_minor` is taken once, when the money is disbursed."""

    amount_minor: int
    currency: str = CNY
    rate_bp: BasisPoints
    fee_minor: int = 0
    day_count: DayCount
    method: Method
    months: Months
