"""Applications, reviews, offers and agreements as aggregates: each brings the next versions of others with it, so they are tied together here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final, Protocol, TypeVar

from msgspec.structs import asdict, replace

from chalicelib.credit.aggregate.contexts import context_of
from chalicelib.credit.aggregate.lines import LINES
from chalicelib.credit.aggregate.packs import PACKS
from chalicelib.credit.aggregate.parties import OfFirmAndBank, applicant, borrower
from chalicelib.credit.records import applications as records
from chalicelib.credit.records import exposures
from chalicelib.credit.rules import (
    agreement,
    agreement_handling,
    application,
    application_handling,
    offer,
    offer_handling,
    review,
    review_handling,
)
from chalicelib.credit.rules.agreement import Agreement
from chalicelib.credit.rules.application import Application, ApplicationContext
from chalicelib.credit.rules.effects import Applies, ScreenedOut
from chalicelib.credit.rules.line import Line
from chalicelib.credit.rules.offer import Offer, OfferContext
from chalicelib.credit.rules.pack import Pack
from chalicelib.credit.rules.procedure import procedure
from chalicelib.credit.rules.review import Review, ReviewContext
from chalicelib.credit.views import agreements as agreement_views
from chalicelib.credit.views import applications as application_views
from chalicelib.credit.views import offers as offer_views
from chalicelib.credit.views import reviews as review_views
from chalicelib.firms.rules.firm import Policy as FilePolicy
from chalicelib.shared import calendars, policies
from chalicelib.shared.aggregates import Aggregate, AggregateRow, Loaded, ringing
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import Caller
from chalicelib.shared.state_machine import Change

OTHERS: Final[dict[type[Any], Aggregate[Any, Any, Any]]] = {}
"""What changes of one may bring of another. Filled below: they know each other."""


class OfOneBank(OfFirmAndBank, Protocol):
    """A part of an application that is between the firm and one bank."""

    @property
    def application_id(self) -> str: ...
    @property
    def product_id(self) -> str: ...
    @property
    def policy(self) -> str: ...


P = TypeVar("P", bound=OfOneBank)
B = TypeVar("B", bound=ReviewContext)


def application_context(policy: str, opened_at: datetime) -> ApplicationContext:
    """The procedure that it pinned, and what held of firms' files on the day on which it was opened."""
    files = policies.in_force("firms", business_date(opened_at)).read_as(FilePolicy)
    return ApplicationContext(
        procedure=procedure(policy),
        calendar=calendars.calendar("CN"),
        upload_hours=files.upload_hours,
        retention_days=files.retention_days,
    )


def review_context(product_id: str, of: Application) -> ReviewContext:
    return ReviewContext(**asdict(context_of(product_id, of.policy)), application=of)


def _with_application(table: type[AggregateRow]) -> Callable[[str, datetime], Loaded[Any, ReviewContext] | None]:
    """How a review or an agreement is read with its application: in one round trip."""

    def load(name: str, now: datetime) -> Loaded[Any, ReviewContext] | None:
        row, of = records.load_beside(table, name)
        return Loaded(row.body, review_context(row.body.product_id, of)) if row and of else None

    return load


def _beside_application(state: OfOneBank, of: Loaded[Any, ReviewContext]) -> ReviewContext:
    """The context of what a change of another part of the same application brings along."""
    return review_context(state.product_id, of.context.application)


def _beside_review(state: Offer, of: Loaded[Any, Any]) -> OfferContext:
    """The same of an offer, which its review makes, or an offer that it replaces."""
    review = of.state if isinstance(of.state, Review) else of.context.review
    return OfferContext(**asdict(_beside_application(state, of)), review=review)


def _review_contexts(states: Sequence[OfOneBank], now: datetime) -> list[ReviewContext | None]:
    known = records.APPLICATIONS.load_many(state.application_id for state in states)
    return [_beside(state, known.get(state.application_id)) for state in states]


def _beside(state: OfOneBank, of: Application | None) -> ReviewContext | None:
    return review_context(state.product_id, of) if of else None


def _offer_contexts(offers: Sequence[Offer], now: datetime) -> list[OfferContext | None]:
    reviews = records.REVIEWS.load_many(each.review_id for each in offers)
    return [
        OfferContext(**asdict(context), review=reviews[each.review_id])
        if context and each.review_id in reviews
        else None
        for each, context in zip(offers, _review_contexts(offers, now), strict=True)
    ]


def _carried(context: B, change: Change[Any]) -> B:
    """The context after a change that brought the application, or the review, with it."""
    for other in change.also:
        if isinstance(other, Application):
            context = replace(context, application=other)
        if isinstance(other, Review) and isinstance(context, OfferContext):
            context = replace(context, review=other)
    return context


def application_actor(of: Application, caller: Caller) -> application.Actor | None:
    """An application is seen by its firm, by officers once it is handed in, and by the banks that were asked."""
    if caller.is_member(of.member_id):
        return "applicant"
    if caller.is_officer:
        return None if of.status == "draft" else "officer"
    return "bank" if caller.role == "bank" and caller.sub in of.asked_bank_ids else None


def _signatory(of: Agreement, caller: Caller) -> agreement.Actor | None:
    """Of an agreement in a group its members are parties too."""
    if caller.member_id in of.guarantor_ids:
        return "guarantor" if caller.member_id in of.unsigned_guarantors else "guarantor_signed"
    return borrower(of, caller)


APPLICATIONS: Final = Aggregate[Application, ApplicationContext, application.Actor](
    name="applications",
    machine=application_handling.MACHINE,
    repository=records.APPLICATIONS,
    context=lambda states, now: [application_context(state.policy, state.created_at) for state in states],
    actor_of=application_actor,
    view=application_views.view,
    duty="risk",
    effects={Applies: exposures.write_application, ScreenedOut: exposures.write_screening},
    others=OTHERS,
    after=ringing(
        "nobody has screened an application",
        "application_id",
        metric="ScreeningOverdue",
        on=("application.screening_overdue",),
    ),
)
REVIEWS: Final = Aggregate[Review, ReviewContext, review.Actor](
    name="reviews",
    machine=review_handling.MACHINE,
    repository=records.REVIEWS,
    context=_review_contexts,
    actor_of=applicant,
    view=review_views.view,
    others=OTHERS,
    source=_with_application(records.ReviewRow),
    beside=_beside_application,
    carry=_carried,
)
OFFERS: Final = Aggregate[Offer, OfferContext, offer.Actor](
    name="offers",
    machine=offer_handling.MACHINE,
    repository=records.OFFERS,
    context=_offer_contexts,
    actor_of=applicant,
    view=offer_views.view,
    others=OTHERS,
    beside=_beside_review,
    carry=_carried,
)
AGREEMENTS: Final = Aggregate[Agreement, ReviewContext, agreement.Actor](
    name="agreements",
    machine=agreement_handling.MACHINE,
    repository=records.AGREEMENTS,
    context=_review_contexts,
    actor_of=_signatory,
    view=agreement_views.view,
    duty="risk",
    others=OTHERS,
    source=_with_application(records.AgreementRow),
    beside=_beside_application,
    carry=_carried,
)
OTHERS.update(
    {Application: APPLICATIONS, Pack: PACKS, Review: REVIEWS, Offer: OFFERS, Agreement: AGREEMENTS, Line: LINES}
)
