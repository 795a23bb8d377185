"""Opening a deposit, closing a shop and opening it again. Pure.

A closed shop has no base amount any more: its balance is kept until the conditions of a release hold, and it is not adjusted. What
it owed follows its owner, closed or opened again: open risk, and arrears of its base, which stay required until nothing is missing.
Reopened it begins a new membership period: base 0, and awaiting its first trade.
"""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from chalicelib.deposits.rules.book import Book, Books
from chalicelib.deposits.rules.changes import change, standing
from chalicelib.deposits.rules.cut_offs import ordinal
from chalicelib.deposits.rules.deposit import Days, Deposit
from chalicelib.deposits.rules.requirement import cash, requirement
from chalicelib.deposits.rules.transitions import DepositChange
from chalicelib.shared.journal import Event


def opened(seller_id: str, days: Days, books: Books, now: datetime) -> DepositChange:
    """A deposit of a shop, which counts as one that has not traded: trade from today on is its first. Nothing is required of it."""
    book = books.in_force(now)
    deposit = Deposit(id=seller_id, seq=1, opened_at=now, updated_at=now, days=days, awaiting_since=ordinal(now))
    event = Event("deposit.opened", standing(deposit, book, now), policy=book.hash)
    return DepositChange(state=deposit, event=event, at=now)


def closed(was: Deposit, books: Books, now: datetime) -> DepositChange:
    """The shop is closed and in no market any more; what was missing is missing still, and risks go on. Corrections of its base that nobody decided on go with it."""
    book = books.in_force(now)
    missing = requirement(was, book, now).arrears_minor
    shut = replace(was, status="closed", awaiting_first_trade=False, base_minor=0, specials=(), owed_minor=0)
    return change(
        was,
        "close",
        books,
        now,
        event="closed",
        payload={"membership_period": was.membership_period},
        status="closed",
        awaiting_first_trade=False,
        base_minor=0,
        specials=(),
        owed_minor=_owed(shut, missing, book, now),
        account=replace(was.account, corrections=tuple(each for each in was.account.corrections if each.risk_id)),
    )


def reopened(was: Deposit, books: Books, now: datetime) -> DepositChange:
    """The shop is open again, in a new membership period. What was owed, open risks and holds follow the owner."""
    membership_period = was.membership_period + 1
    return change(
        was,
        "reopen",
        books,
        now,
        event="reopened",
        payload={"membership_period": membership_period},
        status="open",
        awaiting_first_trade=True,
        awaiting_since=ordinal(now),
        membership_period=membership_period,
        base_minor=0,
    )


def _owed(shut: Deposit, missing: int, book: Book, now: datetime) -> int:
    """What has to be owed so that a closed shop lacks what it lacked."""
    if missing == 0:
        return 0
    held = cash(book.terms, shut.available_minor, shut.frozen_minor)
    return max(0, missing + held - requirement(shut, book, now).need_cash_minor)
