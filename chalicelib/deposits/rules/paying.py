"""Money that comes: by transfer, or debited from the seller's bank. What the platform advanced is made good first. Pure."""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec.structs import replace

from chalicelib.deposits.rules.amounts import Payee, instruct
from chalicelib.deposits.rules.book import Books
from chalicelib.deposits.rules.deducting import Leg, lost, out_of
from chalicelib.deposits.rules.deposit import Deposit
from chalicelib.deposits.rules.step import Step, begun, step
from chalicelib.ledger.rules.chart import BANK_CLEARING, COLLECTED, DEPOSIT_ADVANCES, DEPOSITS_HELD
from chalicelib.shared.journal import transfer
from chalicelib.shared.refusal import Conflict
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


def paid(was: Deposit, told: Paid, books: Books, now: datetime) -> Step:
    """Money has come. It is taken whatever the state of the deposit; that it is taken once is the commit's to see to."""
    book, deposit = books.in_force(now), begun(was, books, now)
    good = min(told.minor, deposit.account.advance_minor)
    kept = told.minor - good
    account = replace(
        deposit.account,
        advance_minor=deposit.account.advance_minor - good,
        debit_minor=max(0, deposit.account.debit_minor - told.minor) if told.by == "debit" else was.account.debit_minor,
    )
    after = replace(
        deposit,
        available_minor=deposit.available_minor + kept,
        owed_minor=max(0, deposit.owed_minor - good),
        account=account,
    )
    currency = book.terms.currency
    postings = (
        *transfer(good, currency, debit_to=told.debit_to, credit_to=(DEPOSIT_ADVANCES, was.id)),
        *transfer(kept, currency, debit_to=told.debit_to, credit_to=(DEPOSITS_HELD, was.id)),
    )
    facts = {"by": told.by, "ref": told.ref, "amount_minor": told.minor, "made_good_minor": good}
    return step(deposit, after, "paid", book, now, facts=facts, postings=postings)


def taken_back(was: Deposit, back: Paid, books: Books, now: datetime) -> Step:
    """A debit that had been settled came back, or a bank took a transfer back: it is taken out again, and owed where it is not there any more."""
    book, deposit = books.in_force(now), begun(was, books, now)
    told, after = lost(deposit, back.minor)
    postings = out_of(was.id, told, back.debit_to, book.terms.currency)
    facts = {
        "by": back.by,
        "ref": back.ref,
        "amount_minor": back.minor,
        "from_hold_minor": told.frozen_minor,
        "advanced_minor": told.advance_minor,
    }
    return step(deposit, after, "payment_taken_back", book, now, facts=facts, postings=postings)


def debit_asked(was: Deposit, minor: int, account: BankAccount, books: Books, now: datetime) -> Step:
    """The bank is told to debit the seller: nothing is booked before it has. DebitUnderWay where it was told before."""
    if was.account.debit_minor:
        raise DebitUnderWay("A debit has not been answered yet.")
    book, deposit = books.in_force(now), begun(was, books, now)
    after = replace(deposit, account=replace(deposit.account, debit_minor=minor))
    told = instruct(
        "debit", was.id, minor, book, Payee(member_id=was.id, bank_id=account.bank_id, account=account.account)
    )
    facts = {"amount_minor": minor, "bank_id": account.bank_id, "account": account.masked}
    return step(deposit, after, "debit_asked", book, now, facts=facts, instructs=(told,))


def debit_failed(was: Deposit, reason: str, books: Books, now: datetime, *, given_up: bool) -> Step:
    """The bank could not debit. It tries again by itself unless it has given up."""
    book, deposit = books.in_force(now), begun(was, books, now)
    left = 0 if given_up else deposit.account.debit_minor
    after = replace(deposit, account=replace(deposit.account, debit_minor=left))
    facts = {"reason": reason, "tried_again": not given_up}
    return step(deposit, after, "debit_failed", book, now, facts=facts)


def payment_asked(was: Deposit, minor: int, books: Books, now: datetime) -> Step:
    """The seller asked how to pay: told, and nothing else changes."""
    book, deposit = books.in_force(now), begun(was, books, now)
    return step(deposit, deposit, "payment_asked", book, now, facts={"amount_minor": minor, "reference": was.id})
