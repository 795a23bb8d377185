"""From an officer's hands to the review: evidence is opened, completed, due. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from chalicelib.claims.rules import files
from chalicelib.claims.rules.case_assignment import BY_RULES, must_not_be_excluded, written_by
from chalicelib.claims.rules.cases import draft
from chalicelib.claims.rules.changing import change, end, end_as_moot
from chalicelib.claims.rules.claim import Claim
from chalicelib.claims.rules.context import Context
from chalicelib.claims.rules.transitions import ClaimChange
from chalicelib.orders.rules.order import Side


def open_evidence(was: Claim, context: Context, officer: str, now: datetime) -> ClaimChange:
    """Both sides may hand in evidence until it is due."""
    must_not_be_excluded(was, officer)
    return _opened(was, context, now, by=officer)


def open_unasked(was: Claim, context: Context, at: datetime) -> ClaimChange:
    """No officer opened the case in time."""
    return _opened(was, context, at, by=BY_RULES)


def _opened(was: Claim, context: Context, at: datetime, *, by: str) -> ClaimChange:
    due = at + timedelta(hours=context.policy.evidence_hours)
    return change(
        was,
        "open-evidence",
        at,
        event="evidence_opened",
        status="evidence",
        evidence_due_at=due,
        complete=(),
        overdue=0,
        proposed=None,
        reviewer="" if by == BY_RULES else by,
        payload={"by": written_by(by), "due_at": due},
    )


def complete_evidence(was: Claim, context: Context, side: Side, now: datetime) -> ClaimChange:
    """A side has nothing more to add; when both say so, the review begins."""
    complete = (*was.complete, side)
    if len(complete) == 2:
        return to_review(was, context, "complete-evidence", now, why="both sides are complete", complete=complete)
    return change(
        was,
        "complete-evidence",
        now,
        event="evidence_complete",
        complete=complete,
        supplier_answered=was.supplier_answered or side == "supplier",
        payload={"by": side},
    )


def close(was: Claim, context: Context, at: datetime) -> ClaimChange:
    """What was staged is handed in. A buyer who proved nothing, where the record proves nothing either, has lapsed."""
    name, claim = "close_evidence", replace(was, files=files.hand_in(was, at))
    heard = "buyer" in claim.complete or any(file.by == "buyer" for file in claim.submitted())
    if heard or draft(claim, context).approved_minor:
        return to_review(claim, context, name, at, why="evidence was due")
    if context.is_moot(claim):
        return end_as_moot(claim, context, name, at)
    why = (
        "EV-1: the buyer handed in no evidence in time and the record of the order does not prove the claim;"
        " It can be claimed again while its window is open, and what was handed in counts again."
    )
    return end(claim, context, name, "lapsed", at, why=why, again=True)


def to_review(
    was: Claim,
    context: Context,
    name: str,
    at: datetime,
    *,
    why: str,
    payload: dict[str, Any] | None = None,
    **more: Any,
) -> ClaimChange:
    """An officer decides on what is there, which is all handed in."""
    return change(
        was,
        name,
        at,
        event="in_review",
        status="review",
        review_due_at=at + timedelta(days=context.policy.determine_days),
        overdue=0,
        files=files.hand_in(was, at),
        payload={"why": why} | (payload or {}),
        **more,
    )
