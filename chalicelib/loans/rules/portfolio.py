"""A bank's loans at the end of a month, in figures by product, region and vintage. Pure.

Everything follows from the facts of each loan, which its journal tells: what was disbursed, written off and got back in the month, what is
outstanding at its end and how late, and from which bucket of lateness to which it went. A vintage is the month of disbursement.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Final, Literal

import msgspec

from chalicelib.loans.rules.arrears import Bucket, bucket
from chalicelib.loans.rules.loan import Context, Loan
from chalicelib.loans.rules.position import position_on
from chalicelib.shared.bounds import most
from chalicelib.shared.money import divide
from chalicelib.shared.periods import month_of

Dimension = Literal["product", "region", "vintage"]
MOST_GROUPS: Final = 4_000
UNKNOWN: Final = "unknown"
"""The region of a firm that has none."""


class Group(msgspec.Struct, frozen=True, order=True):
    product: str
    region: str
    vintage: str


class Figures(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Amounts in minor units of the product's currency. `rolls` is outstanding principal by `from>to`, buckets at the ends of two months."""

    loans: int = 0
    outstanding_minor: int = 0
    par_1_minor: int = 0
    par_30_minor: int = 0
    par_90_minor: int = 0
    defaulted_minor: int = 0
    disbursed: int = 0
    disbursed_minor: int = 0
    introduction_fee_minor: int = 0
    written_off_minor: int = 0
    recovered_minor: int = 0
    rolls: Annotated[dict[str, int], most(36, why="six buckets by six")] = {}

    def add(self, other: Figures) -> None:
        for name in self.__struct_fields__:
            if name != "rolls":
                setattr(self, name, getattr(self, name) + getattr(other, name))
        for roll, minor in other.rolls.items():
            self.rolls = {**self.rolls, roll: self.rolls.get(roll, 0) + minor}


class Cell(msgspec.Struct, frozen=True):
    group: Group
    figures: Figures


class Portfolio(msgspec.Struct, frozen=True, kw_only=True):
    """One bank's month, as it was reported."""

    bank_id: str
    month: str
    currency: str
    cells: Annotated[tuple[Cell, ...], most(MOST_GROUPS, why="products by regions by vintages")] = ()


def group_of(loan: Loan, region: str) -> Group:
    assert loan.value_on is not None, "a draw is no loan yet"
    return Group(loan.product_id, region or UNKNOWN, month_of(loan.value_on))


def figures(loan: Loan, context: Context, last: date, before: date) -> Figures:
    """One loan's part of a month that ends on `last`; `before` is the last day of the month before."""
    assert loan.value_on is not None, "a draw is no loan yet"
    is_new = loan.value_on > before
    disbursed = loan.amount_minor if is_new else 0
    now = _standing(loan, context, last)
    was = ("none", 0) if is_new else _standing(loan, context, before)
    is_lost = loan.written_off_on is not None and before < loan.written_off_on <= last
    late = now[0]
    return Figures(
        loans=1 if now[1] else 0,
        outstanding_minor=now[1],
        par_1_minor=now[1] if late != "current" else 0,
        par_30_minor=now[1] if late in ("31-60", "61-90", "over_90") else 0,
        par_90_minor=now[1] if late == "over_90" else 0,
        defaulted_minor=now[1] if loan.defaulted_on and loan.defaulted_on <= last else 0,
        disbursed=1 if is_new else 0,
        disbursed_minor=disbursed,
        introduction_fee_minor=divide(disbursed * context.product.introduction_fee_bp, 10_000),
        written_off_minor=loan.booked.written_off.principal_minor if is_lost else 0,
        recovered_minor=loan.booked.recovered_minor,
        rolls={f"{was[0]}>{late if now[1] else 'over'}": now[1] or was[1]} if now[1] or was[1] else {},
    )


def summed(cells: Iterable[Cell], by: Dimension | None) -> dict[str, Figures]:
    """Figures along one dimension, or all together under one empty name."""
    sums: dict[str, Figures] = {}
    for cell in cells:
        sums.setdefault(getattr(cell.group, by) if by else "", Figures()).add(cell.figures)
    return dict(sorted(sums.items()))


def _standing(loan: Loan, context: Context, on: date) -> tuple[Bucket, int]:
    """How late it is on a day, and what is outstanding: nothing once it was written off."""
    if loan.written_off_on and loan.written_off_on <= on:
        return "current", 0
    position = position_on(loan, context.product, on)
    return bucket(position.dpd), position.principal_minor
