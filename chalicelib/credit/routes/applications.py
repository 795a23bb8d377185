"""The endpoints of applications."""

from __future__ import annotations

from chalicelib.credit.examples import APPLICATION, DOCUMENT, SCREENED_OUT, SCREENED_PASSED, SUPPLY
from chalicelib.credit.rules.application import (
    AmountOutsideProduct,
    ApplicationIncomplete,
    AppliedTooSoon,
    BankChosenTwice,
    ReasonsNeeded,
    TooManyApplicationDocuments,
)
from chalicelib.credit.rules.application_transitions import ApplicationNotInThisStatus
from chalicelib.credit.rules.consent import ConsentMissing
from chalicelib.credit.rules.exposure import CreditHeld
from chalicelib.credit.rules.guaranteed import DOES_NOT_FIT
from chalicelib.credit.rules.pack import DataPackNotReady, PackTooLarge
from chalicelib.credit.rules.products import NoSuchProduct
from chalicelib.credit.rules.reasons import UnknownReason
from chalicelib.credit.rules.review import DocumentUnknown
from chalicelib.credit.rules.review_transitions import ReviewNotInThisStatus
from chalicelib.credit.service import applications as service
from chalicelib.credit.service import documents
from chalicelib.credit.views.applications import (
    ApplicationDocumentAnnounced,
    ApplicationDocumentRequest,
    ApplicationsQuery,
    ApplicationView,
    ApplyRequest,
    ScreenRequest,
)
from chalicelib.credit.views.packs import DataPackView
from chalicelib.credit.views.reviews import DecisionsView, ReviewView, SupplyRequest
from chalicelib.firms.rules.signers import SIGNER_ERRORS
from chalicelib.members.rules import NotRegistered
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.documents import DocumentKnown
from chalicelib.shared.errors import NotFound
from chalicelib.shared.files import Link
from chalicelib.shared.http import ANY_DUTY, BANK, MEMBER, OFFICER, Routes
from chalicelib.shared.pages import BadCursor, Page, Paging
from chalicelib.shared.request import RequestContext, Stale
from chalicelib.shared.timelines import TimelineEntry

routes = Routes(group="Credit", response=ApplicationView)
CONCERNED = MEMBER | BANK | OFFICER.with_duty(*ANY_DUTY)


@routes.command(
    "/v1/credit-applications",
    by=MEMBER,
    status=201,
    errors=[NotRegistered, NoSuchProduct, AmountOutsideProduct, BankChosenTwice, *DOES_NOT_FIT],
    examples={"to three banks": APPLICATION},
)
def open_application(body: ApplyRequest, request: RequestContext) -> StoredResponse:
    """Draft an application for credit: to one bank, several or all, by the products you choose. Nobody else sees it yet."""
    return service.open_application(body, request)


@routes.read("/v1/credit-applications", by=CONCERNED, errors=[BadCursor])
def applications(query: ApplicationsQuery, request: RequestContext) -> Page[ApplicationView]:
    """Your own applications, the oldest first; as a bank those you were asked about; as an officer those of a status or a firm, or all."""
    return service.listed(query, request)


@routes.read("/v1/credit-applications/{application_id}", by=CONCERNED)
def application(application_id: str, request: RequestContext) -> ApplicationView:
    """One application, and how far it is with each bank."""
    return service.application(application_id, request)


@routes.read("/v1/credit-applications/{application_id}/timeline", by=CONCERNED)
def application_timeline(application_id: str, query: Paging, request: RequestContext) -> Page[TimelineEntry]:
    """Everything that happened to an application, at all banks, oldest first; a bank sees nothing of the others."""
    return service.timeline(application_id, query, request)


@routes.read("/v1/credit-applications/{application_id}/decisions", by=CONCERNED)
def decisions(application_id: str, request: RequestContext) -> DecisionsView:
    """What each bank does with an application: whose turn it is until when, what it asks for, what it decided and why."""
    return service.decisions(application_id, request)


@routes.read("/v1/credit-applications/{application_id}/data-pack", by=CONCERNED, errors=[DataPackNotReady])
def data_pack(application_id: str, request: RequestContext) -> DataPackView:
    """What banks decide on: one signed document, the same bytes for each. A bank reads it while the firm's consent is live, and each read is kept."""
    return service.data_pack(application_id, request)


@routes.command(
    "/v1/credit-applications/{application_id}/documents",
    response=ApplicationDocumentAnnounced,
    status=201,
    by=MEMBER,
    errors=[*SIGNER_ERRORS, ApplicationNotInThisStatus, DocumentKnown, TooManyApplicationDocuments, Stale],
    examples={"what a bank asked for": DOCUMENT},
    completes=documents.with_form,
)
def add_document(application_id: str, body: ApplicationDocumentRequest, request: RequestContext) -> StoredResponse:
    """Announce a document of an application, as a signer of the firm, and get a form to upload exactly that."""
    return documents.announce(application_id, body, request)


@routes.read(
    "/v1/credit-applications/{application_id}/documents/{document_id}", by=MEMBER | BANK | OFFICER.with_duty("risk")
)
def application_document(application_id: str, document_id: str, request: RequestContext) -> Link:
    """An address to fetch a document from, for a quarter of an hour: your own; as a bank while the firm's consent is live. Each read by others is kept."""
    return documents.link(application_id, document_id, request)


@routes.command(
    "/v1/credit-applications/{application_id}/submit",
    by=MEMBER,
    errors=[
        *SIGNER_ERRORS,
        ApplicationNotInThisStatus,
        ApplicationIncomplete,
        AppliedTooSoon,
        CreditHeld,
        PackTooLarge,
        *DOES_NOT_FIT,
        Stale,
    ],
)
def submit(application_id: str, request: RequestContext) -> StoredResponse:
    """Hand an application in, as a signer of the firm. Everything that is missing is named at once."""
    return service.submit(application_id, request)


@routes.command(
    "/v1/credit-applications/{application_id}/screen",
    by=OFFICER.with_duty("risk"),
    errors=[ApplicationNotInThisStatus, UnknownReason, ReasonsNeeded, Stale],
    examples={"to the banks": SCREENED_PASSED, "screened out": SCREENED_OUT},
)
def screen(application_id: str, body: ScreenRequest, request: RequestContext) -> StoredResponse:
    """Decide whether the banks are asked. Who is screened out is told why, and may apply again after a while."""
    return service.screen(application_id, body, request)


@routes.command(
    "/v1/credit-applications/{application_id}/withdraw",
    by=MEMBER,
    errors=[*SIGNER_ERRORS, ApplicationNotInThisStatus, Stale],
)
def withdraw_application(application_id: str, request: RequestContext) -> StoredResponse:
    """Take an application back, as a signer of the firm, until a bank has approved it. The banks are told."""
    return service.withdraw(application_id, request)


@routes.command(
    "/v1/credit-applications/{application_id}/supply-information",
    response=ReviewView,
    by=MEMBER,
    errors=[*SIGNER_ERRORS, NotFound, ReviewNotInThisStatus, ConsentMissing, DocumentUnknown, Stale],
    examples={"an answer": SUPPLY},
)
def supply_information(application_id: str, body: SupplyRequest, request: RequestContext) -> StoredResponse:
    """Answer what a bank asked for, while your consent lets it read the answer. Its time to decide runs on."""
    return service.supply_information(application_id, body, request)
