"""The endpoints of offers and agreements."""

from __future__ import annotations

from chalicelib.credit.examples import COMPARISON, SIGNATURE
from chalicelib.credit.rules.agreement import HashNotInForce
from chalicelib.credit.rules.agreement_handling import AgreementNotInThisStatus
from chalicelib.credit.rules.guaranteed import GroupChanged
from chalicelib.credit.rules.offer_handling import OfferNotInThisStatus
from chalicelib.credit.rules.schedule import NoEffectiveRate
from chalicelib.credit.service import agreements
from chalicelib.credit.service import offers as service
from chalicelib.credit.views.agreements import AgreementView, ClausesView, SignRequest
from chalicelib.credit.views.offers import CompareRequest, ComparisonView, OffersQuery, OffersView, OfferView
from chalicelib.firms.rules.signers import SIGNER_ERRORS
from chalicelib.groups.rules.drawing import CANNOT_DRAW
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.errors import NotFound
from chalicelib.shared.http import ANY_DUTY, BANK, MEMBER, OFFICER, Routes
from chalicelib.shared.pages import Page, Paging
from chalicelib.shared.request import RequestContext, Stale
from chalicelib.shared.timelines import TimelineEntry

routes = Routes(group="Credit", response=OfferView)
CONCERNED = MEMBER | BANK | OFFICER.with_duty(*ANY_DUTY)


@routes.read("/v1/credit-offers", by=CONCERNED, errors=[NotFound])
def offers(query: OffersQuery, request: RequestContext) -> OffersView:
    """Every offer on an application, with those that were replaced; a bank sees its own."""
    return service.of_application(query, request)


@routes.read("/v1/credit-offers/{credit_offer_id}", by=CONCERNED)
def offer(credit_offer_id: str, request: RequestContext) -> OfferView:
    """One offer, with its history."""
    return service.offer(credit_offer_id, request)


@routes.command(
    "/v1/credit-offers/{credit_offer_id}/accept", by=MEMBER, errors=[*SIGNER_ERRORS, OfferNotInThisStatus, Stale]
)
def accept_offer(credit_offer_id: str, request: RequestContext) -> StoredResponse:
    """Accept an offer, as a signer of the firm: its agreement is there to be signed, and the other banks are told."""
    return service.accept(credit_offer_id, request)


@routes.command(
    "/v1/credit-offers/{credit_offer_id}/decline", by=MEMBER, errors=[*SIGNER_ERRORS, OfferNotInThisStatus, Stale]
)
def decline_offer(credit_offer_id: str, request: RequestContext) -> StoredResponse:
    """Decline an offer, as a signer of the firm: with this bank the application is over."""
    return service.decline(credit_offer_id, request)


@routes.query(
    "/v1/offer-comparisons",
    by=MEMBER | OFFICER.with_duty(*ANY_DUTY),
    errors=[NotFound, NoEffectiveRate],
    examples={"one offer": COMPARISON},
)
def compare_offers(body: CompareRequest, request: RequestContext) -> ComparisonView:
    """Offers side by side: total cost, effective yearly rate and instalments, under each method of repayment, the cheapest first."""
    return service.compare(body, request)


@routes.read("/v1/agreements/{agreement_id}", by=CONCERNED)
def agreement(agreement_id: str, request: RequestContext) -> AgreementView:
    """One agreement: the document in force and its hash, who has signed it, and every version before."""
    return agreements.agreement(agreement_id, request)


@routes.read("/v1/agreements/{agreement_id}/clauses", by=CONCERNED)
def agreement_clauses(agreement_id: str, request: RequestContext) -> ClausesView:
    """Every clause of an agreement, in Chinese and English; their hash stands in the document that is signed."""
    return agreements.clauses(agreement_id, request)


@routes.read("/v1/agreements/{agreement_id}/timeline", by=CONCERNED)
def agreement_timeline(agreement_id: str, query: Paging, request: RequestContext) -> Page[TimelineEntry]:
    """Everything that happened to an agreement, oldest first."""
    return agreements.timeline(agreement_id, query, request)


@routes.command(
    "/v1/agreements/{agreement_id}/sign",
    response=AgreementView,
    by=MEMBER | OFFICER.with_duty("risk"),
    errors=[
        *SIGNER_ERRORS,
        AgreementNotInThisStatus,
        HashNotInForce,
        GroupChanged,
        *CANNOT_DRAW,
        Stale,
    ],
    examples={"a hash": SIGNATURE},
)
def sign_agreement(agreement_id: str, body: SignRequest, request: RequestContext) -> StoredResponse:
    """Sign the document with this hash, as a signer of the firm or, as an officer, for the platform. The last of three signatures seals it."""
    return agreements.sign(agreement_id, body, request)
