"""Money back: what a claim is worth becomes a refund, from the held money first. Pure.

    covered   = min(approved - what was paid of it before, the claim's own reserve + what is left of the ceiling)
    above     = what then is missing, of what was received, not refunded yet and reserved for no other claim
    payable   = covered + above

It is paid at once, or in two payments: while an appeal runs, the share that no party contests; with the final decision, what is then
missing. A settlement above the cover is the supplier's own debt: its money pays what there is of it, the platform advances nothing for it,
and what is held for other claims is no money of the supplier's yet.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.claims.rules import refund_tracking, waterfall
from chalicelib.claims.rules.changing import change, end_as_moot, fee_refund
from chalicelib.claims.rules.claim import INTERIM_PAYMENT, Claim, Refund
from chalicelib.claims.rules.context import Context
from chalicelib.claims.rules.transitions import ClaimChange
from chalicelib.claims.rules.verdict.draft import fee_split
from chalicelib.deposits.rules import deducting
from chalicelib.deposits.rules.deducting import Given
from chalicelib.ledger.rules.chart import ADVANCES_RECEIVABLE, HELD, REFUNDS_PAYABLE
from chalicelib.orders.rules import claims as orders_claims
from chalicelib.orders.rules import reserves as orders_reserves
from chalicelib.orders.rules.claims import OrderPart, Payout
from chalicelib.orders.rules.order import Order
from chalicelib.shared.journal import transfer
from chalicelib.shared.money import printed
from chalicelib.shared.state_machine import Effect
from chalicelib.suppliers.rules.balance import Draw
from chalicelib.suppliers.rules.effects import DrawBalance


class Owed(Struct, frozen=True):
    """A payment, what it does to the order and to the supplier's own money, and what its entry tells of it."""

    refund: Refund
    part: OrderPart
    payload: dict[str, Any]


def payable(claim: Claim, context: Context, approved_minor: int) -> tuple[int, int]:
    """(covered, above the cover), both payable now, and neither of what is reserved for other claims."""
    order = context.order
    others = orders_reserves.reserved_for_others(order, claim.id)
    asked_minor = approved_minor - claim.interim_payment_minor
    covered = min(asked_minor, order.claimable_minor - others)
    return covered, min(asked_minor - covered, order.refundable_minor - others - covered)


def approvable_minor(claim: Claim, context: Context) -> int:
    """The most that can be approved of the claim: what was paid before, and what is covered of the rest."""
    return claim.interim_payment_minor + payable(claim, context, claim.requested_minor)[0]


def lacking_minor(claim: Claim, context: Context, approved_minor: int) -> int:
    """What of a payment neither the held money nor the supplier's balance, as far as it was read, suffices for. Grows with the amount."""
    covered, above = payable(claim, context, approved_minor)
    return max(0, covered + above - _held_for(claim, context.order, covered) - context.balance_minor)


def interim_payment(
    was: Claim,
    context: Context,
    name: str,
    minor: int,
    at: datetime,
    *,
    event: str,
    payload: dict[str, Any],
    **more: Any,
) -> ClaimChange:
    """What no party contests is owed to the buyer, while the appeal about the rest goes on. The inspection's fee waits for the end."""
    owed = _owed(was, context, minor, at, purpose=INTERIM_PAYMENT)
    return change(
        was,
        name,
        at,
        event=event,
        interim_payment=owed.refund,
        payload=payload | owed.payload,
        part=owed.part,
        **more,
    )


def refund(
    was: Claim,
    context: Context,
    name: str,
    approved_minor: int,
    at: datetime,
    *,
    payload: dict[str, Any],
    fault_percent: int = 0,
    **more: Any,
) -> ClaimChange:
    """The claim is payable: what is owed to the buyer is booked, source by source, and banks are told to pay it.

    Where a share of it was paid before, that is the difference; where nothing is missing and banks have settled the share, it is paid.
    """
    if not (was.interim_payment_minor or sum(payable(was, context, approved_minor))):
        return end_as_moot(was, context, name, at, payload=payload, **more)
    owed = _owed(was, context, approved_minor, at, fault_percent=fault_percent)
    refund = owed.refund
    more |= {
        "refund": refund if refund.total_minor or refund.not_guaranteed_minor else None,
        "why": _why(refund, approved_minor, was.currency),
    }
    if was.interim_payment and was.interim_payment.is_settled and refund.total_minor == 0:
        return refund_tracking.paid(was, context, name, at, payload=payload, **more)
    return change(
        was,
        name,
        at,
        event="payable",
        status="payable",
        payload=payload | owed.payload,
        part=owed.part,
        **more,
    )


def _held_for(claim: Claim, order: Order, covered_minor: int) -> int:
    """What is held for the order and pays so much of its cover: for what is above the cover, nothing that is reserved for other claims."""
    others = orders_reserves.reserved_for_others(order, claim.id)
    return min(covered_minor + max(0, order.held_minor - covered_minor - others), order.held_minor)


def _owed(
    claim: Claim, context: Context, approved_minor: int, at: datetime, *, fault_percent: int = 0, purpose: str = ""
) -> Owed:
    """What of the approved amount was not paid yet, from its sources; the fee's share belongs to the final payment."""
    order = context.order
    covered, above = payable(claim, context, approved_minor)
    unpayable = approved_minor - claim.interim_payment_minor - covered - above
    held, balance = _held_for(claim, order, covered), context.balance_minor
    given = _given(claim, context, lacking_minor(claim, context, approved_minor), at)
    own = held + balance + given.taken_minor
    parts = waterfall.split(covered + above, held, balance, given.taken_minor, max(0, covered - own))
    payout = _payout(order, parts, covered)
    part = orders_claims.pay(order, claim.id, payout, at, disputed=purpose == INTERIM_PAYMENT)
    fee, part = (0, part) if purpose else _fee_back(claim, part, fault_percent)
    refund = Refund(
        total_minor=parts.paid_minor + fee,
        held_minor=parts.held,
        balance_minor=parts.balance,
        deposit_minor=parts.deposit,
        insured_minor=given.insured_minor,
        advance_minor=parts.advance,
        not_guaranteed_minor=parts.not_guaranteed + unpayable,
        unpayable_minor=unpayable,
        fee_minor=fee,
        at=at,
    )
    drawn: tuple[Effect, ...] = ()
    if parts.balance and context.balance:
        draw = Draw(claim.currency, parts.balance, context.balance)
        drawn = (DrawBalance(supplier_id=claim.supplier_id, draw=draw),)
    part = replace(
        part,
        payment_orders=tuple(replace(each, purpose=purpose) for each in part.payment_orders),
        effects=(*part.effects, *drawn, *given.effects),
    )
    return Owed(refund, part, _payload(claim, refund, payout, part, purpose))


def _given(claim: Claim, context: Context, lacking_minor: int, at: datetime) -> Given:
    """What the supplier's deposit gives of what neither the held money nor the balance pays."""
    if context.deposit is None:
        return Given()
    owed = (REFUNDS_PAYABLE, claim.order_id)
    return deducting.given(*context.deposit, claim.currency, lacking_minor, claim.id, owed, at)


def _payout(order: Order, parts: waterfall.Slices, covered_minor: int) -> Payout:
    """The parts, with what they take of the reservation at its locked rate: what the platform advances comes last."""
    cover = order.cover
    assert cover is not None, "only covered orders are claimed on"
    remaining_minor = cover.cap_minor - sum(mark.paid_minor for mark in order.claims)
    own = min(parts.paid_minor, covered_minor) - parts.advance
    release = waterfall.usd_of(own, remaining_minor, cover.remaining_usd_minor, cover.quote) if own else 0
    advance = (
        waterfall.usd_of(parts.advance, remaining_minor - own, cover.remaining_usd_minor - release, cover.quote)
        if parts.advance
        else 0
    )
    return Payout(
        held_minor=parts.held,
        balance_minor=parts.balance,
        deposit_minor=parts.deposit,
        advance_minor=parts.advance,
        covered_minor=own + parts.advance,
        release_usd_minor=release,
        advance_usd_minor=advance,
    )


def _fee_back(claim: Claim, part: OrderPart, fault_percent: int) -> tuple[int, OrderPart]:
    """The supplier's share of an inspection's fee goes back to the buyer: from money held for the supplier, else on its account."""
    done, order = claim.inspection, part.order
    share = fee_split(done.fee_minor, fault_percent)[1] if done and done.reported_at else 0
    if done is None or not share:
        return 0, part
    held = min(share, max(0, order.held_minor - order.reserved_minor))
    owed, advanced = (REFUNDS_PAYABLE, order.id), (ADVANCES_RECEIVABLE, order.supplier_id)
    return share, replace(
        part,
        order=replace(order, released_minor=order.released_minor + held),
        postings=(
            *part.postings,
            *transfer(held, claim.currency, debit_to=(HELD, order.id), credit_to=owed),
            *transfer(share - held, claim.currency, debit_to=advanced, credit_to=owed),
        ),
        payment_orders=(*part.payment_orders, fee_refund(claim, done, share)),
    )


def _payload(claim: Claim, refund: Refund, payout: Payout, part: OrderPart, purpose: str) -> dict[str, Any]:
    """Where the refund comes from, and what the supplier now owes the platform for it."""
    payload: dict[str, Any] = {
        "amount_minor": refund.total_minor,
        "from_held_minor": refund.held_minor,
        "inspection_fee_minor": refund.fee_minor,
        "not_guaranteed_minor": refund.not_guaranteed_minor,
        "own": {
            "supplier": {
                "from_balance_minor": refund.balance_minor,
                "from_deposit_minor": refund.deposit_minor,
                "deposit_insured_minor": refund.insured_minor,
                "advanced_minor": refund.advance_minor,
            }
        },
    }
    advanced = sum(leg.debit_minor for leg in part.postings if leg.account == ADVANCES_RECEIVABLE)
    if not advanced:
        return payload
    return payload | {
        "advance": {
            "supplier_id": claim.supplier_id,
            "order_id": claim.order_id,
            "claim_id": claim.id,
            "amount_minor": advanced,
            "currency": claim.currency,
            "usd_minor": payout.advance_usd_minor,
        }
        | ({"purpose": purpose} if purpose else {})
    }


def _why(refund: Refund, approved_minor: int, currency: str) -> str:
    if not refund.not_guaranteed_minor:
        return ""
    return (
        f"PA-2: of {printed(approved_minor, currency)}, {printed(refund.not_guaranteed_minor, currency)} are above the cover or the payments:"
        " not guaranteed, the supplier owes them."
    )
