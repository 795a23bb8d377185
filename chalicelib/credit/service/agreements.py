"""Use-cases of agreements: looked at, signed by the firm and by the platform. The bank signs by its event."""

from __future__ import annotations

from typing import cast

from chalicelib.credit.aggregate.applications import AGREEMENTS
from chalicelib.credit.rules import agreement_handling
from chalicelib.credit.rules.agreement import GUARANTORS, Actor, Agreement, AgreementContext, Party
from chalicelib.credit.rules.agreement_handling import AgreementChange
from chalicelib.credit.rules.guaranteed import require_same
from chalicelib.credit.views.agreements import AgreementView, ClausesView, SignRequest, clauses_view
from chalicelib.firms.service.signers import require_signer
from chalicelib.groups.service.drawing import seat_of
from chalicelib.ledger.service import timelines as ledger_timelines
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.pages import Page, Paging
from chalicelib.shared.request import RequestContext
from chalicelib.shared.timelines import TimelineEntry


def agreement(agreement_id: str, request: RequestContext) -> AgreementView:
    return cast(AgreementView, AGREEMENTS.show(*AGREEMENTS.read(agreement_id, request), request))


def clauses(agreement_id: str, request: RequestContext) -> ClausesView:
    """Every word of what is signed by the hash of its document."""
    return clauses_view(AGREEMENTS.read(agreement_id, request)[0].state)


def timeline(agreement_id: str, query: Paging, request: RequestContext) -> Page[TimelineEntry]:
    """A guarantor reads the agreement's own entries: the offer's, by which it came about, are between firm and bank."""
    return ledger_timelines.of_aggregate(
        AGREEMENTS,
        agreement_id,
        query,
        request,
        lambda state: state.terms.currency,
        lambda entry, actor: actor in GUARANTORS and entry.aggregate_id != agreement_id,
    )


def sign(agreement_id: str, body: SignRequest, request: RequestContext) -> StoredResponse:
    """By a signer of the firm, by one of each guarantor, or by an officer for the platform."""

    def decide(was: Agreement, context: AgreementContext, actor: Actor) -> AgreementChange:
        if was.guarantee:
            require_same(was.guarantee, seat_of(was.guarantee.group_id, was.member_id, request.now))
        party, by, member_id = _signing(was, actor, request)
        return agreement_handling.sign(was, context, party, by, body.document_sha256, request.now, member_id)

    return AGREEMENTS.execute(agreement_id, request, "sign", decide)


def _signing(was: Agreement, actor: Actor, request: RequestContext) -> tuple[Party, str, str]:
    """For which party, by whom, and of a guarantor which member it is."""
    if actor == "officer":
        return "platform", request.caller.sub, ""
    if actor == "guarantor":
        member_id = request.caller.member_id
        return "guarantor", require_signer(member_id, request, "sign").person_id, member_id
    return "borrower", require_signer(was.member_id, request, "sign").person_id, ""
