"""The end of a guarantee period, of which the bank is told before: whoever does not call in time has lost the guarantors. Pure.

Law: Civil Code, article 692. The period is what the agreement says, or six months from the day on which the last instalment falls due; neither
anybody's silence nor a complaint makes it longer.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from chalicelib.loans.rules.loan import Context, Loan, Status
from chalicelib.loans.rules.transitions import TABLE, LoanChange
from chalicelib.shared.periods import business_date, start_of

UNCALLED: Final[frozenset[Status]] = frozenset({"current", "in_arrears", "paused", "defaulted"})
"""Something is owed, and the guarantors have not been called on."""


def next_notice(loan: Loan, context: Context) -> datetime | None:
    """When the bank is told next: some days before the end, each once. Never after the end, and not twice on one day."""
    until, noticed = loan.guaranteed_until, loan.period_noticed_on or date.min
    if until is None or loan.guarantee is None or not loan.guarantee.binds or business_date(loan.updated_at) > until:
        return None
    days = sorted(until - timedelta(days=ahead) for ahead in context.policy.period_notice_days)
    return next((start_of(day) for day in days if day > noticed), None)


def tell_period(was: Loan, context: Context, at: datetime) -> LoanChange:
    """Tell the bank how many days are left to call on the guarantors. What it should have been told before is told with it."""
    assert was.guaranteed_until is not None, "a group stands for it"
    today = business_date(at)
    facts = {"guaranteed_until": was.guaranteed_until, "days": (was.guaranteed_until - today).days}
    return TABLE.change(was, "tell_period", at, event="guarantee_period_ending", payload=facts, period_noticed_on=today)
