"""Every deadline of a listing, whose it is, and what comes of it when it passes. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from chalicelib.listings.rules import handling, pictures
from chalicelib.listings.rules.listing import STATUSES, Context, Listing
from chalicelib.listings.rules.transitions import TABLE
from chalicelib.shared.state_machine import StateMachine, Timer, kept


def _first_look(listing: Listing, context: Context) -> datetime | None:
    """When a person has to have looked at what waits; once that is escalated, it waits for a supervisor without end."""
    return listing.moderate_by if listing.is_awaiting_moderation and not listing.escalated_at else None


_end = kept("expires_at")
_patience = kept("waits_until")


_WITH_SUPPLIER: Final = frozenset({"draft", "expired"})
_SHOWN: Final = frozenset({"published", "suspended"})

MACHINE: Final = StateMachine[Listing, Context](
    table=TABLE,
    timers=(
        Timer("moderation", _SHOWN | {"submitted"}, _first_look, "officer", "escalated", handling.escalate),
        Timer("listing_end", _SHOWN, _end, "supplier", "expired", handling.expire),
        Timer("patience", _WITH_SUPPLIER, _patience, "supplier", "withdrawn", handling.lapse),
        Timer(
            "retention", frozenset(STATUSES), pictures.first_ends_at, "platform", "pictures_removed", pictures.retired
        ),
    ),
)
