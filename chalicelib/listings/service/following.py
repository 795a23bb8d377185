"""Listings leave the catalogue with their supplier's membership, and come back with it."""

from __future__ import annotations

from chalicelib.channels.aggregate.memberships import MEMBERSHIPS
from chalicelib.channels.rules.membership import Membership
from chalicelib.listings import records
from chalicelib.listings.aggregate import LISTINGS
from chalicelib.listings.rules import handling
from chalicelib.listings.rules.listing import Context, Listing
from chalicelib.listings.rules.transitions import ListingChange
from chalicelib.shared import clock
from chalicelib.shared.commit import retry_on_conflict
from chalicelib.shared.journal import Entry
from chalicelib.shared.request import CLOCK, RequestContext


def follow(entry: Entry) -> None:
    """Whatever an entry says of a membership: it is read as it is, so that neither order nor repetition matters."""
    if not entry.event.kind.startswith("channel_membership."):
        return
    now = clock.now()
    loaded = MEMBERSHIPS.load(entry.aggregate_id, now)
    if loaded is None:
        return
    membership = MEMBERSHIPS.preview_at(loaded, now).state
    request = RequestContext(caller=CLOCK, now=now, request_id=entry.entry_id)
    for listing_id in records.ids("", membership.member_id, None):
        _settle(listing_id, membership, request)


@retry_on_conflict
def _settle(listing_id: str, membership: Membership, request: RequestContext) -> None:
    def decide(was: Listing, context: Context) -> ListingChange | None:
        if was.channel_id != membership.channel_id:
            return None
        if membership.is_valid(request.now):
            return handling.reinstate_with_membership(was, request.now)
        return handling.suspend_with_membership(was, request.now)

    LISTINGS.apply(listing_id, request, decide)
