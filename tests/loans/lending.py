"""Loans as values for tests: lent in one step, with the terms that a test wants."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from msgspec.structs import replace

from chalicelib.credit.rules import products, schedule
from chalicelib.credit.rules.products import Product
from chalicelib.credit.rules.schedule import Instalment, Terms
from chalicelib.loans.rules.loan import Loan, Pause, Repayment, portions_of
from chalicelib.shared.calendars import calendar
from chalicelib.shared.journal import GENESIS

CHINA = calendar("CN")
OFFERED = products.offered(date(2026, 1, 1))
AT = datetime(2024, 1, 1, tzinfo=UTC)


def product(**other: Any) -> Product:
    """A term loan at 12 %, ACT/360, one and a half times on overdue principal."""
    return replace(OFFERED.find("cmb-term"), **other)


def lent(terms: Terms, schedule_: Iterable[Instalment] | None = None, **other: Any) -> Loan:
    """A loan on the day of its draw."""
    planned = schedule.instalments(terms, CHINA) if schedule_ is None else schedule_
    fields: dict[str, Any] = {
        "id": "lon_01JV8QZ7N4K3T5W6X8Y9ABCDEF",
        "line_id": "lin_01JV8QZ7N4K3T5W6X8Y9ABCDEF",
        "member_id": "mem_01JV8QZ7N4K3T5W6X8Y9ABCDEF",
        "bank_id": "cmb",
        "product_id": "cmb-term",
        "kind": "term",
        "status": "current",
        "version": 1,
        "entry_hash": GENESIS,
        "created_at": AT,
        "updated_at": AT,
        "policy": OFFERED.hash,
        "currency": "CNY",
        "amount_minor": terms.principal_minor,
        "months": terms.months,
        "method": terms.method,
        "value_on": terms.drawn_on,
        "folded_on": terms.drawn_on,
        "rate_bp": terms.rate_bp,
        "portions": tuple(portions_of(planned)),
    }
    return Loan(**fields | other)


def annuity() -> Loan:
    """The loan of row I5: 1,000,000.00 at 12 %, 30/360, twelve instalments, the last due on 2024-12-10."""
    return lent(
        Terms(
            principal_minor=1_000_000_00,
            rate_bp=1200,
            day_count="30/360",
            method="annuity",
            months=12,
            drawn_on=date(2023, 12, 10),
        )
    )


def one_instalment(due_on: date, principal_minor: int, interest_minor: int, drawn_on: date) -> Loan:
    """A loan with one instalment as a row has it."""
    return instalments((due_on, principal_minor, interest_minor), drawn_on=drawn_on)


def instalments(*parts: tuple[date, int, int], drawn_on: date) -> Loan:
    """A loan with the instalments of a row: due date, principal, interest."""
    start, planned = drawn_on, []
    for number, (due_on, principal, interest) in enumerate(parts, 1):
        planned.append(
            Instalment(
                number=number,
                from_on=start,
                until_on=due_on,
                due_on=due_on,
                principal_minor=principal,
                interest_minor=interest,
            )
        )
        start = due_on
    terms = Terms(
        principal_minor=sum(principal for _, principal, _ in parts),
        rate_bp=1200,
        day_count="ACT/360",
        method="equal_principal",
        months=len(parts),
        drawn_on=drawn_on,
    )
    return lent(terms, planned)


def paid(loan: Loan, *payments: tuple[date, int]) -> Loan:
    """With these payments, in the order in which they are told."""
    more = tuple(
        Repayment(bank_ref=f"R-{number}", value_on=on, amount_minor=minor)
        for number, (on, minor) in enumerate(payments, len(loan.repayments) + 1)
    )
    return replace(loan, repayments=(*loan.repayments, *more))


def paused(loan: Loan, *pauses: tuple[date, date]) -> Loan:
    return replace(loan, pauses=tuple(Pause(from_on=start, to_on=end) for start, end in pauses))
