"""How a deposit changes, and what is told of it. Pure.

Every change begins with a snapshot of the cut-offs that have passed and ends with the term to pay. Its event tells what the deposit then
amounts to: so a line of a statement explains itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from chalicelib.deposits.rules.book import Book, Books
from chalicelib.deposits.rules.deposit import Deposit
from chalicelib.deposits.rules.requirement import requirement, to_pay, with_due
from chalicelib.deposits.rules.snapshots import with_snapshots
from chalicelib.deposits.rules.transitions import TABLE, DepositChange
from chalicelib.shared.journal import PaymentOrder, Posting


def change(
    was: Deposit,
    name: str,
    books: Books,
    at: datetime,
    *,
    event: str = "",
    book: Book | None = None,
    since: Deposit | None = None,
    state: Deposit | None = None,
    payload: Mapping[str, Any] | None = None,
    postings: tuple[Posting, ...] = (),
    payment_orders: tuple[PaymentOrder, ...] = (),
    **fields: Any,
) -> DepositChange:
    """The transition `name`: `was` with other `fields`, or `state`, which has its snapshots already, with them.

    Arrears that appear or go between `since`, which is `was` unless it is given, and the next version set or end the term to pay. `book`
    is the one in force, unless it is given.
    """
    book = book or books.in_force(at)
    after = with_due(since or was, replace(state or with_snapshots(was, at, books), **fields), book, at)
    return TABLE.change(
        was,
        name,
        at,
        event=event,
        state=after,
        payload={**(payload or {}), **standing(after, book, at)},
        policy=book.hash,
        postings=postings,
        payment_orders=payment_orders,
    )


def next_version(was: Deposit, name: str, books: Books, at: datetime, **fields: Any) -> Deposit:
    """The same without an event: for the commit of a claim, whose entry tells of it."""
    after = with_due(was, replace(with_snapshots(was, at, books), **fields), books.in_force(at), at)
    return TABLE.next_version(was, name, at, state=after)


def standing(deposit: Deposit, book: Book, at: datetime) -> dict[str, Any]:
    """What a deposit amounts to at an instant, for whoever reads of it."""
    required = requirement(deposit, book, at)
    return {
        "seller_id": deposit.id,
        "total_minor": required.total_minor,
        "held_minor": required.held_minor,
        "arrears_minor": required.arrears_minor,
        "to_pay_minor": to_pay(deposit, book, at),
        "book": book.id,
    }
