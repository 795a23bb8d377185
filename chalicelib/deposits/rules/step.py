"""One step of a deposit: what it becomes and what is told of it. Pure.

Every step begins with `begun`, which keeps a photograph of the cut-offs that have passed, and ends with `step`, which sets the term to pay
and writes down what the deposit then amounts to: so a line of a statement explains itself.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from chalicelib.deposits.rules.as_of import photographed
from chalicelib.deposits.rules.book import Book, Books
from chalicelib.deposits.rules.deposit import Deposit
from chalicelib.deposits.rules.requirement import requirement, with_due
from chalicelib.shared.journal import Event, Instruct, Posting


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """The deposit in its next version and the event that made it so. `at` is when it took effect."""

    deposit: Deposit
    event: Event
    at: datetime

    @property
    def seq(self) -> int:
        return self.deposit.seq


def begun(was: Deposit, books: Books, now: datetime) -> Deposit:
    """The deposit as a step at `now` finds it."""
    return replace(photographed(was, now, books), updated_at=max(now, was.updated_at))


def step(
    was: Deposit,
    after: Deposit,
    kind: str,
    book: Book,
    at: datetime,
    *,
    facts: dict[str, Any] | None = None,
    postings: tuple[Posting, ...] = (),
    instructs: tuple[Instruct, ...] = (),
) -> Step:
    """`was` and `after` differ in what this step changes; arrears that appear or go by it set or end the term to pay."""
    settled = with_due(was, after, book, at)
    now_is = replace(settled, version=was.version + 1, seq=was.seq + 1)
    told = (facts or {}) | standing(now_is, book, at)
    event = Event(f"deposit.{kind}", told, postings, book.hash, instructs)
    return Step(deposit=now_is, event=event, at=at)


def standing(deposit: Deposit, book: Book, at: datetime) -> dict[str, Any]:
    """What a deposit amounts to at an instant, for whoever reads of it."""
    told = requirement(deposit, book, at)
    return {
        "seller_id": deposit.id,
        "total_minor": told.total_minor,
        "held_minor": told.held_minor,
        "arrears_minor": told.arrears_minor,
        "to_pay_minor": to_pay(deposit, book, at),
        "book": book.id,
    }


def to_pay(deposit: Deposit, book: Book, at: datetime) -> int:
    """What a payment has to bring so that nothing is owed: the arrears, with what the platform advanced in them."""
    told = requirement(deposit, book, at)
    return max(told.arrears_minor, deposit.account.advance_minor)
