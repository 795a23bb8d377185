"""The table of memberships of channels."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pynamodb.attributes import UnicodeAttribute

from chalicelib.channels.rules.membership import Membership
from chalicelib.shared.aggregates import AggregateRow, Repository
from chalicelib.shared.columns import Packed
from chalicelib.shared.tables import index, table


class MembershipRow(AggregateRow):
    Meta = table("channel-memberships")
    membership_id = UnicodeAttribute(hash_key=True)
    channel_id = UnicodeAttribute()
    member_id = UnicodeAttribute()
    agency_id = UnicodeAttribute()
    body = Packed(Membership)

    by_member = index(member_id, membership_id)
    by_agency = index(agency_id, membership_id)
    by_channel = index(channel_id, membership_id)


REPOSITORY: Final = Repository[Membership](
    MembershipRow,
    lambda membership: {
        "channel_id": membership.channel_id,
        "member_id": membership.member_id,
        "agency_id": membership.agency_id,
    },
)


def ids(member_id: str, agency_id: str, channel_id: str, after: str | None) -> Iterator[str]:
    """Memberships through the narrowest index: of a member, else of an agency, else of a channel."""
    if member_id:
        return REPOSITORY.ids(MembershipRow.by_member, member_id, after=after)
    index, value = (MembershipRow.by_agency, agency_id) if agency_id else (MembershipRow.by_channel, channel_id)
    return REPOSITORY.ids(index, value, after=after)
