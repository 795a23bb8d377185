"""The table of a loan: every report of a bank has an effect, nothing to do, or a refusal by name in every status; and the clock's moments."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.loans.rules import borrowing
from chalicelib.loans.rules.events import ReportedPayer
from chalicelib.loans.rules.loan import STATUSES, Loan, PlannedInstalment, Status
from chalicelib.loans.rules.timers import MACHINE
from chalicelib.loans.rules.transitions import TABLE, NotInThisStatus
from chalicelib.shared.errors import DomainError
from chalicelib.shared.periods import start_of
from tests.loans import statuses
from tests.loans.lending import CONTEXT
from tests.loans.statuses import DECIDE, IN_STATUS, NOW, tell, told

MS = timedelta(milliseconds=1)
DAY = timedelta(days=1)
KINDS = sorted(set(DECIDE) & {each.name for each in TABLE.transitions if "bank" in each.actors})
OF_A_LOAN = [
    kind for kind in KINDS if kind != "draw.disbursed" and "loan_id" in DECIDE[kind].type.form.__struct_fields__
]


def test_every_status_is_made_by_what_is_reported() -> None:
    assert {status: make().status for status, make in IN_STATUS.items()} == {status: status for status in STATUSES}


@pytest.mark.parametrize("kind", OF_A_LOAN)
@pytest.mark.parametrize("status", STATUSES)
def test_every_report_in_every_status_has_an_effect_or_a_refusal_by_name(status: Status, kind: str) -> None:
    loan = IN_STATUS[status]()
    rows = [each for each in TABLE.transitions if each.name == kind and status in each.sources]
    outcome = outcome_of(loan, kind)
    assert isinstance(outcome, NotInThisStatus) == (not rows)
    if isinstance(outcome, DomainError):
        assert outcome.code != DomainError.code
    else:
        assert outcome is None or outcome.version == loan.version + 1


def outcome_of(loan: Loan, kind: str) -> Loan | DomainError | None:
    """The loan after a report, None where there was nothing to do, or the refusal."""
    try:
        change = tell(loan, kind)
    except DomainError as refused:
        return refused
    return change.state if change else None


ALLOWED = {
    "current": {"request-hardship", "propose-restructuring"},
    "in_arrears": {"request-hardship", "propose-restructuring"},
}


@pytest.mark.parametrize("status", STATUSES)
def test_what_people_may_do_in_a_status(status: Status) -> None:
    loan = IN_STATUS[status]()
    people = ("borrower", "officer")
    allowed = {name for actor in people for name in TABLE.allowed(loan, actor, CONTEXT, NOW)}
    own = {"request-hardship", "propose-restructuring", "sign-restructuring"}
    assert allowed & own == ALLOWED.get(status, set())


# --- the clock --------------------------------------------------------------------------------------------------------


def after(loan: Loan, until: datetime) -> list[tuple[str, datetime]]:
    """What the clock does until an instant: events and when they took effect."""
    return [(change.event.kind, change.at) for change in MACHINE.overdue(loan, CONTEXT, until)]


def test_the_borrower_is_reminded_before_the_due_date_told_of_its_arrears_and_reminded_on_the_two_days_after() -> None:
    loan = statuses.current()
    due = start_of(date(2024, 7, 10))
    happens = [
        ("loan.reminded", due - 7 * DAY),
        ("loan.reminded", due - 3 * DAY),
        ("loan.reminded", due - DAY),
        ("loan.fell_into_arrears", due + DAY),
        ("loan.reminded_late", due + 2 * DAY),
        ("loan.reminded_late", due + 3 * DAY),
    ]
    assert after(loan, due + 60 * DAY) == happens
    for number, (_, moment) in enumerate(happens):
        assert len(after(loan, moment - MS)) == number
        assert len(after(loan, moment)) == number + 1


def test_what_a_reminder_tells() -> None:
    first = next(iter(MACHINE.overdue(statuses.current(), CONTEXT, NOW + 20 * DAY)))
    assert (first.event.payload["due_on"], first.event.payload["days"]) == (date(2024, 7, 10), 7)
    assert first.state.status == "current"


def test_a_late_reminder_tells_how_late_and_waits_for_the_days_of_a_pause() -> None:
    due = start_of(date(2024, 7, 10))
    *_, second, third = MACHINE.overdue(statuses.current(), CONTEXT, due + 3 * DAY)
    assert [(each.event.payload["dpd"], each.state.status) for each in (second, third)] == [
        (2, "in_arrears"),
        (3, "in_arrears"),
    ]
    assert second.event.payload["overdue_minor"] > 0
    assert third.state.remind_at is None


def test_a_pause_that_lies_ahead_begins_and_ends_by_itself() -> None:
    loan = told(statuses.in_arrears(), "hardship.granted", from_on=date(2024, 6, 25), to_on=date(2024, 7, 5))
    assert loan.status == "in_arrears"
    begins, ends = start_of(date(2024, 6, 25)), start_of(date(2024, 7, 5))
    assert after(loan, begins - MS) == []
    assert after(loan, ends - MS) == [("loan.pause_began", begins)]
    assert after(loan, ends) == [("loan.pause_began", begins), ("loan.pause_ended", ends)]
    [*_, last] = MACHINE.overdue(loan, CONTEXT, ends)
    assert (last.state.status, last.event.payload["dpd"]) == ("in_arrears", 15)


def test_a_pause_keeps_a_loan_out_of_arrears_until_the_day_after_it() -> None:
    loan = told(statuses.current(), "hardship.granted", from_on=date(2024, 7, 10), to_on=date(2024, 7, 20))
    kinds = [kind for kind, _ in after(loan, start_of(date(2024, 7, 21))) if kind != "loan.reminded"]
    assert kinds == ["loan.pause_began", "loan.pause_ended", "loan.fell_into_arrears"]


@pytest.mark.parametrize(
    ("make", "event", "days"),
    [
        (lambda: asked(), "loan.hardship_request_lapsed", CONTEXT.policy.hardship_answer_days),
        (lambda: proposed(), "loan.restructuring_lapsed", CONTEXT.policy.restructuring_days),
    ],
)
def test_what_nobody_answers_lapses(make: Callable[[], Loan], event: str, days: int) -> None:
    loan = make()
    assert event not in dict(after(loan, NOW + days * DAY - MS))
    assert dict(after(loan, NOW + days * DAY))[event] == NOW + days * DAY


def asked() -> Loan:
    return borrowing.request_hardship(
        statuses.in_arrears(), CONTEXT, date(2024, 7, 1), date(2024, 7, 20), "A flood.", NOW
    ).state


def proposed() -> Loan:
    rows = [PlannedInstalment(number=1, due_date=date(2024, 12, 10), principal=20_000_00, interest=1_200_00)]
    return borrowing.propose_restructuring(
        statuses.in_arrears(), CONTEXT, "rst_1", rows, "Season.", "borrower", NOW
    ).state


@pytest.mark.parametrize("start", ["in_arrears", "called", "in_recovery", "settled_by_guarantors"])
def test_a_random_walk_of_reports_and_days_makes_only_declared_changes(start: Status) -> None:
    """Nothing that a bank reports, in whatever order and status, is a fault of ours."""
    chance = random.Random(11)
    for _ in range(60):
        loan, now = IN_STATUS[start](), NOW
        for number in range(25):
            now += timedelta(hours=chance.randrange(0, 120))
            for change in MACHINE.overdue(loan, CONTEXT, now):
                loan = change.state
            kind = chance.choice(OF_A_LOAN)
            data: dict[str, Any] = {"bank_ref": f"R-{chance.randrange(6)}-{number}"}
            if kind == "repayment.reversed" and loan.repayments:
                data |= {
                    "original_bank_ref": chance.choice(loan.repayments).bank_ref,
                    "amount": chance.randrange(1, 9_000_00),
                }
            elif kind in ("repayment.received", "recovery.received"):
                data |= {"amount": chance.randrange(1, 12_000_00)}
                if kind == "repayment.received" and chance.random() < 0.5:
                    data |= {"payer": ReportedPayer(kind="guarantor", seat=chance.choice((2, 3, 4)))}
            elif kind == "schedule.changed":
                row = PlannedInstalment(
                    number=9, due_date=now.date() + timedelta(days=30), principal=loan.outstanding_minor, interest=0
                )
                data |= {"version": loan.schedule_version + 1, "schedule": [row]}
            try:
                change_ = tell(loan, kind, now, **data)
            except DomainError:
                continue
            loan = change_.state if change_ else loan
            assert min(loan.outstanding_minor, loan.booked.interest_minor, loan.booked.penalty_minor) >= 0
            assert all(each.minor > 0 for each in loan.guarantor_payments)


def test_a_loan_that_is_restructured_is_not_proposed_another_schedule() -> None:
    assert "propose-restructuring" not in TABLE.allowed(proposed(), "officer", CONTEXT, NOW)
    assert TABLE.allowed(proposed(), "borrower", CONTEXT, NOW) == ["request-hardship", "sign-restructuring"]
    assert TABLE.allowed(asked(), "borrower", CONTEXT, NOW) == ["propose-restructuring"]
