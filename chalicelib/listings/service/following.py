"""Listings leave the catalogue with their supplier's membership, and come back with it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from chalicelib.channels.aggregate.memberships import MEMBERSHIPS
from chalicelib.channels.rules.membership import Membership, membership_id
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

OF_MEMBERSHIP: Final = ("published", "suspended")
"""Statuses of a listing that hang on a membership."""


def follow(entry: Entry) -> None:
    """Whatever an entry changes of a membership: it is read as it is, so that neither order nor repetition matters."""
    now = clock.now()
    changed = (entry.aggregate_id, *(also.aggregate for also in entry.also))
    for name in changed:
        membership = MEMBERSHIPS.present(name, now) if is_id(name, "chm") else None
        if membership is not None:
            _follow(membership, entry, now)
    if is_id(entry.aggregate_id, "lst"):
        _look_again(entry, now)


def _look_again(entry: Entry, now: datetime) -> None:
    """A listing that comes on sale or leaves it may have been decided by a membership that changed in that moment."""
    payload = entry.event.payload
    if payload["to"] not in OF_MEMBERSHIP or payload["to"] == payload.get("from"):
        return
    membership = MEMBERSHIPS.present(membership_id(payload["channel_id"], payload["supplier_id"]), now)
    if membership is not None:
        _settle(entry.aggregate_id, membership, _request(entry, now))


def _follow(membership: Membership, entry: Entry, now: datetime) -> None:
    for listing_id in records.ids("", membership.member_id, None):
        _settle(listing_id, membership, _request(entry, now))


@retry_on_conflict
def _settle(listing_id: str, membership: Membership, request: RequestContext) -> None:
    def decide(was: Listing, context: Context) -> ListingChange | None:
        if was.channel_id != membership.channel_id:
            return None
        if membership.is_valid(request.now):
            return handling.reinstate_with_membership(handling.vouched_for(was, membership), request.now)
        return handling.suspend_with_membership(was, request.now)

    LISTINGS.apply(listing_id, request, decide)


def _request(entry: Entry, now: datetime) -> RequestContext:
    return RequestContext(caller=CLOCK, now=now, request_id=entry.entry_id)
