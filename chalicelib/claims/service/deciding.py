"""What officers do with claims, and the inspection's fee that a bank tells of."""

from __future__ import annotations

from chalicelib.banks.service import references as banks_references
from chalicelib.claims.aggregate import CLAIMS
from chalicelib.claims.rules import appealing, deciding, inspecting, officers, proving
from chalicelib.claims.rules.claim import Claim, Ruling
from chalicelib.claims.rules.context import Context
from chalicelib.claims.rules.transitions import Actor, ClaimChange
from chalicelib.claims.service.commands import amount_of
from chalicelib.claims.views.asked import AssignAsked, InspectionAsked, ReportAsked, RulingAsked
from chalicelib.shared.commit import Answer, Joined, once
from chalicelib.shared.refusal import NotFound
from chalicelib.shared.request import Request
from chalicelib.shared.uses import Use


def assign(claim_id: str, asked: AssignAsked, request: Request) -> Answer:
    def decide(was: Claim, context: Context, actor: Actor) -> ClaimChange:
        return officers.assign(was, request.caller.sub, asked.officer, request.now)

    return CLAIMS.execute(claim_id, request, "assign", decide)


def recuse(claim_id: str, request: Request) -> Answer:
    def decide(was: Claim, context: Context, actor: Actor) -> ClaimChange:
        return officers.recuse(was, request.caller.sub, request.now)

    return CLAIMS.execute(claim_id, request, "recuse", decide)


def open_evidence(claim_id: str, request: Request) -> Answer:
    def decide(was: Claim, context: Context, actor: Actor) -> ClaimChange:
        return proving.open_evidence(was, context, request.caller.sub, request.now)

    return CLAIMS.execute(claim_id, request, "open-evidence", decide)


def order_inspection(claim_id: str, asked: InspectionAsked, request: Request) -> Answer:
    def decide(was: Claim, context: Context, actor: Actor) -> ClaimChange:
        fee = amount_of(asked.fee, was.currency, param="fee")
        return inspecting.inspect(was, context, request.caller.sub, asked.inspector, fee, request.now)

    return CLAIMS.execute(claim_id, request, "inspection", decide)


def report(claim_id: str, asked: ReportAsked, request: Request) -> Answer:
    def decide(was: Claim, context: Context, actor: Actor) -> ClaimChange:
        return inspecting.report(was, context, request.caller.sub, asked.finding, asked.sha256, request.now)

    return CLAIMS.execute(claim_id, request, "inspection-report", decide)


def determine(claim_id: str, asked: RulingAsked, request: Request) -> Answer:
    def decide(was: Claim, context: Context, actor: Actor) -> ClaimChange:
        return deciding.determine(was, context, request.caller.sub, _ruling(asked, was), request.now)

    return CLAIMS.execute(claim_id, request, "determine", decide)


def decide_appeal(claim_id: str, asked: RulingAsked, request: Request) -> Answer:
    def decide(was: Claim, context: Context, actor: Actor) -> ClaimChange:
        return appealing.decide_appeal(was, context, request.caller.sub, _ruling(asked, was), request.now)

    return CLAIMS.execute(claim_id, request, "decide-appeal", decide, funded=True)


def take_fee(
    claim_id: str,
    bank_ref: str,
    minor: int,
    currency: str,
    bank_id: str,
    request: Request,
    joined: Joined | None = None,
) -> Answer:
    """A bank says that an inspection's fee was paid. FeeDiffers, ReferenceUsed and NotFound are the inbox's to deal with.

    With `joined` it comes out of suspense, where its reference was booked.
    """
    use = Use(by=claim_id, at=request.now, amount_minor=minor, currency=currency)
    booked = joined or Joined(changes=(banks_references.take_reference(bank_id, bank_ref, use),))

    def decide(was: Claim, context: Context) -> ClaimChange:
        return inspecting.fee_paid(was, context, bank_id, bank_ref, minor, currency, request.now)

    def take() -> Answer:
        answer = CLAIMS.apply(claim_id, request, decide, joined=lambda change: booked)
        if answer is None:
            raise NotFound(f"There is no claim {claim_id!r:.60}.")
        return answer

    return once(request, take)


def _ruling(asked: RulingAsked, claim: Claim) -> Ruling:
    return asked.ruling(amount_of(asked.approved, claim.currency, param="approved", least=0))
