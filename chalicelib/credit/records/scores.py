"""The table of scores that are kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pynamodb.attributes import UnicodeAttribute

from chalicelib.credit.rules.score_run import ScoreRun
from chalicelib.shared.aggregates import AggregateRow, Repository
from chalicelib.shared.columns import Packed
from chalicelib.shared.tables import AT_ONCE, index, table


class ScoreRow(AggregateRow):
    Meta = table("scores")
    score_id = UnicodeAttribute(hash_key=True)
    member_id = UnicodeAttribute()
    status = UnicodeAttribute()
    place = UnicodeAttribute()
    body = Packed(ScoreRun)

    by_member = index(member_id, place)
    """By the day as of which they are, and id."""
    by_status = index(status, place)
    """By the day as of which they are, and id."""


REPOSITORY: Final = Repository[ScoreRun](
    ScoreRow,
    lambda run: {"member_id": run.member_id, "status": run.status, "place": f"{run.as_of}#{run.id}"},
)


def of_member(member_id: str, before: str | None) -> Iterator[tuple[str, str]]:
    """A firm's scores, the newest first: the place of each, and its id."""
    earlier = ScoreRow.place < before if before else None
    rows = ScoreRow.by_member.query(member_id, earlier, scan_index_forward=False, page_size=AT_ONCE)
    return ((row.place, row.score_id) for row in rows)


def in_status(status: str, after: str | None) -> Iterator[tuple[str, str]]:
    """Those of a status, the oldest first."""
    later = ScoreRow.place > after if after else None
    rows = ScoreRow.by_status.query(status, later, page_size=AT_ONCE)
    return ((row.place, row.score_id) for row in rows)
