"""A bank's offer, as the firm, that bank and officers see it; and offers beside each other."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import msgspec

from chalicelib.credit.rules.comparison import MOST_COMPARED
from chalicelib.credit.rules.offer import Actor, Offer, OfferContext, Status
from chalicelib.credit.rules.offer_handling import MACHINE
from chalicelib.credit.rules.products import Method
from chalicelib.credit.views.terms import TermsView, terms_view
from chalicelib.shared.money import Money
from chalicelib.shared.ranges import ContractDay
from chalicelib.shared.state_machine import Deadline
from chalicelib.shared.views import view_of

AnId = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class OfferView(msgspec.Struct, frozen=True, kw_only=True):
    """What a bank would lend at which terms, until when. `offer_ref` is the bank's own name for it; `replaces` and `replaced_by` are its history."""

    id: str
    version: int
    status: Status
    offer_ref: str
    review_id: str
    application_id: str
    member_id: str
    bank_id: str
    product_id: str
    created_at: datetime
    updated_at: datetime
    allowed_actions: list[str]
    deadlines: list[Deadline]
    terms: TermsView
    conditions: list[str]
    expires_at: datetime
    replaces: str | None
    replaced_by: str | None
    ended_at: datetime | None


class OffersView(msgspec.Struct, frozen=True, kw_only=True):
    """Of every bank that was asked, with those that were replaced; a bank sees its own."""

    items: list[OfferView]


class OffersQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    application: Annotated[str, msgspec.Meta(min_length=1, max_length=64, examples=["app_00000000000000000000000001"])]
    """The id of the application."""


def view(offer: Offer, context: OfferContext, actor: Actor, now: datetime) -> OfferView:
    return view_of(
        OfferView,
        offer,
        **MACHINE.offer(offer, actor, context, now),
        terms=terms_view(offer.terms),
    )


class CompareRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Offers to look at side by side, as if each were drawn whole on a day: today where none is named."""

    offer_ids: Annotated[list[AnId], msgspec.Meta(min_length=1, max_length=MOST_COMPARED)]
    """The offers, by their ids."""
    drawn_on: ContractDay | None = None


class InstalmentView(msgspec.Struct, frozen=True, kw_only=True):
    number: int
    due_on: date
    principal: Money
    interest: Money
    total: Money


class MethodView(msgspec.Struct, frozen=True, kw_only=True):
    """What the offer comes to under one method of repayment. `total_cost` = `interest` + `fee`; `effective_rate_bp` is the yearly rate of the
    dated flows, the fee included, in hundredths of a percent."""

    method: Method
    is_offered: bool
    """Whether it is the method that was offered; others of the product are shown to compare with."""
    interest: Money
    fee: Money
    total_cost: Money
    effective_rate_bp: int
    instalments: list[InstalmentView]


class ComparedView(msgspec.Struct, frozen=True, kw_only=True):
    offer_id: str
    bank_id: str
    product_id: str
    status: Status
    terms: TermsView
    methods: list[MethodView]


class ComparisonView(msgspec.Struct, frozen=True, kw_only=True):
    """The offers, the cheapest by effective rate of the offered method first."""

    drawn_on: date
    items: list[ComparedView]
