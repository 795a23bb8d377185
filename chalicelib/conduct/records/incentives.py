"""The table of incentives."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from pynamodb.attributes import UnicodeAttribute

from chalicelib.conduct.rules.incentive import Incentive
from chalicelib.shared.aggregates import AggregateRow, Repository
from chalicelib.shared.columns import Packed, WholeNumber
from chalicelib.shared.tables import AT_ONCE, index, table


class IncentiveRow(AggregateRow):
    Meta = table("incentives")
    incentive_id = UnicodeAttribute(hash_key=True)
    member_id = UnicodeAttribute()
    standing_of = UnicodeAttribute(null=True)
    earned = UnicodeAttribute()
    points = WholeNumber()
    body = Packed(Incentive)

    by_member = index(member_id, earned)
    """By the day on which they were earned, and id."""
    standing = index(standing_of, earned, points)
    """Sparse: only what counts is in it, with how much."""


REPOSITORY: Final = Repository[Incentive](
    IncentiveRow,
    lambda incentive: {
        "member_id": incentive.member_id,
        "standing_of": incentive.member_id if incentive.status == "standing" else None,
        "earned": f"{incentive.earned_on}#{incentive.id}",
        "points": incentive.points,
    },
)
PAGE: Final = 10
"""As many as reach the cap, and a few: most firms' index is one page of each window."""


def points(member_id: str, from_on: date, until_on: date) -> Iterator[int]:
    """Points of what stands and was earned from a day on and before another, the newest first."""
    between = IncentiveRow.earned.between(str(from_on), str(until_on))
    rows = IncentiveRow.standing.query(member_id, between, scan_index_forward=False, page_size=PAGE)
    return (row.points for row in rows)


def standing_ids(member_id: str) -> Iterator[str]:
    """The firm's incentives that count as the index has it, which may be a moment behind, the one that was earned last first."""
    rows = IncentiveRow.standing.query(member_id, scan_index_forward=False, page_size=PAGE)
    return (row.incentive_id for row in rows)


def ids(member_id: str, before: str | None) -> Iterator[tuple[str, str]]:
    """A firm's incentives, the newest first: the place of each, and its id."""
    earlier = IncentiveRow.earned < before if before else None
    rows = IncentiveRow.by_member.query(member_id, earlier, scan_index_forward=False, page_size=AT_ONCE)
    return ((row.earned, row.incentive_id) for row in rows)
