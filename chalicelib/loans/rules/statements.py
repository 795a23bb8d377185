"""The monthly statement of a line whose product has a statement day: what was drawn, repaid and borne since the last one, and what is due when. Pure.

It follows from the loans of the line as they stood at the end of that day, so it is the same whoever looks at it when; a payment with an
earlier value date that the bank tells later shows on it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from chalicelib.credit.rules.products import Product
from chalicelib.loans.rules.loan import Loan
from chalicelib.loans.rules.position import copied, position_on
from chalicelib.shared.errors import NotFound
from chalicelib.shared.texts import say


class NoStatement(NotFound):
    code = "no_statement"
    title = "The line has no statement of that day."
    fix = "Name a day from `earliest` on, of a line whose product has a statement day."


class LoanOnStatement(msgspec.Struct, frozen=True, kw_only=True):
    """What one loan has on a statement. `due_minor` is to be paid until the statement's due date, what is overdue included."""

    loan_id: str
    opening_minor: int
    drawn_minor: int
    repaid_minor: int
    closing_minor: int
    interest_minor: int
    penalty_minor: int
    due_minor: int


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """`opening` + `drawn` - `repaid` = `closing`, principal all of them; `interest_minor` and `penalty_minor` were borne since the last statement."""

    since: date
    on: date
    due_on: date
    loans: tuple[LoanOnStatement, ...]

    def sum(self, name: str) -> int:
        return sum(getattr(each, name) for each in self.loans)


def statement(loans: Iterable[Loan], product: Product, since: date, on: date, due_on: date) -> Statement:
    """Of what was lent until that day. NoStatement where so much has happened since that a loan does not tell any more."""
    lines = (_on_statement(loan, product, since, on, due_on) for loan in loans if loan.value_on and loan.value_on <= on)
    return Statement(since=since, on=on, due_on=due_on, loans=tuple(each for each in lines if each))


def _on_statement(loan: Loan, product: Product, since: date, on: date, due_on: date) -> LoanOnStatement | None:
    """None for what was paid off before."""
    assert loan.value_on is not None, "it has been disbursed"
    assert loan.folded_on is not None, "it has been disbursed"
    if since < loan.folded_on != loan.value_on:
        raise NoStatement(
            say("{id} tells of days from {folded_on} on.", id=loan.id, folded_on=loan.folded_on),
            earliest=loan.folded_on.isoformat(),
        )
    after, is_new = position_on(loan, product, on), loan.value_on > since
    before = None if is_new else position_on(loan, product, since)
    opening = before.principal_minor if before else 0
    drawn = loan.amount_minor if is_new else 0
    due = copied(after)
    due.carry_to(max(due.on, due_on))
    line = LoanOnStatement(
        loan_id=loan.id,
        opening_minor=opening,
        drawn_minor=drawn,
        repaid_minor=opening + drawn - after.principal_minor,
        closing_minor=after.principal_minor,
        interest_minor=after.borne_interest_minor - (before.borne_interest_minor if before else 0),
        penalty_minor=after.borne_penalty_minor - (before.borne_penalty_minor if before else 0),
        due_minor=due.due_minor,
    )
    return line if any(msgspec.structs.astuple(line)[1:]) else None
