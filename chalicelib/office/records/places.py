"""Where entries of the journal are found by who acted, by the request and by what they are about, and which of them reports have counted: kept by subscribers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute
from pynamodb.expressions.condition import NotExists

from chalicelib.shared.columns import Name
from chalicelib.shared.periods import to_ms
from chalicelib.shared.tables import AT_ONCE, Row, table, write_together

LAST: Final = "~"
"""After every character of a place."""


class PlaceRow(Row):
    """`of` is `actor:officer-1`, `request:req_…` or `about:clm_…`, `place` the moment of an entry and its id.

    `counted` where reports have counted it: that says the first of its places, or one by its own name where it has none.
    """

    Meta = table("office-entries")
    of = UnicodeAttribute(hash_key=True)
    place = UnicodeAttribute(range_key=True)
    counted = BooleanAttribute(null=True)


NOT_COUNTED: Final = NotExists(Name("counted"))


def keep(places: Iterable[tuple[str, datetime, str]]) -> None:
    """Keep under what entries are found, when they were and their ids. Again is the same again."""
    write_together([PlaceRow(of, _moment(at) + entry_id) for of, at, entry_id in dict.fromkeys(places)])


def counted(of: str, at: datetime, entry_id: str) -> PlaceRow:
    """The place that says that an entry is counted."""
    return PlaceRow(of, _moment(at) + entry_id, counted=True)


def entries_at(of: str, since: datetime | None, until: datetime | None, before: str) -> Iterator[tuple[str, str]]:
    """Places and ids of entries in a window, the newest first, from before a place on."""
    first = _moment(since) if since else "0"
    last = before or (_moment(until) if until else LAST)
    rows = PlaceRow.query(of, PlaceRow.place.between(first, last), scan_index_forward=False, page_size=AT_ONCE + 1)
    return ((row.place, row.place.partition("#")[2]) for row in rows if row.place != before)


def _moment(at: datetime) -> str:
    return f"{to_ms(at):015d}#"
