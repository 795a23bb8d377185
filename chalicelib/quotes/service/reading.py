"""Looking at quotes, and at the ways to pay."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from chalicelib.quotes.aggregate import QUOTES
from chalicelib.quotes.rules.methods import Policy
from chalicelib.quotes.views.quote import MethodsView, QuoteView, methods_view
from chalicelib.quotes.views.requests import MethodsQuery
from chalicelib.shared import policies
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import RequestContext

quote = partial(QUOTES.shown, QuoteView)


def policy_in_force(now: datetime) -> Policy:
    return policies.in_force("payment-methods", business_date(now)).read_as(Policy)


def methods(query: MethodsQuery, request: RequestContext) -> MethodsView:
    policy = policy_in_force(request.now)
    return methods_view(policy.paying_in(query.currency) if query.currency else policy.methods)
