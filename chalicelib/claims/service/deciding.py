"""What officers do with claims, and the inspection's fee that a bank tells of."""

from __future__ import annotations

from chalicelib.banks.service import references as banks_references
from chalicelib.claims.rules import appealing, deciding, inspecting, officers, proving
from chalicelib.claims.rules.step import Dossier
from chalicelib.claims.service.commands import amount_of
from chalicelib.claims.service.settling import carry_out, decide, for_change, settled
from chalicelib.claims.views.asked import AssignAsked, InspectionAsked, ReportAsked, RulingAsked
from chalicelib.shared.commit import Answer, Joined, once
from chalicelib.shared.refusal import NotFound
from chalicelib.shared.request import Request
from chalicelib.shared.uses import Use


def assign(claim_id: str, asked: AssignAsked, request: Request) -> Answer:
    dossier = for_change(claim_id, request)[0]
    step = officers.assign(dossier, request.caller.sub, asked.officer, request.now)
    return carry_out(step, dossier, request, "officer")


def recuse(claim_id: str, request: Request) -> Answer:
    dossier = for_change(claim_id, request)[0]
    return carry_out(officers.recuse(dossier, request.caller.sub, request.now), dossier, request, "officer")


def open_evidence(claim_id: str, request: Request) -> Answer:
    dossier = for_change(claim_id, request)[0]
    step = proving.open_evidence(dossier, request.now, by=request.caller.sub)
    return carry_out(step, dossier, request, "officer")


def order_inspection(claim_id: str, asked: InspectionAsked, request: Request) -> Answer:
    dossier = for_change(claim_id, request)[0]
    fee = amount_of(asked.fee, dossier.claim.currency, param="fee")
    step = inspecting.inspect(dossier, request.caller.sub, asked.inspector, fee, request.now)
    return carry_out(step, dossier, request, "officer")


def report(claim_id: str, asked: ReportAsked, request: Request) -> Answer:
    dossier = for_change(claim_id, request)[0]
    step = inspecting.report(dossier, request.caller.sub, asked.finding, asked.sha256, request.now)
    return carry_out(step, dossier, request, "officer")


def determine(claim_id: str, asked: RulingAsked, request: Request) -> Answer:
    dossier = for_change(claim_id, request)[0]
    ruling = asked.ruling(_approved(asked, dossier))
    step = deciding.determine(dossier, request.caller.sub, ruling, request.now)
    return carry_out(step, dossier, request, "officer")


def decide_appeal(claim_id: str, asked: RulingAsked, request: Request) -> Answer:
    dossier = for_change(claim_id, request)[0]
    ruling = asked.ruling(_approved(asked, dossier))
    return decide(
        dossier,
        lambda now: appealing.decide_appeal(now, request.caller.sub, ruling, request.now),
        request,
        "officer",
    )


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

    def take() -> Answer:
        dossier = settled(claim_id, request.now)
        if dossier is None:
            raise NotFound(f"There is no claim {claim_id!r:.60}.")
        step = inspecting.fee_paid(dossier, bank_id, bank_ref, minor, currency, request.now)
        booked = joined or Joined(changes=(banks_references.take_reference(bank_id, bank_ref, use),))
        return carry_out(step, dossier, request, None, joined=booked)

    return once(request, take)


def _approved(asked: RulingAsked, dossier: Dossier) -> int:
    return amount_of(asked.approved, dossier.claim.currency, param="approved", least=0)
