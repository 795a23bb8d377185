"""What a price in one currency comes to for its buyer and its exporter: worked out once, on the whole price. Pure.

    buyer      = ceil(price x rate x (1 + spread))        at the digits of the buyer's currency
    fee        = round_half_even(price x fee_bp / 10000)  in the currency of the price
    exporter   = price - fee                              in the settlement currency

What the exchange gains or loses for that is `fx_difference`: nobody's who trades. Parts, such as what each line costs the buyer or what of it
is released first, are split of these figures and never rounded by themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import msgspec

from chalicelib.shared import money

WHOLE_BP = 10_000


class Amounts(msgspec.Struct, frozen=True, kw_only=True):
    """`buyer_minor` in the buyer's currency, `fee_minor` in that of the price, `exporter_minor` in the settlement currency.

    `fx_difference_minor` is what the buyer pays beyond the price at the bare rate, in the buyer's currency.
    """

    buyer_minor: int
    fee_minor: int
    exporter_minor: int
    fx_difference_minor: int


def amounts(
    price_minor: int,
    price_currency: str,
    buyer_currency: str,
    settlement_currency: str,
    rate: str,
    spread_bp: int,
    fee_bp: int,
    settlement_rate: str = "1",
) -> Amounts:
    """`rate`: units of the buyer's currency for one of the price's; `settlement_rate`: the same of the settlement currency.

    >>> amounts(129_000, "KRW", "CNY", "KRW", "0.0051", 50, 250)
    Amounts(buyer_minor=66119, fee_minor=3225, exporter_minor=125775, fx_difference_minor=329)
    """
    with_spread = Fraction(rate) * (WHOLE_BP + spread_bp) / WHOLE_BP
    buyer = money.convert(price_minor, of=price_currency, to=buyer_currency, rate=str(with_spread), rounding="up")
    fee = money.divide(price_minor * fee_bp, WHOLE_BP)
    return Amounts(
        buyer_minor=buyer,
        fee_minor=fee,
        exporter_minor=money.convert(
            price_minor - fee, of=price_currency, to=settlement_currency, rate=settlement_rate
        ),
        fx_difference_minor=buyer - money.convert(price_minor, of=price_currency, to=buyer_currency, rate=rate),
    )


def part(total_minor: int, done: int, whole: int) -> int:
    """What of a total falls to the first `done` of a `whole`: what falls to a part is the difference of two of these, so all parts sum up."""
    return money.divide(total_minor * done, whole) if whole else 0


def split(total_minor: int, weights: Sequence[int]) -> list[int]:
    """A total by weight, exactly: what rounding down leaves goes to the largest remainders, of equal ones to the first.

    >>> split(6182, [4020, 4020, 4020])
    [2061, 2061, 2060]
    """
    whole = sum(weights)
    parts = [total_minor * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda place: (-(total_minor * weights[place] % whole), place))
    for place in by_remainder[: total_minor - sum(parts)]:
        parts[place] += 1
    return parts
