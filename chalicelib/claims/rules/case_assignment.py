"""Officers on a case: who may act on it, who has it, who has left it. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from chalicelib.claims.rules.changing import change
from chalicelib.claims.rules.claim import MOST_EXCLUDED_REVIEWERS, Claim, TooManyRecused
from chalicelib.claims.rules.context import Context
from chalicelib.claims.rules.transitions import ClaimChange
from chalicelib.shared import bounds
from chalicelib.shared.errors import NotAllowed

BY_RULES: Final = "clock"
"""Who decided where no officer did in time."""


class ConflictOfInterest(NotAllowed):
    code = "conflict_of_interest"
    title = "This officer may not decide on this claim."
    fix = "Leave it to another officer."


def assign(was: Claim, context: Context, by: str, now: datetime, officer: str) -> ClaimChange:
    must_not_be_excluded(was, officer)
    payload = {"private": {"by": by, "officer": officer}}
    return change(was, "assign", now, event="assigned", reviewer=officer, payload=payload)


def recuse(was: Claim, context: Context, officer: str, now: datetime) -> ClaimChange:
    """The officer has an interest in the claim and takes no part in it any more; what it proposed is void."""
    must_not_be_excluded(was, officer)
    bounds.must_have_room(was.excluded_reviewers, MOST_EXCLUDED_REVIEWERS, TooManyRecused)
    return change(
        was,
        "recuse",
        now,
        event="officer_recused",
        excluded_reviewers=(*was.excluded_reviewers, officer),
        reviewer="" if was.reviewer == officer else was.reviewer,
        proposed=was.proposed if was.proposed and was.proposed.by != officer else None,
        payload={"private": {"officer": officer}},
    )


def must_not_be_excluded(claim: Claim, officer: str) -> None:
    if officer in (*claim.excluded_reviewers, claim.buyer_id, claim.supplier_id):
        raise ConflictOfInterest("The officer recused itself, or was replaced when its review was overdue.")
    if any(officer == representative.name for representative in claim.representatives):
        raise ConflictOfInterest("The officer has acted for a party of this claim.")


def written_by(name: str) -> str:
    return "clock" if name == BY_RULES else "officer"
