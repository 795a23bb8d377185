"""What a channel's supplier offers to whoever takes it, as a value. Pure.

Statuses:

    draft      being written
    submitted  a person has to look at it before anybody sees it
    published  on sale; a change that needs moderation waits in `pending`, and what is approved stays on sale
    suspended  off sale: an officer took it off, or its supplier's membership in the channel is not valid
    expired    off sale since its time is over; it may be renewed for a while: submitted anew, where an officer had taken it off before
    withdrawn  given up, by its supplier or because nothing came of it

A published listing is a standing offer: who takes it at its price has an agreement. `offer` is what is on sale, or, before it ever was, what
is being written; each wording of it has a number, which an order names. What there is of the goods is not in it: `stock.py`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal, get_args

import msgspec

from chalicelib.channels.rules.channel import Language
from chalicelib.shared.bounds import NoRoom, characters, most
from chalicelib.shared.documents import Document
from chalicelib.shared.errors import Conflict, RuleViolation
from chalicelib.shared.state_machine import Versioned
from chalicelib.shared.texts import say

Status = Literal["draft", "submitted", "published", "suspended", "expired", "withdrawn"]
Actor = Literal["supplier", "agency", "officer"]
"""An agency looks at the listings of its suppliers and does nothing to them."""
Why = Literal["officer", "membership", "by_supplier", "not_submitted", "not_renewed", "time_over"]
"""What took it off sale."""

AWAITING: Final = "awaiting_moderation"
"""Where lists have what a person has to look at, whatever its status."""
STATUSES: Final[tuple[Status, ...]] = get_args(Status)
ENDS: Final[frozenset[Status]] = frozenset({"withdrawn"})
MOST_TITLE: Final = 200
MOST_TEXT: Final = 2_000
MOST_LANGUAGES: Final = 4
MOST_STEPS: Final = 10
MOST_PICTURES: Final = 20
MOST_SHOWN: Final = 8
MOST_FINDINGS: Final = 10
MOST_WORDS: Final = 500


class TooManyPictures(NoRoom):
    code = "too_many_pictures"
    title = "A listing holds no more pictures."
    fix = "Take back one that never arrived or is not shown: POST /v1/listings/{id}/pictures/{document_id}/remove."


class MembershipNotValid(Conflict):
    code = "membership_not_valid"
    title = "The supplier has no valid membership of that channel."
    fix = "Wait until the agency has reinstated or renewed it; see GET /v1/channel-memberships."


class ChannelClosed(Conflict):
    code = "listing_channel_closed"
    title = "The channel is closed for good."
    fix = "List in another channel: GET /v1/channels."


class BelowMinimum(RuleViolation):
    code = "below_minimum_order"
    title = "So few are not sold."
    fix = "Order at least `minimum_quantity`; quantities of one listing are added."


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """The parameters of listings: `chalicelib/policies/listings/`.

    Prices move at once by up to `price_change_bp` from what a person approved. A listing is on sale for `listed_days`, renewed from
    `renew_days` before the end on, and for `draft_days` after it; a draft waits as long. Nobody's listing has a word of `prohibited_words`.
    """

    calendar: str
    moderation_business_days: int
    price_change_bp: int
    listed_days: int
    renew_days: int
    draft_days: int
    upload_hours: int
    picture_retention_days: int
    prohibited_words: tuple[str, ...]


class Step(msgspec.Struct, frozen=True):
    """A step of a steps: from this quantity on, each costs so much."""

    quantity: int
    price_minor: int


class Offer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One wording of a listing. `steps`, its ladder, are in the order of its quantities; their prices are minor units of `currency`.

    `pictures` are documents of the listing, the first is the one that lists show.
    """

    number: int
    titles: Annotated[dict[Language, Annotated[str, characters(MOST_TITLE)]], most(MOST_LANGUAGES, why="languages")]
    texts: Annotated[dict[Language, Annotated[str, characters(MOST_TEXT)]], most(MOST_LANGUAGES, why="languages")]
    category: str
    hs_code: str = ""
    origin: str
    currency: str
    steps: Annotated[tuple[Step, ...], most(MOST_STEPS, why="the request says so")]
    minimum_quantity: int
    unit: Annotated[str, characters(30)]
    lead_days: int
    pictures: Annotated[tuple[str, ...], most(MOST_SHOWN, why="the request says so")] = ()


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """A rule by which an officer rejected an offer, and in words what its supplier has to change."""

    rule: Annotated[str, characters(40)]
    words: Annotated[str, characters(MOST_WORDS)]


class Listing(Versioned, frozen=True, kw_only=True, omit_defaults=True):
    """One listing. `agency_id` issued its supplier's membership. `version` counts its changes, `entry_hash` is that of its last journal entry, `recent` names the last few.

    `approved` is the ladder that a person last approved: a price moves from there. `moderate_by` is when a person has to have looked.
    """

    id: str
    channel_id: str
    supplier_id: str
    agency_id: str
    status: Status
    version: int
    entry_hash: str = ""
    recent: Annotated[tuple[str, ...], most(4, why="the last ones")] = ()
    created_at: datetime
    updated_at: datetime
    policy: str
    offer: Offer
    pending: Offer | None = None
    approved: Annotated[tuple[Step, ...], most(MOST_STEPS, why="those of an offer")] = ()
    findings: Annotated[tuple[Finding, ...], most(MOST_FINDINGS, why="the last rejection's")] = ()
    documents: Annotated[tuple[Document, ...], most(MOST_PICTURES)] = ()
    moderate_by: datetime | None = None
    escalated_at: datetime | None = None
    published_at: datetime | None = None
    expires_at: datetime | None = None
    waits_until: datetime | None = None
    """Until when a draft or an expired listing waits for its supplier."""
    why: Why | None = None
    reason: Annotated[str, characters(MOST_WORDS)] = ""

    @property
    def on_sale(self) -> int:
        """The number of the offer that is on sale, or 0."""
        return self.offer.number if self.status == "published" else 0

    @property
    def is_awaiting_moderation(self) -> bool:
        return self.status == "submitted" or (self.pending is not None and self.status in ("published", "suspended"))

    @property
    def listed_as(self) -> str:
        return AWAITING if self.is_awaiting_moderation else self.status

    @property
    def next_number(self) -> int:
        return max(self.offer.number, self.pending.number if self.pending else 0) + 1

    def kept_picture(self, document_id: str) -> Document | None:
        return next((each for each in self.documents if each.id == document_id and each.status == "kept"), None)


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What a change of a listing is decided on: the policy it pinned."""

    policy: Policy


def price_of(listing: Listing, quantity: int) -> Step:
    """The step of the ladder at which so many are sold; BelowMinimum. Quantities of one listing in an order are added before they are asked about."""
    offer = listing.offer
    step = next((step for step in reversed(offer.steps) if step.quantity <= quantity), None)
    if step is None or quantity < offer.minimum_quantity:
        least = max(offer.minimum_quantity, offer.steps[0].quantity)
        raise BelowMinimum(
            say("Of {id}, {least} are the least.", id=listing.id, least=least),
            param="lines",
            listing_id=listing.id,
            quantity=quantity,
            minimum_quantity=least,
        )
    return step
