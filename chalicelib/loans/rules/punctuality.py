"""How often a debtor has paid by the day: what the next seat of its group waits for before it draws (credit.md 13, 10). Pure.

An instalment counts when nothing is owed at the end of its due date, and no guarantor or pool has paid anything since the one before. It is
counted while `position.py` walks through a loan's facts; what lies before the day on which a loan begins is in `punctual_folded`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from chalicelib.loans.rules.loan import Loan, Portion


def due_dates(loan: Loan) -> set[date]:
    """The days on which instalments may count: of every schedule there was, behind the day on which the loan begins. Only of loans in a group."""
    if loan.guarantee is None or loan.folded_on is None:
        return set()
    planned = (each.due_on for change in loan.changes for each in change.instalments)
    return {day for day in (*(each.due_on for each in loan.portions), *planned) if day > loan.folded_on}


def is_punctual(loan: Loan, portions: Sequence[Portion], due_minor: int, day: date) -> bool:
    """Whether an instalment falls due on a day, of which nothing is owed at its end, and which nobody has helped to pay."""
    instalments = [each.due_on for each in portions if each.number and each.principal_minor + each.interest_minor]
    if day not in instalments or due_minor:
        return False
    since = max((due_on for due_on in instalments if due_on < day), default=date.min)
    return not any(since < on <= day for on in loan.helped_on)
