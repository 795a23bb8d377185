"""Draws as rules: each of their deadlines a moment before, at and after; who does what to one, and what it gives back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.credit.rules import products
from chalicelib.credit.rules.effects import DrawLine, ReleaseDraw, ReleaseExposure, TakeExposure
from chalicelib.credit.rules.line import Line
from chalicelib.loans.rules import draws
from chalicelib.loans.rules.events import AboutDraw, DrawFailed
from chalicelib.loans.rules.loan import Loan
from chalicelib.loans.rules.timers import MACHINE
from chalicelib.loans.rules.transitions import TABLE, LoanChange, NotInThisStatus
from chalicelib.shared.calendars import calendar
from chalicelib.shared.journal import imbalance
from tests.credit.lining import NOW, active
from tests.loans.lending import CONTEXT

MS = timedelta(milliseconds=1)
CLOSES = datetime(2026, 3, 9, 16, tzinfo=UTC)
PRODUCT = products.offered(date(2026, 3, 2)).find("boc-revolving")


def requested(line: Line | None = None, minor: int = 30_000_000) -> LoanChange:
    return draws.requested(
        "lon_1",
        line or active(),
        PRODUCT,
        minor=minor,
        currency="CNY",
        months=3,
        signer="per_1",
        receivables=(),
        advance_minor=0,
        calendar=calendar("CN"),
        now=NOW,
    )


def told(**more: object) -> AboutDraw:
    form = DrawFailed if "reason" in more else AboutDraw
    fields = {"bank_ref": "B-1", "seq": 1, "occurred_at": NOW, "business_date": NOW.date(), "draw_id": "lon_1"}
    return form(**{**fields, **more})  # type: ignore[arg-type]


def later(loan: Loan, now: datetime) -> Loan:
    for change in MACHINE.overdue(loan, CONTEXT, now):
        loan = change.state
    return loan


def test_a_draw_takes_of_line_and_exposure_and_books_it() -> None:
    change = requested()
    assert [type(effect) for effect in change.effects] == [DrawLine, TakeExposure]
    assert not imbalance(change.event.postings)
    assert change.state.pending_minor == 30_000_000


def test_it_is_closed_at_its_moment_and_not_one_before() -> None:
    loan = requested().state
    assert later(loan, CLOSES - MS).status == "draw_requested"
    for moment in (CLOSES, CLOSES + MS):
        assert (later(loan, moment).status, later(loan, moment).reason) == ("draw_closed", "not_disbursed_in_time")
    [change] = MACHINE.overdue(loan, CONTEXT, CLOSES)
    assert change.at == CLOSES
    assert [type(effect) for effect in change.effects] == [ReleaseDraw, ReleaseExposure]


def test_a_cancellation_a_moment_before_the_clock_is_the_reason() -> None:
    cancelled = draws.cancel(later(requested().state, CLOSES - MS), CLOSES - MS).state
    assert later(cancelled, CLOSES + MS).reason == "cancelled_by_borrower"


def test_an_approved_draw_is_the_banks() -> None:
    approved = draws.approve(requested().state, CONTEXT, told(), "boc", NOW).state
    assert TABLE.allowed(approved, "borrower", CONTEXT, NOW) == []
    failed = draws.fail(approved, CONTEXT, told(reason="No funds."), "boc", NOW)  # type: ignore[arg-type]
    assert (failed.state.status, failed.state.reason) == ("draw_closed", "No funds.")
    assert [type(effect) for effect in failed.effects] == [ReleaseDraw, ReleaseExposure]


def test_a_closed_draw_is_neither_approved_nor_failed_again() -> None:
    closed = draws.cancel(requested().state, NOW).state
    for decide in (draws.approve, draws.fail):
        with pytest.raises(NotInThisStatus):
            decide(closed, CONTEXT, told(reason="No."), "boc", NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [1, 99, 125, 10_000_01])
def test_a_receivable_bears_its_part_rounded_down(value: int) -> None:
    receivable = products.offered(date(2026, 3, 2)).find("boc-receivable")
    assert draws.advance_minor((value, value), receivable) == 2 * (value * 8 // 10)
