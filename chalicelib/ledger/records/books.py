"""The projected books: lines of accounts, their totals by month, and the chain of each thing.

All of it is made from the journal's stream and could be made again. `ledger-chains` is also a witness: it keeps every entry's head
where whoever changes the journal does not reach it.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Final
from zlib import crc32

from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import PutError, TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib.ledger.rules import accounts, chain
from chalicelib.ledger.rules.accounts import Turnover
from chalicelib.ledger.rules.chain import Place
from chalicelib.shared import periods
from chalicelib.shared.columns import WholeNumber
from chalicelib.shared.journal import Entry
from chalicelib.shared.store_errors import is_condition_failed
from chalicelib.shared.tables import Row, engine, table_name

DAYS: Final = range(1, 32)
ALL: Final = "all"
ALSO: Final = "also:"
"""Before the name of a thing: what entries of other things changed it."""


class LineRow(Row):
    """One posting: under its account, in the order of currency, moment and entry."""

    class Meta:
        table_name = table_name("ledger-lines")

    account = UnicodeAttribute(hash_key=True)
    line = UnicodeAttribute(range_key=True)
    at = WholeNumber()
    event = UnicodeAttribute()
    thing = UnicodeAttribute()
    seq = WholeNumber()
    entry_id = UnicodeAttribute()
    debit_minor = WholeNumber(default=0)
    credit_minor = WholeNumber(default=0)

    @property
    def turnover(self) -> Turnover:
        return Turnover(self.debit_minor, self.credit_minor)


class TotalRow(Row):
    """A month of one account, or of all accounts of a code, in one currency: what each day debited and credited.

    The page is `held#USD#2026-03`; the columns `d02` and `c02` are the second day's. One item a month, because DynamoDB adds to numbers at
    an item's top level only, and one item costs one write however many of its numbers change. Whole codes are kept together, under
    the name `all`, in parts: the trial balance reads each part once.
    """

    class Meta:
        table_name = table_name("ledger-totals")

    account = UnicodeAttribute(hash_key=True)
    page = UnicodeAttribute(range_key=True)
    vars().update({f"{side}{day:02d}": WholeNumber(default=0) for side in "dc" for day in DAYS})

    @property
    def code(self) -> str:
        return self.page.split("#")[0]

    @property
    def currency(self) -> str:
        return self.page.split("#")[1]

    @property
    def month(self) -> str:
        return self.page.split("#")[2]

    def until(self, day: date) -> Turnover:
        """What the month's days up to and including this one add up to."""
        month = periods.month_of(day)
        last = 0 if self.month > month else day.day if self.month == month else DAYS[-1]
        days = range(1, last + 1)
        return Turnover(*(sum(getattr(self, f"{side}{day:02d}") for day in days) for side in "dc"))

    def days(self) -> Iterator[tuple[date, Turnover]]:
        """The days on which something was booked, in order."""
        year, month = map(int, self.month.split("-"))
        for day in DAYS:
            turnover = Turnover(getattr(self, f"d{day:02d}"), getattr(self, f"c{day:02d}"))
            if turnover != Turnover():
                yield date(year, month, day), turnover


class ChainRow(Row):
    """An entry's place in the chain of its thing. `owner` is under which name the thing's record is kept, where its own does not say so.

    `version` is the one the thing then had, where it is ahead of its chain. Then entries of other things have changed it too: each has
    a row under `also:` and the thing's name, at the version it made. The two together are the thing's history.
    """

    class Meta:
        table_name = table_name("ledger-chains")

    thing = UnicodeAttribute(hash_key=True)
    seq = WholeNumber(range_key=True)
    entry_id = UnicodeAttribute()
    head = UnicodeAttribute()
    owner = UnicodeAttribute(null=True)
    version = WholeNumber(null=True)


def book(made: Entry, head: str) -> bool:
    """Put an entry into the books: once, however often it comes. False where another entry has its place in the chain."""
    kept = _chain(made, head)
    for group in accounts.legs(made.event.postings):
        _book(made, group)
    return kept


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


def months(account: str) -> list[TotalRow]:
    """The months of an account or a whole code, in all currencies and parts."""
    code, of = accounts.named(account)
    page = TotalRow.page.startswith(f"{code}#")
    return [row for part in _all_parts(code, of) for row in TotalRow.query(part, page, consistent_read=True)]


def all_months() -> list[TotalRow]:
    """The months of every code, in all currencies and parts."""
    return [row for part in _all_parts(ALL, "") for row in TotalRow.query(part, consistent_read=True)]


def history(thing: str, after_version: int, after_seq: int, page: int) -> Iterator[Place]:
    """The places of everything that changed a thing, by the versions it made, as far as the books have come."""
    own = ChainRow.query(thing, ChainRow.seq > after_seq, page_size=page, consistent_read=True)
    others = ChainRow.query(ALSO + thing, ChainRow.seq > after_version, page_size=page, consistent_read=True)
    yield from heapq.merge(
        (Place(row.thing, row.seq, row.entry_id, row.head, row.version or row.seq) for row in own),
        (Place(row.thing, 0, row.entry_id, row.head, row.seq) for row in others),
        key=lambda place: place.version,
    )


def _chain(made: Entry, head: str) -> bool:
    for other in made.also:
        ChainRow(ALSO + other.aggregate, other.version, entry_id=made.entry_id, head=head).save()
    try:
        row = ChainRow(
            made.thing,
            made.seq,
            entry_id=made.entry_id,
            head=head,
            owner=chain.owner_of(made),
            version=made.version or None,
        )
        row.save(condition=ChainRow.thing.does_not_exist())
    except PutError as failure:
        if not is_condition_failed(failure):
            raise
        there = ChainRow.find(made.thing, made.seq)
        return there is not None and (there.entry_id, there.head) == (made.entry_id, head)
    return True


def _book(made: Entry, places: Sequence[int]) -> None:
    """Lines and totals of some postings in one transaction. A line that is there already stands for its share of the totals."""
    try:
        _write(made, places)
    except TransactWriteError as failure:
        reasons = failure.cancellation_reasons[: len(places)]
        missing = [
            place
            for place, reason in zip(places, reasons, strict=False)
            if reason is None or reason.code != "ConditionalCheckFailed"
        ]
        if len(missing) == len(reasons):
            raise
        if missing:
            _book(made, missing)


def _write(made: Entry, places: Sequence[int]) -> None:
    with TransactWrite(connection=engine()) as change:
        for place in places:
            change.save(_line(made, place), condition=LineRow.account.does_not_exist())
        for (account, page), turnover in _totals(made, places).items():
            day = periods.business_date(made.at).day
            columns = {f"d{day:02d}": turnover.debit_minor, f"c{day:02d}": turnover.credit_minor}
            actions = [getattr(TotalRow, column).add(minor) for column, minor in columns.items() if minor]
            if actions:
                change.update(TotalRow(account, page), actions=actions)


def _line(made: Entry, place: int) -> LineRow:
    posting = made.event.postings[place]
    at = periods.to_ms(made.at)
    return LineRow(
        accounts.key_of(posting.account, posting.of),
        f"{posting.currency}#{at:015d}#{made.entry_id}#{place:02d}",
        at=at,
        event=made.event.kind,
        thing=made.thing,
        seq=made.seq,
        entry_id=made.entry_id,
        debit_minor=posting.debit_minor,
        credit_minor=posting.credit_minor,
    )


def _totals(made: Entry, places: Iterable[int]) -> dict[tuple[str, str], Turnover]:
    """What these postings add, by item of the totals: that of the one account and that of its whole code."""
    told: dict[tuple[str, str], Turnover] = defaultdict(Turnover)
    month = periods.month_of(periods.business_date(made.at))
    for posting in (made.event.postings[place] for place in places):
        page = f"{posting.account}#{posting.currency}#{month}"
        for of in (posting.of, ""):
            told[_part(posting.account, of, made.entry_id), page] += Turnover(posting.debit_minor, posting.credit_minor)
    return told


def _part(code: str, of: str, entry_id: str) -> str:
    """The part of an account's totals that an entry belongs to."""
    parts = _all_parts(code, of)
    return parts[crc32(entry_id.encode()) % len(parts)]


def _all_parts(code: str, of: str) -> list[str]:
    name = accounts.key_of(code, of) if of else ALL
    return [f"{name}#{shard}" for shard in range(accounts.shards(code, of))]
