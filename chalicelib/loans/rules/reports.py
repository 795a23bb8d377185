"""What every report of a bank about a loan has to keep to, and how far its figures are from ours. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from msgspec.structs import asdict

from chalicelib.credit.rules.products import Product
from chalicelib.credit.rules.schedule import Instalment, Terms, contract_dates, days_of_period, interest_minor
from chalicelib.loans.rules.loan import Context, Loan, Policy, Split
from chalicelib.loans.rules.position import Position
from chalicelib.loans.rules.standing import Difference
from chalicelib.shared.errors import RuleViolation
from chalicelib.shared.periods import business_date
from chalicelib.shared.texts import say

MOVED_BY_HOLIDAYS: Final = timedelta(days=15)
"""The longest holidays with the weekends beside them are shorter."""


class WrongCurrency(RuleViolation):
    code = "loan_in_another_currency"
    title = "The loan is in another currency."
    fix = "Report amounts in the currency of the loan."


class ValueDateTooFarBack(RuleViolation):
    code = "value_date_too_far_back"
    title = "That day of the loan can no longer be changed."
    fix = "Report it with a value date from `earliest` on."


class ValueDateAhead(RuleViolation):
    code = "value_date_ahead"
    title = "That day has not come yet."
    fix = "Report it when it has happened."


def require_currency(loan: Loan, currency: str) -> None:
    if currency != loan.currency:
        raise WrongCurrency(
            say("The loan is in {currency}.", currency=loan.currency), param="data.currency", currency=loan.currency
        )


def require_past(day: date, today: date, policy: Policy, earliest: date = date.min) -> None:
    earliest = max(earliest, today - timedelta(days=policy.backdated_days))
    if day < earliest:
        raise ValueDateTooFarBack(say("{day} is too far back.", day=day), earliest=earliest.isoformat())
    if day > today:
        raise ValueDateAhead(say("{day} is after {today}.", day=day, today=today), today=today.isoformat())


def require_value_date(loan: Loan, context: Context, day: date, now: datetime) -> None:
    assert loan.folded_on is not None, "what has not been disbursed is refused by the table"
    require_past(day, business_date(now), context.policy, loan.folded_on)


def differing(of: str, ours: int, theirs: int, periods: int) -> list[Difference]:
    """What is more than a minor unit for each period."""
    return [{"of": of, "ours_minor": ours, "theirs_minor": theirs}] if abs(ours - theirs) > periods else []


def different_plan(loan: Loan, product: Product, planned: Sequence[Instalment], rate_bp: int) -> list[Difference]:
    """What a bank's first schedule has otherwise than the terms of its draw: the rate, the interest that they come to by its own due dates, and when it ends."""
    left, interest = loan.amount_minor, 0
    for each in planned:
        days = days_of_period(each.from_on, each.until_on, product.day_count)
        interest += interest_minor(left, loan.rate_bp, days, product.day_count)
        left -= each.principal_minor
    planned_minor = sum(each.interest_minor for each in planned)
    rate = {"of": "rate_bp", "ours": loan.rate_bp, "theirs": rate_bp}
    return [
        *([rate] if rate_bp != loan.rate_bp else []),
        *differing("planned_interest", interest, planned_minor, len(planned)),
        *_different_end(loan, product, planned[0].from_on, planned[-1].due_on),
    ]


def _different_end(loan: Loan, product: Product, drawn_on: date, ends_on: date) -> list[Difference]:
    """Days of a group's loan are those of its rule sheet; of any other they follow from the draw, and holidays move them."""
    if loan.guarantee:
        return []
    terms = Terms(
        principal_minor=loan.amount_minor,
        rate_bp=loan.rate_bp,
        day_count=product.day_count,
        method=loan.method,
        months=loan.months,
        drawn_on=drawn_on,
        statement_day=product.statement_day,
        grace_days=product.grace_days,
    )
    agreed = contract_dates(terms)[-1]
    difference = {"of": "last_due_on", "detail": f"{agreed} was agreed, {ends_on} is planned"}
    return [difference] if abs(ends_on - agreed) > MOVED_BY_HOLIDAYS else []


def different_split(ours: Split, theirs: Split, periods: int) -> list[Difference]:
    return [
        difference
        for part, minor in asdict(ours).items()
        for difference in differing(part.removesuffix("_minor"), minor, getattr(theirs, part), periods)
    ]


def different_days(position: Position, theirs: int) -> list[Difference]:
    return [{"of": "dpd", "ours": position.dpd, "theirs": theirs}] if position.dpd != theirs else []
