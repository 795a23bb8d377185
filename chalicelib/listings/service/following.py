"""Listings leave the catalogue with their supplier's membership, and come back with it."""

from __future__ import annotations

from datetime import datetime

from chalicelib.channels.aggregate.memberships import MEMBERSHIPS
from chalicelib.channels.rules.membership import Membership
from chalicelib.listings import records
from chalicelib.listings.aggregate import LISTINGS
from chalicelib.listings.rules import handling
from chalicelib.listings.rules.listing import Context, Listing
from chalicelib.listings.rules.transitions import ListingChange
from chalicelib.shared import clock
from chalicelib.shared.commit import retry_on_conflict
from chalicelib.shared.ids import is_id
from chalicelib.shared.journal import Entry
from chalicelib.shared.request import CLOCK, RequestContext


def follow(entry: Entry) -> None:
    """Whatever an entry changes of a membership: it is read as it is, so that neither order nor repetition matters."""
    now = clock.now()
    changed = (entry.aggregate_id, *(also.aggregate for also in entry.also))
    for membership_id in changed:
        loaded = MEMBERSHIPS.load(membership_id, now) if is_id(membership_id, "chm") else None
        if loaded is not None:
            _follow(MEMBERSHIPS.preview_at(loaded, now).state, entry, now)


def _follow(membership: Membership, entry: Entry, now: datetime) -> None:
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
