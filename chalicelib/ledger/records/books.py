"""The projected books: lines of accounts, and their totals by month. The chain of each thing is in `chains.py`.

All of it is made from the journal's stream and could be made again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from zlib import crc32

from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.update import Action

from chalicelib.ledger.records import chains
from chalicelib.ledger.records.carried import LateRow
from chalicelib.ledger.rules import accounts
from chalicelib.ledger.rules.accounts import Turnover
from chalicelib.ledger.rules.chain import Link
from chalicelib.ledger.rules.close import carried_until
from chalicelib.shared import clock, periods
from chalicelib.shared.columns import PlainText, WholeNumber, added
from chalicelib.shared.journal import Entry, Posting
from chalicelib.shared.tables import Row, by_transaction, once_each, table, write_together

LAST_DAY: Final = 31
ALL: Final = "all"
LAST: Final = "~"
"""After every character of a page."""


class LineRow(Row):
    """One posting: under its account, in the order of currency, moment and entry."""

    Meta = table("ledger-lines")
    account = PlainText(hash_key=True)
    line = UnicodeAttribute(range_key=True)
    at = WholeNumber()
    event = UnicodeAttribute()
    aggregate_id = UnicodeAttribute()
    seq = WholeNumber()
    entry_id = UnicodeAttribute()
    debit_minor = WholeNumber(default=0)
    credit_minor = WholeNumber(default=0)

    @property
    def turnover(self) -> Turnover:
        return Turnover(self.debit_minor, self.credit_minor)


class Month(NamedTuple):
    """A month of one account, or of all accounts of a code, in one currency: what each day debited and credited, by side and day."""

    month: str
    code: str
    currency: str
    booked: Mapping[tuple[str, int], int]

    def until(self, day: date) -> Turnover:
        """What the month's days up to and including this one add up to."""
        month = periods.month_of(day)
        last = 0 if self.month > month else day.day if self.month == month else LAST_DAY
        return Turnover(
            *(sum(minor for (of, day), minor in self.booked.items() if of == side and day <= last) for side in "dc")
        )

    def days(self) -> Iterator[tuple[date, Turnover]]:
        """The days on which something was booked, in order."""
        year, month = map(int, self.month.split("-"))
        for day in sorted({day for _, day in self.booked}):
            yield date(year, month, day), Turnover(self.booked.get(("d", day), 0), self.booked.get(("c", day), 0))


class TotalRow(Row):
    """The item of a month of one account, or of all accounts of a code, in one currency.

    An account of one order or case has none: its few lines are added up where it is read. The page is `2026-03#held#USD`; the columns
    `d02` and `c02` are what the second day debited and credited. One item a month, because DynamoDB adds to numbers at an item's top level
    only, and one item costs one write however many of its numbers change. So a party's accounts of one family share an item,
    `2026-03#cover#USD`, in which `d022` is the second day of its second account. Whole codes are kept together, under the name `all`, in
    parts, by month: the trial balance reads of each part what came after the months that are carried (`carried.py`).
    """

    Meta = table("ledger-totals")
    account = UnicodeAttribute(hash_key=True)
    page = UnicodeAttribute(range_key=True)
    numbers: Mapping[str, int]
    """By column: most days of most accounts have none."""

    @classmethod
    def from_raw_data(cls, data: dict[str, Any]) -> TotalRow:
        row = super().from_raw_data(data)
        row.numbers = {name: int(value["N"]) for name, value in data.items() if name[0] in "dc" and "N" in value}
        return row

    def month_of(self, code: str = "", place: str = "") -> Month:
        """The month of the item's code, or of one of the family that shares it."""
        month, own, currency = self.page.split("#")
        booked = {(name[0], int(name[1:3])): minor for name, minor in self.numbers.items() if name[3:] == place}
        return Month(month, code or own, currency, booked)


class Leg(NamedTuple):
    """One posting of an entry, by its place."""

    entry: Entry
    place: int

    @property
    def posting(self) -> Posting:
        return self.entry.event.postings[self.place]

    @property
    def day(self) -> date:
        return periods.business_date(self.entry.at)

    @property
    def totals(self) -> Iterator[tuple[str, str, str, str]]:
        """What each month it is added to is kept under, whose it is (or nobody's, for the whole code), its page, and the account's place on it."""
        posting = self.posting
        owners = ["", posting.owner_id] if accounts.keeps_months(posting.account, posting.owner_id) else [""]
        for of in owners:
            name, place = accounts.kept_under(posting.account, of)
            yield name, of, f"{periods.month_of(self.day)}#{name}#{posting.currency}", place


Group = Sequence[Leg]
"""Legs of one entry that are added to the totals together."""


def book(links: Iterable[Link]) -> list[Entry]:
    """Put entries into the books: each once, however often it comes. Returns those whose place in the chain another entry has.

    Entries share transactions, in which what they add to one month is one change.
    """
    entries = {link.entry.entry_id: link for link in links}
    displaced = [link.entry for link in entries.values() if not chains.add(link.entry, link.entry_hash)]
    for groups in _batches(link.entry for link in entries.values()):
        _book(groups)
    return displaced


def lines(account: str, currency: str, start: datetime, end: datetime, after: str = "") -> Iterator[LineRow]:
    """The lines of an account from `start` until just before `end`, oldest first, going on after the line `after`."""
    bounds = f"{currency}#{periods.to_ms(start):015d}", f"{currency}#{periods.to_ms(end):015d}"
    yield from LineRow.query(
        account,
        LineRow.line.between(*bounds),
        consistent_read=True,
        page_size=100,
        last_evaluated_key={"account": {"S": account}, "line": {"S": after}} if after else None,
    )


def months(account: str) -> list[Month]:
    """The months of one party's account, in all currencies and parts."""
    code, of = accounts.named(account)
    if not accounts.keeps_months(code, of):
        return _added_up(account)
    name, place = accounts.kept_under(code, of)
    rows = (row for part in _all_parts(name, of) for row in TotalRow.query(part, consistent_read=True))
    return [month for row in rows if (month := row.month_of(code, place)).booked]


def months_of_all(after: str, until: str) -> Iterator[Month]:
    """The months of every code after one, if any, and until another, in all currencies and parts."""
    bounds = TotalRow.page.between(f"{after}{LAST}" if after else "0", f"{until}{LAST}")
    for part in _all_parts("", ""):
        yield from (row.month_of() for row in TotalRow.query(part, bounds, consistent_read=True))


def month_of_code(code: str, month: str) -> Iterator[Month]:
    """One month of a whole code, in all currencies and parts."""
    for part in _all_parts("", ""):
        wanted = TotalRow.page.startswith(f"{month}#{code}#")
        yield from (row.month_of() for row in TotalRow.query(part, wanted, consistent_read=True))


def first_month() -> str | None:
    """The month of the first booking of all."""
    firsts = (TotalRow.query(part, limit=1, consistent_read=True) for part in _all_parts("", ""))
    return min((row.month_of().month for rows in firsts for row in rows), default=None)


def _batches(entries: Iterable[Entry]) -> Iterator[list[Group]]:
    """Groups of legs by transaction. Those that balance stay together, so that the trial balance holds at any moment."""
    groups = (
        [Leg(entry, place) for place in places] for entry in entries for places in accounts.legs(entry.event.postings)
    )
    return by_transaction(([group], {*_months(group)}) for group in groups)


def _months(group: Group) -> Iterator[tuple[str, str, str]]:
    """The months that legs add to."""
    yield from ((name, of, page) for leg in group for name, of, page, _ in leg.totals)
    yield from ((ALL, "", month) for month in _late(group))


def _book(groups: Sequence[Group]) -> None:
    """Lines, which may be written twice, and then the totals, each group's once: its first line stands for its share of them."""
    write_together([_line(leg) for group in groups for leg in group[1:]])
    once_each(groups, lambda group: _line(group[0]), LineRow.account.does_not_exist(), _add_up)


def _add_up(groups: Sequence[Group]) -> Iterator[tuple[Row, Sequence[Action]]]:
    legs = [leg for group in groups for leg in group]
    for (account, page), columns in _totals(legs).items():
        yield TotalRow(account, page), [added(column, minor) for column, minor in columns.items()]
    for month in _late(legs):
        yield LateRow(page=month), [LateRow.bookings.add(1)]


def _late(legs: Iterable[Leg]) -> list[str]:
    """Their months that may be carried already."""
    carried = carried_until(periods.business_date(clock.now()))
    return sorted({month for leg in legs if (month := periods.month_of(leg.day)) <= carried})


def _line(leg: Leg) -> LineRow:
    entry, posting = leg.entry, leg.posting
    at = periods.to_ms(entry.at)
    return LineRow(
        accounts.key_of(posting.account, posting.owner_id),
        f"{posting.currency}#{at:015d}#{entry.entry_id}#{leg.place:02d}",
        at=at,
        event=entry.event.kind,
        aggregate_id=entry.aggregate_id,
        seq=entry.seq,
        entry_id=entry.entry_id,
        debit_minor=posting.debit_minor,
        credit_minor=posting.credit_minor,
    )


def _totals(legs: Sequence[Leg]) -> dict[tuple[str, str], dict[str, int]]:
    """What these postings add, by item of the totals and its column."""
    added: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for leg in legs:
        minors = {"d": leg.posting.debit_minor, "c": leg.posting.credit_minor}
        for name, of, page, place in leg.totals:
            part = _part(name, of, legs[0].entry.entry_id)
            for side, minor in minors.items():
                if minor:
                    added[part, page][f"{side}{leg.day.day:02d}{place}"] += minor
    return added


def _added_up(account: str) -> list[Month]:
    """The months of an account that has only lines."""
    code, _ = accounts.named(account)
    months: dict[tuple[str, str], dict[tuple[str, int], int]] = defaultdict(lambda: defaultdict(int))
    for line in LineRow.query(account, consistent_read=True):
        day = periods.business_date(periods.from_ms(line.at))
        booked = months[periods.month_of(day), line.line.partition("#")[0]]
        booked["d", day.day] += line.debit_minor
        booked["c", day.day] += line.credit_minor
    return [Month(month, code, currency, booked) for (month, currency), booked in months.items()]


def _part(name: str, of: str, entry_id: str) -> str:
    """The part of an account's totals that a transaction adds to, by its first entry."""
    parts = _all_parts(name, of)
    return parts[crc32(entry_id.encode()) % len(parts)]


def _all_parts(name: str, of: str) -> list[str]:
    """Of what is kept under a name of one party, or of all codes."""
    whose = accounts.key_of(name, of) if of else ALL
    return [f"{whose}#{shard}" for shard in range(accounts.shards(name, of))]
