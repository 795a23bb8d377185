"""Holds and releases: money that is held back within a deposit, and money that leaves it for the seller's bank. Pure."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from chalicelib.deposits.rules.account import MOST_MATTERS, Hold, TooManyMatters
from chalicelib.deposits.rules.amounts import Payee, instruct, must_be_there
from chalicelib.deposits.rules.book import Books
from chalicelib.deposits.rules.deposit import Deposit
from chalicelib.deposits.rules.requirement import requirement
from chalicelib.deposits.rules.step import Step, begun, step
from chalicelib.ledger.rules.chart import DEPOSITS_FROZEN, DEPOSITS_HELD, PAYOUTS_PAYABLE
from chalicelib.shared import bounds
from chalicelib.shared.journal import transfer
from chalicelib.shared.money import Money
from chalicelib.shared.refusal import Conflict, NotFound
from chalicelib.suppliers.rules.balance import BankAccount


class NoSuchHold(NotFound):
    code = "no_such_hold"
    title = "There is no such hold."
    fix = "Name a hold the deposit shows."


class HoldKnown(Conflict):
    code = "hold_known"
    title = "Money is held for that case already."
    fix = "Lift the hold `hold_id` first, then hold the amount that is right."


class NothingToRelease(Conflict):
    code = "nothing_to_release"
    title = "The deposit holds no more than is required."
    fix = "Wait until less is required, or pay in more: GET /v1/deposits/{id} shows both."


def held(was: Deposit, hold: Hold, books: Books, now: datetime) -> Step:
    """Part of what is available is held back for a case, once. MoreThanAvailable, HoldKnown."""
    book, deposit = books.in_force(now), begun(was, books, now)
    currency = book.terms.currency
    must_be_there(hold.minor, deposit.available_minor, currency)
    _must_be_first(hold, deposit)
    bounds.must_have_room(deposit.account.holds, MOST_MATTERS, TooManyMatters)
    after = replace(
        deposit,
        available_minor=deposit.available_minor - hold.minor,
        frozen_minor=deposit.frozen_minor + hold.minor,
        account=replace(deposit.account, holds=(*deposit.account.holds, hold)),
    )
    postings = transfer(hold.minor, currency, debit_to=(DEPOSITS_HELD, was.id), credit_to=(DEPOSITS_FROZEN, was.id))
    facts = {"hold": hold.id, "case": hold.case, "reason": hold.reason, "amount_minor": hold.minor}
    return step(deposit, after, "held", book, now, facts=facts, postings=postings)


def lifted(was: Deposit, hold_id: str, books: Books, now: datetime) -> Step:
    """A hold ends: its money is available again. NoSuchHold."""
    book, deposit = books.in_force(now), begun(was, books, now)
    hold = next((each for each in deposit.account.holds if each.id == hold_id), None)
    if hold is None:
        raise NoSuchHold(f"There is no hold {hold_id!r:.60}.")
    after = replace(
        deposit,
        available_minor=deposit.available_minor + hold.minor,
        frozen_minor=deposit.frozen_minor - hold.minor,
        account=replace(deposit.account, holds=_without(deposit.account.holds, hold_id)),
    )
    currency = book.terms.currency
    postings = transfer(hold.minor, currency, debit_to=(DEPOSITS_FROZEN, was.id), credit_to=(DEPOSITS_HELD, was.id))
    facts = {"hold": hold.id, "case": hold.case, "amount_minor": hold.minor}
    return step(deposit, after, "hold_lifted", book, now, facts=facts, postings=postings)


def released(was: Deposit, minor: int, account: BankAccount, books: Books, now: datetime) -> Step:
    """What is more than is needed goes to the seller's bank. NothingToRelease, MoreThanAvailable; whether it may be asked for is `release`'s to say."""
    book, deposit = books.in_force(now), begun(was, books, now)
    currency, most = book.terms.currency, requirement(deposit, book, now)
    if minor == 0:
        needed = Money.of(most.total_minor, currency)
        raise NothingToRelease(f"{needed.amount} {currency} are required, and no more is there.", required=needed)
    must_be_there(minor, most.releasable_minor, currency)
    after = replace(deposit, available_minor=deposit.available_minor - minor)
    to = Payee(member_id=was.id, bank_id=account.bank_id, account=account.account)
    postings = transfer(minor, currency, debit_to=(DEPOSITS_HELD, was.id), credit_to=(PAYOUTS_PAYABLE, was.id))
    facts = {"amount_minor": minor, "bank_id": account.bank_id, "account": account.masked}
    told = (instruct("payout", was.id, minor, book, to),)
    return step(deposit, after, "released", book, now, facts=facts, postings=postings, instructs=told)


def _must_be_first(hold: Hold, deposit: Deposit) -> None:
    known = next((each for each in deposit.account.holds if each.case == hold.case), None)
    if known is not None:
        raise HoldKnown(f"Money is held for the case {hold.case} already.", param="case", hold_id=known.id)


def _without(holds: tuple[Hold, ...], hold_id: str) -> tuple[Hold, ...]:
    return tuple(each for each in holds if each.id != hold_id)
