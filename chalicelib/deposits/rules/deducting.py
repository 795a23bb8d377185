"""Deductions: what is taken out of a deposit for a case, and from where. Pure.

Insurance pays first (`insuring`). Of the money the hold of the case itself comes first, then what is available: what is held for another
case is that case's, whichever is decided first. What the deposit then lacks the platform advances, and the seller owes.
"""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from math import floor
from typing import Any

import msgspec
from msgspec.structs import replace

from chalicelib.deposits.rules import insuring
from chalicelib.deposits.rules.account import Hold, is_same_case
from chalicelib.deposits.rules.amounts import Payee, instruct
from chalicelib.deposits.rules.book import Book, Books
from chalicelib.deposits.rules.changes import change, next_version
from chalicelib.deposits.rules.deposit import Deposit
from chalicelib.deposits.rules.transitions import DepositChange
from chalicelib.ledger.rules import chart
from chalicelib.shared import fx
from chalicelib.shared.errors import Conflict
from chalicelib.shared.journal import Posting, transfer
from chalicelib.shared.periods import business_date
from chalicelib.shared.state_machine import Effect

Leg = tuple[str, str]
"""An account and whose it is."""
Fields = dict[str, Any]
"""What of a deposit is other than before."""


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


class DeductDeposit(Effect, frozen=True, kw_only=True):
    """The deposit's next version, and the legs that take out of it what a claim gets. The claim's entry tells of it."""

    deposit: Deposit
    books: Books
    legs: tuple[Posting, ...]

    @property
    def target(self) -> str:
        return self.deposit.id

    @property
    def postings(self) -> tuple[Posting, ...]:
        return self.legs


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What a deposit gives for a claim: `taken_minor` in the claim's currency for `deposit_minor` of its own.

    `insured_minor` is the part of `taken_minor` that insurers pay.
    """

    taken_minor: int = 0
    insured_minor: int = 0
    deposit_minor: int = 0
    effects: tuple[DeductDeposit, ...] = ()


def deducted(
    was: Deposit, minor: int, cause: str, reason: str, payee: Payee, books: Books, now: datetime
) -> DepositChange:
    """An officer's deduction, paid to a member. What neither insurance nor the deposit has the platform advances."""
    book = books.in_force(now)
    taken, fields = insured_first(was, minor, cause, book, now)
    return change(
        was,
        "deductions",
        books,
        now,
        event="deducted",
        payload={
            "cause": cause,
            "reason": reason,
            "payee": payee.member_id,
            "amount_minor": minor,
            "insured_minor": taken.insured_minor,
            "from_hold_minor": taken.frozen_minor,
            "advanced_minor": taken.advance_minor,
        },
        postings=out_of(was.id, taken, (chart.PAYOUTS_PAYABLE, payee.member_id), book.terms.currency),
        payment_orders=(instruct("payout", payee.member_id, minor, book, payee),),
        **fields,
    )


def given(
    was: Deposit, books: Books, currency: str, most_minor: int, claim_id: str, credit_to: Leg, now: datetime
) -> Given:
    """The most a deposit can give towards `most_minor` of a claim's currency, converted at the table rate of the day. NoRate.

    Insurance pays before money is taken. Both conversions round down: never is more given than there is, nor than the claim is worth. The
    legs debit the deposit, pass both currencies through the position in foreign exchange, and credit `credit_to`: they belong into the
    claim's own entry, which tells of the step.
    """
    if most_minor <= 0:
        return Given()
    book = books.in_force(now)
    own = book.terms.currency
    rate = _rate(own, currency, now)
    minor = min(most_minor, floor(there_minor(was, claim_id, book, now) * rate))
    own_minor = floor(minor / rate)
    if own_minor == 0:
        return Given()
    taken, fields = insured_first(was, own_minor, claim_id, book, now)
    deduct = DeductDeposit(
        deposit=next_version(was, "deducted_for_claim", books, now, **fields),
        books=books,
        legs=_converted(was.id, taken, own, currency, minor, credit_to),
    )
    insured_minor = minor * taken.insured_minor // own_minor
    return Given(taken_minor=minor, insured_minor=insured_minor, deposit_minor=own_minor, effects=(deduct,))


def noted(was: Deposit, claim_id: str, minor: int, insured_minor: int, books: Books, now: datetime) -> DepositChange:
    """A claim took money out of the deposit in its own commit: the deposit's chain tells of it too, without postings."""
    payload = {"cause": claim_id, "amount_minor": minor, "insured_minor": insured_minor}
    return change(was, "deducted_for_claim", books, now, payload=payload)


def name_of(seller_id: str, cause: str) -> str:
    """The name that is deducted for once, for ever."""
    return f"cause#{seller_id}#{cause.casefold()}"


def there_minor(deposit: Deposit, case: str, book: Book, now: datetime) -> int:
    """What insurance would pay of one deduction, and the money that is held for no other case."""
    return insuring.most_minor(deposit, book.terms, now) + deposit.available_minor + held_for(deposit, case)


def held_for(deposit: Deposit, case: str) -> int:
    return sum(hold.minor for hold in deposit.account.holds if is_same_case(hold.case, case))


def insured_first(deposit: Deposit, minor: int, case: str, book: Book, now: datetime) -> tuple[Taken, Fields]:
    """A deduction's sources, and what is left: what insurance pays, and of the rest what is taken of the money and what is advanced."""
    insured, after = insuring.drawn(deposit, minor, book.terms, now)
    minor -= sum(part for _, part in insured)
    frozen = min(minor, held_for(deposit, case))
    available = min(minor - frozen, deposit.available_minor)
    taken, fields = _without(after, available, frozen, minor - frozen - available, case)
    return replace(taken, insured=insured), fields | {"insurances": after.insurances}


def lost(deposit: Deposit, minor: int) -> tuple[Taken, Fields]:
    """What a bank has taken out of the money, and what is left: it is gone, also where a case held it; what was not there is advanced."""
    available = min(minor, deposit.available_minor)
    frozen = min(minor - available, deposit.frozen_minor)
    return _without(deposit, available, frozen, minor - available - frozen, "")


def _without(deposit: Deposit, available: int, frozen: int, advance: int, case: str) -> tuple[Taken, Fields]:
    account = deposit.account
    fields = {
        "available_minor": deposit.available_minor - available,
        "frozen_minor": deposit.frozen_minor - frozen,
        "owed_minor": deposit.owed_minor + advance,
        "account": replace(
            account, holds=_reduced(account.holds, frozen, case), advance_minor=account.advance_minor + advance
        ),
    }
    return Taken(available_minor=available, frozen_minor=frozen, advance_minor=advance), fields


def out_of(seller_id: str, taken: Taken, credit_to: Leg, currency: str) -> tuple[Posting, ...]:
    """The legs that take it out of the deposit. What an insurer owes from now on comes into the deposit and leaves it at once."""
    sources = (
        (taken.insured_minor + taken.available_minor, chart.DEPOSITS_HELD),
        (taken.frozen_minor, chart.DEPOSITS_FROZEN),
        (taken.advance_minor, chart.DEPOSIT_ADVANCES),
    )
    into = [
        leg
        for policy_id, minor in taken.insured
        for leg in transfer(
            minor, currency, debit_to=(chart.INSURERS_RECEIVABLE, policy_id), credit_to=(chart.DEPOSITS_HELD, seller_id)
        )
    ]
    out = [
        leg
        for minor, code in sources
        for leg in transfer(minor, currency, debit_to=(code, seller_id), credit_to=credit_to)
    ]
    return (*into, *out)


def _converted(
    seller_id: str, taken: Taken, own: str, currency: str, minor: int, credit_to: Leg
) -> tuple[Posting, ...]:
    if own == currency:
        return out_of(seller_id, taken, credit_to, own)
    position = (chart.FX_POSITION, seller_id)
    return out_of(seller_id, taken, position, own) + transfer(minor, currency, debit_to=position, credit_to=credit_to)


def _rate(own: str, currency: str, now: datetime) -> Fraction:
    """Minor units of the claim's currency for one of the deposit's, exactly, over the table's common currency. NoRate."""
    on = business_date(now)
    return Fraction(1) if own == currency else fx.cross_rate(fx.quote(own, on), fx.quote(currency, on))


def _reduced(holds: tuple[Hold, ...], minor: int, case: str) -> tuple[Hold, ...]:
    """The holds with so much taken out of them: those of the case first, then the oldest."""
    left, kept = minor, {}
    for hold in sorted(holds, key=lambda each: not is_same_case(each.case, case)):
        part = min(left, hold.minor)
        left -= part
        kept[hold.id] = replace(hold, minor=hold.minor - part)
    return tuple(kept[hold.id] for hold in holds if kept[hold.id].minor)
