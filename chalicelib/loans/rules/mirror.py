"""What a loan's facts come to on the mirror accounts. Pure.

Every change of facts books what the loan has borne until its day, and each payment that goes to something else than before: by reversing
what the books hold of it and booking it anew. So after each of the bank's events the accounts hold what the position of that day says.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec
from msgspec.structs import replace

from chalicelib.ledger.rules import chart
from chalicelib.loans.rules.loan import Booked, Loan, Split
from chalicelib.loans.rules.position import Position
from chalicelib.shared.journal import Posting, transfer

_ACCOUNTS: Final = {
    "penalty_minor": chart.LOAN_PENALTY,
    "fee_minor": chart.LOAN_FEES,
    "interest_minor": chart.LOAN_INTEREST,
    "principal_minor": chart.LOAN_PRINCIPAL,
    "surplus_minor": chart.LOAN_SURPLUS,
}
"""Where each part of a payment is booked."""
_BORNE: Final = (
    ("interest_minor", chart.LOAN_INTEREST),
    ("penalty_minor", chart.LOAN_PENALTY),
    ("fee_minor", chart.LOAN_FEES),
)


class Booking(msgspec.Struct, frozen=True):
    """A loan whose books agree with its position, and what that posts. `moved` are the payments that go to something else than before."""

    loan: Loan
    postings: tuple[Posting, ...]
    moved: dict[str, Split]


def disbursed(loan: Loan, fee_minor: int) -> tuple[Posting, ...]:
    """The bank pays out what it lends, less the fee that it keeps at once."""
    return (
        *_move(loan, loan.amount_minor, chart.LOAN_PRINCIPAL, chart.LOAN_FUNDING),
        *_move(loan, fee_minor, chart.LOAN_FUNDING, chart.LOAN_INCOME),
    )


def booked(loan: Loan, position: Position) -> Booking:
    """Bring the books to a position."""
    moved = {
        each.bank_ref: position.splits.get(each.bank_ref, Split())
        for each in loan.repayments
        if position.splits.get(each.bank_ref, Split()) != each.booked
    }
    before = _sum(each.booked for each in loan.repayments if each.bank_ref in moved)
    after = _sum(moved.values())
    borne = {
        "interest_minor": position.borne_interest_minor,
        "penalty_minor": position.borne_penalty_minor,
        "fee_minor": position.borne_fee_minor,
    }
    postings = [
        *_borne(loan, borne),
        *(_opposite(posting) for posting in _paid(loan, before)),
        *_paid(loan, after),
    ]
    books = replace(loan.booked, **borne, paid=loan.booked.paid + -before + after)
    repayments = tuple(replace(each, booked=moved.get(each.bank_ref, each.booked)) for each in loan.repayments)
    return Booking(replace(loan, booked=books, repayments=repayments), tuple(postings), moved)


def written_off(loan: Loan, position: Position) -> Booking:
    """Give up all that is owed on that day. What was paid after it, and told of before, is a recovery."""
    given_up = Split(
        penalty_minor=position.penalty_minor,
        fee_minor=position.fee_minor,
        interest_minor=position.interest_minor,
        principal_minor=position.principal_minor,
    )
    booking = booked(loan, position)
    postings = [
        posting
        for part, account in _ACCOUNTS.items()
        for posting in _move(loan, getattr(given_up, part), chart.LOAN_WRITTEN_OFF, account)
    ]
    books = replace(booking.loan.booked, written_off=given_up)
    later = sum(each.kept_minor for each in loan.repayments if each.value_on > position.on)
    recovery = recovered(replace(booking.loan, booked=books), later)
    return Booking(recovery.loan, (*booking.postings, *postings, *recovery.postings), booking.moved)


def recovered(loan: Loan, minor: int) -> Booking:
    """Take in what comes after a loan was written off."""
    books = replace(loan.booked, recovered_minor=loan.booked.recovered_minor + minor)
    return Booking(replace(loan, booked=books), _move(loan, minor, chart.LOAN_FUNDING, chart.LOAN_RECOVERED), {})


def balances(books: Booked, amount_minor: int) -> Split:
    """What the accounts of a loan hold as owed."""
    paid, gone = books.paid, books.written_off
    return Split(
        penalty_minor=books.penalty_minor - paid.penalty_minor - gone.penalty_minor,
        fee_minor=books.fee_minor - paid.fee_minor - gone.fee_minor,
        interest_minor=books.interest_minor - paid.interest_minor - gone.interest_minor,
        principal_minor=amount_minor - paid.principal_minor - gone.principal_minor,
    )


def _borne(loan: Loan, borne: dict[str, int]) -> Iterable[Posting]:
    for part, account in _BORNE:
        more = borne[part] - getattr(loan.booked, part)
        sides = (account, chart.LOAN_INCOME) if more > 0 else (chart.LOAN_INCOME, account)
        yield from _move(loan, abs(more), *sides)


def _paid(loan: Loan, split: Split) -> Iterable[Posting]:
    for part, account in _ACCOUNTS.items():
        yield from _move(loan, getattr(split, part), chart.LOAN_FUNDING, account)


def _move(loan: Loan, minor: int, debit_to: str, credit_to: str) -> tuple[Posting, ...]:
    of = {chart.LOAN_FUNDING: loan.bank_id}
    return transfer(
        minor,
        loan.currency,
        debit_to=(debit_to, of.get(debit_to, loan.id)),
        credit_to=(credit_to, of.get(credit_to, loan.id)),
    )


def _opposite(posting: Posting) -> Posting:
    return replace(posting, debit_minor=posting.credit_minor, credit_minor=posting.debit_minor)


def _sum(splits: Iterable[Split]) -> Split:
    return sum(splits, Split())
