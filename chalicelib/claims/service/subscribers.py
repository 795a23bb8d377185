"""What the journal says that concerns claims: refunds that banks carried out, and what claims mean for the supplier.

Everything here may run twice, late and in any order: each effect is named after the entry it comes of.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from chalicelib.claims.aggregate import CLAIMS, pinned
from chalicelib.claims.records import REPOSITORY
from chalicelib.claims.rules import refund_tracking
from chalicelib.claims.rules.claim import Claim, RefundStatus
from chalicelib.claims.rules.context import Context
from chalicelib.claims.rules.transitions import ClaimChange
from chalicelib.daybook.rules.claims import ClaimFact
from chalicelib.daybook.service import recording as daybook_recording
from chalicelib.orders.rules import claims as orders_claims
from chalicelib.shared import clock
from chalicelib.shared.commit import retry_on_conflict
from chalicelib.shared.errors import DomainError
from chalicelib.shared.journal import Entry
from chalicelib.shared.observe import logger
from chalicelib.shared.request import CLOCK, RequestContext
from chalicelib.suppliers.service import penalties as suppliers_penalties

COUNTS: Final = frozenset(
    {"claim.filed", "claim.paid", "claim.rejected", "claim.withdrawn", "claim.lapsed", "claim.closed"}
)
REFUND_EXCEPTIONS: Final[dict[str, RefundStatus]] = {
    "instruction.failed": "failed_and_retried",
    "instruction.manual": "with_officer",
    "instruction.given_account": "in_flight",
    "instruction.retried": "in_flight",
}
"""Where a refund stands after an entry of its instruction."""
ABOUT_REFUNDS: Final = frozenset({"instruction.settled", "instruction.stopped", *REFUND_EXCEPTIONS})


def follow(entry: Entry) -> None:
    """The effects of one journal entry, or none."""
    now = clock.now()
    match entry.event.kind:
        case kind if kind in ABOUT_REFUNDS and _is_our_refund(entry):
            _apply(entry, now)
        case "claim.supplier_silent":
            _silent(entry, now)
        case kind if kind in COUNTS:
            _tell(entry, now)


@retry_on_conflict
def _apply(entry: Entry, now: datetime) -> None:
    """Once for each entry, whoever follows it and whenever. A bank's word takes effect when it came, but not before what is known already."""
    key = f"follows:{entry.entry_id}"
    request = RequestContext(caller=CLOCK, now=now, request_id=entry.entry_id, key=key, digest="follows")
    CLAIMS.apply(str(entry.event.payload["cause"]), request, lambda was, context: _heard(was, context, entry))


def _heard(was: Claim, context: Context, entry: Entry) -> ClaimChange | None:
    """What banks have done with (part of) a refund."""
    kind, payload = entry.event.kind, entry.event.payload
    purpose, at = str(payload.get("purpose", "")), max(entry.at, was.updated_at, context.order.updated_at)
    if kind == "instruction.settled":
        return refund_tracking.settled(
            was, context, entry.aggregate_id, int(payload["amount_minor"]), at, purpose=purpose
        )
    if kind == "instruction.stopped":
        stopped = entry.aggregate_id if payload["stopped_minor"] == payload["amount_minor"] else ""
        return refund_tracking.charged_back(
            was, context, int(payload["stopped_minor"]), at, purpose=purpose, stopped=stopped
        )
    status: RefundStatus = "needs_account" if payload.get("needs_account") else REFUND_EXCEPTIONS[kind]
    reason = str(payload.get("reason", ""))
    return refund_tracking.with_exception(was, entry.aggregate_id, entry.seq, status, reason, at, purpose=purpose)


def _silent(entry: Entry, now: datetime) -> None:
    claim = REPOSITORY.load(entry.aggregate_id)
    if claim is not None:
        _penalize(claim, pinned(claim).points_silent, entry, now)


def _tell(entry: Entry, now: datetime) -> None:
    """The day-book counts the claim; a lost one costs the supplier points."""
    loaded = CLAIMS.load(entry.aggregate_id, now)
    if loaded is None:
        return
    claim, order = loaded.state, loaded.context.order
    paid_minor = orders_claims.of(order, claim.id).paid_minor
    fact = ClaimFact(
        member_id=claim.supplier_id,
        claim_id=claim.id,
        order_id=claim.order_id,
        reason=claim.reason,
        filed_at=claim.filed_at,
        closed_at=claim.ended_at,
        lost=is_lost(claim),
        paid_usd_minor=order.cover.quote.convert(paid_minor) if order.cover else 0,
    )
    daybook_recording.record_claims([fact])
    for reason in _points(claim) if claim.status == "paid" else ():
        _penalize(claim, reason, entry, now)


def is_lost(claim: Claim) -> bool:
    """Whether it was decided, not settled, against the supplier."""
    return claim.status == "paid" and bool(claim.decision and claim.decision.verdict.approved_minor)


def _points(claim: Claim) -> tuple[str, ...]:
    decision = claim.decision
    return pinned(claim).penalties(
        claim.reason,
        "determined" if decision else "settled",
        advanced=any(payment.advance_minor for payment in claim.payments),
        forged=bool(decision and decision.case.forged_by == "supplier"),
    )


def _penalize(claim: Claim, reason: str, entry: Entry, now: datetime) -> None:
    if not reason:
        return
    request = RequestContext(
        caller=CLOCK, now=now, request_id=entry.entry_id, key=f"{claim.id}:{reason}", digest="points"
    )
    try:
        suppliers_penalties.penalize_for(claim.supplier_id, reason, claim.id, entry.at, request)
    except DomainError as error:
        logger.warning("no points were given", extra={"claim_id": claim.id, "code": error.code})


def _is_our_refund(entry: Entry) -> bool:
    payload = entry.event.payload
    return payload.get("kind") == "refund" and str(payload.get("cause", "")).startswith("clm_")
