"""The tables of sanctions, and of what is counted of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final, NamedTuple

from pynamodb.attributes import UnicodeAttribute

from chalicelib.conduct.rules.effects import CountSanctions
from chalicelib.conduct.rules.sanction import ENDS, Sanction
from chalicelib.shared.aggregates import AggregateRow, Repository
from chalicelib.shared.columns import Packed, WholeNumber
from chalicelib.shared.commit import Update
from chalicelib.shared.tables import Row, index, table


class SanctionRow(AggregateRow):
    Meta = table("sanctions")
    sanction_id = UnicodeAttribute(hash_key=True)
    member_id = UnicodeAttribute()
    status = UnicodeAttribute()
    open_of = UnicodeAttribute(null=True)
    body = Packed(Sanction)

    by_member = index(member_id, sanction_id)
    by_status = index(status, sanction_id)
    open = index(open_of, sanction_id)
    """Sparse: only what has not ended is in it, by firm."""


REPOSITORY: Final = Repository[Sanction](
    SanctionRow,
    lambda sanction: {
        "member_id": sanction.member_id,
        "status": sanction.status,
        "open_of": None if sanction.status in ENDS else sanction.member_id,
    },
)


class CountRow(Row):
    """How many sanctions of a measure came to a status in a month, and for how many days those that ended had been in force."""

    Meta = table("conduct-counts")
    month = UnicodeAttribute(hash_key=True)
    measure_what = UnicodeAttribute(range_key=True)
    number = WholeNumber()
    days = WholeNumber()
    ended = WholeNumber()


def count(target: str, effects: Sequence[CountSanctions]) -> Update:
    """Add what a commit counts."""
    first = effects[0]
    return Update(
        CountRow(first.month, f"{first.measure}#{first.what}"),
        actions=[
            CountRow.number.add(len(effects)),
            CountRow.days.add(sum(each.days for each in effects)),
            CountRow.ended.add(sum(each.ended for each in effects)),
        ],
        guard=CountRow.number.does_not_exist() | (CountRow.number > 0),
    )


class Counted(NamedTuple):
    number: int = 0
    days: int = 0
    ended: int = 0


def counts(month: str) -> dict[str, dict[str, Counted]]:
    """By measure and status. One page: as many as there are measures and statuses."""
    by_measure: dict[str, dict[str, Counted]] = defaultdict(dict)
    for row in CountRow.query(month, consistent_read=True):
        measure, what = row.measure_what.split("#")
        by_measure[measure][what] = Counted(row.number, row.days, row.ended)
    return by_measure


def ids(status: str, member_id: str, after: str | None) -> Iterator[str]:
    """Ids, oldest first: of a member, else of a status."""
    if member_id:
        return REPOSITORY.ids(SanctionRow.by_member, member_id, after=after)
    return REPOSITORY.ids(SanctionRow.by_status, status, after=after)


open_ids = partial(REPOSITORY.ids, SanctionRow.open)
"""Those of a firm that have not ended, as the index has it."""
