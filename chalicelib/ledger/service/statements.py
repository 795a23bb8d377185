"""Statements of accounts and the trial balance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import count, islice, takewhile
from typing import Final

from chalicelib.ledger.records import books, evidence
from chalicelib.ledger.records.books import TotalRow
from chalicelib.ledger.rules import accounts
from chalicelib.ledger.rules.accounts import BookedLine, NoSuchAccount, Turnover, balance_minor
from chalicelib.ledger.rules.chart import CHART
from chalicelib.ledger.views import (
    LineView,
    StatementQuery,
    StatementView,
    TrialBalanceQuery,
    TrialBalanceView,
    sums_view,
    totals_view,
)
from chalicelib.shared import money, pages, periods
from chalicelib.shared.errors import Malformed, RuleViolation
from chalicelib.shared.fx import LIMIT_CURRENCY
from chalicelib.shared.money import Money
from chalicelib.shared.request import RequestContext

OLDEST: Final = date(1970, 1, 2)
"""Nothing was booked before."""


class WhichCurrency(RuleViolation):
    code = "currency_needed"
    title = "The account holds several currencies, and a statement speaks of one."
    fix = "Name one of `currencies` in the query: ?currency=…"


def statement(account: str, query: StatementQuery, request: RequestContext) -> StatementView:
    """The statement of an account the caller may see; for everybody else, and outside the chart, it is not there."""
    if not accounts.may_see(account, request.caller):
        raise NoSuchAccount(f"There is no account {account!r:.60}.")
    since, until = _between(query, periods.business_date(request.now))
    months = books.months(account)
    currency = _currency(query.currency, months)
    months = [month for month in months if month.currency == currency]
    opening, closing = _up_to(months, since - timedelta(days=1)), _up_to(months, until)
    list_name = f"statement {account} {currency} {query.since} {query.until}"
    after, total = _resume(query, request, list_name) or ("", opening)
    found = (
        _lines(account, currency, since, until, after, total)
        if ":" in account
        else _days(months, since, until, after, total)
    )
    page = pages.page(
        found,
        query.limit,
        position=lambda line: [line.position, line.total.debit_minor, line.total.credit_minor],
        caller=request.caller,
        of=list_name,
    )
    code, _ = accounts.named(account)
    return StatementView(
        account=account,
        kind=CHART[code].kind,
        normal=CHART[code].normal,
        holds=CHART[code].holds,
        currency=currency,
        since=query.since,
        until=until,
        opening=Money.of(balance_minor(code, opening), currency),
        closing=Money.of(balance_minor(code, closing), currency),
        debit=Money.of(closing.debit_minor - opening.debit_minor, currency),
        credit=Money.of(closing.credit_minor - opening.credit_minor, currency),
        items=[_line_view(line, code, currency) for line in page.items],
        next_cursor=page.next_cursor,
    )


def trial_balance(query: TrialBalanceQuery, request: RequestContext) -> TrialBalanceView:
    """Every account code and currency up to the end of a business date, and whether debits equal credits."""
    on = query.on or periods.business_date(request.now)
    totals = totals_on(on)
    cash, memorandum, mirror = (accounts.of_book(book, totals) for book in accounts.BOOKS)
    return TrialBalanceView(
        on=on,
        balanced=accounts.balances(totals),
        accounts=totals_view(cash),
        totals=sums_view(accounts.sums(cash)),
        memorandum=totals_view(memorandum),
        memorandum_totals=sums_view(accounts.sums(memorandum)),
        mirror=totals_view(mirror),
        mirror_totals=sums_view(accounts.sums(mirror)),
    )


def totals_on(on: date) -> dict[tuple[str, str], Turnover]:
    """What every (code, currency) was debited and credited up to the end of a business date, in the order of the chart."""
    totals: dict[tuple[str, str], Turnover] = defaultdict(Turnover)
    for month in books.all_months():
        if month.code in CHART and (turnover := month.until(on)) != Turnover():
            totals[month.code, month.currency] += turnover
    order = list(CHART)
    return {key: totals[key] for key in sorted(totals, key=lambda key: (order.index(key[0]), key[1]))}


def turnovers(code: str, of: str) -> dict[str, Turnover]:
    """What one party's account was debited and credited in all, by currency, as far as the books have come: one query."""
    told: dict[str, Turnover] = defaultdict(Turnover)
    for month in books.months(accounts.key_of(code, of)):
        told[month.currency] += month.until(date.max)
    return dict(told)


def chain(aggregate_id: str, after_seq: int, limit: int) -> list[str]:
    """The names of a thing's next entries after one, in their order, as far as the books have come: they end before a hole."""
    numbered = zip(count(after_seq + 1), evidence.chain_of(aggregate_id, after_seq), strict=False)
    unbroken = takewhile(lambda pair: pair[0] == pair[1].seq, numbered)
    return [place.entry_id for _, place in islice(unbroken, limit)]


def _between(query: StatementQuery, today: date) -> tuple[date, date]:
    since, until = max(query.since or OLDEST, OLDEST), min(query.until or today, today)
    if query.since and since > until:
        raise Malformed("The statement would begin after its end.", param="from")
    return since, max(since, until)


def _currency(asked: str | None, months: Iterable[TotalRow]) -> str:
    if asked is not None:
        money.digits_of(asked)
        return asked
    used = sorted({month.currency for month in months})
    if len(used) > 1:
        raise WhichCurrency(f"The account holds {len(used)} currencies.", param="currency", currencies=used)
    return used[0] if used else LIMIT_CURRENCY


def _up_to(months: Iterable[TotalRow], day: date) -> Turnover:
    return sum((month.until(day) for month in months), Turnover())


def _resume(query: StatementQuery, request: RequestContext, list_name: str) -> tuple[str, Turnover] | None:
    if not query.cursor:
        return None
    after, debit_minor, credit_minor = pages.decode_cursor(query.cursor, request.caller, list_name)
    return after, Turnover(debit_minor, credit_minor)


def _lines(account: str, currency: str, since: date, until: date, after: str, total: Turnover) -> Iterator[BookedLine]:
    """The postings of one account."""
    start, end = periods.start_of(since), periods.start_of(until + timedelta(days=1))
    for row in books.lines(account, currency, start, end, after):
        total += row.turnover
        yield BookedLine(
            at=periods.from_ms(row.at),
            turnover=row.turnover,
            total=total,
            event=row.event,
            position=row.line,
            aggregate_id=row.aggregate_id,
            seq=row.seq,
            entry_id=row.entry_id,
        )


def _days(months: Iterable[TotalRow], since: date, until: date, after: str, total: Turnover) -> Iterator[BookedLine]:
    """The days of a whole code, every order and every party together."""
    by_day: dict[date, Turnover] = defaultdict(Turnover)
    for month in months:
        for day, turnover in month.days():
            by_day[day] += turnover
    for day in sorted(day for day in by_day if since <= day <= until and day.isoformat() > after):
        total += by_day[day]
        yield BookedLine(
            at=periods.start_of(day), turnover=by_day[day], total=total, event="day.total", position=day.isoformat()
        )


def _line_view(line: BookedLine, code: str, currency: str) -> LineView:
    return LineView(
        at=line.at,
        event=line.event,
        aggregate_id=line.aggregate_id,
        seq=line.seq,
        entry_id=line.entry_id,
        debit=Money.of(line.turnover.debit_minor, currency),
        credit=Money.of(line.turnover.credit_minor, currency),
        balance=Money.of(balance_minor(code, line.total), currency),
    )
