"""A bank's offer, as a value. Pure.

Statuses:

    open        may be accepted until it expires
    accepted    the firm took it: the agreement is being signed
    declined    the firm does not want it
    replaced    the bank made another one in its place; the history stays
    withdrawn   the bank took it back
    expired     nobody took it in time
    not_chosen  the firm accepted another bank's
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Final, Literal, get_args

import msgspec

from chalicelib.credit.rules.review import MOST_CONDITIONS, MOST_TEXT, Review, ReviewContext
from chalicelib.credit.rules.terms import Terms
from chalicelib.shared import ids
from chalicelib.shared.bounds import characters, most
from chalicelib.shared.errors import Conflict

Status = Literal["open", "accepted", "declined", "replaced", "withdrawn", "expired", "not_chosen"]
Actor = Literal["applicant", "officer", "bank"]

STATUSES: Final[tuple[Status, ...]] = get_args(Status)
ENDS: Final[frozenset[Status]] = frozenset(STATUSES) - {"open"}
MOST_OPEN: Final = timedelta(days=30)
"""An offer stands for so long at most."""


class OfferNotAsApproved(Conflict):
    code = "offer_not_as_approved"
    title = "An offer keeps to what the bank approved."
    fix = "Offer at most the approved amount in the application's currency, for a time that lies ahead and is not too long."


class OfferRefUsed(Conflict):
    code = "credit_offer_ref_used"
    title = "The bank has made another offer by that name."
    fix = "Give each offer of a review an offer_ref of its own."


class Offer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One offer. `offer_ref` is the bank's own name for it; `replaces` and `replaced_by` are offers before and after it.

    Its first version is made by the entry of its review, or of the offer that it replaces.
    """

    id: str
    offer_ref: Annotated[str, characters(64)]
    review_id: str
    application_id: str
    member_id: str
    bank_id: str
    product_id: str
    terms: Terms
    conditions: Annotated[tuple[Annotated[str, characters(MOST_TEXT)], ...], most(MOST_CONDITIONS)] = ()
    expires_at: datetime
    status: Status
    version: int
    seq: int = 0
    entry_hash: str = ""
    recent: Annotated[tuple[str, ...], most(4, why="the last ones")] = ()
    created_at: datetime
    updated_at: datetime
    policy: str
    bank_seq: int = 0
    replaces: str = ""
    replaced_by: str = ""
    ended_at: datetime | None = None


class OfferContext(ReviewContext, frozen=True, kw_only=True):
    """What an offer is decided on besides: its review."""

    review: Review


def offer_id(review_id: str, offer_ref: str) -> str:
    """The offer that a bank calls so."""
    return ids.derived_id("ofr", review_id, offer_ref)
