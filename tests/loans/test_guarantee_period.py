"""Before the guarantee period of a loan ends its bank is told 60, 30 and 7 days ahead, and nothing after."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from msgspec.structs import replace

from chalicelib.loans.rules.guarantee_period import UNCALLED
from chalicelib.loans.rules.loan import Loan
from chalicelib.loans.rules.timers import MACHINE
from chalicelib.shared.periods import business_date, start_of
from tests.loans.lending import CONTEXT
from tests.loans.statuses import GUARANTEE, called, guaranteed, guaranteed_default, in_arrears

END = date(2025, 1, 10)
TICK = timedelta(milliseconds=1)


def told(loan: Loan, until: datetime) -> list[tuple[date, int]]:
    """The day of each notice, and the days that it says are left."""
    changes = (change for change in MACHINE.overdue(loan, CONTEXT, until))
    notices = [each for each in changes if each.event.kind == "loan.guarantee_period_ending"]
    return [(business_date(each.at), each.event.payload["days"]) for each in notices]


def test_the_bank_is_told_three_times_and_never_after() -> None:
    loan = guaranteed_default()
    assert loan.guaranteed_until == END
    days = [(END - timedelta(days=ahead), ahead) for ahead in (60, 30, 7)]
    assert told(loan, start_of(END) + timedelta(days=400)) == days


def test_a_notice_is_due_when_its_day_begins() -> None:
    loan, first = guaranteed_default(), start_of(END - timedelta(days=60))
    assert told(loan, first - TICK) == []
    assert told(loan, first) == [(END - timedelta(days=60), 60)]
    [deadline] = [each for each in MACHINE.deadlines(loan, CONTEXT) if each.name == "guarantee_period"]
    assert (deadline.owner, deadline.due_at) == ("bank", first)


def test_days_that_have_passed_are_told_at_once_and_together() -> None:
    late = replace(guaranteed_default(), updated_at=start_of(END - timedelta(days=20)))
    assert told(late, start_of(END)) == [(END - timedelta(days=20), 20), (END - timedelta(days=7), 7)]


def test_a_longer_period_is_told_of_anew() -> None:
    loan = guaranteed_default()
    for change in MACHINE.overdue(loan, CONTEXT, start_of(END - timedelta(days=7))):
        loan = change.state
    longer = replace(loan, guaranteed_until=END + timedelta(days=90))
    assert [days for _, days in told(longer, start_of(END + timedelta(days=400)))] == [60, 30, 7]


def test_nothing_is_told_once_the_guarantors_are_called_the_period_is_over_or_nobody_stands_for_the_loan() -> None:
    over = replace(guaranteed_default(), updated_at=start_of(END) + timedelta(days=2))
    unbound = replace(guaranteed_default(), guarantee=replace(GUARANTEE, mode="none"))
    for loan in (called(), over, unbound, in_arrears()):
        assert told(loan, start_of(END) + timedelta(days=400)) == []
    assert "called" not in UNCALLED


def test_a_current_loan_is_told_of_too() -> None:
    assert [days for _, days in told(guaranteed(in_arrears()), start_of(END))] == [60, 30, 7]
