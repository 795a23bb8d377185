"""Credit products as everybody may read them."""

from __future__ import annotations

from datetime import date

import msgspec

from chalicelib.credit.rules import products as rules
from chalicelib.groups.rules.joint_liability import LiabilityMode
from chalicelib.shared.money import Money
from chalicelib.shared.ranges import BookDay


class ProductsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    on: BookDay | None = None
    """A Shanghai day; today where it is left out."""


class ProductView(msgspec.Struct, frozen=True, kw_only=True):
    """What a bank offers: from `least` to `most`, for one of `term_months`, repaid by one of `methods`.

    Rates are hundredths of a per cent: `rate_bp` a year; on overdue principal `penalty_rate_bp` of it, where 10000 is as much again.
    `introduction_fee_bp` is what the bank pays the platform. `limit` says how the amount follows from exports. A `guaranteed` product is for
    members of a group that stand for each other in one of `liability_modes`, for `guarantee_months` after the last instalment at least; a pool
    bears `pool_share_bp` of what they cannot pay.
    """

    id: str
    bank_id: str
    kind: rules.ProductKind
    name: str
    currency: str
    least: Money
    most: Money
    term_months: list[int]
    methods: list[rules.Method]
    rate_bp: rules.BasisPoints
    day_count: rules.DayCount
    penalty_rate_bp: rules.BasisPoints
    overdue_interest_bears: bool
    fee_bp: rules.BasisPoints
    allocation: list[rules.Part]
    holidays: rules.Holidays
    interest_follows: bool
    materiality: rules.Materiality
    line_months: int
    renewal_days: int
    sla: rules.ServiceLevel
    limit: rules.LimitTerms
    introduction_fee_bp: rules.BasisPoints
    advance_bp: rules.BasisPoints
    statement_day: int
    grace_days: int
    guaranteed: bool
    liability_modes: list[LiabilityMode]
    guarantee_months: int
    pool_share_bp: rules.BasisPoints


class ProductsView(msgspec.Struct, frozen=True, kw_only=True):
    """All that banks offer on a day. `hash` names the version of their terms, which applications keep."""

    on: date
    version: str
    hash: str
    effective_on: date
    products: list[ProductView]
