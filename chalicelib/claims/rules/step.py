"""One step of a claim: the claim as it then is, what happened, and what it does to the order and to the supplier."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.claims.rules.claim import FEE, Claim, Inspection, Status
from chalicelib.claims.rules.policy import ClaimPolicy
from chalicelib.ledger.rules.chart import INSPECTION_ESCROW, REFUNDS_PAYABLE
from chalicelib.orders.rules import claims as orders_claims
from chalicelib.orders.rules.claims import OrderPart
from chalicelib.orders.rules.order import Order, Policy
from chalicelib.shared.journal import Event, Instruct, Posting, transfer


class Dossier(Struct, frozen=True, kw_only=True):
    """All that a step of a claim is decided on: the claim, its order, the policies of both, and what the supplier's balance and
    deposit could give (looked up only where the held money does not suffice); `insured_minor` of the deposit's part insurers pay."""

    claim: Claim
    order: Order
    terms: Policy
    policy: ClaimPolicy
    balance_minor: int = 0
    deposit_minor: int = 0
    insured_minor: int = 0
    deposit_postings: tuple[Posting, ...] = ()

    def after(self, claim: Claim, order: Order | None = None) -> Dossier:
        return replace(self, claim=claim, order=order or self.order)


class Step(Struct, frozen=True, kw_only=True):
    """`effect` is what the same commit does to the order and its cover; `draw_minor` what it takes of the supplier's balance."""

    claim: Claim
    event: Event
    at: datetime
    effect: OrderPart | None = None
    draw_minor: int = 0


def step(
    was: Claim,
    name: str,
    now: datetime,
    *,
    facts: dict[str, Any] | None = None,
    effect: OrderPart | None = None,
    postings: tuple[Posting, ...] = (),
    instructs: tuple[Instruct, ...] = (),
    draw_minor: int = 0,
    **changes: Any,
) -> Step:
    """The next version of a claim, with the event that tells of it. A fee for an inspection that is not needed any more goes back."""
    claim = replace(was, version=was.version + 1, updated_at=now, **changes)
    if was.status == "inspection" and claim.status != "inspection":
        claim, fee_legs, fee_told = fee_back(claim)
        postings, instructs = postings + fee_legs, instructs + fee_told
    event = Event(
        f"claim.{name}",
        {"from": was.status, "to": claim.status} | (facts or {}),
        (*_booked(effect), *postings),
        policy=was.policy,
        instructs=(effect.payment_orders if effect else ()) + instructs,
    )
    return Step(claim=claim, event=event, at=now, effect=effect, draw_minor=draw_minor)


def _booked(part: OrderPart | None) -> tuple[Posting, ...]:
    return (*part.postings, *(leg for effect in part.effects for leg in effect.postings)) if part else ()


def fee_back(claim: Claim) -> tuple[Claim, tuple[Posting, ...], tuple[Instruct, ...]]:
    """An inspection's fee that was paid and brought no report is owed back to the buyer."""
    running = claim.inspection
    if running is None or running.paid_at is None or running.reported_at or running.fee_returned:
        return claim, (), ()
    back = replace(claim, inspections=(*claim.inspections[:-1], replace(running, fee_returned=True)))
    legs = transfer(
        running.fee_minor,
        claim.currency,
        debit_to=(INSPECTION_ESCROW, claim.id),
        credit_to=(REFUNDS_PAYABLE, claim.order_id),
    )
    return back, legs, (fee_refund(claim, running, running.fee_minor, purpose=FEE),)


def fee_refund(claim: Claim, of: Inspection, minor: int, *, purpose: str = "") -> Instruct:
    """All or part of a fee back to the buyer, the way it came."""
    return Instruct(
        kind="refund",
        bank_id=of.bank_id,
        bank_ref=of.bank_ref,
        of=claim.order_id,
        currency=claim.currency,
        amount_minor=minor,
        party=claim.buyer_id,
        purpose=purpose,
    )


def is_moot(dossier: Dossier) -> bool:
    """Whether nothing of the payments is left that this claim could bring, nor was any of it paid."""
    return dossier.order.refundable_minor == 0 and not dossier.claim.share_minor


def end_as_moot(dossier: Dossier, now: datetime, *, facts: dict[str, Any] | None = None, **changes: Any) -> Step:
    """Another refund or the buyer's own bank has given everything back: that ends the claim, and nothing that a party did."""
    why = (
        "PA-1: nothing of the payments is left to be refunded; the bank or an earlier refund has given it back."
        " Should money be paid for the order again, the same can be claimed again."
    )
    return end(dossier, "closed", "closed_no_payment", now, why=why, again=True, facts=facts, **changes)


def end(
    dossier: Dossier,
    name: str,
    status: Status,
    now: datetime,
    *,
    why: str,
    again: bool = False,
    facts: dict[str, Any] | None = None,
    **changes: Any,
) -> Step:
    """An end without a refund: the order's hold and the reserve are gone. `why` names rule, missed duty and what remains.

    `again`: nothing was decided, so the same may be claimed once more.
    """
    was = dossier.claim
    effect = orders_claims.let_go(dossier.order, was.id, status, dossier.terms, now, again=again)
    told = {"why": why} | (facts or {})
    return step(was, name, now, status=status, ended_at=now, why=why, facts=told, effect=effect, **changes)
