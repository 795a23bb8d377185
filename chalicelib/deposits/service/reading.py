"""Looking at a deposit: as it stands, why it is what it is, what happened to it, what would be."""

from __future__ import annotations

from datetime import datetime
from itertools import takewhile
from typing import Final, NamedTuple

from chalicelib.deposits.monthly import service as monthly
from chalicelib.deposits.monthly.writing import facts_of
from chalicelib.deposits.rulebooks import shelf
from chalicelib.deposits.rules.as_of import NotPhotographed
from chalicelib.deposits.rules.book import Book, Books
from chalicelib.deposits.rules.cut_offs import between, cut_off, next_cut_off
from chalicelib.deposits.rules.decision import decide
from chalicelib.deposits.rules.deposit import Deposit, chain_of
from chalicelib.deposits.rules.explanation import Explanation, explain
from chalicelib.deposits.rules.what_if import outlook, what_if
from chalicelib.deposits.service.settling import find, shown
from chalicelib.deposits.views.asked import DepositSimulationQuery
from chalicelib.deposits.views.explained import ExplainedDepositView, SimulationOfDepositView, explained, simulation
from chalicelib.deposits.views.statement import DepositLine, line, month_line
from chalicelib.ledger import service as ledger
from chalicelib.shared import journal, pages
from chalicelib.shared.money import parse_minor
from chalicelib.shared.pages import Page, Paging
from chalicelib.shared.periods import from_ms, to_ms
from chalicelib.shared.request import Request, within_duty

MOST_MONTHS: Final = 36
"""So many months are looked up for one page of a statement."""


def deposit(seller_id: str, request: Request) -> ExplainedDepositView:
    """The deposit as it stands now, the working of the month that changed it last, and that of the coming one on what is known."""
    found, side = find(seller_id, request)
    books = shelf.books(request.now)
    return explained(
        within_duty(shown(found, side, request.now), request.caller, "deposits"),
        last=_last(found, books),
        month=_month(found, books),
        coming=_coming(found, books, request.now),
    )


def statements(seller_id: str, query: Paging, request: Request) -> Page[DepositLine]:
    """Everything that happened to a deposit, oldest first, as far as the books have it: they follow within seconds.

    Months that were decided and changed nothing wrote nothing: their lines are made of their runs' records when they are read.
    """
    found, _ = find(seller_id, request)
    of = f"deposit-statements:{seller_id}"
    start = pages.unseal(query.cursor, request.caller, of) if query.cursor else (0, to_ms(found.opened_at))
    told = _after(found, start[0], from_ms(start[1]), query.limit, request.now)
    items = told.lines[: query.limit]
    if not told.more and len(items) == len(told.lines):
        return Page(items=items)
    seq = max((item.seq for item in items if item.seq), default=start[0])
    until = max([start[1], *(to_ms(item.at) for item in items)]) if len(items) < len(told.lines) else to_ms(told.until)
    return Page(items=items, next_cursor=pages.seal((seq, until), request.caller, of))


class _Told(NamedTuple):
    """Lines in their order, up to which instant they are all there are, and whether there are more after it."""

    lines: list[DepositLine]
    until: datetime
    more: bool


def _after(found: Deposit, seq: int, since: datetime, limit: int, now: datetime) -> _Told:
    """Entries after one, and between them the months that changed nothing."""
    currency = shelf.books(now).in_force(now).terms.currency
    entries = list(journal.read_many(ledger.chain(chain_of(found.id), seq, limit)))
    more = bool(entries) and entries[-1].seq < found.seq and len(entries) == limit
    until = max(entries[-1].at, since) if more else now
    months = between(since, until)
    if len(months) > MOST_MONTHS:
        months, more = months[:MOST_MONTHS], True
        until = months[-1].at
        entries = list(takewhile(lambda made: made.at <= until, entries))
    lines = [line(made, currency) for made in entries]
    for at, run, decided in monthly.unchanged(found.id, months):
        told = month_line(facts_of(decided, currency), at.at, run.updated_at, decided.hash, currency)
        place = next((place for place, each in enumerate(lines) if each.at > at.at), len(lines))
        lines.insert(place, told)
    return _Told(lines, until, more)


def simulate(seller_id: str, query: DepositSimulationQuery, request: Request) -> SimulationOfDepositView:
    """The coming cut-off as things are, with what is asked about added, and the cheapest thing to do before it."""
    found, _ = find(seller_id, request)
    books = shelf.books(request.now)
    currency = books.in_force(request.now).terms.currency
    pay = parse_minor(query.pay, currency, param="pay") if query.pay else 0
    made = what_if(found, books, request.now, orders=query.orders, category=query.category, pay_minor=pay)
    return simulation(seller_id, made, explain(made.as_is, made.book), explain(made.then, made.book))


def _last(found: Deposit, books: Books) -> Explanation | None:
    """The last month that changed it, under its own book."""
    decided = found.adjustment
    book = books.find(decided.book) if decided else None
    return explain(decided, book, _others(book, books)) if decided and book else None


def _month(found: Deposit, books: Books) -> Explanation | None:
    """The latest month that was decided, whether it changed anything or not: from what was true at its cut-off."""
    period = monthly.latest_decided()
    if period is None or found.adjusted >= period:
        return _last(found, books)
    book = books.in_force(cut_off(period).at)
    try:
        decided = decide(found, book, period)
    except NotPhotographed:
        return None
    return None if decided.skipped == "not_open_yet" else explain(decided, book, _others(book, books))


def _coming(found: Deposit, books: Books, now: datetime) -> Explanation:
    at = next_cut_off(now)
    book = books.in_force(at.at)
    return explain(outlook(found, book, at, books), book, _others(book, books))


def _others(book: Book, books: Books) -> list[Book]:
    """The versions before and after a book: "under that one it would be"."""
    known = list(books.others)
    place = next((number for number, each in enumerate(known) if each.id == book.id), 0)
    return [each for each in known[max(0, place - 1) : place + 2] if each.id != book.id]
