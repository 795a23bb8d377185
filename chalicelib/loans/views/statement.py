"""A line's monthly statement, as its firm, its bank and officers see it."""

from __future__ import annotations

from datetime import date

import msgspec

from chalicelib.credit.rules.line import Line
from chalicelib.loans.rules.statements import Statement
from chalicelib.shared.money import Money
from chalicelib.shared.ranges import BookDay
from chalicelib.shared.views import view_of


class LineStatementQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    on: BookDay | None = None
    """The last statement until that day; until yesterday where none is named."""


class LoanOnStatementView(msgspec.Struct, frozen=True, kw_only=True):
    """What one draw has on the statement. `due` is to be paid until `due_on`, what is overdue included."""

    loan_id: str
    opening: Money
    drawn: Money
    repaid: Money
    closing: Money
    interest: Money
    penalty: Money
    due: Money


class LineStatementView(msgspec.Struct, frozen=True, kw_only=True):
    """Principal: `opening` + `drawn` - `repaid` = `closing`. `interest` and `penalty` were borne after `since` until the end of `statement_on`;
    `due` is to be paid until `due_on`. A payment that the bank tells later with an earlier value date shows on it.
    """

    line_id: str
    bank_id: str
    since: date
    statement_on: date
    due_on: date
    opening: Money
    drawn: Money
    repaid: Money
    closing: Money
    interest: Money
    penalty: Money
    due: Money
    loans: list[LoanOnStatementView]


SUMS = ("opening", "drawn", "repaid", "closing", "interest", "penalty", "due")


def line_statement_view(line: Line, statement: Statement) -> LineStatementView:
    return LineStatementView(
        line_id=line.id,
        bank_id=line.bank_id,
        since=statement.since,
        statement_on=statement.on,
        due_on=statement.due_on,
        loans=[view_of(LoanOnStatementView, each, line.currency) for each in statement.loans],
        **{name: Money.of(statement.sum(f"{name}_minor"), line.currency) for name in SUMS},
    )
