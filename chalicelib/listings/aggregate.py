"""Listings as an aggregate: what ties their machine to their tables and their view, and who is what to a listing."""

from __future__ import annotations

from typing import Final

from chalicelib.listings.effects import EFFECTS
from chalicelib.listings.records import REPOSITORY
from chalicelib.listings.rules.listing import Actor, Context, Listing, Policy
from chalicelib.listings.rules.timers import MACHINE
from chalicelib.listings.views.listing import view
from chalicelib.shared.access import CHANNELS as DUTY
from chalicelib.shared.aggregates import Aggregate, pinning, ringing
from chalicelib.shared.request import Caller


def actor_of(listing: Listing, caller: Caller) -> Actor | None:
    """Its supplier, the agency that vouches for it, and officers. Everybody sees what is on sale in the catalogue."""
    if caller.is_officer:
        return "officer"
    if caller.agency_id == listing.agency_id:
        return "agency"
    return "supplier" if caller.is_member(listing.supplier_id) else None


LISTINGS: Final = Aggregate[Listing, Context, Actor](
    name="listings",
    machine=MACHINE,
    repository=REPOSITORY,
    context=pinning("listings", Policy, Context),
    actor_of=actor_of,
    view=view,
    duty=DUTY,
    effects=EFFECTS,
    after=ringing("nobody moderated a listing", "listing_id", metric="ListingUnmoderated", on=("listing.escalated",)),
)
