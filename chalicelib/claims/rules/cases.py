"""A claim as a case: all that a decision rests on, as it stands now, and what the rules make of it. Pure."""

from __future__ import annotations

from chalicelib.claims.rules import refunds
from chalicelib.claims.rules.claim import Claim, OfficerDecision
from chalicelib.claims.rules.context import Context
from chalicelib.claims.rules.verdict import case
from chalicelib.claims.rules.verdict import draft as claims_draft
from chalicelib.claims.rules.verdict.book import Verdict
from chalicelib.claims.rules.verdict.case import Case
from chalicelib.orders.rules.order import Order, ship_by_at
from chalicelib.shared.views import view_of


def requested_usd_minor(order: Order, requested_minor: int) -> int:
    """What is requested, in US cents, to be held against thresholds of the policy: rounded down, so that what lies below one stays below."""
    return order.cover.quote.convert(requested_minor, "down") if order.cover else 0


def case_of(claim: Claim, context: Context, ruling: OfficerDecision | None = None) -> Case:
    """All that a decision rests on, as it stands now."""
    order = context.order
    assert order.cover is not None, "only covered orders are claimed on"
    done = claim.inspection
    buyer_heard = any(file.by == "buyer" for file in claim.submitted())
    return view_of(
        Case,
        claim,
        requested_usd_minor=requested_usd_minor(order, claim.requested_minor),
        ceiling_minor=refunds.approvable_minor(claim, context),
        total_minor=order.terms.total_minor,
        lines=case.claimed_lines(order, claim.lines),
        cover=order.terms.cover,
        cap_minor=order.cover.cap_minor,
        incoterm=order.terms.incoterm,
        ship_by_at=ship_by_at(order, context.terms),
        shipped_at=order.shipped_at,
        proven_shipped_at=ruling.proven_shipped_at if ruling else None,
        delivered_at=order.delivered_at,
        received_at=order.received_at,
        received_automatically=order.received_automatically,
        evidence=tuple((file.by, file.code) for file in claim.submitted()),
        supplier_silent=not claim.supplier_answered,
        buyer_silent=not buyer_heard,
        inspection=done.finding if done and done.finding else None,
        inspection_missed_by=claim.adverse_to,
        forged_by=ruling.forged_by if ruling else None,
    )


def draft(claim: Claim, context: Context, ruling: OfficerDecision | None = None) -> Verdict:
    """What the rules make of the case; an officer decides on it."""
    return claims_draft.draft(case_of(claim, context, ruling), context.policy)
