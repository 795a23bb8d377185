"""From an officer's hands to the review: evidence is opened, completed, due. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from chalicelib.claims.rules import files, moves
from chalicelib.claims.rules.cases import case_of
from chalicelib.claims.rules.officers import BY_RULES, must_be_open_to, told_by
from chalicelib.claims.rules.step import Dossier, Step, end, end_as_moot, is_moot, step
from chalicelib.claims.rules.verdict import draft
from chalicelib.orders.rules.order import Side


def open_evidence(dossier: Dossier, now: datetime, *, by: str) -> Step:
    """Both sides may hand in evidence until it is due."""
    if by != BY_RULES:
        must_be_open_to(dossier, by, "open-evidence", now)
    due = now + timedelta(hours=dossier.policy.evidence_hours)
    return step(
        dossier.claim,
        "evidence_opened",
        now,
        status="evidence",
        evidence_due_at=due,
        complete=(),
        overdue=0,
        proposed=None,
        reviewer="" if by == BY_RULES else by,
        facts={"by": told_by(by), "due_at": due},
    )


def complete_evidence(dossier: Dossier, side: Side, now: datetime) -> Step:
    """A side has nothing more to add; when both say so, the review begins."""
    claim = dossier.claim
    moves.must_be_allowed("complete-evidence", claim, side, dossier.policy, now)
    complete = (*claim.complete, side)
    if len(complete) == 2:
        return to_review(dossier.after(replace(claim, complete=complete)), now, why="both sides are complete")
    return step(
        claim,
        "evidence_complete",
        now,
        complete=complete,
        supplier_answered=claim.supplier_answered or side == "supplier",
        facts={"by": side},
    )


def evidence_due(dossier: Dossier, at: datetime) -> Step:
    """What was staged is handed in. A buyer who proved nothing, where the record proves nothing either, has lapsed."""
    claim = replace(dossier.claim, files=files.hand_in(dossier.claim, at))
    heard = "buyer" in claim.complete or any(file.by == "buyer" for file in claim.submitted())
    if heard or draft.draft(case_of(dossier.after(claim)), dossier.policy).approved_minor:
        return to_review(dossier.after(claim), at, why="evidence was due")
    if is_moot(dossier):
        return end_as_moot(dossier, at, files=claim.files)
    why = (
        "EV-1: the buyer handed in no evidence in time and the record of the order does not prove the claim;"
        " It can be claimed again while its window is open, and what was handed in counts again."
    )
    return end(dossier, "lapsed", "lapsed", at, why=why, again=True, files=claim.files)


def to_review(dossier: Dossier, now: datetime, *, why: str, **changes: Any) -> Step:
    due = now + timedelta(days=dossier.policy.determine_days)
    handed_in = files.hand_in(dossier.claim, now)
    told = {"files": handed_in, "complete": dossier.claim.complete} | changes
    return step(
        dossier.claim, "in_review", now, status="review", review_due_at=due, overdue=0, facts={"why": why}, **told
    )
