"""How often a debtor has paid by the day: what the next seat of its group waits for before it draws (credit.md 13, 10). Pure."""

from __future__ import annotations

from datetime import date

from chalicelib.credit.rules.products import Product
from chalicelib.loans.rules.loan import FOR_THE_DEBTOR, Loan, Portion
from chalicelib.loans.rules.position import position_on


def punctual_on(loan: Loan, product: Product, on: date) -> int:
    """How many instalments were paid in full by their due dates, until a day, with the debtor's own money. Only of loans in a group.

    An instalment for which a guarantor or a pool has paid something since the one before is none.
    """
    if loan.guarantee is None or loan.folded_on is None:
        return 0
    due = sorted({each.due_on for each in position_on(loan, product, on).portions if each.number})
    return loan.punctual_folded + sum(
        _is_punctual(loan, product, day, since=before)
        for before, day in zip([date.min, *due], due, strict=False)
        if loan.folded_on < day <= on
    )


def _is_punctual(loan: Loan, product: Product, due_on: date, since: date) -> bool:
    position = position_on(loan, product, due_on)
    is_whole = any(each.due_on == due_on and _is_an_instalment(each) for each in position.portions)
    is_helped = any(
        each.payer in FOR_THE_DEBTOR and each.kept_minor and since < each.value_on <= due_on for each in loan.repayments
    )
    return is_whole and not position.due_minor and not is_helped


def _is_an_instalment(portion: Portion) -> bool:
    return portion.number > 0 and portion.principal_minor + portion.interest_minor > 0


def next_punctual(loan: Loan, product: Product, on: date) -> date | None:
    """The next due date whose instalment is punctual already, if nothing more happens: the day on which it counts."""
    if loan.guarantee is None:
        return None
    due = sorted(each.due_on for each in position_on(loan, product, on).portions if each.due_on > on and each.number)
    return next((day for day in due[:1] if punctual_on(loan, product, day) > loan.punctual), None)
