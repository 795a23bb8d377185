"""The firms' table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from chalicelib.firms.rules.firm import Firm
from chalicelib.shared.aggregates import AggregateRow, Repository
from chalicelib.shared.columns import Packed
from chalicelib.shared.due import DueIndex
from chalicelib.shared.tables import table_name


class ByStatus(GlobalSecondaryIndex["FirmRow"]):
    class Meta:
        index_name = "by_status"
        projection = KeysOnlyProjection()

    status = UnicodeAttribute(hash_key=True)
    member_id = UnicodeAttribute(range_key=True)


class FirmRow(AggregateRow):
    class Meta:
        table_name = table_name("firms")

    member_id = UnicodeAttribute(hash_key=True)
    status = UnicodeAttribute()
    body = Packed(Firm)

    by_status = ByStatus()
    due = DueIndex()


REPOSITORY: Final = Repository[Firm](FirmRow, lambda firm: {"status": firm.status})


def ids(status: str, after: str | None) -> Iterator[str]:
    """Members whose profile is in a status, by id."""
    return REPOSITORY.ids(FirmRow.by_status, status, after=after)
