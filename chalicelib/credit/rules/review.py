"""One bank's review of an application, as a value. Pure.

Statuses:

    sent            the bank has to say that it has it, and to begin its review
    in_review       the bank has to decide
    info_requested  the firm has to supply what the bank asks for; the bank's clock stands still
    approved        the bank has to make an offer
    offered         an offer stands: see `offer.py`
    rejected        the bank gives no credit, for the reasons it names
    withdrawn       the firm took the application back, or did not supply what was asked for
    unanswered      the bank has not done its part, however often it was asked
    accepted        the firm has accepted the bank's offer
    closed          the offer came to nothing, or the firm accepted another bank's

The bank decides everything here: nothing the clock does turns a firm down.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Final, Literal, get_args

import msgspec

from chalicelib.credit.rules.application import MOST_CHARACTERS, MOST_REASONS, Application, Reason
from chalicelib.credit.rules.procedure import Context
from chalicelib.credit.rules.products import Method
from chalicelib.shared.bounds import NoRoom, characters, most
from chalicelib.shared.errors import Conflict, RuleViolation

Status = Literal[
    "sent",
    "in_review",
    "info_requested",
    "approved",
    "offered",
    "rejected",
    "withdrawn",
    "unanswered",
    "accepted",
    "closed",
]
Actor = Literal["applicant", "officer", "bank"]
Why = Literal[
    "rejected",
    "application_withdrawn",
    "information_not_supplied",
    "bank_did_not_answer",
    "offer_accepted",
    "offer_declined",
    "offer_expired",
    "offer_withdrawn",
    "other_offer_accepted",
]
"""What ended a review."""

STATUSES: Final[tuple[Status, ...]] = get_args(Status)
ENDS: Final[frozenset[Status]] = frozenset({"rejected", "withdrawn", "unanswered", "accepted", "closed"})
MOST_REQUESTS: Final = 6
MOST_ITEMS: Final = 10
MOST_OFFERS: Final = 10
MOST_CONDITIONS: Final = 10
MOST_TEXT: Final = 300


class TooManyInformationRequests(NoRoom):
    code = "too_many_information_requests"
    title = "A bank asks for information only so often."
    fix = "Decide on what has been supplied."


class TooManyCreditOffers(NoRoom):
    code = "too_many_credit_offers"
    title = "A review holds no more offers."
    fix = "Let the standing offer be accepted or declined."


class ApprovedTooMuch(Conflict):
    code = "approved_beyond_asked"
    title = "A bank approves no more than was asked for."
    fix = "Approve at most the amount of the application."


class DocumentUnknown(RuleViolation):
    code = "document_unknown"
    title = "That is no document that the bank could read."
    fix = "Hand the document in first, with the application or with the firm's profile, and name it by its id when it has come."


class InformationRequest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a bank wants to know besides, and what the firm supplied: words, and documents of the application or of its profile by their ids."""

    items: Annotated[tuple[Annotated[str, characters(MOST_TEXT)], ...], most(MOST_ITEMS)]
    requested_at: datetime
    due_at: datetime
    supplied_at: datetime | None = None
    text: Annotated[str, characters(MOST_CHARACTERS)] = ""
    document_ids: Annotated[tuple[str, ...], most(MOST_ITEMS)] = ()


class Review(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One review. `due_at` is when whoever has to do something has to have done it; `limit_minor` and `months` are what the bank approved.

    `offer_ids` are all its offers, the last of which may stand; `bank_seq` is the number of the last event of the bank.
    """

    id: str
    application_id: str
    member_id: str
    bank_id: str
    product_id: str
    amount_minor: int
    currency: str
    months: int
    method: Method
    status: Status
    version: int
    seq: int
    entry_hash: str = ""
    recent: Annotated[tuple[str, ...], most(4, why="the last ones")] = ()
    created_at: datetime
    updated_at: datetime
    policy: str
    bank_seq: int = 0
    due_at: datetime | None
    chasers: int = 0
    received_at: datetime | None = None
    begun_at: datetime | None = None
    decided_at: datetime | None = None
    decide_by: datetime | None = None
    requests: Annotated[tuple[InformationRequest, ...], most(MOST_REQUESTS)] = ()
    limit_minor: int | None = None
    conditions: Annotated[tuple[Annotated[str, characters(MOST_TEXT)], ...], most(MOST_CONDITIONS)] = ()
    reasons: Annotated[tuple[Reason, ...], most(MOST_REASONS)] = ()
    offer_ids: Annotated[tuple[str, ...], most(MOST_OFFERS)] = ()
    ended_at: datetime | None = None
    why: Why | None = None

    @property
    def paused(self) -> timedelta:
        """For how long the bank waited for information, so far."""
        spans = (each.supplied_at - each.requested_at for each in self.requests if each.supplied_at)
        return sum(spans, timedelta())


class ReviewContext(Context, frozen=True, kw_only=True):
    """What a review is decided on besides: its application."""

    application: Application
