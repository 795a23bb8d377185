"""Table rates into US dollars, the currency of limits and figures: one a month, from the policy `fx`.

A month without a rate of its own takes the latest earlier one, and the quote says which month that was.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Final

import msgspec

from chalicelib.shared import money, policies
from chalicelib.shared.periods import month_of
from chalicelib.shared.refusal import Unfit

LIMIT_CURRENCY: Final = "USD"


class NoRate(Unfit):
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

    def convert(self, minor: int, *, up: bool = False) -> int:
        return money.convert(minor, of=self.of, to=self.to, rate=self.rate, up=up)


class _Table(msgspec.Struct, frozen=True):
    to: str
    monthly: dict[str, dict[str, str]]


def quote(currency: str, on: date) -> Quote:
    """The table rate of a currency on a business date; NoRate where there is none that early or none at all."""
    return _quote(currency, month_of(on))


@lru_cache(maxsize=4096)
def _quote(currency: str, month: str) -> Quote:
    money.digits_of(currency)
    if currency == LIMIT_CURRENCY:
        return Quote(currency, LIMIT_CURRENCY, "1", month, "same currency")
    policy = policies.versions("fx")[-1]
    months = policy.read_as(_Table).monthly.get(currency, {})
    as_of = max((known for known in months if known <= month), default=None)
    if as_of is None:
        raise NoRate(f"There is no table rate from {currency} to {LIMIT_CURRENCY} for {month}.", param="currency")
    return Quote(currency, LIMIT_CURRENCY, months[as_of], as_of, f"fx {policy.version}")
