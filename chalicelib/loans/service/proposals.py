"""What a guarantor is asked to consent to: another schedule of a member's loan, and nothing else of it."""

from __future__ import annotations

from functools import partial

from chalicelib.firms.service.signers import require_signer
from chalicelib.loans.aggregate import PROPOSALS
from chalicelib.loans.rules import borrowing
from chalicelib.loans.rules.loan import Context, Guarantor, Loan
from chalicelib.loans.rules.transitions import LoanChange
from chalicelib.loans.views.loan import ProposalView
from chalicelib.loans.views.requests import SignRequest
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.request import RequestContext

proposal = partial(PROPOSALS.shown, ProposalView)


def consent(loan_id: str, body: SignRequest, request: RequestContext) -> StoredResponse:
    """By a person of the guarantor who may sign for it."""

    def decide(was: Loan, context: Context, actor: Guarantor) -> LoanChange:
        member_id = request.caller.member_id
        person = require_signer(member_id, request, "sign")
        assert was.guarantee is not None, "a group stands for it"
        seat = next(each.seat for each in was.guarantee.guarantors if each.member_id == member_id)
        return borrowing.consent_to_restructuring(was, body.hash, seat, person.person_id, request.now)

    return PROPOSALS.execute(loan_id, request, "consent-restructuring", decide)
