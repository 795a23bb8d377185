"""The endpoints of claims between members, and of rescues."""

from __future__ import annotations

from chalicelib.guarantees.examples import DECIDE_DISPUTE, DISPUTE, RESCUE
from chalicelib.guarantees.rules.member_claim import TooManyOffers
from chalicelib.guarantees.rules.member_claim_transitions import MemberClaimNotInThisStatus
from chalicelib.guarantees.rules.rescue import LoanNotInService, NothingDue, OtherCurrency, RescueOffered
from chalicelib.guarantees.service import member_claims as service
from chalicelib.guarantees.service import rescues
from chalicelib.guarantees.views import member_claims as views
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.errors import NotFound
from chalicelib.shared.http import ANY_DUTY, MEMBER, OFFICER, Routes
from chalicelib.shared.money import UnknownCurrency
from chalicelib.shared.pages import BadCursor, Page, Paging
from chalicelib.shared.request import RequestContext, Stale
from chalicelib.shared.timelines import TimelineEntry

routes = Routes(group="Guarantees", response=views.MemberClaimView)
EITHER = MEMBER | OFFICER.with_duty(*ANY_DUTY)


@routes.command(
    "/v1/loans/{loan_id}/rescues",
    by=MEMBER,
    status=201,
    errors=[
        NotFound,
        LoanNotInService,
        NothingDue,
        RescueOffered,
        OtherCurrency,
        UnknownCurrency,
        TooManyOffers,
    ],
    examples={"an instalment": RESCUE},
)
def rescue(loan_id: str, body: views.RescueRequest, request: RequestContext) -> StoredResponse:
    """As a guarantor of a loan, offer to lend its debtor the instalment that is due: you pay it at the bank, and the debtor owes it to you."""
    return rescues.offer(loan_id, body, request)


@routes.read("/v1/member-claims", by=EITHER, errors=[BadCursor])
def member_claims(query: views.MemberClaimsQuery, request: RequestContext) -> Page[views.MemberClaimView]:
    """What other members owe you for what you paid a bank in their place, or what you owe as a debtor. Officers name a member or a loan."""
    return service.listed(query, request)


@routes.read("/v1/member-claims/{member_claim_id}", by=EITHER)
def member_claim(member_claim_id: str, request: RequestContext) -> views.MemberClaimView:
    """One claim between members: what it is for, what is left of it, until when, and the reference that a transfer has to name."""
    return service.member_claim(member_claim_id, request)


@routes.read("/v1/member-claims/{member_claim_id}/timeline", by=EITHER)
def member_claim_timeline(member_claim_id: str, query: Paging, request: RequestContext) -> Page[TimelineEntry]:
    """Everything that happened to a claim between members, oldest first."""
    return service.timeline(member_claim_id, query, request)


@routes.command("/v1/member-claims/{member_claim_id}/waive", by=MEMBER, errors=[MemberClaimNotInThisStatus, Stale])
def waive(member_claim_id: str, request: RequestContext) -> StoredResponse:
    """Give up, as whoever is owed it, what is left of a claim."""
    return service.waive(member_claim_id, request)


@routes.command("/v1/member-claims/{member_claim_id}/withdraw", by=MEMBER, errors=[MemberClaimNotInThisStatus, Stale])
def withdraw(member_claim_id: str, request: RequestContext) -> StoredResponse:
    """Take back the offer of a rescue that has not been paid."""
    return service.withdraw(member_claim_id, request)


@routes.command(
    "/v1/member-claims/{member_claim_id}/dispute",
    by=MEMBER,
    errors=[MemberClaimNotInThisStatus, Stale],
    examples={"paid already": DISPUTE},
)
def dispute(member_claim_id: str, body: views.DisputeRequest, request: RequestContext) -> StoredResponse:
    """Say, as whoever owes it, that you do not: an officer decides, and your days stand still until then."""
    return service.dispute(member_claim_id, body, request)


@routes.command(
    "/v1/member-claims/{member_claim_id}/decide-dispute",
    by=OFFICER.with_duty("risk"),
    errors=[MemberClaimNotInThisStatus, Stale],
    examples={"it stands": DECIDE_DISPUTE},
)
def decide_dispute(member_claim_id: str, body: views.DecideDisputeRequest, request: RequestContext) -> StoredResponse:
    """Decide whether a disputed claim stands. What is not decided in time stands."""
    return service.decide_dispute(member_claim_id, body, request)
