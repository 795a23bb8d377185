"""Money that comes: by transfer, or debited from the seller's bank. What the platform advanced is made good first. Pure."""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec.structs import replace

from chalicelib.deposits.rules.amounts import Payee, instruct
from chalicelib.deposits.rules.book import Book, Books
from chalicelib.deposits.rules.changes import change
from chalicelib.deposits.rules.deducting import Leg, lost, out_of
from chalicelib.deposits.rules.deposit import Deposit
from chalicelib.deposits.rules.requirement import to_pay
from chalicelib.deposits.rules.transitions import DepositChange
from chalicelib.ledger.rules.chart import BANK_CLEARING, COLLECTED, DEPOSIT_ADVANCES, DEPOSITS_HELD
from chalicelib.shared.errors import Conflict
from chalicelib.shared.journal import transfer
from chalicelib.suppliers.rules.balance import BankAccount


class DebitUnderWay(Conflict):
    code = "debit_under_way"
    title = "The bank is just debiting the seller's account."
    fix = "Wait for what the bank says, or pay by transfer."


class NothingToPay(Conflict):
    code = "nothing_to_pay"
    title = "Nothing is missing."
    fix = "Name an amount to pay ahead."


class Paid(msgspec.Struct, frozen=True, kw_only=True):
    """Money that came: from where, under which name, and where it lies."""

    by: str
    ref: str
    minor: int
    debit_to: Leg


def by_bank(bank_id: str, bank_ref: str, minor: int) -> Paid:
    """A transfer that reached one of our accounts."""
    return Paid(by="transfer", ref=f"{bank_id}:{bank_ref}", minor=minor, debit_to=(BANK_CLEARING, bank_id))


def by_debit(seller_id: str, instruction_id: str, seq: int, minor: int) -> Paid:
    """What the bank collected for us. Its word has a number: a later one may take it back."""
    return Paid(by="debit", ref=f"{instruction_id}:{seq}", minor=minor, debit_to=(COLLECTED, seller_id))


def paid(was: Deposit, received: Paid, books: Books, now: datetime) -> DepositChange:
    """Money has come. It is taken whatever the state of the deposit; that it is taken once is the commit's to see to."""
    account, currency = was.account, books.in_force(now).terms.currency
    good = min(received.minor, account.advance_minor)
    kept, unanswered = received.minor - good, account.debit_minor
    if received.by == "debit":
        unanswered = max(0, unanswered - received.minor)
    return change(
        was,
        "paid",
        books,
        now,
        payload={"by": received.by, "ref": received.ref, "amount_minor": received.minor, "made_good_minor": good},
        postings=(
            *transfer(good, currency, debit_to=received.debit_to, credit_to=(DEPOSIT_ADVANCES, was.id)),
            *transfer(kept, currency, debit_to=received.debit_to, credit_to=(DEPOSITS_HELD, was.id)),
        ),
        available_minor=was.available_minor + kept,
        owed_minor=max(0, was.owed_minor - good),
        account=replace(account, advance_minor=account.advance_minor - good, debit_minor=unanswered),
    )


def charged_back(was: Deposit, back: Paid, books: Books, now: datetime, *, tried_again: bool = False) -> DepositChange:
    """A debit that had been settled came back, or a bank took a transfer back: it is taken out again, and owed where it is not there any more.

    The bank debits it again by itself where it is `tried_again`: it is under way once more.
    """
    taken, fields = lost(was, back.minor)
    if tried_again:
        fields |= {"account": replace(fields["account"], debit_minor=was.account.debit_minor + back.minor)}
    payload = {
        "by": back.by,
        "ref": back.ref,
        "amount_minor": back.minor,
        "from_hold_minor": taken.frozen_minor,
        "advanced_minor": taken.advance_minor,
    }
    postings = out_of(was.id, taken, back.debit_to, books.in_force(now).terms.currency)
    return change(was, "payment_charged_back", books, now, payload=payload, postings=postings, **fields)


def debit_asked(was: Deposit, minor: int, account: BankAccount, books: Books, now: datetime) -> DepositChange:
    """The bank is told to debit the seller: nothing is booked before it has. DebitUnderWay where it was told before."""
    if was.account.debit_minor:
        raise DebitUnderWay("A debit has not been answered yet.")
    debtor = Payee(member_id=was.id, bank_id=account.bank_id, account=account.account)
    return change(
        was,
        "payments",
        books,
        now,
        event="debit_asked",
        payload={"amount_minor": minor, "bank_id": account.bank_id, "account": account.masked},
        payment_orders=(instruct("debit", was.id, minor, books.in_force(now), debtor),),
        account=replace(was.account, debit_minor=minor),
    )


def debit_failed(
    was: Deposit, minor: int, reason: str, books: Books, now: datetime, *, given_up: bool
) -> DepositChange:
    """The bank could not debit so much. It tries again by itself unless it has given up; another debit may be under way."""
    account = replace(was.account, debit_minor=max(0, was.account.debit_minor - minor)) if given_up else was.account
    payload = {"reason": reason, "tried_again": not given_up}
    return change(was, "debit_failed", books, now, payload=payload, account=account)


def payment_asked(was: Deposit, minor: int, books: Books, now: datetime) -> DepositChange:
    """The seller asked how to pay: told, and nothing else changes."""
    payload = {"amount_minor": minor, "reference": was.id}
    return change(was, "payments", books, now, event="payment_asked", payload=payload)


def to_ask_minor(deposit: Deposit, asked_minor: int | None, book: Book, now: datetime) -> int:
    """What is to be paid: what was asked for, else all that is missing. NothingToPay."""
    minor = to_pay(deposit, book, now) if asked_minor is None else asked_minor
    if minor == 0:
        raise NothingToPay("Nothing is missing.")
    return minor
