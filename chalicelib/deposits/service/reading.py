"""Looking at a deposit: as it stands, why it is what it is, what happened to it, what would be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Final

from chalicelib.deposits import records
from chalicelib.deposits.aggregate import DEPOSITS
from chalicelib.deposits.monthly import service as monthly
from chalicelib.deposits.monthly.service import Months
from chalicelib.deposits.monthly.writing import facts_of
from chalicelib.deposits.rules.book import Book, Books
from chalicelib.deposits.rules.cut_offs import CutOff, cut_off, next_cut_off
from chalicelib.deposits.rules.decision import decide
from chalicelib.deposits.rules.deposit import Deposit, chain_of
from chalicelib.deposits.rules.explanation import Explanation, explain
from chalicelib.deposits.rules.snapshots import NoSnapshot
from chalicelib.deposits.rules.what_if import outlook, what_if
from chalicelib.deposits.views.deposit import DepositView
from chalicelib.deposits.views.explained import ExplainedDepositView, SimulationOfDepositView, explained, simulation
from chalicelib.deposits.views.requests import DepositSimulationQuery, DepositsQuery
from chalicelib.deposits.views.statement import DepositLine, line, month_line
from chalicelib.ledger.service import statements as ledger_statements
from chalicelib.shared import journal, pages
from chalicelib.shared.journal import Entry
from chalicelib.shared.money import parse_minor
from chalicelib.shared.pages import Page, Paging
from chalicelib.shared.periods import from_ms, to_ms
from chalicelib.shared.request import RequestContext

MOST_MONTHS: Final = 36
"""So many months are looked up for one page of a statement, beside what it shows."""
MILLISECOND: Final = timedelta(milliseconds=1)
"""The finest difference between instants."""


def deposit(seller_id: str, request: RequestContext) -> ExplainedDepositView:
    """The deposit as it stands now, the working of the month that changed it last, and that of the coming one on what is known."""
    loaded, actor = DEPOSITS.read(seller_id, request)
    deposit, books = loaded.state, loaded.context
    return explained(
        DEPOSITS.show(loaded, actor, request),
        last=_last(deposit, books),
        month=_month(deposit, books),
        coming=_coming(deposit, books, request.now),
    )


def listed(query: DepositsQuery, request: RequestContext) -> Page[DepositView]:
    """Deposits to which something happens by itself, such as those of which a payment is due, the earliest first."""
    of = f"deposits:{query.owes}"
    after = pages.decode_cursor(query.cursor, request.caller, of) if query.cursor else None
    places = pages.by_due(records.waiting, after)
    return DEPOSITS.page(places, query, request, of, keep=lambda deposit: not query.owes or deposit.due_at is not None)


def statements(seller_id: str, query: Paging, request: RequestContext) -> Page[DepositLine]:
    """Everything that happened to a deposit, oldest first, as far as the books have it and the deposit names it: what is just written too.

    Months that were decided and changed nothing wrote nothing: their lines are made of their runs' records when they are read.
    """
    loaded, _ = DEPOSITS.read(seller_id, request)
    deposit = loaded.state
    of = f"deposit-statements:{seller_id}"
    seq, since = (
        pages.decode_cursor(query.cursor, request.caller, of) if query.cursor else (0, to_ms(deposit.opened_at))
    )
    currency = loaded.context.in_force(request.now).terms.currency
    months = Months(seller_id)

    def show(one: Entry | CutOff) -> DepositLine | None:
        return line(one, currency) if isinstance(one, Entry) else _quiet(one, months, currency)

    return pages.fill(
        _happened(deposit, seq, from_ms(since), query.limit, months, request.now),
        show,
        query.limit,
        caller=request.caller,
        of=of,
        most_looked_at=query.limit + MOST_MONTHS,
    )


def _happened(
    deposit: Deposit, seq: int, since: datetime, limit: int, months: Months, now: datetime
) -> Iterator[tuple[tuple[int, int], Entry | CutOff]]:
    """Entries after one, and before each of them the cut-offs since the last that have been decided.

    What took effect at the very instant of a cut-off counts in it, and so comes before it.
    """
    entries = _entries(deposit, seq, limit + 1)
    for entry in entries:
        before = entry.at - MILLISECOND
        yield from (((seq, to_ms(at.at)), at) for at in months.decided(since, before))
        seq, since = entry.seq, max(since, before)
        yield (seq, to_ms(since)), entry
    if len(entries) <= limit:
        yield from (((seq, to_ms(at.at)), at) for at in months.decided(since, now))


def _entries(deposit: Deposit, after_seq: int, limit: int) -> list[Entry]:
    """A deposit's own entries after one, without a hole."""
    chain = chain_of(deposit.id)
    names = {*ledger_statements.chain(chain, after_seq, limit), *deposit.recent}
    own = {entry.seq: entry for entry in journal.read_many(names) if entry.aggregate_id == chain}
    return [own[seq] for seq in takewhile(own.__contains__, range(after_seq + 1, after_seq + limit + 1))]


def _quiet(at: CutOff, months: Months, currency: str) -> DepositLine | None:
    """The line of a month that changed nothing; one that did has an entry of its own, and one that did not concern the deposit none."""
    adjustment = months.find(at)
    if adjustment is None or adjustment[1].changes or adjustment[1].skipped:
        return None
    run, decided = adjustment
    return month_line(facts_of(decided, currency), at.at, run.updated_at, decided.hash, currency)


def simulate(seller_id: str, query: DepositSimulationQuery, request: RequestContext) -> SimulationOfDepositView:
    """The coming cut-off as things are, with what is asked about added, and the cheapest thing to do before it."""
    loaded, _ = DEPOSITS.read(seller_id, request)
    books = loaded.context
    currency = books.in_force(request.now).terms.currency
    pay = parse_minor(query.pay, currency, param="pay") if query.pay else 0
    result = what_if(loaded.state, books, request.now, orders=query.orders, category=query.category, pay_minor=pay)
    return simulation(seller_id, result, explain(result.as_is, result.book), explain(result.then, result.book))


def _last(deposit: Deposit, books: Books) -> Explanation | None:
    """The last month that changed it, under its own book."""
    decided = deposit.adjustment
    book = books.find(decided.book) if decided else None
    return explain(decided, book, _others(book, books)) if decided and book else None


def _month(deposit: Deposit, books: Books) -> Explanation | None:
    """The latest month that was decided, whether it changed anything or not: from what was true at its cut-off."""
    period = monthly.latest_decided()
    if period is None or deposit.adjusted >= period:
        return _last(deposit, books)
    book = books.in_force(cut_off(period).at)
    try:
        decided = decide(deposit, book, period)
    except NoSnapshot:
        return None
    return None if decided.skipped == "not_open_yet" else explain(decided, book, _others(book, books))


def _coming(deposit: Deposit, books: Books, now: datetime) -> Explanation:
    at = next_cut_off(now)
    book = books.in_force(at.at)
    return explain(outlook(deposit, book, at, books), book, _others(book, books))


def _others(book: Book, books: Books) -> list[Book]:
    """The versions before and after a book: "under that one it would be"."""
    known = list(books.others)
    place = next((number for number, each in enumerate(known) if each.id == book.id), 0)
    return [each for each in known[max(0, place - 1) : place + 2] if each.id != book.id]
