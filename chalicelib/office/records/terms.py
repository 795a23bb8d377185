"""The index of search: a row for each term of a thing. A bucket holds what is found whole, or names that begin with the same letters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from pynamodb.attributes import UnicodeAttribute

from chalicelib.shared.tables import AT_ONCE, Row, table, write_together

BETWEEN: Final = "\x1f"
"""Before every character of a term: a term comes before those it begins."""


class Place(NamedTuple):
    """Where a term stands, and the thing it is of. `record` is what that is read by."""

    term: str
    name: str
    record: str


class TermRow(Row):
    Meta = table("office-terms")
    bucket = UnicodeAttribute(hash_key=True)
    place = UnicodeAttribute(range_key=True)
    record = UnicodeAttribute()


def keep(places: Iterable[tuple[str, Place]]) -> None:
    """Write terms into their buckets. Again is the same again."""
    rows = {(bucket, f"{place.term}{BETWEEN}{place.name}"): place.record for bucket, place in places}
    write_together([TermRow(bucket, place, record=record) for (bucket, place), record in rows.items()])


def beginning_with(bucket: str, beginning: str, after: str = "") -> Iterator[tuple[str, Place]]:
    """The places of a bucket whose terms begin so, in order, from behind one of them on; each with where a list goes on."""
    rows = TermRow.query(
        bucket,
        TermRow.place.startswith(beginning),
        last_evaluated_key={"bucket": {"S": bucket}, "place": {"S": after}} if after else None,
        page_size=AT_ONCE + 1,
    )
    for row in rows:
        term, _, name = row.place.rpartition(BETWEEN)
        yield row.place, Place(term, name, row.record)
