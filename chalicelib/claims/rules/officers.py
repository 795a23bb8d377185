"""Officers on a case: who may act on it, who has it, who has left it. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from chalicelib.claims.rules import moves
from chalicelib.claims.rules.claim import MOST_BARRED, Claim, TooManyRecused
from chalicelib.claims.rules.step import Dossier, Step, step
from chalicelib.shared import bounds
from chalicelib.shared.refusal import NotAllowed

BY_RULES: Final = "clock"
"""Who decided where no officer did in time."""


class ConflictOfInterest(NotAllowed):
    code = "conflict_of_interest"
    title = "This officer may not decide on this claim."
    fix = "Leave it to another officer."


def assign(dossier: Dossier, by: str, officer: str, now: datetime) -> Step:
    moves.must_be_allowed("assign", dossier.claim, "officer", dossier.policy, now)
    must_not_be_barred(dossier.claim, officer)
    return step(dossier.claim, "assigned", now, reviewer=officer, facts={"private": {"by": by, "officer": officer}})


def recuse(dossier: Dossier, officer: str, now: datetime) -> Step:
    """The officer has an interest in the claim and takes no part in it any more; what it proposed is void."""
    claim = dossier.claim
    moves.must_be_allowed("recuse", claim, "officer", dossier.policy, now)
    must_not_be_barred(claim, officer)
    bounds.must_have_room(claim.barred, MOST_BARRED, TooManyRecused)
    proposed = claim.proposed if claim.proposed and claim.proposed.by != officer else None
    reviewer = "" if claim.reviewer == officer else claim.reviewer
    return step(
        claim,
        "officer_recused",
        now,
        barred=(*claim.barred, officer),
        reviewer=reviewer,
        proposed=proposed,
        facts={"private": {"officer": officer}},
    )


def must_be_open_to(dossier: Dossier, officer: str, action: str, now: datetime) -> None:
    moves.must_be_allowed(action, dossier.claim, "officer", dossier.policy, now)
    must_not_be_barred(dossier.claim, officer)


def must_not_be_barred(claim: Claim, officer: str) -> None:
    if officer in (*claim.barred, claim.buyer_id, claim.supplier_id):
        raise ConflictOfInterest("The officer recused itself, or was replaced when its review was overdue.")
    if any(officer == known.name for known in claim.representatives):
        raise ConflictOfInterest("The officer has acted for a party of this claim.")


def told_by(name: str) -> str:
    return "clock" if name == BY_RULES else "officer"
