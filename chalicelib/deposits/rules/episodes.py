"""Closing a shop and opening it again. Pure.

A closed shop has no base amount any more: its balance is kept until the conditions of a release hold, and it is not adjusted. What
it owed follows its owner, closed or opened again: open risk, and arrears of its base, which stay required until nothing is missing.
Reopened it begins a new episode: base 0, and armed.
"""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from chalicelib.deposits.rules.as_of import photographed
from chalicelib.deposits.rules.book import Books
from chalicelib.deposits.rules.cut_offs import ordinal
from chalicelib.deposits.rules.deposit import Deposit
from chalicelib.deposits.rules.requirement import requirement, with_due


def closed(deposit: Deposit, now: datetime, books: Books) -> Deposit:
    """The shop is closed; what its base was short of stays owed."""
    book = books.in_force(now)
    seen = photographed(deposit, now, books)
    shut = replace(seen, status="closed", base_minor=0, updated_at=now)
    missing, without = (requirement(each, book, now).arrears_minor for each in (seen, shut))
    return with_due(seen, replace(shut, owed_minor=shut.owed_minor + missing - without), book, now)


def reopened(deposit: Deposit, now: datetime, books: Books) -> Deposit:
    """The shop is open again, in a new episode."""
    seen = photographed(deposit, now, books)
    fresh = replace(
        seen, status="open", armed=True, armed_day=ordinal(now), episode=seen.episode + 1, base_minor=0, updated_at=now
    )
    return with_due(seen, fresh, books.in_force(now), now)
