"""The table of nominations."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from pynamodb.attributes import UnicodeAttribute

from chalicelib.channels.rules.nomination import Nomination, search_key
from chalicelib.shared.aggregates import AggregateRow, Repository
from chalicelib.shared.columns import Packed
from chalicelib.shared.tables import index, table


class NominationRow(AggregateRow):
    Meta = table("nominations")
    nomination_id = UnicodeAttribute(hash_key=True)
    agency_id = UnicodeAttribute()
    member_id = UnicodeAttribute(null=True)
    name_key = UnicodeAttribute()
    romanised_key = UnicodeAttribute(null=True)
    status = UnicodeAttribute()
    body = Packed(Nomination)

    by_agency = index(agency_id, nomination_id)
    by_member = index(member_id, nomination_id)
    by_name = index(name_key, nomination_id)
    by_romanised_name = index(romanised_key, nomination_id)
    by_status = index(status, nomination_id)


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


of_agency = partial(REPOSITORY.ids, NominationRow.by_agency)
of_member = partial(REPOSITORY.ids, NominationRow.by_member)
of_status = partial(REPOSITORY.ids, NominationRow.by_status)


def named(group: str, after: str | None) -> Iterator[str]:
    """Nominations of a name: `legal:<key>` in the local script, `romanised:<key>` romanised."""
    form, _, key = group.partition(":")
    index = NominationRow.by_name if form == "legal" else NominationRow.by_romanised_name
    return REPOSITORY.ids(index, key, after=after)
