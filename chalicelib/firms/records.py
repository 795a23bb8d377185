"""The firms' table."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from pynamodb.attributes import UnicodeAttribute

from chalicelib.firms.rules.firm import Firm
from chalicelib.firms.rules.seeking import division
from chalicelib.shared.aggregates import AggregateRow, Repository
from chalicelib.shared.columns import Packed
from chalicelib.shared.tables import index, table


class FirmRow(AggregateRow):
    Meta = table("firms")
    member_id = UnicodeAttribute(hash_key=True)
    status = UnicodeAttribute()
    seeks_in = UnicodeAttribute(null=True)
    seeks_as = UnicodeAttribute(null=True)
    body = Packed(Firm)

    by_status = index(status, member_id)
    by_seeking_region = index(seeks_in, member_id)
    by_seeking_industry = index(seeks_as, member_id)


def _columns(firm: Firm) -> dict[str, str | None]:
    seeks = firm.seeks_until is not None
    return {
        "status": firm.status,
        "seeks_in": firm.region if seeks else None,
        "seeks_as": division(firm) if seeks else None,
    }


REPOSITORY: Final = Repository[Firm](FirmRow, _columns)


ids = partial(REPOSITORY.ids, FirmRow.by_status)
"""Members whose profile is in a status, by id."""


def every_id(*, segment: int, segments: int, after: str = "") -> Iterator[str]:
    """The members that have a profile, of one in so many segments, from behind one of them on."""
    return FirmRow.names_in(segment=segment, segments=segments, after=after)


def seeking(firm: Firm) -> Iterator[Iterator[str]]:
    """Members that look for a group: those of a firm's region, and those of its branch."""
    yield REPOSITORY.ids(FirmRow.by_seeking_region, firm.region)
    yield REPOSITORY.ids(FirmRow.by_seeking_industry, division(firm))
