"""How often a debtor has paid by the day: what the next seat of its group waits for before it draws (credit.md 13, 10). Pure."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from chalicelib.credit.rules.products import Product
from chalicelib.loans.rules.loan import FOR_THE_DEBTOR, Loan, Portion
from chalicelib.loans.rules.position import position_on


def punctual_on(loan: Loan, product: Product, on: date) -> int:
    """How many instalments were paid in full by their due dates, until a day, with the debtor's own money. Only of loans in a group.

    An instalment for which a guarantor or a pool has paid something since the one before is none.
    """
    if loan.guarantee is None or loan.folded_on is None:
        return 0
    periods = [(since, due_on) for since, due_on in _periods(loan, product, on) if loan.folded_on < due_on <= on]
    return loan.punctual_folded + sum(_is_punctual(loan, product, due_on, since) for since, due_on in periods)


def next_punctual(loan: Loan, product: Product, on: date) -> date | None:
    """The next due date, if its instalment is paid already: the day on which it counts."""
    if loan.guarantee is None:
        return None
    ahead = next(((since, due_on) for since, due_on in _periods(loan, product, on) if due_on > on), None)
    return ahead[1] if ahead and _is_punctual(loan, product, ahead[1], ahead[0]) else None


def _periods(loan: Loan, product: Product, on: date) -> list[tuple[date, date]]:
    """Each due date behind the one before it."""
    due = sorted({each.due_on for each in position_on(loan, product, on).portions if each.number})
    return list(pairwise([date.min, *due]))


def _is_punctual(loan: Loan, product: Product, due_on: date, since: date) -> bool:
    position = position_on(loan, product, due_on)
    is_whole = any(each.due_on == due_on and _is_an_instalment(each) for each in position.portions)
    is_helped = any(
        each.payer in FOR_THE_DEBTOR and each.kept_minor and since < each.value_on <= due_on for each in loan.repayments
    )
    return is_whole and not position.due_minor and not is_helped


def _is_an_instalment(portion: Portion) -> bool:
    return portion.number > 0 and portion.principal_minor + portion.interest_minor > 0
