"""Payment methods, as data: the policy `payment-methods`. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from typing import Final, Literal

import msgspec

from chalicelib.shared import fx
from chalicelib.shared.errors import RuleViolation
from chalicelib.shared.texts import say

MethodId = Literal["bank_transfer", "card", "wallet"]
BANK_TRANSFER: Final = "bank_transfer"


class MethodNotOffered(RuleViolation):
    code = "payment_method_not_offered"
    title = "Nothing can be paid that way."
    fix = "Choose one of `methods` (GET /v1/payment-methods)."


class Method(msgspec.Struct, frozen=True, kw_only=True):
    """One way to pay. A method without an `acquirer_id` is a bank's.

    `with_cover`: orders paid so may be covered. `instalments`: which parts of an order it may pay. `fee_bp` is what it costs the house.
    An authorisation lives `authorisation_days`; a buyer's bank may take a payment back for `chargeback_days`; a refund goes back the way it
    came for `refund_days`, and by bank transfer after that. `chargeback_fee_borne_by` says who bears what an acquirer asks for a dispute.
    """

    id: MethodId
    acquirer_id: str = ""
    currencies: tuple[str, ...]
    with_cover: bool
    instalments: tuple[Literal["deposit", "balance", "total"], ...]
    fee_bp: int
    authorisation_days: int = 0
    chargeback_days: int = 0
    refund_days: int
    chargeback_fee_borne_by: Literal["house", "supplier"] = "house"

    @property
    def authorisation_life(self) -> timedelta:
        return timedelta(days=self.authorisation_days)

    @property
    def refund_window(self) -> timedelta:
        return timedelta(days=self.refund_days)

    @property
    def chargeback_window(self) -> timedelta:
        return timedelta(days=self.chargeback_days)


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """The policy `payment-methods`. A quote is valid for `quote_minutes`; news of an authorisation made in time is waited for
    `news_minutes` more. `rates` are those agreed with acquirers: units of a buyer's currency for one of a price's. Exporters are settled
    `settlement_days` business days after capture.
    """

    quote_minutes: int
    news_minutes: int
    settlement_days: int
    rate_digits: int
    rates: dict[str, dict[str, str]]
    methods: tuple[Method, ...]

    @property
    def validity(self) -> timedelta:
        return timedelta(minutes=self.quote_minutes)

    @property
    def news(self) -> timedelta:
        return timedelta(minutes=self.news_minutes)

    def paying_in(self, currency: str) -> tuple[Method, ...]:
        """The methods that take a currency."""
        return tuple(method for method in self.methods if currency in method.currencies)

    def method(self, method_id: str, currency: str) -> Method:
        """MethodNotOffered with those that take the currency."""
        offered = self.paying_in(currency)
        chosen = next((method for method in offered if method.id == method_id), None)
        if chosen is None:
            raise MethodNotOffered(
                say("{method_id!r:.40} takes no {currency}.", method_id=method_id, currency=currency),
                param="method",
                methods=[each.id for each in offered],
            )
        return chosen

    def rate(self, of: str, to: str, on: date) -> str:
        """Units of `to` for one of `of`: the agreed rate, else the table's of the month, to so many significant digits. NoRate."""
        if of == to:
            return "1"
        return self.rates.get(of, {}).get(to) or _digits(_cross(of, to, on), self.rate_digits)


def _cross(of: str, to: str, on: date) -> Fraction:
    mine, theirs = fx.quote(of, on), fx.quote(to, on)
    return Fraction(mine.rate) / Fraction(theirs.rate)


def _digits(rate: Fraction, digits: int) -> str:
    """A decimal string of so many significant digits, half-even."""
    rounded = Context(prec=digits, rounding=ROUND_HALF_EVEN).divide(Decimal(rate.numerator), Decimal(rate.denominator))
    return f"{rounded.normalize():f}"
