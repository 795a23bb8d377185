"""Offers side by side: what each comes to, drawn whole on one day, under every method of its product. Pure."""

from __future__ import annotations

from datetime import date
from typing import Final

import msgspec

from chalicelib.credit.rules import schedule
from chalicelib.credit.rules.offer import Offer, OfferContext
from chalicelib.credit.rules.products import Method
from chalicelib.credit.rules.schedule import Instalment

MOST_COMPARED: Final = 20


class Costs(msgspec.Struct, frozen=True, kw_only=True):
    """What an offer comes to under one method: the instalments, and the yearly rate of everything that flows, the fee included."""

    method: Method
    is_offered: bool
    interest_minor: int
    fee_minor: int
    effective_rate_bp: int
    instalments: tuple[Instalment, ...]

    @property
    def total_cost_minor(self) -> int:
        return self.interest_minor + self.fee_minor


def costs(offer: Offer, context: OfferContext, drawn_on: date) -> tuple[Costs, ...]:
    """Under the offered method first, then under the product's others."""
    others = [method for method in context.product.methods if method != offer.terms.method]
    return tuple(_costs(offer, context, method, drawn_on) for method in (offer.terms.method, *others))


def _costs(offer: Offer, context: OfferContext, method: Method, drawn_on: date) -> Costs:
    terms, product = offer.terms, context.product
    contract = schedule.Terms(
        principal_minor=terms.amount_minor,
        rate_bp=terms.rate_bp,
        day_count=terms.day_count,
        method=method,
        months=terms.months,
        drawn_on=drawn_on,
        statement_day=product.statement_day,
        grace_days=product.grace_days,
        holidays=product.holidays,
        interest_follows=product.interest_follows,
        fee_minor=terms.fee_minor,
    )
    instalments = schedule.instalments(contract, context.calendar)
    return Costs(
        method=method,
        is_offered=method == terms.method,
        interest_minor=sum(each.interest_minor for each in instalments),
        fee_minor=terms.fee_minor,
        effective_rate_bp=schedule.effective_rate_bp(schedule.flows(contract, instalments)),
        instalments=instalments,
    )
