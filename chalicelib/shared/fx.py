"""Table rates into US dollars, the currency of limits and figures: one a month, from the policy `fx`.

A month without a rate of its own takes the latest earlier one, and the quote says which month that was.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Final

import msgspec

from chalicelib.shared import money, policies
from chalicelib.shared.errors import RuleViolation
from chalicelib.shared.periods import month_of
from chalicelib.shared.texts import say

LIMIT_CURRENCY: Final = "USD"
DEPOSIT_CURRENCY: Final = "CNY"
"""The currency of rulebooks: the day-book keeps the orders that deposits are decided on in it, converted once for each order."""


class NoRate(RuleViolation):
    code = "no_exchange_rate"
    title = "There is no table rate for that currency."
    fix = "Use a currency that the policy fx lists (GET /v1/policies/fx), or US dollars."


class Quote(msgspec.Struct, frozen=True):
    """So many units of `to` for one unit of `of`, as a decimal string, from the table of the month `as_of`."""

    of: str
    to: str
    rate: str
    as_of: str
    source: str

    def convert(self, minor: int, rounding: money.Rounding = "half_even") -> int:
        return money.convert(minor, of=self.of, to=self.to, rate=self.rate, rounding=rounding)


def across(minor: int, mine: Quote, theirs: Quote) -> int:
    """`minor` units of one quoted currency in another, over the one both are quoted in: exactly, and rounded once, half-even."""
    if mine.of == theirs.of:
        return minor
    rate = cross_rate(mine, theirs)
    return money.divide(minor * rate.numerator, rate.denominator)


@lru_cache(maxsize=4096)
def cross_rate(mine: Quote, theirs: Quote) -> Fraction:
    """Minor units of `theirs.of` for one minor unit of `mine.of`, exactly."""
    digits = Fraction(10 ** money.digits_of(theirs.of), 10 ** money.digits_of(mine.of))
    return Fraction(mine.rate) / Fraction(theirs.rate) * digits


class _Table(msgspec.Struct, frozen=True):
    to: str
    monthly: dict[str, dict[str, str]]


def quote(currency: str, on: date, *, param: str = "currency") -> Quote:
    """The table rate of a currency on a business date; NoRate where there is none that early or none at all, with the field that names the currency."""
    month = month_of(on)
    known = _quote(currency, month)
    if known is None:
        raise NoRate(
            say(
                "There is no table rate from {currency} to {limit_currency} for {month}.",
                currency=currency,
                limit_currency=LIMIT_CURRENCY,
                month=month,
            ),
            param=param,
        )
    return known


@lru_cache(maxsize=4096)
def _quote(currency: str, month: str) -> Quote | None:
    money.digits_of(currency)
    if currency == LIMIT_CURRENCY:
        return Quote(currency, LIMIT_CURRENCY, "1", month, "same currency")
    policy = policies.versions("fx")[-1]
    months = policy.read_as(_Table).monthly.get(currency, {})
    as_of = max((known for known in months if known <= month), default=None)
    if as_of is None:
        return None
    return Quote(currency, LIMIT_CURRENCY, months[as_of], as_of, f"fx {policy.version}")
