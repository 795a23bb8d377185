"""Money back: what a claim is worth becomes a refund, from the held money first, and is paid when banks have settled all of it. Pure.

    payable = min(approved, the claim's own reserve + what is left of the ceiling, what was received and not refunded yet)

A settlement above the cover is the supplier's own debt: its money pays what there is of it, the platform advances nothing for it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec.structs import replace

from chalicelib.claims.rules import waterfall
from chalicelib.claims.rules.claim import Claim, Paying, RefundStatus
from chalicelib.claims.rules.step import Dossier, Step, end, fee_refund, step
from chalicelib.claims.rules.verdict import fee_split
from chalicelib.ledger.rules import ADVANCES_RECEIVABLE, HELD, REFUNDS_PAYABLE
from chalicelib.orders import rules as orders
from chalicelib.orders.rules import Order, Payout
from chalicelib.shared.journal import Instruct, Posting, transfer


def payable(dossier: Dossier, approved_minor: int) -> tuple[int, int]:
    """(covered, above the cover), both payable: together at most what was approved and what can still be refunded."""
    claim, order = dossier.claim, dossier.order
    own = next(mark for mark in order.claims if mark.claim_id == claim.id)
    most = min(approved_minor, order.refundable_minor)
    covered = min(most, own.reserved_minor + order.ceiling_left_minor)
    return covered, most - covered


def needs_more_than_is_held(dossier: Dossier, approved_minor: int) -> bool:
    """Whether the supplier's balance has to be looked at."""
    return sum(payable(dossier, approved_minor)) > dossier.order.held_minor


def refund(
    dossier: Dossier,
    approved_minor: int,
    now: datetime,
    *,
    facts: dict[str, Any],
    fault_percent: int = 0,
    **changes: Any,
) -> Step:
    """The claim is payable: what is owed to the buyer is booked, source by source, and banks are told to pay it."""
    claim, order = dossier.claim, dossier.order
    covered, above = payable(dossier, approved_minor)
    if covered + above == 0:
        why = "PA-1: nothing of the payments is left to be refunded; the bank or an earlier refund has given it back."
        return end(dossier, "closed", "closed_no_payment", now, why=why, facts=facts, **changes)
    own = order.held_minor + dossier.balance_minor + dossier.deposit_minor
    parts = waterfall.split(
        covered + above, order.held_minor, dossier.balance_minor, dossier.deposit_minor, max(0, covered - own)
    )
    payout = _payout(dossier, parts, covered)
    effect = orders.pay(order, claim.id, payout, now)
    fee, after, fee_legs, fee_told = _fee_back(claim, effect.order, fault_percent)
    paying = Paying(
        total_minor=parts.paid_minor + fee,
        held_minor=parts.held,
        balance_minor=parts.balance,
        deposit_minor=parts.deposit,
        insured_minor=dossier.insured_minor,
        advance_minor=parts.advance,
        not_guaranteed_minor=parts.not_guaranteed + approved_minor - covered - above,
        unpayable_minor=approved_minor - covered - above,
        fee_minor=fee,
        at=now,
    )
    return step(
        claim,
        "payable",
        now,
        status="payable",
        paying=paying,
        why=_why(paying, approved_minor),
        facts=facts | _told(claim, paying, payout, fee_legs),
        effect=replace(effect, order=after),
        postings=fee_legs,
        instructs=fee_told,
        draw_minor=parts.balance,
        **changes,
    )


def settled(dossier: Dossier, instruction_id: str, amount_minor: int, now: datetime) -> Step | None:
    """A bank has paid part of the refund: the claim is paid with the last part. None where that part was counted before."""
    claim = dossier.claim
    paying = claim.paying
    if claim.status != "payable" or paying is None or instruction_id in paying.settled:
        return None
    more = replace(
        paying,
        settled_minor=paying.settled_minor + amount_minor,
        settled=(*paying.settled, instruction_id),
    )
    return _come_nearer(dossier, more.without(instruction_id), "refund_settled", amount_minor, now)


def taken_back(dossier: Dossier, amount_minor: int, now: datetime, *, stopped: str = "") -> Step | None:
    """The buyer's bank took its payment back before so much of the refund had left: that part is with the buyer already.

    `stopped` is the instruction of which nothing is left.
    """
    claim = dossier.claim
    if claim.status != "payable" or claim.paying is None:
        return None
    more = replace(claim.paying, taken_back_minor=claim.paying.taken_back_minor + amount_minor)
    return _come_nearer(dossier, more.without(stopped), "refund_taken_back", amount_minor, now)


def _come_nearer(dossier: Dossier, more: Paying, name: str, amount_minor: int, now: datetime) -> Step:
    """One part nearer to the end; with the last part the claim is paid."""
    claim = dossier.claim
    if more.settled_minor + more.taken_back_minor < more.total_minor:
        return step(claim, name, now, paying=more, facts={"amount_minor": amount_minor})
    effect = orders.let_go(dossier.order, claim.id, "paid", dossier.terms, now)
    facts = {
        "amount_minor": more.total_minor,
        "taken_back_minor": more.taken_back_minor,
        "not_guaranteed_minor": more.not_guaranteed_minor,
    }
    return step(claim, "paid", now, status="paid", ended_at=now, paying=more, facts=facts, effect=effect)


def hindered(
    dossier: Dossier, instruction_id: str, seq: int, status: RefundStatus, reason: str, now: datetime
) -> Step | None:
    """A part of the refund did not arrive, or is on its way again; the parties are told when that has changed, and of nothing old."""
    claim, paying = dossier.claim, dossier.claim.paying
    if claim.status != "payable" or paying is None or instruction_id in paying.settled:
        return None
    known = next((found for found in paying.hindrances if found.instruction == instruction_id), None)
    if known is not None and (seq <= known.seq or status == known.status):
        return None
    name = "refund_retried" if status == "in_flight" else "refund_failed"
    facts = {"instruction": instruction_id, "status": status} | ({"reason": reason} if reason else {})
    return step(claim, name, now, paying=paying.hindered(instruction_id, seq, status), facts=facts)


def _payout(dossier: Dossier, parts: waterfall.Slices, covered_minor: int) -> Payout:
    """The parts, with what they take of the reservation at its locked rate: what the platform advances comes last."""
    order, cover = dossier.order, dossier.order.cover
    assert parts.deposit == dossier.deposit_minor, "a deposit gives what it was asked for, and that is booked"
    assert cover is not None, "only covered orders are claimed on"
    left_minor = cover.cap_minor - sum(mark.paid_minor for mark in order.claims)
    own = min(parts.paid_minor, covered_minor) - parts.advance
    release = waterfall.usd_of(own, left_minor, cover.remaining_usd_minor, cover.quote) if own else 0
    advance = (
        waterfall.usd_of(parts.advance, left_minor - own, cover.remaining_usd_minor - release, cover.quote)
        if parts.advance
        else 0
    )
    return Payout(
        held_minor=parts.held,
        balance_minor=parts.balance,
        deposit_minor=parts.deposit,
        deposit_postings=dossier.deposit_postings,
        advance_minor=parts.advance,
        covered_minor=own + parts.advance,
        release_usd_minor=release,
        advance_usd_minor=advance,
    )


def _fee_back(
    claim: Claim, order: Order, fault_percent: int
) -> tuple[int, Order, tuple[Posting, ...], tuple[Instruct, ...]]:
    """The supplier's share of an inspection's fee goes back to the buyer: from money held for the supplier, else on its account."""
    done = claim.inspection
    if done is None or done.reported_at is None:
        return 0, order, (), ()
    _, share = fee_split(done.fee_minor, fault_percent)
    held = min(share, order.held_minor)
    owed = (REFUNDS_PAYABLE, order.id)
    legs = (
        *transfer(held, claim.currency, debit_to=(HELD, order.id), credit_to=owed),
        *transfer(share - held, claim.currency, debit_to=(ADVANCES_RECEIVABLE, order.supplier_id), credit_to=owed),
    )
    after = replace(order, released_minor=order.released_minor + held)
    return share, after, legs, (fee_refund(claim, done, share),) if share else ()


def _told(claim: Claim, paying: Paying, payout: Payout, fee_legs: tuple[Posting, ...]) -> dict[str, Any]:
    """Where the refund comes from, and what the supplier now owes the platform for it."""
    told: dict[str, Any] = {
        "amount_minor": paying.total_minor,
        "from_held_minor": paying.held_minor,
        "from_balance_minor": paying.balance_minor,
        "from_deposit_minor": paying.deposit_minor,
        "deposit_insured_minor": paying.insured_minor,
        "advanced_minor": paying.advance_minor,
        "inspection_fee_minor": paying.fee_minor,
        "not_guaranteed_minor": paying.not_guaranteed_minor,
    }
    fee = sum(leg.debit_minor for leg in fee_legs if leg.account == ADVANCES_RECEIVABLE)
    if not payout.advance_minor + fee:
        return told
    return told | {
        "advance": {
            "supplier_id": claim.supplier_id,
            "order_id": claim.order_id,
            "claim_id": claim.id,
            "amount_minor": payout.advance_minor + fee,
            "currency": claim.currency,
            "usd_minor": payout.advance_usd_minor,
        }
    }


def _why(paying: Paying, approved_minor: int) -> str:
    if not paying.not_guaranteed_minor:
        return ""
    return (
        f"PA-2: of {approved_minor} minor units, {paying.not_guaranteed_minor} are above the cover or the payments:"
        " not guaranteed, the supplier owes them."
    )
