"""What the journal says that concerns claims: refunds that banks carried out, and what claims mean for the supplier.

Everything here may run twice, late and in any order: each effect is named after the entry it comes of.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from chalicelib.claims import records
from chalicelib.claims.rules import arriving
from chalicelib.claims.rules.claim import Claim, RefundStatus
from chalicelib.claims.rules.step import Dossier
from chalicelib.claims.service.settling import carry_out, load, pinned, settled
from chalicelib.daybook.rules.claims import ClaimFact
from chalicelib.daybook.service import recording as daybook_recording
from chalicelib.shared.commit import persistently
from chalicelib.shared.journal import Entry
from chalicelib.shared.observe import logger
from chalicelib.shared.refusal import Refusal
from chalicelib.shared.request import CLOCK, Request
from chalicelib.suppliers.service import penalties as suppliers_penalties

COUNTS = frozenset({"claim.filed", "claim.paid", "claim.rejected", "claim.withdrawn", "claim.lapsed", "claim.closed"})

HINDRANCES: Final[dict[str, RefundStatus]] = {
    "instruction.failed": "failed_and_retried",
    "instruction.manual": "with_officer",
    "instruction.given_account": "in_flight",
    "instruction.retried": "in_flight",
}
"""Where a refund stands after an entry of its instruction."""


def follow(made: Entry, now: datetime) -> None:
    """The effects of one journal entry, or none."""
    match made.event.kind:
        case "instruction.settled" if _is_our_refund(made):
            _settled(made, now)
        case "instruction.stopped" if _is_our_refund(made):
            _taken_back(made, now)
        case kind if kind in HINDRANCES and _is_our_refund(made):
            _hindered(made, now)
        case "claim.supplier_silent":
            _silent(made, now)
        case kind if kind in COUNTS:
            _tell(made, now)


@persistently
def _settled(made: Entry, now: datetime) -> None:
    """A bank has paid (part of) a refund."""
    dossier = settled(str(made.event.facts["cause"]), now)
    if dossier is None:
        return
    minor, at = int(made.event.facts["amount_minor"]), _effective(made, dossier)
    step = arriving.settled(dossier, made.thing, minor, at, purpose=_purpose(made))
    if step is not None:
        carry_out(step, dossier, _request(made, now), None)


@persistently
def _taken_back(made: Entry, now: datetime) -> None:
    """The payment was taken back before (part of) its refund had left."""
    dossier = settled(str(made.event.facts["cause"]), now)
    if dossier is None:
        return
    facts, at = made.event.facts, _effective(made, dossier)
    stopped = made.thing if facts["stopped_minor"] == facts["amount_minor"] else ""
    step = arriving.taken_back(dossier, int(facts["stopped_minor"]), at, purpose=_purpose(made), stopped=stopped)
    if step is not None:
        carry_out(step, dossier, _request(made, now), None)


@persistently
def _hindered(made: Entry, now: datetime) -> None:
    """A refund was refused, waits for somebody, or is tried again."""
    dossier = settled(str(made.event.facts["cause"]), now)
    if dossier is None:
        return
    facts = made.event.facts
    status: RefundStatus = "needs_account" if facts.get("needs_account") else HINDRANCES[made.event.kind]
    reason = str(facts.get("reason", ""))
    step = arriving.hindered(dossier, made.thing, made.seq, status, reason, now, purpose=_purpose(made))
    if step is not None:
        carry_out(step, dossier, _request(made, now), None)


def _silent(made: Entry, now: datetime) -> None:
    claim = records.load(made.thing)
    if claim is not None:
        _penalize(claim, pinned(claim).points_silent, made, now)


def _tell(made: Entry, now: datetime) -> None:
    """The day-book counts the claim; a lost one costs the supplier points."""
    dossier = load(made.thing)
    if dossier is None:
        return
    claim, cover = dossier.claim, dossier.order.cover
    mark = next(mark for mark in dossier.order.claims if mark.claim_id == claim.id)
    paid_usd = cover.quote.convert(mark.paid_minor) if cover else 0
    fact = ClaimFact(
        member_id=claim.supplier_id,
        claim_id=claim.id,
        order_id=claim.order_id,
        reason=claim.reason,
        filed_at=claim.filed_at,
        closed_at=claim.ended_at,
        lost=is_lost(claim),
        paid_usd_minor=paid_usd,
    )
    daybook_recording.record_claims([fact])
    for reason in _points(claim) if claim.status == "paid" else ():
        _penalize(claim, reason, made, now)


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


def _penalize(claim: Claim, reason: str, made: Entry, now: datetime) -> None:
    if not reason:
        return
    request = Request(caller=CLOCK, now=now, request_id=made.entry_id, key=f"{claim.id}:{reason}", digest="points")
    try:
        suppliers_penalties.penalize_for(claim.supplier_id, reason, claim.id, made.at, request)
    except Refusal as refusal:
        logger.warning("no points were given", extra={"claim_id": claim.id, "code": refusal.code})


def _is_our_refund(made: Entry) -> bool:
    facts = made.event.facts
    return facts.get("kind") == "refund" and str(facts.get("cause", "")).startswith("clm_")


def _purpose(made: Entry) -> str:
    return str(made.event.facts.get("purpose", ""))


def _effective(made: Entry, dossier: Dossier) -> datetime:
    """When a bank's word takes effect: when it came, but not before what is known of the claim and its order already."""
    return max(made.at, dossier.claim.updated_at, dossier.order.updated_at)


def _request(made: Entry, now: datetime) -> Request:
    """What one entry brings about happens once, whoever follows it and whenever."""
    return Request(caller=CLOCK, now=now, request_id=made.entry_id, key=f"follows:{made.entry_id}", digest="follows")
