"""What every report of a bank about a loan has to keep to, and how far its figures are from ours. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from msgspec.structs import asdict

from chalicelib.loans.rules.loan import Context, Loan, Split
from chalicelib.loans.rules.position import Position
from chalicelib.loans.rules.standing import Difference
from chalicelib.shared.errors import RuleViolation
from chalicelib.shared.periods import business_date
from chalicelib.shared.texts import say


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


def require_past(day: date, today: date, context: Context, earliest: date = date.min) -> None:
    earliest = max(earliest, today - timedelta(days=context.policy.backdated_days))
    if day < earliest:
        raise ValueDateTooFarBack(say("{day} is too far back.", day=day), earliest=earliest.isoformat())
    if day > today:
        raise ValueDateAhead(say("{day} is after {today}.", day=day, today=today), today=today.isoformat())


def require_value_date(loan: Loan, context: Context, day: date, now: datetime) -> None:
    assert loan.folded_on is not None, "what has not been disbursed is refused by the table"
    require_past(day, business_date(now), context, loan.folded_on)


def differing(of: str, ours: int, theirs: int, periods: int) -> list[Difference]:
    """What is more than a minor unit for each period."""
    return [{"of": of, "ours_minor": ours, "theirs_minor": theirs}] if abs(ours - theirs) > periods else []


def different_split(ours: Split, theirs: Split, periods: int) -> list[Difference]:
    return [
        difference
        for part, minor in asdict(ours).items()
        for difference in differing(part.removesuffix("_minor"), minor, getattr(theirs, part), periods)
    ]


def different_days(position: Position, theirs: int) -> list[Difference]:
    return [{"of": "dpd", "ours": position.dpd, "theirs": theirs}] if position.dpd != theirs else []
