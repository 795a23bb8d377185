"""Money: whole numbers of minor units, never a float.

`Money` is the wire's form, `{"amount": "1500.00", "currency": "USD"}`: a decimal string with exactly the currency's
digits. Inside, amounts are integers named `*_minor` beside their currency. Currency digits: ISO 4217.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import Annotated, Final, Literal

import msgspec

from chalicelib.shared.errors import Malformed, RuleViolation
from chalicelib.shared.iso_codes import DIGITS
from chalicelib.shared.texts import say

MOST_MINOR: Final = 10**15
"""No single amount reaches this many minor units: a bound that no honest trade meets, far inside DynamoDB's 38 digits."""

Rounding = Literal["half_even", "half_up", "up", "down"]
"""`up`: what is reserved never falls short. `down`: what is below a threshold in exact figures stays below it. `half_up`: as banks round interest."""
_AMOUNT: Final = re.compile(r"(0|[1-9][0-9]{0,17})(?:\.([0-9]{1,4}))?", re.ASCII)


class UnknownCurrency(RuleViolation):
    code = "unknown_currency"
    title = "That currency is not known."
    fix = "Use an ISO 4217 code in capitals, for example USD."


class Money(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An amount as it stands on the wire. `minor()` is the number to calculate with."""

    amount: Annotated[str, msgspec.Meta(pattern=r"^-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,4})?$")]
    """A decimal string with exactly the currency's digits: 1500.00 in USD, 1500 in KRW. Below zero only in answers."""
    currency: Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$")]
    """ISO 4217."""

    def __str__(self) -> str:
        """As people read it: `1,500.00 USD`, in each of the languages that are offered."""
        return f"{self.grouped} {self.currency}"

    @property
    def grouped(self) -> str:
        """`1,500.00`."""
        whole, point, rest = self.amount.partition(".")
        return f"{int(whole):,}{point}{rest}" if whole != "-0" else self.amount

    def minor(self, *, param: str = "amount", least: int = 0) -> int:
        """The amount in minor units; Malformed or UnknownCurrency name what is wrong with it."""
        return parse_minor(self.amount, self.currency, param=param, least=least)

    @classmethod
    def of(cls, minor: int, currency: str) -> Money:
        return cls(amount=text(minor, currency), currency=currency)


class ReportedMoney(Money, frozen=True, forbid_unknown_fields=False):
    """Money as partners write it: what they add to it is ignored here, and kept with the message."""


def digits_of(currency: str, *, param: str = "currency") -> int:
    if currency not in DIGITS:
        raise UnknownCurrency(
            say("{currency!r:.20} is not a currency this system knows.", currency=currency), param=param
        )
    return DIGITS[currency]


def parse_minor(amount: str, currency: str, *, param: str = "amount", least: int = 0) -> int:
    """Minor units of a decimal string that has exactly the currency's digits.

    Signs, exponents, blanks, leading zeros, missing or extra digits are Malformed; amounts below `least` are too.
    """
    digits = digits_of(currency, param=param)
    match = _AMOUNT.fullmatch(amount)
    if match is None or len(match[2] or "") != digits:
        example = text(150000, currency)
        raise Malformed(
            say(
                "An amount in {currency} is a decimal string with {digits} digits, like {example!r}.",
                currency=currency,
                digits=digits,
                example=example,
            ),
            param=param,
        )
    minor = int(match[1] + (match[2] or ""))
    if minor >= MOST_MINOR:
        raise Malformed(
            say("The amount must be below {least}.", least=grouped(MOST_MINOR, currency)),
            param=param,
            maximum=text(MOST_MINOR - 1, currency),
        )
    if minor < least:
        raise Malformed(
            say("The amount must be at least {least}.", least=grouped(least, currency)),
            param=param,
            minimum=text(least, currency),
        )
    return minor


def text(minor: int, currency: str) -> str:
    """`(150000, "USD") -> "1500.00"`; negative numbers keep their sign (a position may be below zero, a payment may not)."""
    digits = digits_of(currency)
    if digits == 0:
        return str(minor)
    whole, rest = divmod(abs(minor), 10**digits)
    return f"{'-' if minor < 0 else ''}{whole}.{rest:0{digits}d}"


def printed(minor: int, currency: str) -> str:
    """`(150000, "USD") -> "1,500.00 USD"`: as people read an amount."""
    return str(Money.of(minor, currency))


def grouped(minor: int, currency: str) -> str:
    """The same without the currency, for a sentence that names it elsewhere."""
    return Money.of(minor, currency).grouped


def convert(minor: int, *, of: str, to: str, rate: str, rounding: Rounding = "half_even") -> int:
    """`minor` units of one currency in another at `rate` (a decimal string: units of `to` for one unit of `of`)."""
    over, under = _ratio(of, to, rate)
    return divide(minor * over, under, rounding)


def divide(over: int, under: int, rounding: Rounding = "half_even") -> int:
    """The quotient as a whole number."""
    if rounding == "up":
        return -(-over // under)
    whole, rest = divmod(over, under)
    if rounding == "down":
        return whole
    if rounding == "half_up":
        return whole + (2 * rest >= under)
    return whole + (2 * rest > under or (2 * rest == under and whole % 2))


@lru_cache(maxsize=4096)
def _ratio(of: str, to: str, rate: str) -> tuple[int, int]:
    """Minor units of `to` for one minor unit of `of`, as a fraction in lowest terms: parsed once for each rate."""
    exact = Fraction(rate) * Fraction(10 ** digits_of(to), 10 ** digits_of(of))
    return exact.numerator, exact.denominator
