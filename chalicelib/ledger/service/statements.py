"""Statements of accounts and the trial balance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import partial
from itertools import count, groupby, islice, takewhile
from typing import Final

from chalicelib.ledger import views
from chalicelib.ledger.records import books, evidence
from chalicelib.ledger.records import carried as books_carried
from chalicelib.ledger.records.books import Month
from chalicelib.ledger.rules import accounts
from chalicelib.ledger.rules.accounts import BookedLine, NoSuchAccount, Turnover, balance_minor
from chalicelib.ledger.rules.chart import CHART
from chalicelib.ledger.rules.close import carried_until
from chalicelib.shared import money, pages, periods
from chalicelib.shared.errors import Malformed, RuleViolation
from chalicelib.shared.fx import LIMIT_CURRENCY
from chalicelib.shared.money import Money
from chalicelib.shared.request import RequestContext
from chalicelib.shared.texts import say

OLDEST: Final = date(1970, 1, 2)
"""Nothing was booked before."""


class WhichCurrency(RuleViolation):
    code = "currency_needed"
    title = "The account holds several currencies, and a statement speaks of one."
    fix = "Name one of `currencies` in the query: ?currency=…"


def statement(account: str, query: views.StatementQuery, request: RequestContext) -> views.StatementView:
    """The statement of an account the caller may see; for everybody else, and outside the chart, it is not there."""
    if not accounts.may_see(account, request.caller):
        raise NoSuchAccount(say("There is no account {account!r:.60}.", account=account))
    code, of = accounts.named(account)
    since, until = _between(query, periods.business_date(request.now))
    up_to = _of_party(account) if of else partial(_of_code, code)
    totals = up_to(until)
    currency = _currency(query.currency, totals)
    opening = up_to(since - timedelta(days=1)).get(currency, Turnover())
    closing = totals.get(currency, Turnover())
    list_name = f"statement {account} {currency} {query.since} {query.until}"
    after, total = _resume(query, request, list_name) or ("", opening)
    lines = (
        _lines(account, currency, since, until, after, total)
        if of
        else _days(code, currency, since, until, after, total)
    )
    page = pages.page(
        lines,
        query.limit,
        position=lambda line: [line.position, line.total.debit_minor, line.total.credit_minor],
        caller=request.caller,
        of=list_name,
    )
    return views.StatementView(
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


def trial_balance(query: views.TrialBalanceQuery, request: RequestContext) -> views.TrialBalanceView:
    """Every account code and currency up to the end of a business date, and whether debits equal credits."""
    on = query.on or periods.business_date(request.now)
    totals = totals_on(on)
    cash, memorandum, mirror = (accounts.of_book(book, totals) for book in accounts.BOOKS)
    return views.TrialBalanceView(
        on=on,
        balanced=accounts.balances(totals),
        accounts=views.totals_view(cash),
        totals=views.sums_view(accounts.sums(cash)),
        memorandum=views.totals_view(memorandum),
        memorandum_totals=views.sums_view(accounts.sums(memorandum)),
        mirror=views.totals_view(mirror),
        mirror_totals=views.sums_view(accounts.sums(mirror)),
    )


def totals_on(on: date) -> dict[tuple[str, str], Turnover]:
    """What every (code, currency) was debited and credited up to the end of a business date, in the order of the chart."""
    carried = books_carried.last_before(periods.month_of(on))
    months = books.months_of_all(carried.month if carried else "", periods.month_of(on))
    totals = _added(carried.totals if carried else {}, months, on)
    order = list(CHART)
    return {key: totals[key] for key in sorted(totals, key=lambda key: (order.index(key[0]), key[1]))}


def carry(on: date) -> None:
    """Add up each month that is over for so long that hardly anything comes for it: each once, from the one before it."""
    last = carried_until(on)
    late = books_carried.late_bookings()
    carried = books_carried.last_before(f"{last}{books.LAST}")
    first = books.first_month()
    if first is None or (carried and carried.month == last):
        return
    totals: Mapping[tuple[str, str], Turnover] = carried.totals if carried else {}
    for month in periods.months_between(carried.month if carried else first, last)[1 if carried else 0 :]:
        totals = _added(totals, books.months_of_all(_before(month), month), date.max)
        books_carried.carry(month, totals, books_carried.late_until(month, late))


def turnovers(code: str, of: str) -> dict[str, Turnover]:
    """What one party's account was debited and credited in all, by currency, as far as the books have come: one query."""
    by_account: dict[str, Turnover] = defaultdict(Turnover)
    for month in books.months(accounts.key_of(code, of)):
        by_account[month.currency] += month.until(date.max)
    return dict(by_account)


def turnovers_on(code: str, of: str, on: date) -> dict[str, tuple[Turnover, Turnover]]:
    """What one party's account was debited and credited on a business date, and in all until its end, by currency: one query."""
    by_account: dict[str, tuple[Turnover, Turnover]] = defaultdict(lambda: (Turnover(), Turnover()))
    for month in books.months(accounts.key_of(code, of)):
        until, before = month.until(on), month.until(on - timedelta(days=1))
        of_day = Turnover(until.debit_minor - before.debit_minor, until.credit_minor - before.credit_minor)
        day, in_all = by_account[month.currency]
        by_account[month.currency] = (day + of_day, in_all + until)
    return dict(by_account)


def chain(aggregate_id: str, after_seq: int, limit: int) -> list[str]:
    """The names of a thing's next entries after one, in their order, as far as the books have come: they end before a hole."""
    numbered = zip(count(after_seq + 1), evidence.chain_of(aggregate_id, after_seq), strict=False)
    unbroken = takewhile(lambda pair: pair[0] == pair[1].seq, numbered)
    return [place.entry_id for _, place in islice(unbroken, limit)]


def _between(query: views.StatementQuery, today: date) -> tuple[date, date]:
    since, until = max(query.since or OLDEST, OLDEST), min(query.until or today, today)
    if query.since and since > until:
        raise Malformed("The statement would begin after its end.", param="from")
    return since, max(since, until)


def _currency(wanted: str | None, totals: Iterable[str]) -> str:
    if wanted is not None:
        money.digits_of(wanted)
        return wanted
    used = sorted(totals)
    if len(used) > 1:
        raise WhichCurrency(
            say("The account holds {count} currencies.", count=len(used)), param="currency", currencies=used
        )
    return used[0] if used else LIMIT_CURRENCY


def _of_party(account: str) -> Callable[[date], dict[str, Turnover]]:
    """What one party's account was debited and credited up to a day, by currency."""
    months = books.months(account)
    currencies = sorted({month.currency for month in months})
    return lambda day: {
        currency: sum((month.until(day) for month in months if month.currency == currency), Turnover())
        for currency in currencies
    }


def _of_code(code: str, day: date) -> dict[str, Turnover]:
    """The same of a whole code."""
    carried = books_carried.last_before(periods.month_of(day))
    before = {key: total for key, total in (carried.totals if carried else {}).items() if key[0] == code}
    months = _months_of_code(code, carried.month if carried else "", periods.month_of(day))
    return {currency: total for (_, currency), total in _added(before, months, day).items()}


def _months_of_code(code: str, after: str, until: str) -> Iterator[Month]:
    """The months of a whole code after one, or from the first of all on, in their order."""
    first = after or books.first_month()
    if first is not None and first <= until:
        for month in periods.months_between(first, until)[1 if after else 0 :]:
            yield from books.month_of_code(code, month)


def _added(
    before: Mapping[tuple[str, str], Turnover], months: Iterable[Month], on: date
) -> dict[tuple[str, str], Turnover]:
    """Totals, and on top what these months came to up to the end of a day."""
    totals: dict[tuple[str, str], Turnover] = defaultdict(Turnover, before)
    for month in months:
        if month.code in CHART and (turnover := month.until(on)) != Turnover():
            totals[month.code, month.currency] += turnover
    return totals


def _before(month: str) -> str:
    """The month before one."""
    return periods.month_of(date.fromisoformat(f"{month}-01") - timedelta(days=1))


def _resume(query: views.StatementQuery, request: RequestContext, list_name: str) -> tuple[str, Turnover] | None:
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


def _days(code: str, currency: str, since: date, until: date, after: str, total: Turnover) -> Iterator[BookedLine]:
    """The days of a whole code, every order and every party together, month by month as they are asked for."""
    begins = periods.month_of(max(since, date.fromisoformat(after) if after else since))
    months = _months_of_code(code, _before(max(begins, books.first_month() or begins)), periods.month_of(until))
    for _, rows in groupby(months, key=lambda row: row.month):
        by_day: dict[date, Turnover] = defaultdict(Turnover)
        for row in rows:
            for day, turnover in row.days() if row.currency == currency else ():
                by_day[day] += turnover
        for day in sorted(day for day in by_day if since <= day <= until and day.isoformat() > after):
            total += by_day[day]
            yield BookedLine(
                at=periods.start_of(day), turnover=by_day[day], total=total, event="day.total", position=day.isoformat()
            )


def _line_view(line: BookedLine, code: str, currency: str) -> views.LineView:
    return views.LineView(
        at=line.at,
        event=line.event,
        aggregate_id=line.aggregate_id,
        seq=line.seq,
        entry_id=line.entry_id,
        debit=Money.of(line.turnover.debit_minor, currency),
        credit=Money.of(line.turnover.credit_minor, currency),
        balance=Money.of(balance_minor(code, line.total), currency),
    )
