"""The export credit limit: how much an exporter may borrow by what it exported in six months, step by step. Pure.

    window      the six calendar months up to and without `as_of`, its first day clamped to the month's last
    usd         what was exported through the platform, less what came back; less what the product's haircuts take off
    threshold   below it there is no limit
    deals       distinct orders, where the product asks for some
    elsewhere   exports proven outside the platform add a part of their amount, and never help over the threshold
    limit       so many units for a dollar, at most the product's most, down to a whole step

The same function answers the daily job, the API and simulations. Source: credit.md 5 and 17.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Annotated, Final, Literal

import msgspec

from chalicelib.credit.rules.products import LimitTerms
from chalicelib.exports.rules.days import ExportDay
from chalicelib.shared.bounds import most
from chalicelib.shared.money import divide
from chalicelib.shared.periods import months_before

Reason = Literal["EXPORT_BELOW_MIN", "TOO_FEW_DEALS"]
"""Why there is no limit: `EXPORT_BELOW_MIN` (too little exported through the platform), `TOO_FEW_DEALS` (too few orders)."""
MOST_DAYS: Final = 184
"""The longest six months."""
BP: Final = 10_000


class Leaving(msgspec.Struct, frozen=True, kw_only=True):
    """What the window no longer holds from the date `on` on, and the limit that is left then if nothing new is exported."""

    on: date
    platform_usd_minor: int
    elsewhere_usd_minor: int
    limit_minor: int


class Deductions(msgspec.Struct, frozen=True, kw_only=True):
    """What haircuts take off the exports through the platform, in US cents."""

    related_usd_minor: int = 0
    one_buyer_usd_minor: int = 0
    disputes_usd_minor: int = 0

    @property
    def usd_minor(self) -> int:
        return self.related_usd_minor + self.one_buyer_usd_minor + self.disputes_usd_minor


class Limit(msgspec.Struct, frozen=True, kw_only=True):
    """A limit with every step to it. `usd_6m_minor` is what the threshold is held against; `limit_minor` is 0 where there are `reasons`.

    The window is from `since` up to but not including `as_of`. Amounts in US cents, `raw_minor`, `capped_minor` and `limit_minor` in the
    product's currency. `missing_usd_minor` is what would have to be exported more to pass the threshold.
    """

    as_of: date
    since: date
    platform_usd_minor: int
    deductions: Deductions
    usd_6m_minor: int
    deals: int
    elsewhere_usd_minor: int
    raw_minor: int
    capped_minor: int
    limit_minor: int
    missing_usd_minor: int
    reasons: Annotated[tuple[Reason, ...], most(2, why="one of each")]
    leaves: Annotated[tuple[Leaving, ...], most(MOST_DAYS, why="the days of the window")]


def window(as_of: date, terms: LimitTerms) -> tuple[date, date]:
    """The first day that counts, and the day before which the last one lies."""
    return months_before(as_of, terms.window_months), as_of


def compute(days: Iterable[ExportDay], terms: LimitTerms, as_of: date, *, disputes_usd_minor: int = 0) -> Limit:
    """The limit on a date. Days outside the window do not count; `disputes_usd_minor` is what is disputed at present."""
    since, until = window(as_of, terms)
    counted = sorted((day for day in days if since <= day.on < until), key=lambda day: day.on)
    sums = _Sums(counted)
    disputes = disputes_usd_minor if terms.deducts_disputes else 0
    decision = _decide(sums, terms, disputes)
    return Limit(
        as_of=as_of,
        since=since,
        platform_usd_minor=sums.platform,
        deductions=decision.deductions,
        usd_6m_minor=decision.usd_minor,
        deals=decision.deals,
        elsewhere_usd_minor=sums.elsewhere,
        raw_minor=decision.raw_minor,
        capped_minor=decision.capped_minor,
        limit_minor=decision.limit_minor,
        missing_usd_minor=max(0, terms.least_usd_minor - decision.usd_minor),
        reasons=decision.reasons,
        leaves=tuple(_leaving(counted, sums, terms, as_of, disputes)),
    )


class _Sums:
    """What the days of a window come to. Days can be taken out of it again."""

    def __init__(self, days: Iterable[ExportDay]) -> None:
        self.platform = self.related = self.elsewhere = 0
        self.buyers = Counter[tuple[str, bool]]()
        self.orders = Counter[str]()
        for day in days:
            self.add(day)

    def add(self, day: ExportDay, sign: int = 1) -> None:
        for line in day.lines:
            minor = sign * line.usd_minor
            if line.origin == "elsewhere":
                self.elsewhere += minor
                continue
            self.platform += minor
            self.related += minor if line.is_related else 0
            self.buyers[line.buyer_ref, line.is_related] += minor
            self.orders[line.order_ref] += minor


class _Decision(msgspec.Struct, frozen=True, kw_only=True):
    deductions: Deductions
    usd_minor: int
    deals: int
    raw_minor: int
    capped_minor: int
    limit_minor: int
    reasons: tuple[Reason, ...]


def _decide(sums: _Sums, terms: LimitTerms, disputes: int) -> _Decision:
    deductions = _deductions(sums, terms, disputes)
    usd_minor = sums.platform - deductions.usd_minor
    deals = sum(1 for minor in sums.orders.values() if minor > 0)
    reasons: list[Reason] = []
    if usd_minor < terms.least_usd_minor:
        reasons.append("EXPORT_BELOW_MIN")
    if deals < terms.min_deals:
        reasons.append("TOO_FEW_DEALS")
    exact = (usd_minor + sums.elsewhere * Fraction(terms.elsewhere)) * Fraction(terms.per_usd)
    raw_minor = max(0, divide(exact.numerator, exact.denominator, "down"))
    capped_minor = min(raw_minor, terms.most_minor)
    return _Decision(
        deductions=deductions,
        usd_minor=usd_minor,
        deals=deals,
        raw_minor=raw_minor,
        capped_minor=capped_minor,
        limit_minor=0 if reasons else capped_minor // terms.step_minor * terms.step_minor,
        reasons=tuple(reasons),
    )


def _deductions(sums: _Sums, terms: LimitTerms, disputes: int) -> Deductions:
    """Related parties first, then what one buyer has above its part of the rest."""
    ratio = Fraction(terms.related)
    related = sums.related - _part(sums.related, ratio)
    one_buyer = 0
    if terms.one_buyer_bp < BP:
        of_buyers = Counter[str]()
        for (buyer, is_related), minor in sums.buyers.items():
            of_buyers[buyer] += _part(minor, ratio) if is_related else minor
        allowed = _part(sums.platform - related, Fraction(terms.one_buyer_bp, BP))
        one_buyer = sum(max(0, minor - allowed) for minor in of_buyers.values())
    return Deductions(related_usd_minor=related, one_buyer_usd_minor=one_buyer, disputes_usd_minor=disputes)


def _part(minor: int, ratio: Fraction) -> int:
    return divide(minor * ratio.numerator, ratio.denominator, "down")


def _leaving(
    days: Sequence[ExportDay], sums: _Sums, terms: LimitTerms, as_of: date, disputes: int
) -> Iterator[Leaving]:
    """Day after day, what falls out of the window; the sums are spent for it."""
    left = list(reversed(days))
    on = as_of
    while left:
        on += timedelta(days=1)
        since, _ = window(on, terms)
        platform, elsewhere = sums.platform, sums.elsewhere
        gone = len(left)
        while left and left[-1].on < since:
            sums.add(left.pop(), -1)
        if len(left) < gone:
            yield Leaving(
                on=on,
                platform_usd_minor=platform - sums.platform,
                elsewhere_usd_minor=elsewhere - sums.elsewhere,
                limit_minor=_decide(sums, terms, disputes).limit_minor,
            )
