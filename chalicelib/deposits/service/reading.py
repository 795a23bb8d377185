"""Looking at a deposit: as it stands, why it is what it is, what happened to it, what would be."""

from __future__ import annotations

from datetime import datetime

from chalicelib.deposits.rulebooks import shelf
from chalicelib.deposits.rules.book import Book, Books
from chalicelib.deposits.rules.cut_offs import next_cut_off
from chalicelib.deposits.rules.deposit import Deposit, chain_of
from chalicelib.deposits.rules.explanation import Explanation, explain
from chalicelib.deposits.rules.what_if import outlook, what_if
from chalicelib.deposits.service.settling import find, shown
from chalicelib.deposits.views.asked import DepositSimulationQuery
from chalicelib.deposits.views.explained import ExplainedDepositView, SimulationOfDepositView, explained, simulation
from chalicelib.deposits.views.statement import DepositLine, line
from chalicelib.ledger import service as ledger
from chalicelib.shared import journal, pages
from chalicelib.shared.money import parse_minor
from chalicelib.shared.pages import Page, Paging
from chalicelib.shared.request import Request, within_duty


def deposit(seller_id: str, request: Request) -> ExplainedDepositView:
    """The deposit as it stands now, the working of the month that changed it last, and that of the coming one on what is known."""
    found, side = find(seller_id, request)
    books = shelf.books(request.now)
    return explained(
        within_duty(shown(found, side, request.now), request.caller, "deposits"),
        last=_last(found, books),
        coming=_coming(found, books, request.now),
    )


def statements(seller_id: str, query: Paging, request: Request) -> Page[DepositLine]:
    """Everything that happened to a deposit, oldest first, as far as the books have it: they follow within seconds."""
    find(seller_id, request)
    chain = chain_of(seller_id)
    of = f"deposit-statements:{seller_id}"
    after = pages.unseal(query.cursor, request.caller, of) if query.cursor else 0
    names = ledger.chain(chain, after, query.limit + 1)
    currency = shelf.books(request.now).in_force(request.now).terms.currency
    entries = ((made.seq, made) for made in sorted(journal.read_many(names), key=lambda made: made.seq))
    return pages.fill(entries, lambda made: line(made, currency), query.limit, caller=request.caller, of=of)


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


def _coming(found: Deposit, books: Books, now: datetime) -> Explanation:
    at = next_cut_off(now)
    book = books.in_force(at.at)
    return explain(outlook(found, book, at, books), book, _others(book, books))


def _others(book: Book, books: Books) -> list[Book]:
    """The versions before and after a book: "under that one it would be"."""
    known = list(books.others)
    place = next((number for number, each in enumerate(known) if each.id == book.id), 0)
    return [each for each in known[max(0, place - 1) : place + 2] if each.id != book.id]
