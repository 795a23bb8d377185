"""A deposit as its seller and officers see it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from chalicelib.deposits.rules.book import Book, Books
from chalicelib.deposits.rules.deposit import Deposit, chain_of
from chalicelib.deposits.rules.requirement import requirement, to_pay
from chalicelib.deposits.rules.timers import MACHINE, restrictions
from chalicelib.deposits.rules.transitions import Actor
from chalicelib.shared.money import Money
from chalicelib.shared.state_machine import Deadline
from chalicelib.shared.views import view_of

DepositStatus = Literal["clear", "due", "overdue", "closed"]


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


class InsuranceView(msgspec.Struct, frozen=True, kw_only=True):
    """`used` is what it has paid for deductions; `remaining`, the rest of `money`, is what it still covers."""

    id: str
    insurer: str
    money: Money
    used: Money
    remaining: Money
    valid_from: datetime
    valid_until: datetime


class ReceivableView(msgspec.Struct, frozen=True, kw_only=True):
    """What the insurer of the insurance `id` was charged for deductions, what it has paid, and what it still owes the platform."""

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
    """`total` = base + risk + special + what an earlier membership period or a deduction left unpaid (`owed`).

    `arrears` = `total` - `insurances` - what is held, if that is above zero. `releasable` is what is available and not needed.
    """

    base: Money
    risk: Money
    special: Money
    owed: Money
    total: Money
    insurances: Money
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
    `awaiting_first_trade`: the shop has not traded since it opened, and its next trading day sets the base.
    """

    id: str
    seller_id: str
    version: int
    status: DepositStatus
    created_at: datetime
    updated_at: datetime
    allowed_actions: list[str]
    deadlines: list[Deadline]
    book: str
    book_hash: str
    currency: str
    awaiting_first_trade: bool
    membership_period: int
    requirement: RequirementView
    balance: BalanceOfDepositView
    due_at: datetime | None
    overdue_level: int
    restrictions: list[str]
    risks: list[RiskView]
    specials: list[SpecialView]
    insurances: list[InsuranceView]
    receivables: list[ReceivableView]
    """They stay when their insurance is over."""
    holds: list[HoldView]
    corrections: list[CorrectionView]
    adjusted: str | None
    """The last month that changed the base."""


def view(deposit: Deposit, books: Books, actor: Actor, now: datetime) -> DepositView:
    book = books.in_force(now)
    currency = book.terms.currency
    return view_of(
        DepositView,
        deposit,
        currency,
        id=chain_of(deposit.id),
        seller_id=deposit.id,
        status=_status(deposit),
        created_at=deposit.opened_at,
        **MACHINE.offer(deposit, actor, books, now),
        book=book.id,
        book_hash=book.hash,
        currency=currency,
        requirement=requirement_view(deposit, book, now),
        balance=_balance(deposit, book, now),
        overdue_level=deposit.dunning_stage,
        restrictions=restrictions(deposit, books),
        risks=[view_of(RiskView, risk, currency, risk_class=risk.class_) for risk in deposit.risks],
        specials=[view_of(SpecialView, each, currency, special=each.market) for each in deposit.specials],
        insurances=[
            view_of(InsuranceView, each, currency, valid_from=each.from_, valid_until=each.until)
            for each in deposit.insurances
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
        advanced=Money.of(deposit.account.advance_minor, currency),
        to_pay=Money.of(to_pay(deposit, book, now), currency),
        being_debited=Money.of(deposit.account.debit_minor, currency),
    )


def _status(deposit: Deposit) -> DepositStatus:
    if deposit.dunning_stage:
        return "overdue"
    if deposit.due_at is not None:
        return "due"
    return "closed" if deposit.status == "closed" else "clear"
