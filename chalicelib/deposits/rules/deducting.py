"""Deductions: what is taken out of a deposit for a case, and from where. Pure.

Insurance pays first (`insuring`). Of the money the hold of the case itself comes first, then what is available: what is held for another
case is that case's, whichever is decided first. What the deposit then lacks the platform advances, and the seller owes.
"""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec.structs import replace

from chalicelib.deposits.rules import insuring
from chalicelib.deposits.rules.account import Hold
from chalicelib.deposits.rules.amounts import Payee, instruct
from chalicelib.deposits.rules.book import Book, Books
from chalicelib.deposits.rules.deposit import Deposit
from chalicelib.deposits.rules.step import Step, begun, step
from chalicelib.ledger.rules.chart import (
    DEPOSIT_ADVANCES,
    DEPOSITS_FROZEN,
    DEPOSITS_HELD,
    INSURERS_RECEIVABLE,
    PAYOUTS_PAYABLE,
)
from chalicelib.shared.journal import Posting, transfer
from chalicelib.shared.refusal import Conflict

Leg = tuple[str, str]
"""An account and whose it is."""


class CauseKnown(Conflict):
    code = "cause_known"
    title = "That cause was deducted for before."
    fix = "Read the statement of the deposit."


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """Where a deduction comes from; together they are its amount."""

    insured: tuple[insuring.Part, ...] = ()
    available_minor: int
    frozen_minor: int
    advance_minor: int = 0

    @property
    def insured_minor(self) -> int:
        return sum(minor for _, minor in self.insured)


def deducted(was: Deposit, minor: int, cause: str, reason: str, payee: Payee, books: Books, now: datetime) -> Step:
    """An officer's deduction, paid to a member. What neither insurance nor the deposit has the platform advances."""
    book, deposit = books.in_force(now), begun(was, books, now)
    told, after = insured_first(deposit, minor, cause, book, now)
    currency = book.terms.currency
    facts = {
        "cause": cause,
        "reason": reason,
        "payee": payee.member_id,
        "amount_minor": minor,
        "insured_minor": told.insured_minor,
        "from_hold_minor": told.frozen_minor,
        "advanced_minor": told.advance_minor,
    }
    return step(
        deposit,
        after,
        "deducted",
        book,
        now,
        facts=facts,
        postings=out_of(was.id, told, (PAYOUTS_PAYABLE, payee.member_id), currency),
        instructs=(instruct("payout", payee.member_id, minor, book, payee),),
    )


def given(was: Deposit, most_minor: int, cause: str, books: Books, now: datetime) -> tuple[Step, Taken]:
    """What a deposit gives for a claim, never more than it has: the step is told of by the claim's own entry."""
    book, deposit = books.in_force(now), begun(was, books, now)
    most = min(most_minor, there_minor(deposit, cause, book, now))
    told, after = insured_first(deposit, most, cause, book, now)
    return step(deposit, after, "deducted", book, now, facts={"cause": cause, "amount_minor": most}), told


def name_of(seller_id: str, cause: str) -> str:
    """The name that is deducted for once, for ever. Case does not tell two causes apart."""
    return f"cause#{seller_id}#{cause.casefold()}"


def there_minor(deposit: Deposit, case: str, book: Book, now: datetime) -> int:
    """What insurance would pay of one deduction, and the money that is held for no other case."""
    return insuring.most_minor(deposit, book.terms, now) + deposit.available_minor + held_for(deposit, case)


def held_for(deposit: Deposit, case: str) -> int:
    return sum(hold.minor for hold in deposit.account.holds if hold.case == case)


def insured_first(deposit: Deposit, minor: int, case: str, book: Book, now: datetime) -> tuple[Taken, Deposit]:
    """A deduction's sources, and the deposit without them: what insurance pays, and of the rest what `taken` says."""
    parts, after = insuring.drawn(deposit, minor, book.terms, now)
    told, after = taken(after, minor - sum(part for _, part in parts), case)
    return replace(told, insured=parts), after


def taken(deposit: Deposit, minor: int, case: str) -> tuple[Taken, Deposit]:
    """What is taken of the money for a case and what is advanced, and the deposit without it."""
    frozen = min(minor, held_for(deposit, case))
    available = min(minor - frozen, deposit.available_minor)
    return _without(deposit, available, frozen, minor - frozen - available, case)


def lost(deposit: Deposit, minor: int) -> tuple[Taken, Deposit]:
    """What a bank has taken out of the money: it is gone, also where a case held it; what was not there is advanced."""
    available = min(minor, deposit.available_minor)
    frozen = min(minor - available, deposit.frozen_minor)
    return _without(deposit, available, frozen, minor - available - frozen, "")


def _without(deposit: Deposit, available: int, frozen: int, advance: int, case: str) -> tuple[Taken, Deposit]:
    account = replace(
        deposit.account,
        holds=_reduced(deposit.account.holds, frozen, case),
        advance_minor=deposit.account.advance_minor + advance,
    )
    after = replace(
        deposit,
        available_minor=deposit.available_minor - available,
        frozen_minor=deposit.frozen_minor - frozen,
        owed_minor=deposit.owed_minor + advance,
        account=account,
    )
    return Taken(available_minor=available, frozen_minor=frozen, advance_minor=advance), after


def out_of(seller_id: str, told: Taken, credit_to: Leg, currency: str) -> tuple[Posting, ...]:
    """The legs that take it out of the deposit. What an insurer owes from now on comes into the deposit and leaves it at once."""
    sources = (
        (told.insured_minor + told.available_minor, DEPOSITS_HELD),
        (told.frozen_minor, DEPOSITS_FROZEN),
        (told.advance_minor, DEPOSIT_ADVANCES),
    )
    into = [
        leg
        for policy_id, minor in told.insured
        for leg in transfer(
            minor, currency, debit_to=(INSURERS_RECEIVABLE, policy_id), credit_to=(DEPOSITS_HELD, seller_id)
        )
    ]
    out = [
        leg
        for minor, code in sources
        for leg in transfer(minor, currency, debit_to=(code, seller_id), credit_to=credit_to)
    ]
    return (*into, *out)


def _reduced(holds: tuple[Hold, ...], minor: int, case: str) -> tuple[Hold, ...]:
    """The holds with so much taken out of them: those of the case first, then the oldest."""
    left, kept = minor, {}
    for hold in sorted(holds, key=lambda each: each.case != case):
        part = min(left, hold.minor)
        left -= part
        kept[hold.id] = replace(hold, minor=hold.minor - part)
    return tuple(kept[hold.id] for hold in holds if kept[hold.id].minor)
