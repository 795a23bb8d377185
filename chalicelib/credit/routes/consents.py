"""The endpoints of consents."""

from __future__ import annotations

from chalicelib.banks.rules.partners import NotAPartner
from chalicelib.credit.examples import CONSENT
from chalicelib.credit.rules.consent import (
    ConsentNotForBanks,
    ConsentNotInThisStatus,
    ConsentToNothing,
    ConsentTooLong,
    TooManyConsents,
)
from chalicelib.credit.service import consents as service
from chalicelib.credit.views.consents import ConsentRequest, ConsentsQuery, ConsentView
from chalicelib.firms.rules.signers import SIGNER_ERRORS
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.http import MEMBER, OFFICER, Routes
from chalicelib.shared.pages import BadCursor, Page
from chalicelib.shared.request import RequestContext, Stale

routes = Routes(group="Credit", response=ConsentView)
EITHER = MEMBER | OFFICER.with_duty("risk")


@routes.command(
    "/v1/consents",
    by=MEMBER,
    status=201,
    errors=[*SIGNER_ERRORS, NotAPartner, ConsentNotForBanks, ConsentToNothing, ConsentTooLong, TooManyConsents],
    examples={"to applications": CONSENT},
)
def give(body: ConsentRequest, request: RequestContext) -> StoredResponse:
    """As a signer of the firm, let banks see classes of its data until a day, or the platform look for a pre-offer."""
    return service.give(body, request)


@routes.read("/v1/consents", by=EITHER, errors=[BadCursor])
def consents(query: ConsentsQuery, request: RequestContext) -> Page[ConsentView]:
    """A firm's consents, the oldest first, those that have ended among them. An officer names the firm."""
    return service.listed(query, request)


@routes.read("/v1/consents/{consent_id}", by=EITHER)
def consent(consent_id: str, request: RequestContext) -> ConsentView:
    """One consent: what it is for, whom it lets see what, until when, and how it ended."""
    return service.consent(consent_id, request)


@routes.command("/v1/consents/{consent_id}/withdraw", by=MEMBER, errors=[*SIGNER_ERRORS, ConsentNotInThisStatus, Stale])
def withdraw_consent(consent_id: str, request: RequestContext) -> StoredResponse:
    """As a signer, take a consent back. From that moment nothing leaves by it and nothing new is drawn; repayments go on. Banks hear of it."""
    return service.withdraw(consent_id, request)
