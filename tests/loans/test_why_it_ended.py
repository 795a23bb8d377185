"""A closed loan tells why it is over: all was paid, and whether on time; or the bank has given up the rest."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from chalicelib.loans.rules import calls, draws, receiving, servicing
from chalicelib.loans.rules.events import AboutLoan, DefaultDeclared, DrawFailed, RepaymentReceived, WrittenOff
from chalicelib.loans.rules.loan import Loan
from chalicelib.loans.rules.transitions import TABLE, LoanChange
from chalicelib.loans.views.loan import view
from chalicelib.shared.periods import start_of
from tests.ends import endings
from tests.loans.lending import CONTEXT, head, one_instalment, stood
from tests.loans.statuses import draw_requested, settled_by_guarantors

DUE = start_of(date(2024, 6, 10))
LATE = DUE + timedelta(days=100)


def lent() -> Loan:
    return one_instalment(date(2024, 6, 10), 10_000_00, 100_00, drawn_on=date(2024, 5, 10))


def repaid_on_time() -> Loan:
    return _paid(lent(), 10_100_00, days=0)


def repaid_late() -> Loan:
    return _paid(lent(), 10_100_00 + 500_00, days=100)


def written_off() -> Loan:
    loan = stood(lent(), LATE)
    fields = head(loan, LATE, currency="CNY")
    declared = DefaultDeclared(cause="dpd", amount=10_600_00, **fields)
    loan = servicing.declare_default(loan, CONTEXT, declared, "cmb", LATE).state
    return servicing.write_off(loan, CONTEXT, WrittenOff(amount=10_600_00, **fields), "cmb", LATE).state


def _paid(loan: Loan, minor: int, *, days: int) -> Loan:
    now = DUE + timedelta(days=days)
    event = RepaymentReceived(amount=minor, currency="CNY", **head(loan, now))
    return receiving.receive_repayment(stood(loan, now), CONTEXT, event, "cmb", now).state


def closed(loan: Loan) -> LoanChange:
    change = servicing.close(loan, CONTEXT, AboutLoan(**head(loan, LATE)), "cmb", LATE)
    assert change is not None
    return change


def failed(reason: str) -> LoanChange:
    loan = draw_requested()
    fields = head(loan, LATE)
    event = DrawFailed(draw_id=fields.pop("loan_id"), reason=reason, **fields)
    return draws.fail(loan, CONTEXT, event, "cmb", LATE)


WHY: list[tuple[Callable[[], Loan], str, bool | None]] = [
    (repaid_on_time, "repaid_on", True),
    (repaid_late, "repaid_on", False),
    (written_off, "written_off_on", None),
]
DRAWS: list[tuple[str, Callable[[], LoanChange], str]] = [
    ("cancel", lambda: draws.cancel(draw_requested(), LATE), "cancelled_by_borrower"),
    ("cancel", lambda: draws.cancel(draw_requested(), LATE, "consent_withdrawn"), "consent_withdrawn"),
    ("lapse", lambda: draws.lapse(draw_requested(), CONTEXT, LATE), "not_disbursed_in_time"),
    ("draw.failed", lambda: failed("The account is closed."), "The account is closed."),
]
ENDED = [
    *(("loan.closed", closed(before()).state.status) for before, _, _ in WHY),
    ("clear_claims", calls.clear_claims(settled_by_guarantors(), LATE).state.status),
    *((name, ends().state.status) for name, ends, _ in DRAWS),
]
"""By which transition it ends, and how it then stands."""


@pytest.mark.parametrize(("before", "since", "on_time"), WHY)
def test_the_reason_is_the_one_that_acted(before: Callable[[], Loan], since: str, on_time: bool | None) -> None:
    change = closed(before())
    assert change.event.payload["repaid_on_time"] is on_time
    shown = view(change.state, CONTEXT, "borrower", LATE)
    assert [name for name in ("repaid_on", "written_off_on") if getattr(shown, name)] == [since]
    assert (shown.status, shown.repaid_on_time, shown.allowed_actions) == ("closed", on_time, [])


@pytest.mark.parametrize(("ends", "reason"), [(ends, reason) for _, ends, reason in DRAWS])
def test_a_draw_that_came_to_nothing_says_why(ends: Callable[[], LoanChange], reason: str) -> None:
    change = ends()
    assert change.event.payload["reason"] == reason
    shown = view(change.state, CONTEXT, "borrower", LATE)
    assert (shown.status, shown.reason, shown.standing) == ("draw_closed", reason, None)


def test_a_loan_that_its_guarantors_settled_is_closed_when_their_claims_are_over() -> None:
    change = calls.clear_claims(settled_by_guarantors(), LATE)
    assert change.event.payload["call_id"] == "C-1"
    shown = view(change.state, CONTEXT, "borrower", LATE)
    assert shown.call is not None
    assert (shown.status, shown.call.outcome, shown.repaid_on) == ("closed", "confirmed", None)


def test_every_transition_to_an_end_is_here() -> None:
    assert set(ENDED) == endings(TABLE)
