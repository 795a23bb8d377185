"""What officers do with claims, and the inspection's fee that a bank tells of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Concatenate, ParamSpec

from chalicelib.banks.service import references as banks_references
from chalicelib.claims.aggregate import CLAIMS
from chalicelib.claims.rules import appealing, case_assignment, deciding, evidence_phase, inspecting
from chalicelib.claims.rules.claim import Claim, OfficerDecision
from chalicelib.claims.rules.context import Context
from chalicelib.claims.rules.transitions import Actor, ClaimChange
from chalicelib.claims.service.commands import FUNDED, amount_of
from chalicelib.claims.views.requests import AssignRequest, InspectionRequest, ReportRequest, RulingRequest
from chalicelib.shared.commit import Joined, StoredResponse
from chalicelib.shared.request import RequestContext

P = ParamSpec("P")
Rule = Callable[Concatenate[Claim, Context, str, datetime, P], ClaimChange]


def assign(claim_id: str, body: AssignRequest, request: RequestContext) -> StoredResponse:
    return _by_officer(claim_id, request, "assign", case_assignment.assign, body.officer)


def recuse(claim_id: str, request: RequestContext) -> StoredResponse:
    return _by_officer(claim_id, request, "recuse", case_assignment.recuse)


def open_evidence(claim_id: str, request: RequestContext) -> StoredResponse:
    return _by_officer(claim_id, request, "open-evidence", evidence_phase.open_evidence)


def order_inspection(claim_id: str, body: InspectionRequest, request: RequestContext) -> StoredResponse:
    def rule(was: Claim, context: Context, officer: str, now: datetime) -> ClaimChange:
        fee_minor = amount_of(body.fee, was.currency, param="fee")
        return inspecting.inspect(was, context, officer, now, body.inspector, fee_minor)

    return _by_officer(claim_id, request, "inspection", rule)


def report(claim_id: str, body: ReportRequest, request: RequestContext) -> StoredResponse:
    return _by_officer(claim_id, request, "inspection-report", inspecting.report, body.finding, body.sha256)


def determine(claim_id: str, body: RulingRequest, request: RequestContext) -> StoredResponse:
    return _by_officer(claim_id, request, "determine", _on(body, deciding.determine))


def decide_appeal(claim_id: str, body: RulingRequest, request: RequestContext) -> StoredResponse:
    return _by_officer(claim_id, request, "decide-appeal", _on(body, appealing.decide_appeal))


def take_fee(
    claim_id: str,
    bank_ref: str,
    minor: int,
    currency: str,
    bank_id: str,
    request: RequestContext,
    joined: Joined | None = None,
) -> StoredResponse:
    """A bank says that an inspection's fee was paid. FeeDiffers, ReferenceUsed and NotFound are the inbox's to deal with."""

    def decide(was: Claim, context: Context) -> ClaimChange:
        return inspecting.fee_paid(was, context, bank_id, bank_ref, minor, currency, request.now)

    return banks_references.receive(CLAIMS, claim_id, bank_id, bank_ref, minor, currency, request, decide, joined)


def _by_officer(
    claim_id: str, request: RequestContext, action: str, rule: Rule[P], *more: P.args, **named: P.kwargs
) -> StoredResponse:
    """An action of an officer, as a rule decides."""

    def decide(was: Claim, context: Context, actor: Actor) -> ClaimChange:
        return rule(was, context, request.caller.sub, request.now, *more, **named)

    return CLAIMS.execute(claim_id, request, action, decide, funded=action in FUNDED)


def _on(body: RulingRequest, rule: Rule[[OfficerDecision]]) -> Rule[[]]:
    """A rule on the ruling that was asked for, whose amount is in the claim's currency."""

    def decide(was: Claim, context: Context, officer: str, now: datetime) -> ClaimChange:
        minor = amount_of(body.approved, was.currency, param="approved", least=0)
        return rule(was, context, officer, now, body.ruling(minor))

    return decide
