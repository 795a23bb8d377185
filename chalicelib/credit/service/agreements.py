"""Use-cases of agreements: looked at, signed by the firm and by the platform. The bank signs by its event."""

from __future__ import annotations

from typing import cast

from chalicelib.credit.aggregate.applications import AGREEMENTS
from chalicelib.credit.rules import agreement_handling
from chalicelib.credit.rules.agreement import Actor, Agreement, Party
from chalicelib.credit.views.agreements import AgreementView, SignRequest
from chalicelib.firms.service.signers import require_signer
from chalicelib.ledger.service import timelines as ledger_timelines
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.pages import Page, Paging
from chalicelib.shared.request import RequestContext
from chalicelib.shared.timelines import TimelineEntry


def agreement(agreement_id: str, request: RequestContext) -> AgreementView:
    return cast(AgreementView, AGREEMENTS.show(*AGREEMENTS.read(agreement_id, request), request))


def timeline(agreement_id: str, query: Paging, request: RequestContext) -> Page[TimelineEntry]:
    return ledger_timelines.of_aggregate(AGREEMENTS, agreement_id, query, request, lambda state: state.terms.currency)


def sign(agreement_id: str, body: SignRequest, request: RequestContext) -> StoredResponse:
    """By a signer of the firm, or by an officer for the platform."""
    return AGREEMENTS.execute(
        agreement_id,
        request,
        "sign",
        lambda was, context, actor: agreement_handling.sign(
            was, context, *_signing(was, actor, request), body.document_sha256, request.now
        ),
    )


def _signing(was: Agreement, actor: Actor, request: RequestContext) -> tuple[Party, str]:
    """For which party, and by whom."""
    if actor == "officer":
        return "platform", request.caller.sub
    return "borrower", require_signer(was.member_id, request, "sign").person_id
