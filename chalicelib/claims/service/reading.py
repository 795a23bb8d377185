"""Looking at claims: one, lists, timelines, decisions, drafts, and what a claim would meet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from chalicelib.claims import records
from chalicelib.claims.rules import cases, deadlines, eligibility, evidence, moves, negotiation
from chalicelib.claims.rules import claim as claims_claim
from chalicelib.claims.rules.claim import Claim
from chalicelib.claims.rules.policy import ClaimPolicy
from chalicelib.claims.rules.step import Dossier
from chalicelib.claims.rules.verdict import draft as claims_draft
from chalicelib.claims.rules.verdict import outlook
from chalicelib.claims.service import settling
from chalicelib.claims.service.commands import amount_of
from chalicelib.claims.views.asked import ClaimsQuery, SimulationAsked
from chalicelib.claims.views.claim import ClaimView
from chalicelib.claims.views.decision import DecisionsView, DraftView, SimulationView, decision_view, verdict_view
from chalicelib.ledger.service import timelines as ledger_timelines
from chalicelib.orders.aggregate import ORDERS
from chalicelib.orders.aggregate import pinned as orders_pinned
from chalicelib.orders.rules import claims as orders_claims
from chalicelib.orders.rules.order import Order
from chalicelib.shared import pages, periods, timelines
from chalicelib.shared.journal import Entry
from chalicelib.shared.money import Money
from chalicelib.shared.pages import Page, Paging
from chalicelib.shared.refusal import Refusal
from chalicelib.shared.request import Request, within_duty
from chalicelib.shared.timelines import TimelineEntry


def claim(claim_id: str, request: Request) -> ClaimView:
    dossier, who = settling.find(claim_id, request)
    return within_duty(settling.shown(dossier, who, request.now), request.caller, "claims")


def timeline(claim_id: str, query: Paging, request: Request) -> Page[TimelineEntry]:
    """Journal entries, oldest first; what the other side keeps to itself is not among them."""
    dossier, who = settling.find(claim_id, request)
    found = dossier.claim

    def tell(made: Entry) -> TimelineEntry | None:
        return (
            timelines.entry(made, found.side_of(made.by.member_id), found.currency, who or "")
            if is_told(made, who)
            else None
        )

    return ledger_timelines.timeline(found, query, request, tell)


def listed(query: ClaimsQuery, request: Request) -> Page[ClaimView]:
    """A member's claims on one side, the newest orders' first; an officer's work, the earliest due first."""

    def seen(kept: tuple[Claim, Order]) -> ClaimView | None:
        dossier = settling.as_of(settling.dossier_of(*kept), request.now)
        if dossier is None or query.status not in (None, dossier.claim.status):
            return None
        return settling.shown(dossier, settling.seen_as(dossier.claim, request.caller), request.now)

    of = "claims:officer" if request.caller.is_officer else f"claims:{query.as_}:{query.status}"
    places = _by_due(query, request, of) if request.caller.is_officer else _own(query, request, of)
    return pages.filtered(places, settling.listed, seen, query, request, of)


def decisions(claim_id: str, request: Request) -> DecisionsView:
    """Every determination with its case, computed again."""
    dossier, _ = settling.find(claim_id, request)
    found = dossier.claim
    items = [decision_view(made, found, dossier.policy) for made in found.decisions]
    return DecisionsView(claim_id=claim_id, version=found.version, items=items)


def draft(claim_id: str, request: Request) -> DraftView:
    """What the rules would decide now, for the officer who decides."""
    dossier, _ = settling.find(claim_id, request)
    case = cases.case_of(dossier)
    large = case.requested_usd_minor >= dossier.policy.two_officers_from_usd_minor
    return DraftView(
        claim_id=claim_id,
        version=dossier.claim.version,
        case=case,
        draft=verdict_view(claims_draft.draft(case, dossier.policy), dossier.claim.currency),
        officers_needed=2 if large else 1,
    )


def simulate(asked: SimulationAsked, request: Request) -> SimulationView:
    """What a claim would meet if it were filed now. Nothing is reserved and nobody is told."""
    order = ORDERS.read(asked.order_id, request)[0].state
    found, terms = settling.policy_for(order), orders_pinned(order)
    policy = found.read_as(ClaimPolicy)
    going_on = orders_claims.resumed(order, terms, request.now)
    minor = amount_of(asked.amount, order.terms.currency)
    window = eligibility.window(asked.reason, going_on, terms, policy)
    refusal = eligibility.why_not(asked.reason, going_on, terms, policy, request.now)
    made = _as_if(order, asked, minor, found.hash, request) if refusal is None else None
    refusal = made if isinstance(made, Refusal) else refusal
    dossier = (
        None
        if made is None or isinstance(made, Refusal)
        else Dossier(claim=made[0], order=made[1], terms=terms, policy=policy)
    )
    least, most = _range(dossier, asked) if dossier else (0, 0)
    usd = cases.requested_usd_minor(order, minor)
    sent = [("buyer", code) for code in asked.evidence]
    checklist = evidence.checklist(asked.reason, sent, usd, policy)  # type: ignore[arg-type]

    def told(amount_minor: int) -> Money:
        return Money.of(amount_minor, order.terms.currency)

    return SimulationView(
        order_id=order.id,
        reason=asked.reason,
        eligible=dossier is not None,
        why_not=refusal.detail if refusal else None,
        why_not_code=refusal.code if refusal else None,
        opens_at=window.opens_at,
        window_ends_at=window.ends_at,
        requested=told(minor),
        cap=told(order.cover.cap_minor if order.cover else 0),
        ceiling_left=told(order.ceiling_left_minor),
        would_reserve=told(min(minor, order.ceiling_left_minor) if dossier else 0),
        least=told(least),
        most=told(most),
        required_evidence=checklist,
        missing_evidence=[
            item.code for item in checklist if item.party == "buyer" and item.level == "required" and not item.satisfied
        ],
        deadlines=deadlines.deadlines(dossier.claim, policy) if dossier else [],
    )


def is_told(made: Entry, who: moves.Who) -> bool:
    """Whether a party hears of an entry: not of the other side's files before they are handed in for both, nor of officers' matters."""
    facts = made.event.facts
    if "private" in facts:
        return who == "officer"
    if "visibility" not in facts or who == "officer" or facts.get("of") == who:
        return True
    return made.event.kind == "claim.evidence_submitted" and facts["visibility"] == "both"


def _as_if(
    order: Order, asked: SimulationAsked, minor: int, policy: str, request: Request
) -> tuple[Claim, Order] | Refusal:
    try:
        step = negotiation.file(
            claims_claim.id_of(order.id, len(order.claims) + 1),
            order,
            reason=asked.reason,
            lines=tuple(asked.lines),
            requested_minor=minor,
            statement="",
            policy=policy,
            now=request.now,
        )
    except Refusal as refusal:
        return refusal
    assert step.effect is not None
    return step.claim, step.effect.order


def _range(dossier: Dossier, asked: SimulationAsked) -> tuple[int, int]:
    sent = tuple(("buyer", code) for code in asked.evidence)
    case = replace(cases.case_of(dossier), evidence=sent, buyer_silent=not sent)
    return outlook.likely_range(case, dossier.policy)


def _own(query: ClaimsQuery, request: Request, of: str) -> Iterator[tuple[str, str]]:
    before = pages.unseal(query.cursor, request.caller, of) if query.cursor else None
    return ((claim_id, claim_id) for claim_id in records.ids_of(request.caller.member_id, query.as_, before))


def _by_due(query: ClaimsQuery, request: Request, of: str) -> Iterator[tuple[Any, str]]:
    after = pages.unseal(query.cursor, request.caller, of) if query.cursor else None
    start = periods.from_ms(after[0]) if after else None
    waiting = ([periods.to_ms(at), claim_id] for at, claim_id in records.waiting(start))
    return ((place, str(place[1])) for place in waiting if not after or place > after)
