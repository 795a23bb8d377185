"""One bank's review of an application, as the firm, that bank and officers see it, and what the firm supplies for it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from chalicelib.credit.rules.application import MOST_CHARACTERS
from chalicelib.credit.rules.products import Method
from chalicelib.credit.rules.review import MOST_ITEMS, Actor, Review, ReviewContext, Status, Why
from chalicelib.credit.rules.review_handling import MACHINE
from chalicelib.credit.views.reasons import ReasonView, reason_views
from chalicelib.shared.money import Money
from chalicelib.shared.state_machine import Deadline
from chalicelib.shared.text import prose
from chalicelib.shared.views import view_of


class InformationRequestView(msgspec.Struct, frozen=True, kw_only=True):
    """What the bank wants to know besides, until when, and what the firm supplied."""

    items: list[str]
    requested_at: datetime
    due_at: datetime
    supplied_at: datetime | None
    text: str | None
    document_ids: list[str]


class ReviewView(msgspec.Struct, frozen=True, kw_only=True):
    """What a bank does with an application. The first of `deadlines` says who has to do something until when; `chasers` counts reminders of the bank.

    `limit` and `months` are what it approved, `reasons` why it rejected; its offer stands under `/v1/credit-offers`.
    """

    id: str
    version: int
    status: Status
    application_id: str
    member_id: str
    bank_id: str
    product_id: str
    amount: Money
    months: int
    method: Method
    created_at: datetime
    updated_at: datetime
    allowed_actions: list[str]
    deadlines: list[Deadline]
    chasers: int
    received_at: datetime | None
    begun_at: datetime | None
    decided_at: datetime | None
    requests: list[InformationRequestView]
    limit: Money | None
    conditions: list[str]
    reasons: list[ReasonView]
    offer_ids: list[str]
    ended_at: datetime | None
    why: Why | None
    """What ended it."""


class DecisionsView(msgspec.Struct, frozen=True, kw_only=True):
    """Of every bank that was asked; a bank sees its own."""

    items: list[ReviewView]


def view(review: Review, context: ReviewContext, actor: Actor, now: datetime) -> ReviewView:
    return view_of(
        ReviewView,
        review,
        **MACHINE.offer(review, actor, context, now),
        reasons=reason_views(review.reasons),
    )


class SupplyRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a bank asked for: words, and documents of the application or of the firm's profile by their ids."""

    bank_id: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    """The bank that asked."""
    text: Annotated[str, prose(MOST_CHARACTERS, least=1)]
    """The answer, in words."""
    document_ids: Annotated[
        list[Annotated[str, msgspec.Meta(min_length=1, max_length=64)]], msgspec.Meta(max_length=MOST_ITEMS)
    ] = []
    """Documents of the application or of the firm's profile, by their ids."""
