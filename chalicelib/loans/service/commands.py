"""What firms and officers do with a loan. One read and one transaction each."""

from __future__ import annotations

from chalicelib.firms.service.signers import require_signer
from chalicelib.loans.aggregate import LOANS
from chalicelib.loans.rules import borrowing
from chalicelib.loans.views.requests import HardshipRequest, RestructuringRequest, SignRequest
from chalicelib.shared import ids
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.request import RequestContext


def request_hardship(loan_id: str, body: HardshipRequest, request: RequestContext) -> StoredResponse:
    return LOANS.execute(
        loan_id,
        request,
        "request-hardship",
        lambda was, context, actor: borrowing.request_hardship(
            was, context, body.from_on, body.to_on, body.reason, request.now
        ),
    )


def propose_restructuring(loan_id: str, body: RestructuringRequest, request: RequestContext) -> StoredResponse:
    restructuring_id = ids.derived_id("rst", request.entry_id)
    planned = [each.planned for each in body.schedule]
    return LOANS.execute(
        loan_id,
        request,
        "propose-restructuring",
        lambda was, context, actor: borrowing.propose_restructuring(
            was, context, restructuring_id, planned, body.reason, actor, request.now
        ),
    )


def sign_restructuring(loan_id: str, body: SignRequest, request: RequestContext) -> StoredResponse:
    """By a person of the firm who may sign."""
    return LOANS.execute(
        loan_id,
        request,
        "sign-restructuring",
        lambda was, context, actor: borrowing.sign_restructuring(
            was, body.hash, require_signer(was.member_id, request, "sign").person_id, request.now
        ),
    )
