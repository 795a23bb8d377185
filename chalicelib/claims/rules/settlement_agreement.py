"""What a settlement brings about: money, goods on their way back, or a remedy both sides confirm. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec.structs import replace

from chalicelib.claims.rules import negotiation, refunds
from chalicelib.claims.rules.changing import change, end, end_as_moot
from chalicelib.claims.rules.claim import GOODS_BACK, Claim, Condition, Kind, Settlement, existing
from chalicelib.claims.rules.context import Context
from chalicelib.claims.rules.transitions import ClaimChange
from chalicelib.orders.rules.order import Side


def accept(was: Claim, context: Context, side: Side, now: datetime, offer_id: str) -> ClaimChange:
    """The other side's offer becomes the settlement."""
    offers, settlement = negotiation.accepted(was, side, offer_id, now)
    return _agree(was, context, "accept-offer", settlement, side, now, offers=offers)


def sign(
    was: Claim, context: Context, side: Side, now: datetime, kind: Kind, amount_minor: int, note: str
) -> ClaimChange:
    """One side signs a settlement; with the second signature it is agreed."""
    settlement = negotiation.signed(was, side, kind, amount_minor, note, now)
    if len(settlement.signed_by) == 2:
        return _agree(was, context, "settle", settlement, side, now)
    return change(
        was,
        "settle",
        now,
        event="settlement_signed",
        settlement=settlement,
        supplier_answered=was.supplier_answered or side == "supplier",
        payload=_payload(settlement, side),
    )


def _agree(
    was: Claim, context: Context, name: str, settlement: Settlement, by: Side, now: datetime, **more: Any
) -> ClaimChange:
    """The settlement is written down. Money is owed at once; goods come back first; a remedy has its own time."""
    more |= {"settlement": settlement, "agreed_at": now, "supplier_answered": True}
    payload = _payload(settlement, by)
    if settlement.kind in GOODS_BACK or settlement.kind == "replace":
        return change(was, name, now, event="agreed", status="agreed", payload=payload, **more)
    return refunds.refund(was, context, name, settlement.amount_minor, now, payload=payload, **more)


def _payload(settlement: Settlement, by: Side) -> dict[str, Any]:
    return {
        "by": by,
        "kind": settlement.kind,
        "agreed_minor": settlement.amount_minor,
        "settlement": settlement.hash,
    }


def ship_return(was: Claim, context: Context, side: Side, now: datetime, tracking: str) -> ClaimChange:
    """The buyer has sent the goods back; the supplier says what came."""
    settlement = replace(existing(was.settlement), returned_at=now, return_tracking=tracking)
    return change(
        was, "ship-return", now, event="return_shipped", settlement=settlement, payload={"tracking": tracking}
    )


def acknowledge_return(was: Claim, context: Context, side: Side, now: datetime, condition: Condition) -> ClaimChange:
    """Received: the money is owed. Damaged, empty or missing: an officer looks at it."""
    if condition != "received":
        return negotiation.escalated(was, "acknowledge-return", now, by=side, why=f"return {condition}")
    return _received(was, context, "acknowledge-return", now, by=side)


def take_as_received(was: Claim, context: Context, at: datetime) -> ClaimChange:
    """The supplier did not say in time what came."""
    return _received(was, context, "return_taken_as_received", at, by="clock")


def _received(was: Claim, context: Context, name: str, at: datetime, *, by: str) -> ClaimChange:
    settlement = replace(existing(was.settlement), condition="received")
    return refunds.refund(
        was,
        context,
        name,
        settlement.amount_minor,
        at,
        payload={"by": by, "condition": "received"},
        fault_percent=was.decision.verdict.supplier_fault_percent if was.decision else 0,
        settlement=settlement,
    )


def not_returned(was: Claim, context: Context, at: datetime) -> ClaimChange:
    if context.is_moot(was):
        return end_as_moot(was, context, "not_carried_out", at)
    why = "AG-2: the goods were not sent back in time; the settlement is void, and the claim is over."
    return end(was, context, "not_carried_out", "closed_no_payment", at, why=why)


def remedy_due(was: Claim, context: Context, at: datetime) -> ClaimChange:
    why = "AG-3: nobody called an officer in the time for the agreed remedy; it counts as carried out."
    return end(was, context, "not_carried_out", "closed_no_payment", at, why=why)


def confirm_remedy(was: Claim, context: Context, side: Side, now: datetime) -> ClaimChange:
    """A replacement has come, both say: the claim is over without a refund."""
    name, payload = "confirm-remedy", {"by": side}
    settlement = replace(existing(was.settlement), confirmed_by=(*existing(was.settlement).confirmed_by, side))
    if len(settlement.confirmed_by) < 2:
        return change(was, name, now, event="remedy_confirmed", settlement=settlement, payload=payload)
    why = "AG-1: both sides confirmed that the agreed remedy was carried out."
    return end(was, context, name, "closed_no_payment", now, why=why, payload=payload, settlement=settlement)
