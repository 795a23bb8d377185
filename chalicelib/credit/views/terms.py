"""The terms of a loan, as they are shown."""

from __future__ import annotations

import msgspec

from chalicelib.credit.rules.products import DayCount, Method
from chalicelib.credit.rules.terms import Terms
from chalicelib.shared.money import Money
from chalicelib.shared.views import view_of


class TermsView(msgspec.Struct, frozen=True, kw_only=True):
    """`rate_bp` is the yearly rate in hundredths of a percent; `fee` is for the whole amount: of what is drawn it is taken in proportion, when that is disbursed."""

    amount: Money
    rate_bp: int
    fee: Money
    day_count: DayCount
    method: Method
    months: int


def terms_view(terms: Terms) -> TermsView:
    return view_of(TermsView, terms)
