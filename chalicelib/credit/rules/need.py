"""Whether a firm needs credit, for what, and how much: from its exports, the lines it has and its limit. Pure.

    line_used_up  of its lines hardly anything is left: as much more as its limit leaves
    growth        it exported clearly more in the last months than in those before: what the growth has to be bought with
    season        a year ago exports fell from these months to the coming ones: what the dip takes out of its cash

The first of them that is there is meant. The amount is within what the limit leaves, in whole steps; where that is less than the product's
least there is no need that anybody could meet. Source: credit.md 14.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Annotated, Final, Literal

import msgspec

from chalicelib.credit.rules.products import LimitTerms, Product, ProductKind
from chalicelib.exports.rules.days import ExportDay
from chalicelib.shared.bounds import most
from chalicelib.shared.money import divide, printed
from chalicelib.shared.periods import months_before

NeedKind = Literal["line_used_up", "growth", "season"]
WHOLE_BP: Final = 10_000
SUITS: Final[dict[NeedKind, ProductKind]] = {"line_used_up": "revolving", "growth": "term", "season": "term"}
"""The kind of product that meets a need."""
MOST_PRODUCTS: Final = 20


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """The policy `pre-offers`: how many `months` are compared, from which part more or less on, and how long an offer is shown.

    After a firm said that it is not interested, nothing is looked for during `quiet_days`.
    """

    months: int
    growth_bp: int
    dip_bp: int
    used_up_bp: int
    valid_days: int
    quiet_days: int


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a firm. Exports through the platform in US cents: of the `recent` months and those `before`, and a year ago of the
    months that are coming now (`coming`) and of those that were recent then (`last`).

    `drawn_minor` is what is taken of its active lines' `lines_minor`.
    """

    recent_usd_minor: int = 0
    before_usd_minor: int = 0
    coming_usd_minor: int = 0
    last_usd_minor: int = 0
    lines_minor: int = 0
    drawn_minor: int = 0


class Need(msgspec.Struct, frozen=True, kw_only=True):
    """What a firm could use, with the reasons in words that it reads. `product_ids` suit, the cheapest first."""

    kind: NeedKind
    amount_minor: int
    currency: str
    limit_minor: int
    product_ids: Annotated[tuple[str, ...], most(MOST_PRODUCTS, why="products of one kind")]
    reasons: Annotated[tuple[str, ...], most(3, why="what the need follows from, and what bounds it")]


def windows(on: date, months: int) -> tuple[tuple[date, date], tuple[date, date]]:
    """The days that a situation is made of: the last months twice over, and the same a year ago with the months that are coming now."""
    return (months_before(on, 2 * months), on), (months_before(on, 12 + months), months_before(on, 12 - months))


def situation(
    now: Iterable[ExportDay],
    year_ago: Iterable[ExportDay],
    on: date,
    months: int,
    *,
    lines_minor: int,
    drawn_minor: int,
) -> Situation:
    """From the days of both windows."""
    recent, before = _parted(now, months_before(on, months))
    coming, last = _parted(year_ago, months_before(on, 12))
    return Situation(
        recent_usd_minor=recent,
        before_usd_minor=before,
        coming_usd_minor=coming,
        last_usd_minor=last,
        lines_minor=lines_minor,
        drawn_minor=drawn_minor,
    )


def find(
    known: Situation, offered: Iterable[Product], limit_of: Mapping[LimitTerms, int], used_minor: int, policy: Policy
) -> Need | None:
    """The first need that is there and that the firm can meet by itself, without a group. `used_minor` is what the firm has taken of its limit over all banks."""
    alone = (product for product in offered if not product.guaranteed)
    by_price = sorted(alone, key=lambda product: (product.rate_bp, product.fee_bp, product.id))
    for kind, wanted_usd_minor, reason in _needs(known, policy):
        suiting = [product for product in by_price if product.kind == SUITS[kind]]
        if suiting and (need := _met(kind, wanted_usd_minor, reason, suiting, limit_of, used_minor)):
            return need
    return None


def _met(
    kind: NeedKind,
    wanted_usd_minor: int | None,
    reason: str,
    suiting: Sequence[Product],
    limit_of: Mapping[LimitTerms, int],
    used_minor: int,
) -> Need | None:
    """The need in the currency and steps of the cheapest product, with all that lend so much; None where none does."""
    first = suiting[0]
    limit = limit_of[first.limit]
    available = max(0, limit - used_minor)
    wanted = available if wanted_usd_minor is None else _in_currency(wanted_usd_minor, first)
    amount = min(wanted, available, first.most_minor) // first.limit.step_minor * first.limit.step_minor
    lending = [
        each.id
        for each in suiting
        if each.currency == first.currency
        and each.least_minor <= amount <= min(each.most_minor, limit_of[each.limit] - used_minor)
    ]
    if not lending:
        return None
    bound = [_free(limit, available, first.currency)] if wanted >= available else []
    return Need(
        kind=kind,
        amount_minor=amount,
        currency=first.currency,
        limit_minor=limit,
        product_ids=tuple(lending),
        reasons=(reason, *bound),
    )


def _needs(known: Situation, policy: Policy) -> Iterator[tuple[NeedKind, int | None, str]]:
    """Each need that is there, what it takes in US cents (None: whatever there is), and why."""
    if known.lines_minor and known.drawn_minor * WHOLE_BP >= known.lines_minor * policy.used_up_bp:
        percent = known.drawn_minor * 100 // known.lines_minor
        yield "line_used_up", None, f"{percent} % of your credit lines are drawn."
    more = known.recent_usd_minor - known.before_usd_minor
    if known.before_usd_minor > 0 and more * WHOLE_BP >= known.before_usd_minor * policy.growth_bp:
        yield (
            "growth",
            more,
            f"You exported {_usd(known.recent_usd_minor)} in the last {policy.months} months, after {_usd(known.before_usd_minor)} in those before.",
        )
    less = known.last_usd_minor - known.coming_usd_minor
    if known.last_usd_minor > 0 and less * WHOLE_BP >= known.last_usd_minor * policy.dip_bp:
        yield (
            "season",
            divide(max(0, known.recent_usd_minor) * less, known.last_usd_minor, "down"),
            f"A year ago your exports fell from {_usd(known.last_usd_minor)} to {_usd(known.coming_usd_minor)} in the {policy.months} months that are coming now.",
        )


def _free(limit: int, available: int, currency: str) -> str:
    return f"Of your limit of {printed(limit, currency)}, {printed(available, currency)} are free."


def _in_currency(usd_minor: int, product: Product) -> int:
    """At the product's own ratio: what it lends for a dollar."""
    exact = usd_minor * Fraction(product.limit.per_usd)
    return divide(exact.numerator, exact.denominator, "down")


def _parted(days: Iterable[ExportDay], at: date) -> tuple[int, int]:
    """What was exported from a date on, and before it."""
    sums = {True: 0, False: 0}
    for day in days:
        sums[day.on >= at] += day.platform_usd_minor
    return sums[True], sums[False]


def _usd(minor: int) -> str:
    return printed(minor, "USD")
