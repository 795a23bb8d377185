"""What every code came to at the end of a month that is over, so that nobody adds up the months before it again.

A booking may still come for such a month: a timer acts as of the moment at which something fell due, a dead letter is booked when it is
redriven. It counts itself as late in its own transaction. What is carried of a month knows how many late bookings it has seen, and holds for
nobody when there have been more: then the close of the next day carries it anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final

import msgspec
from pynamodb.attributes import UnicodeAttribute

from chalicelib.ledger.rules.accounts import Turnover
from chalicelib.shared.bounds import most
from chalicelib.shared.columns import Packed, WholeNumber
from chalicelib.shared.tables import Row, table

CARRIED: Final = "books-carried"
LATE: Final = "books-late"
MOST_SUMS: Final = 1_000
"""Of some hundred codes few know more than one currency."""
Totals = Mapping[tuple[str, str], Turnover]
"""By code and currency."""


class Carried(msgspec.Struct, frozen=True, kw_only=True):
    """All that was booked until the end of `month`, of which `late` bookings came late."""

    month: str
    sums: Annotated[dict[str, Turnover], most(MOST_SUMS, why="each code in each currency")]
    late: int

    @property
    def totals(self) -> dict[tuple[str, str], Turnover]:
        return {(code, currency): total for name, total in self.sums.items() for code, currency in [name.split("#")]}


class CarriedRow(Row):
    """Beside the totals, under a name no account has; `page` is the month."""

    Meta = table("ledger-totals")
    account = UnicodeAttribute(hash_key=True, default=CARRIED)
    page = UnicodeAttribute(range_key=True)
    body = Packed(Carried)


class LateRow(Row):
    """How many bookings came late for a month."""

    Meta = table("ledger-totals")
    account = UnicodeAttribute(hash_key=True, default=LATE)
    page = UnicodeAttribute(range_key=True)
    bookings = WholeNumber(default=0)


def carry(month: str, totals: Totals, late: int) -> Carried:
    sums = {f"{code}#{currency}": total for (code, currency), total in totals.items()}
    carried = Carried(month=month, sums=sums, late=late)
    CarriedRow(page=month, body=carried).save()
    return carried


def last_before(month: str) -> Carried | None:
    """The last of the months before one that was carried and for which no booking came since."""
    late = late_bookings()
    rows = CarriedRow.query(
        CARRIED, CarriedRow.page < month, scan_index_forward=False, consistent_read=True, page_size=2
    )
    return next((row.body for row in rows if row.body.late == late_until(row.page, late)), None)


def late_bookings() -> dict[str, int]:
    """By month."""
    return {row.page: row.bookings for row in LateRow.query(LATE, consistent_read=True)}


def late_until(month: str, late: Mapping[str, int]) -> int:
    return sum(count for each, count in late.items() if each <= month)
