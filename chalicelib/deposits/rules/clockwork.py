"""What happens to a deposit by itself, and when: the first trading day, the ladder, substitutes that begin and lapse, risks that end. Pure.

Each takes effect at its own instant, however late it is written. What is told of a day until five past midnight counts for that day's
first trade; what comes later is found on the next day.

    clear ── arrears appear ─→ due (72 hours) ── not paid ─→ overdue 1 … 5 ── paid ─→ clear
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final, Literal

import msgspec

from chalicelib.deposits.rules.book import Book, Books, Rung
from chalicelib.deposits.rules.cut_offs import ordinal, start_of_day
from chalicelib.deposits.rules.decision import first_trade_day
from chalicelib.deposits.rules.deposit import Deposit

DAILY_AFTER: Final = timedelta(minutes=5)
"""The daily job runs this long after midnight in Shanghai."""

What = Literal["first_trade", "risk_ended", "substitute_on", "substitute_off", "overdue"]
_ORDER: Final[tuple[What, ...]] = ("first_trade", "risk_ended", "substitute_on", "substitute_off", "overdue")


class Due(msgspec.Struct, frozen=True, order=True):
    """Something that happens at an instant; what happens at the same one does so in the order of `_ORDER`. `of` names the risk or substitute."""

    at: datetime
    place: int
    of: str = ""

    @property
    def what(self) -> What:
        return _ORDER[self.place]


def next_due(deposit: Deposit, books: Books) -> Due | None:
    """The next thing that happens by itself, if one does."""
    return min(_every(deposit, books), default=None)


def next_due_at(deposit: Deposit, books: Books) -> datetime | None:
    """When it does: the moment a deposit stands in the index of due things under."""
    found = next_due(deposit, books)
    return found.at if found else None


def rung_at(deposit: Deposit, rung: Rung, book: Book) -> datetime:
    """When a restriction begins if the bill is not paid."""
    assert deposit.due_at is not None, "nothing is to be paid"
    return deposit.due_at - book.pay_within + timedelta(hours=rung.after_hours)


def rungs_taken(deposit: Deposit, books: Books, now: datetime) -> int:
    """How many restrictions hold at an instant, written down or not."""
    if deposit.due_at is None:
        return 0
    book = _book_of(deposit, books)
    return max(deposit.step, sum(rung_at(deposit, rung, book) <= now for rung in book.terms.ladder))


def restrictions(deposit: Deposit, books: Books, now: datetime) -> tuple[str, ...]:
    """The restrictions that hold, the mildest first."""
    ladder = _book_of(deposit, books).terms.ladder
    return tuple(rung.restriction for rung in ladder[: rungs_taken(deposit, books, now)])


def ladder_of(deposit: Deposit, books: Books) -> tuple[tuple[datetime, str], ...]:
    """When each restriction begins, or began, if the bill is not paid."""
    if deposit.due_at is None:
        return ()
    book = _book_of(deposit, books)
    return tuple((rung_at(deposit, rung, book), rung.restriction) for rung in book.terms.ladder)


def _every(deposit: Deposit, books: Books) -> Iterator[Due]:
    first = _first_trade(deposit)
    if first is not None:
        yield _due(first, "first_trade")
    for risk in deposit.risks:
        if risk.ends_at is not None:
            yield _due(risk.ends_at, "risk_ended", risk.id)
    for substitute in deposit.substitutes:
        yield _due(substitute.until, "substitute_off", substitute.id)
        if substitute.from_ > deposit.updated_at:
            yield _due(substitute.from_, "substitute_on", substitute.id)
    if deposit.due_at is not None:
        book = _book_of(deposit, books)
        for rung in book.terms.ladder[deposit.step : deposit.step + 1]:
            yield _due(rung_at(deposit, rung, book), "overdue")


def _first_trade(deposit: Deposit) -> datetime | None:
    """When an armed shop's first trading day is assessed: the midnight after it, or after the day on which it became known."""
    day = first_trade_day(deposit, _NO_DAY)
    if day is None:
        return None
    value_time = start_of_day(day + 1)
    if deposit.updated_at <= value_time + DAILY_AFTER:
        return value_time
    return start_of_day(ordinal(deposit.updated_at) + 1)


def _book_of(deposit: Deposit, books: Books) -> Book:
    """The version whose ladder a bill climbs: the one in force when its term was set."""
    return books.in_force(deposit.due_at - _SET_BEFORE if deposit.due_at else deposit.updated_at)


def _due(at: datetime, what: What, of: str = "") -> Due:
    return Due(at, _ORDER.index(what), of)


_NO_DAY: Final = 10**7
_SET_BEFORE: Final = timedelta(hours=72)
