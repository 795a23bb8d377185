"""A claim fact: a buyer claimed against a supplier's protected order. Told again it may only move forward, to its end. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import msgspec
from msgspec.structs import replace

from chalicelib.daybook.rules.days import DayRow
from chalicelib.daybook.rules.facts import Contradiction, Outcome
from chalicelib.shared.periods import business_date

_FIXED: Final = ("order_id", "reason", "filed_at")


class ClaimFact(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One telling of one claim. `member_id` is the supplier; instants are in UTC; `closed_at` is None while it is open.

    `lost` where it was decided, not settled, against the supplier, `paid_usd_minor` what the buyer got, in US cents.
    """

    member_id: str
    claim_id: str
    order_id: str
    reason: str
    filed_at: datetime
    closed_at: datetime | None = None
    lost: bool = False
    paid_usd_minor: int = 0


class Claim(msgspec.Struct, frozen=True, omit_defaults=True, tag="claim"):
    """What is known of a claim: the fact as far as it has come."""

    fact: ClaimFact


def tell_claim(claim: Claim | None, claim_fact: ClaimFact) -> tuple[Claim, Outcome]:
    """The claim after one more telling. A closed one does not open again, a lost one is not won, what was paid does not shrink."""
    if claim is None:
        return Claim(claim_fact), Outcome("new")
    for name in _FIXED:
        if getattr(claim.fact, name) != getattr(claim_fact, name):
            return claim, Contradiction(name).outcome
    fact = _further(claim.fact, claim_fact)
    return (claim, Outcome("known")) if fact == claim.fact else (Claim(fact), Outcome("updated"))


def days_of_claim(claim: Claim) -> tuple[DayRow, ...]:
    """Filed on one day and open from then on; closed, and perhaps lost, on another."""
    fact = claim.fact
    filed = DayRow(day=business_date(fact.filed_at), claims_filed=1, claims_open=int(fact.closed_at is None))
    if fact.closed_at is None:
        return (filed,)
    closed = DayRow(
        day=business_date(fact.closed_at),
        claims_closed=1,
        claims_lost=int(fact.lost),
        claim_paid_usd_minor=fact.paid_usd_minor,
        close_hours=(-((fact.filed_at - fact.closed_at) // timedelta(hours=1)),),
    )
    return filed, closed


def _further(claim_fact: ClaimFact, later: ClaimFact) -> ClaimFact:
    closed = [at for at in (claim_fact.closed_at, later.closed_at) if at is not None]
    return replace(
        claim_fact,
        closed_at=max(closed, default=None),
        lost=claim_fact.lost or later.lost,
        paid_usd_minor=max(claim_fact.paid_usd_minor, later.paid_usd_minor),
    )
