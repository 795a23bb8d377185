"""Closing a shop and opening it again. Pure.

A closed shop has no base amount any more: its balance is kept until the conditions of a release hold, and it is not adjusted. What
it owed follows its owner, closed or opened again: open risk, and arrears of its base, which stay required until nothing is missing.
Reopened it begins a new episode: base 0, and armed.
"""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from chalicelib.deposits.rules.as_of import photographed
from chalicelib.deposits.rules.book import Book, Books
from chalicelib.deposits.rules.cut_offs import ordinal
from chalicelib.deposits.rules.deposit import Deposit
from chalicelib.deposits.rules.requirement import cash, requirement, with_due


def closed(deposit: Deposit, now: datetime, books: Books) -> Deposit:
    """The shop is closed and in no market any more; what was missing is missing still."""
    book = books.in_force(now)
    seen = photographed(deposit, now, books)
    shut = replace(seen, status="closed", armed=False, base_minor=0, specials=(), owed_minor=0, updated_at=now)
    missing = requirement(seen, book, now).arrears_minor
    return with_due(seen, replace(shut, owed_minor=_owed(shut, missing, book, now)), book, now)


def reopened(deposit: Deposit, now: datetime, books: Books) -> Deposit:
    """The shop is open again, in a new episode."""
    seen = photographed(deposit, now, books)
    fresh = replace(
        seen, status="open", armed=True, armed_day=ordinal(now), episode=seen.episode + 1, base_minor=0, updated_at=now
    )
    return with_due(seen, fresh, books.in_force(now), now)


def _owed(shut: Deposit, missing: int, book: Book, now: datetime) -> int:
    """What has to be owed so that a closed shop lacks what it lacked."""
    if missing == 0:
        return 0
    held = cash(book.terms, shut.available_minor, shut.frozen_minor)
    return max(0, missing + held - requirement(shut, book, now).need_cash_minor)
