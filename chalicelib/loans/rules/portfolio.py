"""A bank's loans at the end of a month, in figures by product, region and vintage. Pure.

Everything follows from the facts of each loan, which its journal tells: what was disbursed, written off and got back in the month, what is
outstanding at its end and how late, and from which bucket of lateness to which it went. A vintage is the month of disbursement.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime
from operator import add
from typing import Annotated, Final, Literal, get_args

import msgspec

from chalicelib.credit.rules.review import Review
from chalicelib.loans.rules.arrears import Bucket, bucket
from chalicelib.loans.rules.introductions import fee_in
from chalicelib.loans.rules.loan import Context, Loan
from chalicelib.loans.rules.position import position_on
from chalicelib.shared.bounds import most
from chalicelib.shared.money import divide
from chalicelib.shared.periods import business_date, month_of, months_after

Dimension = Literal["product", "region", "vintage"]
DIMENSIONS: Final[tuple[Dimension, ...]] = get_args(Dimension)
MOST_GROUPS: Final = 500
UNKNOWN: Final = "unknown"
"""The region of a firm that has none."""


class Figures(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Amounts in minor units of the product's currency."""

    applied: int = 0
    applied_minor: int = 0
    approved: int = 0
    approved_minor: int = 0
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

    def __add__(self, other: Figures) -> Figures:
        ours, theirs = msgspec.structs.astuple(self), msgspec.structs.astuple(other)
        return Figures(**dict(zip(self.__struct_fields__, map(add, ours, theirs), strict=True)))


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """What one loan, or one application, adds to a month, and to which groups. `roll` is `from>to`, buckets at the ends of two months, and `rolled_minor` the principal that went that way."""

    product_id: str
    member_id: str
    vintage: str
    figures: Figures
    roll: str = ""
    rolled_minor: int = 0


class Portfolio(msgspec.Struct, frozen=True, kw_only=True):
    """One bank's month: all together, and in groups named `product:…`, `region:…` and `vintage:…`, each of which adds up to it.

    `rolls` is principal by `from>to`, buckets of days past due at the ends of two months.
    """

    bank_id: str
    month: str
    currency: str
    total: Figures = Figures()
    rolls: Annotated[dict[str, int], most(36, why="six buckets by six")] = {}
    groups: Annotated[dict[str, Figures], most(MOST_GROUPS, why="products, regions and months")] = {}

    def roll_rates(self) -> dict[str, int]:
        """Of the principal that came from a bucket, the part that went to each, in hundredths of a percent; by `from>to`."""
        came = Counter[str]()
        for roll, minor in self.rolls.items():
            came[_start(roll)] += minor
        return {roll: divide(minor * 10_000, came[_start(roll)]) for roll, minor in self.rolls.items()}

    def along(self, by: Dimension) -> dict[str, Figures]:
        """The groups of one dimension, by name."""
        prefix = f"{by}:"
        named = {name.removeprefix(prefix): group for name, group in self.groups.items() if name.startswith(prefix)}
        return dict(sorted(named.items()))


def reported(
    bank_id: str, month: str, currency: str, parts: Iterable[Part], region_of: Callable[[str], str]
) -> Portfolio:
    """A bank's month from what its loans and applications add to it. `region_of` a member is empty where nobody knows it."""
    total, rolls, groups = Figures(), Counter[str](), dict[str, Figures]()
    for part in parts:
        total += part.figures
        rolls[part.roll] += part.rolled_minor
        names: dict[Dimension, str] = {
            "product": part.product_id,
            "region": region_of(part.member_id) or UNKNOWN,
            "vintage": part.vintage,
        }
        for by in DIMENSIONS:
            name = f"{by}:{names[by]}"
            groups[name] = groups.get(name, Figures()) + part.figures
    return Portfolio(bank_id=bank_id, month=month, currency=currency, total=total, rolls=dict(+rolls), groups=groups)


def part_of_review(review: Review, month: str) -> Part:
    """An application that a bank was sent in a month, or approved in it, whenever it was sent. Its vintage is that month."""
    is_sent = month_of(business_date(review.created_at)) == month
    is_decided = review.decided_at is not None and month_of(business_date(review.decided_at)) == month
    approved_minor = (review.limit_minor or 0) if is_decided else 0
    return Part(
        product_id=review.product_id,
        member_id=review.member_id,
        vintage=month,
        figures=Figures(
            applied=1 if is_sent else 0,
            applied_minor=review.amount_minor if is_sent else 0,
            approved=1 if approved_minor else 0,
            approved_minor=approved_minor,
        ),
    )


def counted_in(on: date, told_at: datetime | None) -> str:
    """The month in whose report something of a day stands: its own, where the bank told of it before the second of the next, on which that is made;
    else the month in which it did. So it stands in one report and in no other.
    """
    told_on = business_date(told_at) if told_at else on
    reported_on = months_after(on.replace(day=1), 1).replace(day=2)
    return month_of(on if told_on < reported_on else told_on)


def part_of(loan: Loan, context: Context, last: date, before: date) -> Part:
    """One loan's part of a month that ends on `last`; `before` is the last day of the month before."""
    assert loan.value_on is not None, "a draw is no loan yet"
    month = month_of(last)
    is_new = counted_in(loan.value_on, loan.told_at) == month
    disbursed = loan.amount_minor if is_new else 0
    now = _standing(loan, context, last)
    was = ("none", 0) if is_new else _standing(loan, context, before)
    is_lost = loan.written_off_on is not None and counted_in(loan.written_off_on, loan.written_off_told_at) == month
    late = now[0]
    figures = Figures(
        loans=1 if now[1] else 0,
        outstanding_minor=now[1],
        par_1_minor=now[1] if late != "current" else 0,
        par_30_minor=now[1] if late in ("31-60", "61-90", "over_90") else 0,
        par_90_minor=now[1] if late == "over_90" else 0,
        defaulted_minor=now[1] if loan.defaulted_on and loan.defaulted_on <= last else 0,
        disbursed=1 if is_new else 0,
        disbursed_minor=disbursed,
        introduction_fee_minor=fee_in(loan.introduced, month),
        written_off_minor=loan.booked.written_off.principal_minor if is_lost else 0,
        recovered_minor=loan.booked.recovered_minor,
    )
    return Part(
        product_id=loan.product_id,
        member_id=loan.member_id,
        vintage=month_of(loan.value_on),
        figures=figures,
        roll=f"{was[0]}>{late if now[1] else 'over'}",
        rolled_minor=now[1] or was[1],
    )


def _standing(loan: Loan, context: Context, on: date) -> tuple[Bucket, int]:
    """How late it is on a day, and what is outstanding: nothing once it was written off."""
    if loan.written_off_on and loan.written_off_on <= on:
        return "current", 0
    position = position_on(loan, context.product, on)
    return bucket(position.dpd), position.principal_minor


def _start(roll: str) -> str:
    return roll.partition(">")[0]
