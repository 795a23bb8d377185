"""What would the coming cut-off bring: as things are, with more orders, after a payment; and what is the cheapest thing to do. Pure.

The same function that decides the month, on a deposit to which something has been added.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec
from msgspec.structs import replace

from chalicelib.deposits.rules.book import Book, Books
from chalicelib.deposits.rules.cut_offs import CutOff, next_cut_off
from chalicelib.deposits.rules.decision import decide_on, first_trade_day, first_traded, rested_on, tested_arrears
from chalicelib.deposits.rules.deposit import Days, Decision, Deposit, Totals
from chalicelib.deposits.rules.snapshots import take_snapshot
from chalicelib.shared.texts import Text, say


class Advice(msgspec.Struct, frozen=True):
    """The cheapest action before the cut-off: pay so much, and the base is lower by `saved_minor`; or nothing, and why."""

    action: Literal["pay", "nothing"]
    pay_minor: int
    by: datetime
    base_minor: int
    """What the base then is."""
    saved_minor: int
    text: Text


class WhatIf(msgspec.Struct, frozen=True):
    """The coming cut-off as things are, what it would be with the changes asked about, and the advice for both."""

    period: str
    cut_off_at: datetime
    book: Book
    as_is: Decision
    then: Decision
    advice: Advice


def what_if(
    deposit: Deposit,
    books: Books,
    now: datetime,
    *,
    orders: int = 0,
    category: str = "",
    gmv_minor: int | None = None,
    pay_minor: int = 0,
) -> WhatIf:
    """`orders` more in a category (the shop's higher one, unless named) by the day before the cut-off, and a payment before it.

    An order is taken to be worth what the shop's orders in that category were worth on average, unless `gmv_minor` says it for all.
    """
    at = next_cut_off(now)
    book = books.in_force(at.at)
    as_is = outlook(deposit, book, at, books)
    more = deposit
    if orders:
        named = category or as_is.category or next(iter(book.rows), "")
        worth = orders * _average(as_is.totals, named) if gmv_minor is None else gmv_minor
        more = replace(deposit, days=_with(deposit.days, at.day - 1, named, orders, worth))
    more = replace(more, available_minor=more.available_minor + pay_minor)
    return WhatIf(at.period, at.at, book, as_is, outlook(more, book, at, books), advise(more, book, at, books))


def outlook(deposit: Deposit, book: Book, at: CutOff, books: Books) -> Decision:
    """The decision of the coming cut-off on what is known now. A first trading day before it sets the base, and the cut-off finds that."""
    day = first_trade_day(deposit, at.day)
    if day is not None:
        traded = first_traded(deposit, book, day, max(deposit.updated_at, at.at), books)
        deposit = traded[0] if traded else deposit
    return decide_on(deposit.id, take_snapshot(deposit, at, book), book, at)


def advise(deposit: Deposit, book: Book, at: CutOff, books: Books) -> Advice:
    """Whether paying what is missing before the cut-off makes the base lower than it will be otherwise."""
    as_is = outlook(deposit, book, at, books)
    missing = tested_arrears(rested_on(as_is), book)
    if not as_is.in_debt or as_is.skipped:
        return _nothing(as_is, at, say("Nothing has to be done: there are no arrears that the cut-off would count."))
    paid = decide_on(deposit.id, replace(rested_on(as_is), available_minor=as_is.available_minor + missing), book, at)
    if paid.base_minor >= as_is.base_minor:
        return _nothing(as_is, at, say("Paying before the cut-off changes nothing: the base comes out the same."))
    return Advice(
        "pay",
        missing,
        at.at,
        paid.base_minor,
        as_is.base_minor - paid.base_minor,
        say("With the arrears paid before the cut-off the base follows the orders down."),
    )


def _nothing(as_is: Decision, at: CutOff, text: Text) -> Advice:
    return Advice("nothing", 0, at.at, as_is.base_minor, 0, text)


def _average(totals: Totals, category: str) -> int:
    orders, gmv = totals.get(category) or (sum(each[0] for each in totals.values()), sum(e[1] for e in totals.values()))
    return gmv // orders if orders else 0


def _with(days: Days, day: int, category: str, orders: int, gmv_minor: int) -> Days:
    """The days with more sold on one of them."""
    sold = next((sold for on, sold in days if on == day), ())
    others = tuple(each for each in days if each[0] != day)
    return tuple(sorted((*others, (day, (*sold, (category, orders, gmv_minor))))))
