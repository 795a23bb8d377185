"""A change of a claim, with what it does to its order and what an inspection's fee comes to; and how a claim ends without a refund. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from msgspec.structs import replace

from chalicelib.claims.rules.claim import FEE, Claim, Inspection, Status
from chalicelib.claims.rules.context import Context
from chalicelib.claims.rules.transitions import TABLE, ClaimChange
from chalicelib.ledger.rules.chart import INSPECTION_ESCROW, REFUNDS_PAYABLE
from chalicelib.orders.rules import claims as orders_claims
from chalicelib.orders.rules.claims import OrderPart
from chalicelib.shared.journal import PaymentOrder, Posting, transfer

_EVENT: Final = {"closed_no_payment": "closed"}
"""What tells of an end, where that is not the status."""


def change(
    was: Claim,
    name: str,
    at: datetime,
    *,
    part: OrderPart | None = None,
    postings: tuple[Posting, ...] = (),
    payment_orders: tuple[PaymentOrder, ...] = (),
    **more: Any,
) -> ClaimChange:
    """`TABLE.change`, with the order's part in it. The fee of an inspection that is not needed any more goes back."""
    if part is not None:
        more |= {"also": (part.order,), "effects": part.effects}
        postings, payment_orders = part.postings + postings, part.payment_orders + payment_orders
    is_left = was.status == "inspection" != more.get("status", was.status)
    if is_left and was.inspection and was.inspection.is_paid_for:
        more |= fee_back(was, was.inspection, postings, payment_orders)
    else:
        more |= {"postings": postings, "payment_orders": payment_orders}
    return TABLE.change(was, name, at, **more)


def fee_back(
    claim: Claim,
    inspection: Inspection,
    postings: tuple[Posting, ...] = (),
    payment_orders: tuple[PaymentOrder, ...] = (),
) -> dict[str, Any]:
    """For a change: the fee that was paid for an inspection, and brought no report, is owed back to the buyer."""
    escrow, owed = (INSPECTION_ESCROW, claim.id), (REFUNDS_PAYABLE, claim.order_id)
    back = transfer(inspection.fee_minor, claim.currency, debit_to=escrow, credit_to=owed)
    return {
        "inspections": (*claim.inspections[:-1], replace(inspection, fee_returned=True)),
        "postings": (*postings, *back),
        "payment_orders": (*payment_orders, fee_refund(claim, inspection, inspection.fee_minor, purpose=FEE)),
    }


def fee_refund(claim: Claim, of: Inspection, minor: int, *, purpose: str = "") -> PaymentOrder:
    """All or part of a fee back to the buyer, the way it came."""
    return PaymentOrder(
        kind="refund",
        bank_id=of.bank_id,
        bank_ref=of.bank_ref,
        aggregate_id=claim.order_id,
        currency=claim.currency,
        amount_minor=minor,
        party=claim.buyer_id,
        purpose=purpose,
    )


def end_as_moot(
    was: Claim, context: Context, name: str, at: datetime, *, payload: dict[str, Any] | None = None, **more: Any
) -> ClaimChange:
    """Another refund or the buyer's own bank has given everything back: that ends the claim, and nothing that a party did."""
    why = (
        "PA-1: nothing of the payments is left to be refunded; the bank or an earlier refund has given it back."
        " Should money be paid for the order again, the same can be claimed again."
    )
    return end(was, context, name, "closed_no_payment", at, why=why, again=True, payload=payload, **more)


def end(
    was: Claim,
    context: Context,
    name: str,
    status: Status,
    at: datetime,
    *,
    why: str,
    again: bool = False,
    payload: dict[str, Any] | None = None,
    **more: Any,
) -> ClaimChange:
    """An end without a refund: the order's hold and the reserve are gone. `why` names rule, missed duty and what remains.

    `again`: nothing was decided, so the same may be claimed once more.
    """
    return change(
        was,
        name,
        at,
        event=_EVENT.get(status, status),
        part=orders_claims.close_claim(context.order, was.id, status, context.terms, at, again=again),
        status=status,
        ended_at=at,
        why=why,
        payload={"why": why} | (payload or {}),
        **more,
    )
