"""The day row: what one member did on one business date, and sums of such rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Final, TypeVar

import msgspec

from chalicelib.shared.bounds import most
from chalicelib.shared.periods import month_of

T = TypeVar("T")

Asked = tuple[int, int | None]
"""An inquiry: when it was asked in milliseconds, and after how many seconds (rounded up) it was answered, if it was."""


MOST_CATEGORIES: Final = 900
"""Of one member in one month, each counted on every day on which it sold: thirty a day. They are the marketplace's words, and sums of each are kept."""
MOST_INQUIRIES: Final = 4_000
"""Of one member on one date. They have a page of their own for each date: all else of a month is sums."""

Sold = tuple[int, int, int]
"""How many trades, for how many US cents, and for how many fen: each converted once from its own currency, none from the other."""


class DayRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One member on one Shanghai date. Amounts are US cents; each was converted at the table rate of its own month."""

    day: date
    orders: Annotated[dict[str, Sold], most(MOST_CATEGORIES, together=MOST_CATEGORIES)] = {}
    """Trades paid for on this day and not cancelled, by category."""
    open: int = 0
    """Trades paid for on this day that had not come to their end, less those completed that were delivered on it. All days together are those that are open."""
    completed: int = 0
    """Completed trades delivered on this day."""
    gmv_usd_minor: int = 0
    """Their amount."""
    due: int = 0
    """Trades to be shipped by this day and not cancelled."""
    on_time: int = 0
    """Those of them that were shipped by then; the same instant counts."""
    exports_usd_minor: int = 0
    """Trades shipped on this day to another country and not cancelled."""
    protected_completed: int = 0
    """Completed trades under protection delivered on this day."""
    protected_usd_minor: int = 0
    claims_filed: int = 0
    """Claims filed on this day."""
    claims_open: int = 0
    """Those of them that are not closed yet."""
    claims_closed: int = 0
    """Claims closed on this day, however they ended."""
    claims_lost: int = 0
    """Those of them that were decided against the supplier."""
    claim_paid_usd_minor: int = 0
    """What buyers got for them."""
    close_hours: Annotated[
        tuple[int, ...], most(1000, together=2000, why="claims on paid orders, each closed once")
    ] = ()
    """Hours from filing to close of each claim closed on this day, rounded up, the shortest first."""
    inquiries: Annotated[tuple[Asked, ...], most(MOST_INQUIRIES, together=MOST_INQUIRIES)] = ()
    """First inquiries of buyer threads asked on this day, oldest first; test, self and blocked ones are left out."""
    logins: int = 0
    profile_changes: int = 0
    offers_put_up: int = 0
    offers_taken_down: int = 0


_NOTHING: Final[Sold] = (0, 0, 0)
LISTS: Final = ("orders", "inquiries", "close_hours")
SUMS: Final = tuple(name for name in DayRow.__struct_fields__ if name != "day" and name not in LISTS)


def combined(row: DayRow, part: DayRow, sign: int = 1) -> DayRow:
    """The row with a part added, or with `sign` -1 taken away again. The day stays the row's."""
    changed = {name: getattr(row, name) + sign * added for name in SUMS if (added := getattr(part, name))}
    if part.orders:
        changed["orders"] = _orders(row.orders, part.orders, sign)
    if part.inquiries:
        changed["inquiries"] = _inquiries(row.inquiries, part.inquiries, sign)
    if part.close_hours:
        changed["close_hours"] = tuple(sorted(_amended(row.close_hours, part.close_hours, sign)))
    return msgspec.structs.replace(row, **changed)


def page_of(part: DayRow) -> str:
    """The page that a part of a day belongs to: that of its month, or of its date where it holds inquiries, which are kept one by one."""
    return part.day.isoformat() if part.inquiries else month_of(part.day)


def merged(rows: Iterable[DayRow]) -> list[DayRow]:
    """One row for each day, from all pages, oldest first."""
    days: dict[date, DayRow] = {}
    for row in rows:
        days[row.day] = combined(days[row.day], row) if row.day in days else row
    return [days[day] for day in sorted(days)]


def total(rows: Iterable[DayRow], of: date) -> DayRow:
    """One row that stands for all of them, dated `of`: the sum over a window."""
    whole = DayRow(day=of)
    for row in rows:
        whole = combined(whole, row)
    return whole


def amended(page: Mapping[date, DayRow], before: Iterable[DayRow], after: Iterable[DayRow]) -> dict[date, DayRow]:
    """The page when an item that counted for the rows `before` counts for the rows `after`. Days on which nothing is left go."""
    days = dict(page)
    for part in before:
        days[part.day] = combined(days.get(part.day) or DayRow(day=part.day), part, -1)
    for part in after:
        row = days.get(part.day)
        days[part.day] = combined(row, part) if row is not None else part
    for part in before:
        if part.day in days and is_empty(days[part.day]):
            del days[part.day]
    return days


def is_empty(row: DayRow) -> bool:
    """Whether nothing happened on the day."""
    return not any(getattr(row, name) for name in (*LISTS, *SUMS))


def _orders(mine: Mapping[str, Sold], theirs: Mapping[str, Sold], sign: int) -> dict[str, Sold]:
    sums: dict[str, Sold] = defaultdict(lambda: _NOTHING, mine)
    for category, (count, usd_minor, cny_minor) in theirs.items():
        had, had_usd, had_cny = sums[category]
        sums[category] = had + sign * count, had_usd + sign * usd_minor, had_cny + sign * cny_minor
    return {category: sums[category] for category in sorted(sums) if sums[category] != _NOTHING}


def _inquiries(mine: tuple[Asked, ...], theirs: tuple[Asked, ...], sign: int) -> tuple[Asked, ...]:
    left = _amended(mine, theirs, sign)
    return tuple(sorted(left, key=lambda inquiry: (inquiry[0], -1 if inquiry[1] is None else inquiry[1])))


def _amended(mine: Iterable[T], theirs: Iterable[T], sign: int) -> list[T]:
    """A list with those of a part added, or taken away again."""
    left = list(mine)
    for each in theirs:
        if sign > 0:
            left.append(each)
        else:
            left.remove(each)
    return left
