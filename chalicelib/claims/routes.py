"""The endpoints of claims."""

from __future__ import annotations

from functools import partial
from typing import Final

from chalicelib.claims import examples
from chalicelib.claims.rules import eligibility
from chalicelib.claims.rules import evidence as rules
from chalicelib.claims.rules.appealing import NewEvidenceNeeded
from chalicelib.claims.rules.case_assignment import ConflictOfInterest
from chalicelib.claims.rules.claim import TooManyAnnounced, TooManyOffers, TooManyRecused
from chalicelib.claims.rules.deciding import DecisionDoesNotFit
from chalicelib.claims.rules.files import FileAltered, FileHandedIn, FileKnown, FileNotThere
from chalicelib.claims.rules.inspecting import NotDesignated
from chalicelib.claims.rules.negotiation import (
    AlreadyClaimed,
    AmountDoesNotFit,
    NothingLeftToClaim,
    OfferGone,
    OtherText,
    TooManyClaims,
    UnknownLine,
)
from chalicelib.claims.rules.representing import RepresentsOtherSide, TooManyRepresentatives
from chalicelib.claims.rules.transitions import NotInThisState
from chalicelib.claims.rules.undisputed import BelowInterimPayment, ConcessionDoesNotFit
from chalicelib.claims.service import commands, deciding, evidence, reading
from chalicelib.claims.service.commands import OtherCurrency
from chalicelib.claims.views import requests
from chalicelib.claims.views.claim import ClaimView, EvidenceAnnounced
from chalicelib.claims.views.decision import DecisionsView, DraftView, SimulationView
from chalicelib.orders.rules.terms import NotCovered
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.errors import DomainError, NotFound
from chalicelib.shared.files import Link
from chalicelib.shared.http import ANY_DUTY, MEMBER, OFFICER, Routes
from chalicelib.shared.money import UnknownCurrency
from chalicelib.shared.pages import Page, Paging
from chalicelib.shared.request import RequestContext
from chalicelib.shared.timelines import TimelineEntry

routes = Routes(group="Claims", response=ClaimView)

DECIDES: Final = OFFICER.with_duty("claims")

_AMOUNT: Final[tuple[type[DomainError], ...]] = (OtherCurrency, UnknownCurrency)
_WINDOW: Final[tuple[type[DomainError], ...]] = (
    NotCovered,
    eligibility.NothingReceived,
    eligibility.TooEarlyToClaim,
    eligibility.WindowOver,
    eligibility.ReasonDoesNotFit,
)
_SPEAKING: Final[tuple[type[DomainError], ...]] = (RepresentsOtherSide, TooManyRepresentatives)
_ACTING: Final[tuple[type[DomainError], ...]] = (*_SPEAKING, NotInThisState)
_FILE: Final[tuple[type[DomainError], ...]] = (
    rules.FileEmpty,
    rules.FileTooLarge,
    rules.MediaTypeNotTaken,
    rules.TooManyFiles,
    rules.TooManyOfThatKind,
    rules.TooMuchInAll,
    rules.UnknownEvidence,
)

by_party = partial(routes.command, by=MEMBER)
by_officer = partial(routes.command, by=DECIDES)


@routes.command(
    "/v1/orders/{order_id}/claims",
    status=201,
    by=MEMBER,
    errors=[*_SPEAKING, *_WINDOW, *_AMOUNT, AlreadyClaimed, NothingLeftToClaim, TooManyClaims, UnknownLine],
    examples={"late shipment": examples.CLAIM},
)
def file(order_id: str, body: requests.ClaimRequest, request: RequestContext) -> StoredResponse:
    """As the buyer of a covered order, claim money back. What the cover still holds of it is reserved at the same instant."""
    return commands.file(order_id, body, request)


@routes.query(
    "/v1/claim-simulations",
    by=MEMBER | OFFICER.with_duty(*ANY_DUTY),
    errors=[*_AMOUNT, NotFound],
    examples={"late shipment": examples.SIMULATION},
)
def simulate(body: requests.SimulationRequest, request: RequestContext) -> SimulationView:
    """What such a claim would meet: eligible or why not, what could be reserved, deadlines, missing proof, likely range."""
    return reading.simulate(body, request)


@routes.read("/v1/claims", by=MEMBER | DECIDES)
def claims(query: requests.ClaimsQuery, request: RequestContext) -> Page[ClaimView]:
    """Your claims as buyer or as supplier; for officers those of a member or a status, or every open claim, the earliest due first."""
    return reading.listed(query, request)


@routes.read("/v1/claims/{claim_id}", by=MEMBER | OFFICER.with_duty(*ANY_DUTY))
def claim(claim_id: str, request: RequestContext) -> ClaimView:
    """One claim, as it stands at this instant."""
    return reading.claim(claim_id, request)


@routes.read("/v1/claims/{claim_id}/timeline", by=MEMBER | OFFICER.with_duty(*ANY_DUTY))
def timeline(claim_id: str, query: Paging, request: RequestContext) -> Page[TimelineEntry]:
    """Everything that happened to a claim, oldest first."""
    return reading.timeline(claim_id, query, request)


@routes.read("/v1/claims/{claim_id}/decisions", by=MEMBER | OFFICER.with_duty(*ANY_DUTY))
def decisions(claim_id: str, request: RequestContext) -> DecisionsView:
    """Every determination: the case, each rule with its numbers, the arithmetic, and the same computed again just now."""
    return reading.decisions(claim_id, request)


@routes.read("/v1/claims/{claim_id}/draft", by=DECIDES)
def draft(claim_id: str, request: RequestContext) -> DraftView:
    """What the rules would decide as things stand, for the officer who decides."""
    return reading.draft(claim_id, request)


@by_party("/v1/claims/{claim_id}/edit", errors=[*_ACTING, *_AMOUNT], examples={"less": examples.EDIT})
def edit(claim_id: str, body: requests.EditRequest, request: RequestContext) -> StoredResponse:
    """As the buyer, ask for another amount or say it otherwise, while no offer is open."""
    return commands.edit(claim_id, body, request)


@by_party(
    "/v1/claims/{claim_id}/offers",
    errors=[*_ACTING, AmountDoesNotFit, TooManyOffers, *_AMOUNT],
    examples={"half": examples.OFFER, "outright refusal": examples.REFUSAL},
)
def offer(claim_id: str, body: requests.OfferRequest, request: RequestContext) -> StoredResponse:
    """Propose an end to it. Your offer stands beside the other side's; where they meet, `overlap` names the middle."""
    return commands.offer(claim_id, body, request)


@by_party("/v1/claims/{claim_id}/offers/{offer_id}/accept", errors=[*_ACTING, OfferGone])
def accept_offer(claim_id: str, offer_id: str, request: RequestContext) -> StoredResponse:
    """Agree to the other side's offer."""
    return commands.accept_offer(claim_id, offer_id, request)


@by_party("/v1/claims/{claim_id}/offers/{offer_id}/decline", errors=[*_ACTING, OfferGone])
def decline_offer(claim_id: str, offer_id: str, request: RequestContext) -> StoredResponse:
    """Say no to the other side's offer."""
    return commands.decline_offer(claim_id, offer_id, request)


@by_party(
    "/v1/claims/{claim_id}/settle",
    errors=[*_ACTING, AmountDoesNotFit, OtherText, *_AMOUNT],
    examples={"a settlement": examples.SETTLEMENT},
)
def settle(claim_id: str, body: requests.SettleRequest, request: RequestContext) -> StoredResponse:
    """Sign a settlement, at any time before a determination. It binds when the other side signs the same."""
    return commands.settle(claim_id, body, request)


@by_party("/v1/claims/{claim_id}/escalate", errors=_ACTING)
def escalate(claim_id: str, request: RequestContext) -> StoredResponse:
    """Call an officer: from day 4 on, after an outright refusal, or when an agreed replacement does not come."""
    return commands.escalate(claim_id, request)


@by_party("/v1/claims/{claim_id}/withdraw", errors=_ACTING)
def withdraw(claim_id: str, request: RequestContext) -> StoredResponse:
    """As the buyer, give the claim up: final for the same reason and lines."""
    return commands.withdraw(claim_id, request)


@by_party(
    "/v1/claims/{claim_id}/agree-to-shipment",
    errors=_ACTING,
    examples={"and the claim goes on": examples.SHIPMENT, "and the claim ends": {"claim": "ends"}},
)
def agree_to_shipment(claim_id: str, body: requests.ShipmentRequest, request: RequestContext) -> StoredResponse:
    """As the buyer, let goods leave that you claim on before shipment; the claim ends with that, or goes on."""
    return commands.agree_to_shipment(claim_id, body, request)


@routes.command(
    "/v1/claims/{claim_id}/evidence",
    response=EvidenceAnnounced,
    status=201,
    by=MEMBER,
    errors=[*_ACTING, FileKnown, TooManyAnnounced, *_FILE],
    examples={"a photo": examples.EVIDENCE},
    completes=evidence.with_form,
)
def announce(claim_id: str, body: requests.EvidenceRequest, request: RequestContext) -> StoredResponse:
    """Announce a file and get a form to upload exactly that. It counts when it is submitted, at the latest when evidence is due."""
    return evidence.announce(claim_id, body, request)


@routes.read(
    "/v1/claims/{claim_id}/evidence/{evidence_id}", by=MEMBER | OFFICER.with_duty(*ANY_DUTY), errors=[FileAltered]
)
def evidence_link(claim_id: str, evidence_id: str, request: RequestContext) -> Link:
    """An address to fetch a file from, for a quarter of an hour: the version that was handed in, compared with its SHA-256 just now. Each that an officer is handed is an entry."""
    return evidence.link(claim_id, evidence_id, request)


@by_party("/v1/claims/{claim_id}/evidence/{evidence_id}/submit", errors=[*_ACTING, FileNotThere, FileHandedIn])
def submit(claim_id: str, evidence_id: str, request: RequestContext) -> StoredResponse:
    """Hand a file in, for good."""
    return evidence.submit(claim_id, evidence_id, request)


@by_party("/v1/claims/{claim_id}/evidence/{evidence_id}/remove", errors=[*_ACTING, FileHandedIn])
def remove(claim_id: str, evidence_id: str, request: RequestContext) -> StoredResponse:
    """Take a file back that was not handed in yet."""
    return evidence.remove(claim_id, evidence_id, request)


@by_party("/v1/claims/{claim_id}/complete-evidence", errors=_ACTING)
def complete_evidence(claim_id: str, request: RequestContext) -> StoredResponse:
    """Say that you have nothing to add; when both sides say so, the review begins."""
    return commands.complete_evidence(claim_id, request)


@by_party("/v1/claims/{claim_id}/ship-return", errors=_ACTING, examples={"by sea": examples.RETURN})
def ship_return(claim_id: str, body: requests.ReturnRequest, request: RequestContext) -> StoredResponse:
    """As the buyer, say that the goods are on their way back."""
    return commands.ship_return(claim_id, body, request)


@by_party("/v1/claims/{claim_id}/acknowledge-return", errors=_ACTING, examples={"in order": examples.RETURNED})
def acknowledge_return(claim_id: str, body: requests.ReturnedRequest, request: RequestContext) -> StoredResponse:
    """As the supplier, say what came back: received, or damaged, empty, missing, which an officer then looks at."""
    return commands.acknowledge_return(claim_id, body, request)


@by_party("/v1/claims/{claim_id}/confirm-remedy", errors=_ACTING)
def confirm_remedy(claim_id: str, request: RequestContext) -> StoredResponse:
    """Confirm that the agreed replacement came; with both confirmations the claim is over."""
    return commands.confirm_remedy(claim_id, request)


@by_party(
    "/v1/claims/{claim_id}/appeal",
    errors=[*_ACTING, NewEvidenceNeeded, ConcessionDoesNotFit, *_AMOUNT],
    examples={"grounds": examples.APPEAL, "as the supplier, contest a part": examples.APPEAL_AGAINST_A_PART},
)
def appeal(claim_id: str, body: requests.AppealRequest, request: RequestContext) -> StoredResponse:
    """Once, with new evidence, ask for another officer's decision. What nobody contests is paid in the meantime."""
    return commands.appeal(claim_id, body, request)


@by_officer(
    "/v1/claims/{claim_id}/assign",
    errors=[NotInThisState, ConflictOfInterest],
    examples={"to a colleague": examples.ASSIGNMENT},
)
def assign(claim_id: str, body: requests.AssignRequest, request: RequestContext) -> StoredResponse:
    """Give the case to an officer."""
    return deciding.assign(claim_id, body, request)


@by_officer("/v1/claims/{claim_id}/recuse", errors=[NotInThisState, ConflictOfInterest, TooManyRecused])
def recuse(claim_id: str, request: RequestContext) -> StoredResponse:
    """As an officer with an interest in the case, leave it for good."""
    return deciding.recuse(claim_id, request)


@by_officer("/v1/claims/{claim_id}/open-evidence", errors=[NotInThisState, ConflictOfInterest])
def open_evidence(claim_id: str, request: RequestContext) -> StoredResponse:
    """Take the case and let both sides hand in evidence."""
    return deciding.open_evidence(claim_id, request)


@by_officer(
    "/v1/claims/{claim_id}/inspection",
    errors=[NotInThisState, NotDesignated, ConflictOfInterest, *_AMOUNT],
    examples={"an inspection": examples.INSPECTION},
)
def order_inspection(claim_id: str, body: requests.InspectionRequest, request: RequestContext) -> StoredResponse:
    """Order an inspection by a designated inspector; the buyer pays its fee in advance."""
    return deciding.order_inspection(claim_id, body, request)


@by_officer(
    "/v1/claims/{claim_id}/inspection-report",
    errors=[NotInThisState, ConflictOfInterest],
    examples={"defects": examples.REPORT},
)
def report(claim_id: str, body: requests.ReportRequest, request: RequestContext) -> StoredResponse:
    """Put the inspector's report on record; the review begins."""
    return deciding.report(claim_id, body, request)


@by_officer(
    "/v1/claims/{claim_id}/determine",
    errors=[NotInThisState, DecisionDoesNotFit, ConflictOfInterest, *_AMOUNT],
    examples={"in part": examples.RULING},
)
def determine(claim_id: str, body: requests.RulingRequest, request: RequestContext) -> StoredResponse:
    """Decide. Large claims need a second officer to decide the same."""
    return deciding.determine(claim_id, body, request)


@by_officer(
    "/v1/claims/{claim_id}/decide-appeal",
    errors=[NotInThisState, BelowInterimPayment, DecisionDoesNotFit, ConflictOfInterest, *_AMOUNT],
    examples={"in part": examples.RULING},
)
def decide_appeal(claim_id: str, body: requests.RulingRequest, request: RequestContext) -> StoredResponse:
    """As an officer who had no part in the first decision, decide on the appeal. That is final; what was paid undisputed stays paid."""
    return deciding.decide_appeal(claim_id, body, request)
