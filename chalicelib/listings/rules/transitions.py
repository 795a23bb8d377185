"""Which action on a listing, from where, by whom, to where. Pure. The clock's moments are in `timers.py`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from chalicelib.listings.rules.effects import PutOnSale
from chalicelib.listings.rules.listing import ENDS, STATUSES, Context, Listing, Status
from chalicelib.shared.state_machine import STAYS, Among, Change, Effect, InvalidTransition, Table, Transition, telling

ListingChange = Change[Listing]


class NotInThisStatus(InvalidTransition):
    code = "listing_not_in_this_status"
    title = "The listing does not allow that now."


def _waits_for_person(listing: Listing, context: Context, actor: str, now: datetime) -> bool:
    return listing.is_awaiting_moderation


def _may_go_on_sale(listing: Listing, context: Context, actor: str, now: datetime) -> bool:
    """What a person took off sale, a person puts back; what the membership took off comes back with it."""
    return listing.is_awaiting_moderation or (listing.status == "suspended" and listing.why == "officer")


def _may_renew(listing: Listing, context: Context, actor: str, now: datetime) -> bool:
    """Soon before its end, or after it."""
    ends = listing.expires_at
    return listing.status == "expired" or (ends is not None and ends - now <= timedelta(days=context.policy.renew_days))


def _on_sale_effects(was: Listing, listing: Listing) -> tuple[Effect, ...]:
    if was.on_sale == listing.on_sale:
        return ()
    return (PutOnSale(listing_id=listing.id, offer=listing.on_sale),)


_in: Final = Among[Status]()
_LIVE: Final = frozenset(STATUSES) - ENDS
_SUPPLIER: Final = frozenset({"supplier"})
_OFFICER: Final = frozenset({"officer"})
_CLOCK: Final = frozenset({"clock"})
"""The clock, the bucket, and what follows from a membership."""

TABLE: Final = Table[Listing, Context](
    kind="listing",
    error=NotInThisStatus,
    ends=ENDS,
    payload=telling("channel_id", "supplier_id"),
    effects=_on_sale_effects,
    transitions=(
        Transition("edit", _in("draft", "submitted"), _SUPPLIER, _in("draft")),
        Transition("edit", _in("published", "suspended"), _SUPPLIER, STAYS),
        Transition("submit", _in("draft"), _SUPPLIER, _in("submitted")),
        Transition("publish", _in("submitted", "published", "suspended"), _OFFICER, _in("published"), _may_go_on_sale),
        Transition("reject", _in("submitted"), _OFFICER, _in("draft")),
        Transition("reject", _in("published", "suspended"), _OFFICER, STAYS, _waits_for_person),
        Transition("suspend", _in("published"), _OFFICER | _CLOCK, _in("suspended")),
        Transition("reinstate", _in("suspended"), _CLOCK, _in("published")),
        Transition("renew", _in("published"), _SUPPLIER, _in("published"), _may_renew),
        Transition("renew", _in("expired"), _SUPPLIER, _in("published", "submitted"), _may_renew),
        Transition("withdraw", _LIVE, _SUPPLIER, _in("withdrawn")),
        Transition("count-stock", _LIVE, _SUPPLIER, STAYS),
        Transition("add-picture", _LIVE, _SUPPLIER, STAYS),
        Transition("file_arrived", frozenset(STATUSES), _CLOCK, STAYS),
        Transition("retire", frozenset(STATUSES), _CLOCK, STAYS),
        Transition("escalate", _in("submitted", "published", "suspended"), _CLOCK, STAYS),
        Transition("expire", _in("published", "suspended"), _CLOCK, _in("expired")),
        Transition("lapse", _in("draft", "expired"), _CLOCK, _in("withdrawn")),
    ),
)
