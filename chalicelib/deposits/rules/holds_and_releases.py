"""Holds and releases: money that is held back within a deposit, and money that leaves it for the seller's bank. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec.structs import replace

from chalicelib.deposits.rules.account import MOST_MATTERS, Hold, TooManyMatters, is_same_case
from chalicelib.deposits.rules.amounts import Payee, instruct, must_be_there
from chalicelib.deposits.rules.book import Books
from chalicelib.deposits.rules.changes import change
from chalicelib.deposits.rules.deposit import Deposit
from chalicelib.deposits.rules.requirement import requirement
from chalicelib.deposits.rules.transitions import DepositChange, NoSuchHold
from chalicelib.ledger.rules.chart import DEPOSITS_FROZEN, DEPOSITS_HELD, PAYOUTS_PAYABLE
from chalicelib.shared import bounds
from chalicelib.shared.errors import Conflict
from chalicelib.shared.journal import transfer
from chalicelib.shared.texts import say
from chalicelib.suppliers.rules.balance import BankAccount


class HoldKnown(Conflict):
    code = "hold_known"
    title = "Money is held for that case already."
    fix = "Lift the hold `hold_id` first, then hold the amount that is right."


def held(was: Deposit, hold: Hold, books: Books, now: datetime) -> DepositChange:
    """Part of what is available is held back for a case, once. MoreThanAvailable, HoldKnown."""
    currency, holds = books.in_force(now).terms.currency, was.account.holds
    must_be_there(hold.minor, was.available_minor, currency)
    _must_be_first(hold, was)
    bounds.must_have_room(holds, MOST_MATTERS, TooManyMatters)
    payload = {"hold": hold.id, "case": hold.case, "reason": hold.reason, "amount_minor": hold.minor}
    postings = transfer(hold.minor, currency, debit_to=(DEPOSITS_HELD, was.id), credit_to=(DEPOSITS_FROZEN, was.id))
    fields = _frozen(was, hold.minor, (*holds, hold))
    return change(was, "holds", books, now, event="held", payload=payload, postings=postings, **fields)


def lifted(was: Deposit, hold_id: str, books: Books, now: datetime) -> DepositChange:
    """A hold ends: its money is available again. NoSuchHold."""
    currency, holds = books.in_force(now).terms.currency, was.account.holds
    hold = next((each for each in holds if each.id == hold_id), None)
    if hold is None:
        raise NoSuchHold(say("There is no hold {hold_id!r:.60}.", hold_id=hold_id))
    payload = {"hold": hold.id, "case": hold.case, "amount_minor": hold.minor}
    postings = transfer(hold.minor, currency, debit_to=(DEPOSITS_FROZEN, was.id), credit_to=(DEPOSITS_HELD, was.id))
    fields = _frozen(was, -hold.minor, tuple(each for each in holds if each is not hold))
    return change(was, "lift-hold", books, now, event="hold_lifted", payload=payload, postings=postings, **fields)


def released(was: Deposit, minor: int, account: BankAccount, books: Books, now: datetime) -> DepositChange:
    """What is more than is needed goes to the seller's bank. MoreThanAvailable; whether it may be asked for is `release`'s to say."""
    book = books.in_force(now)
    currency = book.terms.currency
    must_be_there(minor, requirement(was, book, now).releasable_minor, currency)
    payee = Payee(member_id=was.id, bank_id=account.bank_id, account=account.account)
    return change(
        was,
        "releases",
        books,
        now,
        event="released",
        payload={"amount_minor": minor, "bank_id": account.bank_id, "account": account.masked},
        postings=transfer(minor, currency, debit_to=(DEPOSITS_HELD, was.id), credit_to=(PAYOUTS_PAYABLE, was.id)),
        payment_orders=(instruct("payout", was.id, minor, book, payee),),
        available_minor=was.available_minor - minor,
    )


def _frozen(was: Deposit, minor: int, holds: tuple[Hold, ...]) -> dict[str, Any]:
    """So much more of the money is held for cases; less, where it is below zero."""
    available, frozen = was.available_minor - minor, was.frozen_minor + minor
    return {"available_minor": available, "frozen_minor": frozen, "account": replace(was.account, holds=holds)}


def _must_be_first(hold: Hold, deposit: Deposit) -> None:
    known = next((each for each in deposit.account.holds if is_same_case(each.case, hold.case)), None)
    if known is not None:
        raise HoldKnown(
            say("Money is held for the case {case} already.", case=hold.case), param="case", hold_id=known.id
        )
