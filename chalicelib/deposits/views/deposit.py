"""A deposit as its seller and officers see it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from chalicelib.deposits.rules.book import Book, Books
from chalicelib.deposits.rules.clockwork import ladder_of, restrictions, rungs_taken
from chalicelib.deposits.rules.deposit import Deposit, chain_of
from chalicelib.deposits.rules.requirement import requirement
from chalicelib.deposits.rules.step import to_pay
from chalicelib.shared.money import Money
from chalicelib.shared.views import view_of

DepositStatus = Literal["clear", "due", "overdue", "closed"]


class DepositDeadline(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    due_at: datetime
    owner: str
    default_outcome: str


class RiskView(msgspec.Struct, frozen=True, kw_only=True):
    """Required from the moment it was opened; until `ends_at`, which is known once the case is closed."""

    id: str
    risk_class: str
    case: str
    money: Money
    opened_at: datetime
    ends_at: datetime | None


class SpecialView(msgspec.Struct, frozen=True, kw_only=True):
    special: str
    money: Money
    entered_at: datetime


class SubstituteView(msgspec.Struct, frozen=True, kw_only=True):
    """`used` is what it has paid for deductions; `left`, the rest of `money`, is what it still covers."""

    id: str
    insurer: str
    money: Money
    used: Money
    left: Money
    valid_from: datetime
    valid_until: datetime


class ReceivableView(msgspec.Struct, frozen=True, kw_only=True):
    """What the insurer of the substitute `id` was charged for deductions, what it has paid, and what it still owes the platform."""

    id: str
    insurer: str
    claimed: Money
    received: Money
    owed: Money


class HoldView(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    case: str
    reason: str
    money: Money
    at: datetime


class CorrectionView(msgspec.Struct, frozen=True, kw_only=True):
    """Proposed by one officer, and not decided by another one yet: another base, or a violation that is struck out."""

    id: str
    base: Money | None
    risk_id: str | None
    reason: str
    proposed_at: datetime


class RequirementView(msgspec.Struct, frozen=True, kw_only=True):
    """`total` = base + risk + special + what an earlier episode or a deduction left unpaid (`owed`).

    `arrears` = `total` - `substitutes` - what is held, if that is above zero. `releasable` is what is available and not needed.
    """

    base: Money
    risk: Money
    special: Money
    owed: Money
    total: Money
    substitutes: Money
    need_cash: Money
    arrears: Money
    releasable: Money


class BalanceOfDepositView(msgspec.Struct, frozen=True, kw_only=True):
    """`held` = `available` + `frozen`. `advanced` is what the platform paid for the seller and is made good first."""

    available: Money
    frozen: Money
    held: Money
    advanced: Money
    to_pay: Money
    being_debited: Money


class DepositView(msgspec.Struct, frozen=True, kw_only=True):
    """A seller's deposit as it stands now.

    `clear`: nothing is missing; `due`: until `due_at` it may be paid; `overdue`: restrictions hold, more of them the longer it lasts.
    `armed`: the shop has not traded since it opened, and its next trading day sets the base.
    """

    id: str
    seller_id: str
    version: int
    status: DepositStatus
    created_at: datetime
    updated_at: datetime
    allowed_actions: list[str]
    deadlines: list[DepositDeadline]
    book: str
    book_hash: str
    currency: str
    armed: bool
    episode: int
    requirement: RequirementView
    balance: BalanceOfDepositView
    due_at: datetime | None
    overdue_level: int
    restrictions: list[str]
    risks: list[RiskView]
    specials: list[SpecialView]
    substitutes: list[SubstituteView]
    receivables: list[ReceivableView]
    """They stay when their substitute is over."""
    holds: list[HoldView]
    corrections: list[CorrectionView]
    adjusted: str | None
    """The last month that changed the base."""


def view(deposit: Deposit, side: str, books: Books, now: datetime) -> DepositView:
    book = books.in_force(now)
    level = rungs_taken(deposit, books, now)
    currency = book.terms.currency
    return view_of(
        DepositView,
        deposit,
        currency,
        id=chain_of(deposit.id),
        seller_id=deposit.id,
        status=_status(deposit, level),
        created_at=deposit.opened_at,
        allowed_actions=_allowed(deposit, side, book, now),
        deadlines=_deadlines(deposit, books, now),
        book=book.id,
        book_hash=book.hash,
        currency=currency,
        requirement=requirement_view(deposit, book, now),
        balance=_balance(deposit, book, now),
        overdue_level=level,
        restrictions=list(restrictions(deposit, books, now)),
        risks=[view_of(RiskView, risk, currency, risk_class=risk.class_) for risk in deposit.risks],
        specials=[view_of(SpecialView, each, currency, special=each.market) for each in deposit.specials],
        substitutes=[
            view_of(SubstituteView, each, currency, valid_from=each.from_, valid_until=each.until)
            for each in deposit.substitutes
        ],
        receivables=[view_of(ReceivableView, each, currency) for each in deposit.account.receivables],
        holds=[view_of(HoldView, hold, currency) for hold in deposit.account.holds],
        corrections=[
            view_of(CorrectionView, each, currency, proposed_at=each.at) for each in deposit.account.corrections
        ],
        adjusted=deposit.adjusted or None,
    )


def requirement_view(deposit: Deposit, book: Book, at: datetime) -> RequirementView:
    return view_of(RequirementView, requirement(deposit, book, at), book.terms.currency)


def _balance(deposit: Deposit, book: Book, now: datetime) -> BalanceOfDepositView:
    currency = book.terms.currency
    return view_of(
        BalanceOfDepositView,
        deposit,
        currency,
        held=Money.of(deposit.available_minor + deposit.frozen_minor, currency),
        advanced=Money.of(deposit.account.advance_minor, currency),
        to_pay=Money.of(to_pay(deposit, book, now), currency),
        being_debited=Money.of(deposit.account.debit_minor, currency),
    )


def _status(deposit: Deposit, level: int) -> DepositStatus:
    if level:
        return "overdue"
    if deposit.due_at is not None:
        return "due"
    return "closed" if deposit.status == "closed" else "clear"


def _allowed(deposit: Deposit, side: str, book: Book, now: datetime) -> list[str]:
    """What this side may do now: release is asked for whatever the six checks say, they are its answer."""
    is_open = deposit.status == "open"
    actions = ["payments"] + ["releases"] * bool(requirement(deposit, book, now).releasable_minor)
    actions += ["close"] if is_open else ["reopen"]
    if side == "officer":
        actions += ["risks", "substitutes", "deductions", "corrections"] + ["specials"] * is_open
        actions += ["holds"] * bool(deposit.available_minor)
        actions += ["receipts"] * any(each.owed_minor for each in deposit.account.receivables)
    return sorted(actions)


def _deadlines(deposit: Deposit, books: Books, now: datetime) -> list[DepositDeadline]:
    told = [
        DepositDeadline(
            name="payment" if number == 0 else f"overdue_{number + 1}", due_at=at, owner="seller", default_outcome=what
        )
        for number, (at, what) in enumerate(ladder_of(deposit, books))
        if at > now
    ]
    told += [
        DepositDeadline(name=f"risk {risk.id}", due_at=risk.ends_at, owner="clock", default_outcome="risk_ended")
        for risk in deposit.risks
        if risk.ends_at is not None
    ]
    told += [
        DepositDeadline(
            name=f"substitute {each.id}", due_at=each.until, owner="seller", default_outcome="substitute_lapsed"
        )
        for each in deposit.substitutes
    ]
    return sorted(told, key=lambda deadline: (deadline.due_at, deadline.name))
