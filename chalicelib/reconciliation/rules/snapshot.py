"""A bank's balances of all its loans as of a day, told in pages, and how they are compared with ours. Pure.

A snapshot's pages are in the sequence of the bank's books, as any event is in that of its aggregate, and list loans by their ids. So each page
says all that the bank has between the page before and its own last loan, and a loan of ours that is missing there shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec.structs import replace

from chalicelib.banks.rules.protocol import BankMessage, InboundType, MinorOrNone
from chalicelib.banks.rules.references import BankRef
from chalicelib.reconciliation.rules.item import Difference
from chalicelib.shared import ids
from chalicelib.shared.bounds import most
from chalicelib.shared.errors import Conflict, RuleViolation
from chalicelib.shared.journal import Event
from chalicelib.shared.ranges import PastDay
from chalicelib.shared.state_machine import Change, InvalidTransition, StateMachine, Table, Transition, Versioned
from chalicelib.shared.texts import say

PREFIX: Final = "bks"
MOST_ROWS: Final = 100
"""Of a page: with twice as many it could pass the 20 kB of a message."""
Pages = Annotated[int, msgspec.Meta(ge=1, le=100_000)]


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One loan in a snapshot. `last_seq` is the number of the last event that its figures include."""

    loan_id: BankRef
    principal: MinorOrNone
    interest: MinorOrNone
    penalty: MinorOrNone
    dpd: Annotated[int, msgspec.Meta(ge=0, le=36_600)]
    last_seq: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]


class Snapshot(BankMessage, frozen=True, kw_only=True):
    """`data` of `balance.snapshot`: page `page` of `pages`, as of the end of the day `as_of`, in one currency. An empty last page is allowed."""

    bank_id: BankRef
    as_of: PastDay
    currency: Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$")]
    page: Pages
    pages: Pages
    loans: Annotated[list[Row], msgspec.Meta(max_length=MOST_ROWS)]


SNAPSHOT: Final = InboundType("balance.snapshot", Snapshot, "bank_books", lambda event: name_of(event.bank_id))


class PageMissing(Conflict):
    code = "snapshot_page_missing"
    title = "A page of the snapshot before this one has not come."
    fix = "Send the snapshot again from its first page."


class RowsNotInOrder(RuleViolation):
    code = "snapshot_not_in_order"
    title = "The loans of a snapshot are listed by their ids, each once."
    fix = "Sort by loan_id over all pages, and send the snapshot again from its first page."


class BankBooks(Versioned, frozen=True, kw_only=True, omit_defaults=True):
    """How far a bank's snapshots have come: `after` is the last loan of the pages so far, `pages` the pages that came of how many."""

    id: str
    bank_id: str
    bank_seq: int = 0
    status: Literal["open"] = "open"
    version: int
    entry_hash: str = ""
    recent: Annotated[tuple[str, ...], most(4, why="the last ones")] = ()
    updated_at: datetime
    policy: str = ""
    as_of: date | None = None
    page: int = 0
    pages: int = 0
    after: str = ""
    currencies: Annotated[tuple[str, ...], most(50, why="the report says so")] = ()
    """Those of the last daily report."""


class BooksError(InvalidTransition):
    code = "bank_books_not_in_this_status"


TABLE: Final = Table[BankBooks, tuple[()]](
    kind="bank_books",
    error=BooksError,
    ends=frozenset(),
    payload=lambda was, books: {"bank_id": books.bank_id},
    transitions=(Transition("receive", frozenset({"open"}), frozenset({"bank"}), frozenset({"open"})),),
)
MACHINE: Final = StateMachine[BankBooks, tuple[()]](table=TABLE)


def name_of(bank_id: str) -> str:
    return ids.derived_id(PREFIX, bank_id)


def begun(event: BankMessage, bank_id: str, now: datetime) -> Change[BankBooks]:
    """A bank's books, before its first snapshot."""
    books = BankBooks(id=name_of(bank_id), bank_id=bank_id, version=1, updated_at=now)
    return Change(state=books, event=Event("bank_books.begun", {"bank_id": bank_id}), at=now)


def receive(was: BankBooks, context: tuple[()], event: Snapshot, bank_id: str, now: datetime) -> Change[BankBooks]:
    """One page more. The first begins a snapshot anew, whatever came of the one before."""
    after = was.after if event.page > 1 else ""
    if event.page > 1 and (was.as_of, was.page + 1, was.pages) != (event.as_of, event.page, event.pages):
        raise PageMissing(
            say(
                "Page {page} of {as_of} does not follow page {page_2} of {as_of_2}.",
                page=event.page,
                as_of=event.as_of,
                page_2=was.page,
                as_of_2=was.as_of,
            )
        )
    names = [row.loan_id for row in event.loans]
    if names != sorted({*names}) or (names and names[0] <= after):
        raise RowsNotInOrder(
            say(
                "Page {page} begins at {names!r}, after {after!r}.",
                page=event.page,
                names=(names or ["-"])[0],
                after=after,
            ),
            param="loans",
        )
    last = names[-1] if names else after
    return TABLE.change(
        was,
        "receive",
        now,
        event="snapshot_received",
        payload={
            "as_of": event.as_of,
            "currency": event.currency,
            "after": after,
            "until": last if event.page < event.pages else None,
            "loans": msgspec.to_builtins(event.loans),
        },
        state=replace(was, as_of=event.as_of, page=event.page, pages=event.pages, after=last),
    )


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """A page as its entry tells of it: all that the bank has behind `after`, up to `until` or to the end."""

    bank_id: str
    as_of: date
    currency: str
    after: str
    until: str | None
    loans: tuple[Row, ...]

    @classmethod
    def of(cls, payload: dict[str, Any]) -> Page:
        return msgspec.convert(payload, cls)

    def holds(self, loan_id: str) -> bool:
        """Whether a loan would stand on this page, if the bank had it."""
        return self.after < loan_id and (self.until is None or loan_id <= self.until)


class Balance(msgspec.Struct, frozen=True, kw_only=True):
    """What we hold of a loan as of a day."""

    principal: int
    interest: int
    penalty: int
    dpd: int
    last_seq: int


def differences(theirs: Row | None, ours: Balance | None, tolerance_minor: int) -> list[Difference] | None:
    """What a bank has otherwise than we. None where the two cannot be compared: we have heard more than the snapshot includes."""
    if theirs is None:
        return [Difference(of="missing_there", ours=ours.principal)] if ours and ours.principal else []
    if ours is None:
        return [Difference(of="missing_here", theirs=theirs.principal)] if _owes(theirs) else []
    if theirs.last_seq > ours.last_seq:
        return [Difference(of="last_seq", ours=ours.last_seq, theirs=theirs.last_seq)]
    if theirs.last_seq < ours.last_seq:
        return None
    return list(_figures(theirs, ours, {"interest": tolerance_minor, "penalty": tolerance_minor}))


def by_loan(rows: Iterable[Row]) -> dict[str, Row]:
    return {row.loan_id: row for row in rows}


def _owes(row: Row) -> bool:
    return bool(row.principal or row.interest or row.penalty)


def _figures(theirs: Row, ours: Balance, tolerance: dict[str, int]) -> Iterator[Difference]:
    for of in ("principal", "interest", "penalty", "dpd"):
        here, there = getattr(ours, of), getattr(theirs, of)
        if abs(here - there) > tolerance.get(of, 0):
            yield Difference(of=of, ours=here, theirs=there)
