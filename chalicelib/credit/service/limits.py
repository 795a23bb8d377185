"""Export credit limits: shown with every step, simulated, and worked out anew every day for firms that borrow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from chalicelib.claims.service import reading as claims_reading
from chalicelib.credit.rules import limit as rules
from chalicelib.credit.rules import products
from chalicelib.credit.rules.gates import gates
from chalicelib.credit.rules.limit import Limit
from chalicelib.credit.rules.products import LimitTerms, Product
from chalicelib.credit.service import consents, debts, exposure
from chalicelib.credit.views import limits
from chalicelib.credit.views import limits as views
from chalicelib.exports.rules.days import ExportDay, ExportLine
from chalicelib.exports.service import reading as exports_reading
from chalicelib.members import service as members
from chalicelib.shared import fx
from chalicelib.shared.errors import RuleViolation
from chalicelib.shared.money import Money
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import RequestContext

ASSUMED: Final = "assumed"
"""What the orders and buyers of assumed exports are called; references have no blanks, so that nobody's is the same."""


class MemberMissing(RuleViolation):
    code = "member_missing"
    title = "Whose limit it is was not said."
    fix = "Name a member as `member_id`."


def limit_of(member_id: str, product: Product, as_of: date) -> Limit:
    """The limit of a firm under a product's terms on a date. For slices above, which decide who may see it."""
    return of_days(_days(member_id, product.limit, as_of), member_id, product.limit, as_of)


def show(member_id: str, query: limits.LimitQuery, request: RequestContext) -> limits.CreditLimitView:
    """A firm's limit, for its own eyes or an officer's. NotFound for anybody else, NoSuchProduct."""
    members.find(member_id, request.caller)
    as_of = query.on or business_date(request.now)
    product = products.find(query.product, as_of, param="product")
    return _shown(member_id, product, limit_of(member_id, product, as_of), request.now)


def simulate(body: limits.LimitSimulationRequest, request: RequestContext) -> limits.LimitSimulationView:
    """The limit as it is, and as it would be on another date, under another product, with more exports or returns. NotFound, NoSuchProduct, NoRate."""
    member_id = body.member_id or request.caller.member_id
    if not member_id:
        raise MemberMissing("An officer says whose limit it is.", param="member_id")
    members.find(member_id, request.caller)
    on = body.on or business_date(request.now)
    other_on = body.other_on or on
    product = products.find(body.product, on, param="product")
    other = products.find(body.other_product or body.product, other_on, param="other_product")
    days = (*_days(member_id, other.limit, other_on), *_assumed(body, other_on))
    before = _shown(member_id, product, limit_of(member_id, product, on), request.now)
    after = _shown(member_id, other, of_days(days, member_id, other.limit, other_on), request.now)
    minor = after.limit.minor() - before.limit.minor()
    return limits.LimitSimulationView(difference=Money.of(minor, other.currency), before=before, after=after)


def refresh(member_id: str, request: RequestContext) -> int:
    """Work out a firm's limit over all banks and keep it: the largest that any product offered today gives it. Once or many times.

    For who applies, and every day for who ever did. Returns the limit.
    """
    today = business_date(request.now)
    terms = dict.fromkeys(product.limit for product in products.offered(today).products)
    widest = min(rules.window(today, each)[0] for each in terms)
    days = exports_reading.days(member_id, widest, today)
    limit_minor = max(of_days(days, member_id, each, today).limit_minor for each in terms)
    debts.forget_unless_consented(exposure.set_limit(member_id, limit_minor, request), request)
    return limit_minor


def _shown(member_id: str, product: Product, limit: Limit, now: datetime) -> limits.CreditLimitView:
    taken = exposure.of(member_id)
    is_consented = consents.live(member_id, product.bank_id, "exports", now) is not None
    return views.view(member_id, product, limit, taken, gates(taken, is_consented=is_consented))


def _days(member_id: str, terms: LimitTerms, as_of: date) -> tuple[ExportDay, ...]:
    return exports_reading.days(member_id, *rules.window(as_of, terms))


def of_days(days: Iterable[ExportDay], member_id: str, terms: LimitTerms, as_of: date) -> Limit:
    """The limit that follows from days which have been read; where the terms deduct disputes, those of the present are looked up."""
    disputed = claims_reading.disputed_usd_minor(member_id) if terms.deducts_disputes else 0
    return rules.compute(days, terms, as_of, disputes_usd_minor=disputed)


def _assumed(body: limits.LimitSimulationRequest, as_of: date) -> tuple[ExportDay, ...]:
    """A day for each assumption."""
    yesterday = as_of - timedelta(days=1)
    lines = [*_exports(body.exports, yesterday), *_returns(body.returns, yesterday)]
    return tuple(ExportDay(on=on, lines=(line,)) for on, line in lines)


def _exports(assumed: Sequence[limits.AssumedExport], on: date) -> Iterator[tuple[date, ExportLine]]:
    for number, each in enumerate(assumed):
        usd_minor = _usd_minor(each.money, each.on or on, f"exports[{number}].money")
        buyer = each.buyer_ref or f"{ASSUMED} {number}"
        yield each.on or on, ExportLine(f"{ASSUMED} {number}", buyer, usd_minor, each.origin, each.is_related)


def _returns(assumed: Sequence[limits.AssumedReturn], on: date) -> Iterator[tuple[date, ExportLine]]:
    for number, each in enumerate(assumed):
        usd_minor = _usd_minor(each.money, each.on or on, f"returns[{number}].money")
        yield each.on or on, ExportLine(f"{ASSUMED} return", f"{ASSUMED} return", -usd_minor, each.origin)


def _usd_minor(money: Money, on: date, param: str) -> int:
    minor = money.minor(param=f"{param}.amount", least=1)
    return fx.quote(money.currency, on, param=f"{param}.currency").convert(minor)
