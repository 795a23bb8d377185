"""Which rulebooks there are: those that ship with the product and those that were published.

What is in force at an instant cannot change later, and a version is announced seven days before it takes effect: so what was read
once in a process answers for the next seven days.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from chalicelib.deposits.rulebooks import records
from chalicelib.deposits.rules import book as rules
from chalicelib.deposits.rules.book import Book, Books, Terms
from chalicelib.deposits.rules.published import NOTICE
from chalicelib.shared import policies
from chalicelib.shared.periods import start_of

POLICY: Final = "deposits"
_STEP: Final = timedelta(minutes=1)


def books(now: datetime) -> Books:
    """Every version that can matter until `now`, read at most once a week."""
    if _seen is None or now >= _seen[0] + NOTICE - _STEP:
        return read(now)
    return _seen[1]


def read(now: datetime) -> Books:
    """Every version there is, as the table has them now."""
    global _seen
    books = rules.books(shipped()[0], (*shipped()[1:], *(each.book for each in records.published())))
    _seen = (now, books)
    return books


def find(book_id: str, now: datetime) -> Book | None:
    """A version by its name; one that is not known here yet is looked for in the table."""
    return books(now).find(book_id) or read(now).find(book_id)


@lru_cache(maxsize=1)
def shipped() -> tuple[Book, ...]:
    """The books in the policies' folder, the first first: it also rules the time before it."""
    return tuple(
        rules.book(policy.version, start_of(policy.announced_on), start_of(policy.effective_on), policy.read_as(Terms))
        for policy in policies.versions(POLICY)
    )


def forget() -> None:
    """Tests: another world has other books."""
    global _seen
    _seen = None


_seen: tuple[datetime, Books] | None = None
