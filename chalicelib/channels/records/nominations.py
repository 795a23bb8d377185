"""The table of nominations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from chalicelib.channels.rules.nomination import Nomination, search_key
from chalicelib.shared.aggregates import AggregateRow, Repository
from chalicelib.shared.columns import Packed
from chalicelib.shared.due import DueIndex
from chalicelib.shared.tables import table_name


class ByAgency(GlobalSecondaryIndex["NominationRow"]):
    class Meta:
        index_name = "by_agency"
        projection = KeysOnlyProjection()

    agency_id = UnicodeAttribute(hash_key=True)
    nomination_id = UnicodeAttribute(range_key=True)


class ByMember(GlobalSecondaryIndex["NominationRow"]):
    class Meta:
        index_name = "by_member"
        projection = KeysOnlyProjection()

    member_id = UnicodeAttribute(hash_key=True)
    nomination_id = UnicodeAttribute(range_key=True)


class ByName(GlobalSecondaryIndex["NominationRow"]):
    class Meta:
        index_name = "by_name"
        projection = KeysOnlyProjection()

    name_key = UnicodeAttribute(hash_key=True)
    nomination_id = UnicodeAttribute(range_key=True)


class ByRomanisedName(GlobalSecondaryIndex["NominationRow"]):
    class Meta:
        index_name = "by_romanised_name"
        projection = KeysOnlyProjection()

    romanised_key = UnicodeAttribute(hash_key=True)
    nomination_id = UnicodeAttribute(range_key=True)


class ByStatus(GlobalSecondaryIndex["NominationRow"]):
    class Meta:
        index_name = "by_status"
        projection = KeysOnlyProjection()

    status = UnicodeAttribute(hash_key=True)
    nomination_id = UnicodeAttribute(range_key=True)


class NominationRow(AggregateRow):
    class Meta:
        table_name = table_name("nominations")

    nomination_id = UnicodeAttribute(hash_key=True)
    agency_id = UnicodeAttribute()
    member_id = UnicodeAttribute(null=True)
    name_key = UnicodeAttribute()
    romanised_key = UnicodeAttribute(null=True)
    status = UnicodeAttribute()
    body = Packed(Nomination)

    by_agency = ByAgency()
    by_member = ByMember()
    by_name = ByName()
    by_romanised_name = ByRomanisedName()
    by_status = ByStatus()
    due = DueIndex()


def _columns(nomination: Nomination) -> dict[str, str | None]:
    """A name that is the same in both scripts is in one index only."""
    key, romanised_key = map(search_key, (nomination.details.legal_name, nomination.details.romanised_name))
    return {
        "agency_id": nomination.agency_id,
        "member_id": nomination.member_id or None,
        "name_key": key,
        "romanised_key": romanised_key if romanised_key != key else None,
        "status": nomination.status,
    }


REPOSITORY: Final = Repository[Nomination](NominationRow, _columns)


def of_agency(agency_id: str, after: str | None) -> Iterator[str]:
    return REPOSITORY.ids(NominationRow.by_agency, agency_id, after=after)


def of_member(member_id: str, after: str | None) -> Iterator[str]:
    return REPOSITORY.ids(NominationRow.by_member, member_id, after=after)


def of_status(status: str, after: str | None) -> Iterator[str]:
    return REPOSITORY.ids(NominationRow.by_status, status, after=after)


def named(group: str, after: str | None) -> Iterator[str]:
    """Nominations of a name: `legal:<key>` in the local script, `romanised:<key>` romanised."""
    form, _, key = group.partition(":")
    index = NominationRow.by_name if form == "legal" else NominationRow.by_romanised_name
    return REPOSITORY.ids(index, key, after=after)
