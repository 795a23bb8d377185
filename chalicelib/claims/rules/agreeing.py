"""What a settlement brings about: money, goods on their way back, or a remedy both sides confirm. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec.structs import replace

from chalicelib.claims.rules import moves, negotiation, paying
from chalicelib.claims.rules.claim import GOODS_BACK, Condition, Offer, Settlement
from chalicelib.claims.rules.step import Dossier, Step, end, step
from chalicelib.orders.rules.order import Side


def agree(dossier: Dossier, made: Settlement, now: datetime, *, offers: tuple[Offer, ...], by: str) -> Step:
    """The settlement is written down. Money is owed at once; goods come back first; a remedy has its own time."""
    facts: dict[str, Any] = {"by": by, "kind": made.kind, "agreed_minor": made.amount_minor, "settlement": made.hash}
    changes: dict[str, Any] = {"settlement": made, "offers": offers, "agreed_at": now}
    if made.kind in GOODS_BACK or made.kind == "replace":
        return step(dossier.claim, "agreed", now, status="agreed", facts=facts, **changes)
    return paying.refund(dossier, made.amount_minor, now, facts=facts, **changes)


def signed(dossier: Dossier, made: Settlement, side: Side, now: datetime) -> Step:
    """One side has signed; with the second signature it is agreed."""
    claim = dossier.claim
    if len(made.signed_by) == 2:
        return agree(dossier, made, now, offers=claim.offers, by=side)
    return step(
        claim,
        "settlement_signed",
        now,
        settlement=made,
        supplier_answered=claim.supplier_answered or side == "supplier",
        facts={"by": side, "kind": made.kind, "agreed_minor": made.amount_minor, "settlement": made.hash},
    )


def ship_return(dossier: Dossier, tracking: str, now: datetime) -> Step:
    """The buyer has sent the goods back; the supplier says what came."""
    claim = dossier.claim
    moves.must_be_allowed("ship-return", claim, "buyer", dossier.policy, now)
    assert claim.settlement is not None
    made = replace(claim.settlement, returned_at=now, return_tracking=tracking)
    return step(claim, "return_shipped", now, settlement=made, facts={"tracking": tracking})


def acknowledge_return(dossier: Dossier, condition: Condition, now: datetime, *, by: str = "supplier") -> Step:
    """Received: the money is owed. Damaged, empty or missing: an officer looks at it."""
    claim = dossier.claim
    if by == "supplier":
        moves.must_be_allowed("acknowledge-return", claim, "supplier", dossier.policy, now)
    assert claim.settlement is not None
    made = replace(claim.settlement, condition=condition)
    if condition != "received":
        return negotiation.escalated(claim, now, by=by, why=f"return {condition}")
    facts = {"by": by, "condition": condition}
    percent = claim.decision.verdict.supplier_fault_percent if claim.decision else 0
    return paying.refund(dossier, made.amount_minor, now, facts=facts, fault_percent=percent, settlement=made)


def confirm_remedy(dossier: Dossier, side: Side, now: datetime) -> Step:
    """A replacement has come, both say: the claim is over without a refund."""
    claim = dossier.claim
    moves.must_be_allowed("confirm-remedy", claim, side, dossier.policy, now)
    assert claim.settlement is not None
    made = replace(claim.settlement, confirmed_by=(*claim.settlement.confirmed_by, side))
    if len(made.confirmed_by) < 2:
        return step(claim, "remedy_confirmed", now, settlement=made, facts={"by": side})
    why = "AG-1: both sides confirmed that the agreed remedy was carried out."
    return end(dossier, "closed", "closed_no_payment", now, why=why, facts={"by": side}, settlement=made)
