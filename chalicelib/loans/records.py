"""The table of loans."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pynamodb.attributes import UnicodeAttribute

from chalicelib.loans.rules.introductions import month_told, statement_of
from chalicelib.loans.rules.loan import Loan
from chalicelib.loans.rules.portfolio import Portfolio
from chalicelib.shared.aggregates import AggregateRow, Repository
from chalicelib.shared.columns import Packed
from chalicelib.shared.commit import Put, Update
from chalicelib.shared.tables import Row, index, table


class LoanRow(AggregateRow):
    Meta = table("loans")
    loan_id = UnicodeAttribute(hash_key=True)
    member_id = UnicodeAttribute()
    bank_id = UnicodeAttribute()
    introduced_in = UnicodeAttribute(null=True)
    body = Packed(Loan)

    by_member = index(member_id, loan_id)
    by_bank = index(bank_id, loan_id)
    introductions = index(introduced_in, loan_id)
    """Sparse: only what a bank owes a fee for is in it, by bank and month."""


REPOSITORY: Final = Repository[Loan](
    LoanRow,
    lambda loan: {
        "member_id": loan.member_id,
        "bank_id": loan.bank_id,
        "introduced_in": statement_of(loan.bank_id, month_told(loan.introduced)) if loan.introduced else None,
    },
)


ids = REPOSITORY.ids
"""Ids of a member's or a bank's loans, oldest first."""


def introduced(bank_id: str, month: str, after: str | None) -> Iterator[str]:
    """Ids of the loans that a bank's statement of a month is of, by when they were asked for."""
    return REPOSITORY.ids(LoanRow.introductions, statement_of(bank_id, month), after=after)


def unchanged(loan: Loan) -> Update:
    """For a commit that was decided on what a loan owes: WriteConflict where somebody has changed it in between."""
    return Update(
        LoanRow(loan.id),
        actions=[LoanRow.version.set(loan.version)],
        guard=LoanRow.version == loan.version,
    )


class PortfolioRow(Row):
    """One bank's month, as it was reported."""

    Meta = table("portfolios")
    bank_id = UnicodeAttribute(hash_key=True)
    month = UnicodeAttribute(range_key=True)
    body = Packed(Portfolio)


def portfolio(bank_id: str, month: str) -> Portfolio | None:
    row = PortfolioRow.find(bank_id, month)
    return row.body if row else None


def put_portfolio(portfolio: Portfolio) -> Put:
    """A month is reported once."""
    row = PortfolioRow(portfolio.bank_id, portfolio.month, body=portfolio)
    return Put(row, guard=PortfolioRow.month.does_not_exist())
