"""The claim's state machine as a table: which move, from where, by whom. Anything not drawn is refused.

What a table cannot hold (amounts, dates, whose turn it is) is in `guard`, and in the functions that make the moves. What the
clock does is in `deadlines.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, Literal

import msgspec

from chalicelib.claims.rules.claim import ENDS, GOODS_BACK, IN_CASE, MOST_OFFERS, Claim, Status
from chalicelib.claims.rules.policy import ClaimPolicy
from chalicelib.claims.rules.reasons import ABOUT_GOODS
from chalicelib.orders.rules.order import BEFORE_SHIPMENT
from chalicelib.shared.periods import wire
from chalicelib.shared.refusal import Conflict

Actor = Literal["buyer", "supplier", "officer"]
Who = Actor | None
Guard = Callable[[Claim, Actor, ClaimPolicy, datetime], bool]


class NotInThisState(Conflict):
    code = "claim_not_in_this_state"
    title = "The claim does not allow that now."
    fix = "Choose one of allowed_actions."


class Move(msgspec.Struct, frozen=True):
    """`name` is the action on the wire."""

    name: str
    sources: frozenset[Status]
    actors: frozenset[Actor]
    guard: Guard = lambda claim, who, policy, now: True


_PARTIES: Final[frozenset[Actor]] = frozenset({"buyer", "supplier"})
_BUYER: Final[frozenset[Actor]] = frozenset({"buyer"})
_SUPPLIER: Final[frozenset[Actor]] = frozenset({"supplier"})
_OFFICER: Final[frozenset[Actor]] = frozenset({"officer"})
_NEGOTIATING: Final[frozenset[Status]] = frozenset({"negotiating"})
_BEFORE_DECISION: Final[frozenset[Status]] = _NEGOTIATING | IN_CASE
_FILES: Final[frozenset[Status]] = frozenset(
    {"negotiating", "escalated", "evidence", "inspection", "determined", "appealed"}
)


def _no_offer_runs(claim: Claim, who: Actor, policy: ClaimPolicy, now: datetime) -> bool:
    return not any(offer.is_live(now) for offer in claim.offers)


def _has_offers_left(claim: Claim, who: Actor, policy: ClaimPolicy, now: datetime) -> bool:
    return sum(made.by == who for made in claim.offers) < MOST_OFFERS


def _has_an_offer(claim: Claim, who: Actor, policy: ClaimPolicy, now: datetime) -> bool:
    return any(offer.is_live(now) and offer.by != who for offer in claim.offers)


def may_escalate(claim: Claim, who: Actor, policy: ClaimPolicy, now: datetime) -> bool:
    """From the first instant of day 4, or as soon as the supplier has refused outright."""
    if claim.status == "agreed":
        return who == "buyer" and claim.settlement is not None and claim.settlement.kind == "replace"
    return claim.rejected_outright or now >= claim.filed_at + timedelta(hours=policy.escalate_from_hours)


def _goods_are_to_come_back(claim: Claim, who: Actor, policy: ClaimPolicy, now: datetime) -> bool:
    made = claim.settlement
    return made is not None and made.kind in GOODS_BACK and made.returned_at is None


def _goods_are_under_way(claim: Claim, who: Actor, policy: ClaimPolicy, now: datetime) -> bool:
    made = claim.settlement
    return made is not None and made.kind in GOODS_BACK and made.returned_at is not None


def _remedy_is_not_confirmed(claim: Claim, who: Actor, policy: ClaimPolicy, now: datetime) -> bool:
    made = claim.settlement
    return made is not None and made.kind == "replace" and who not in made.confirmed_by


def _is_not_complete(claim: Claim, who: Actor, policy: ClaimPolicy, now: datetime) -> bool:
    return who not in claim.complete


def _may_be_inspected(claim: Claim, who: Actor, policy: ClaimPolicy, now: datetime) -> bool:
    running = claim.inspection
    return claim.reason in ABOUT_GOODS and (
        claim.status == "evidence" or (running is not None and running.fee_returned)
    )


def _report_is_awaited(claim: Claim, who: Actor, policy: ClaimPolicy, now: datetime) -> bool:
    running = claim.inspection
    return (
        running is not None and running.paid_at is not None and running.reported_at is None and not running.fee_returned
    )


def _has_not_appealed(claim: Claim, who: Actor, policy: ClaimPolicy, now: datetime) -> bool:
    in_time = claim.appeal_due_at is None or now < claim.appeal_due_at
    is_final = claim.decision is not None and claim.decision.final
    return in_time and not claim.has_appealed(who) and not is_final


def _keeps_goods_back(claim: Claim, who: Actor, policy: ClaimPolicy, now: datetime) -> bool:
    return claim.reason in BEFORE_SHIPMENT and not claim.may_ship


def _may_add_files(claim: Claim, who: Actor, policy: ClaimPolicy, now: datetime) -> bool:
    """Until the evidence of the round is due; after a determination only what an appeal needs."""
    if claim.status in ("determined", "appealed"):
        return _has_not_appealed(claim, who, policy, now)
    return claim.status != "inspection" or claim.evidence_due_at is None or now < claim.evidence_due_at


MOVES: Final[tuple[Move, ...]] = (
    Move("edit", _NEGOTIATING, _BUYER, _no_offer_runs),
    Move("offer", _NEGOTIATING, _PARTIES, _has_offers_left),
    Move("accept-offer", _NEGOTIATING, _PARTIES, _has_an_offer),
    Move("decline-offer", _NEGOTIATING, _PARTIES, _has_an_offer),
    Move("escalate", _NEGOTIATING | {"agreed"}, _PARTIES, may_escalate),
    Move("withdraw", _BEFORE_DECISION, _BUYER),
    Move("settle", _BEFORE_DECISION, _PARTIES),
    Move("agree-to-shipment", _NEGOTIATING | IN_CASE | {"agreed"}, _BUYER, _keeps_goods_back),
    Move("add-evidence", _FILES, _PARTIES, _may_add_files),
    Move("complete-evidence", frozenset({"evidence"}), _PARTIES, _is_not_complete),
    Move("ship-return", frozenset({"agreed"}), _BUYER, _goods_are_to_come_back),
    Move("acknowledge-return", frozenset({"agreed"}), _SUPPLIER, _goods_are_under_way),
    Move("confirm-remedy", frozenset({"agreed"}), _PARTIES, _remedy_is_not_confirmed),
    Move("appeal", frozenset({"determined", "appealed"}), _PARTIES, _has_not_appealed),
    Move("assign", IN_CASE | {"appealed"}, _OFFICER),
    Move("recuse", IN_CASE | {"appealed"}, _OFFICER),
    Move("open-evidence", frozenset({"escalated"}), _OFFICER),
    Move("inspection", frozenset({"evidence", "inspection"}), _OFFICER, _may_be_inspected),
    Move("inspection-report", frozenset({"inspection"}), _OFFICER, _report_is_awaited),
    Move("determine", frozenset({"review"}), _OFFICER),
    Move("decide-appeal", frozenset({"appealed"}), _OFFICER),
)


def allowed(claim: Claim, who: Who, policy: ClaimPolicy, now: datetime) -> list[str]:
    """What this caller may do now, in the order of the table."""
    if who is None:
        return []
    return [
        move.name
        for move in MOVES
        if claim.status in move.sources and who in move.actors and move.guard(claim, who, policy, now)
    ]


def must_be_allowed(name: str, claim: Claim, who: Who, policy: ClaimPolicy, now: datetime) -> None:
    if name in allowed(claim, who, policy, now):
        return
    told = "has ended" if claim.status in ENDS else f"is {claim.status.replace('_', ' ')}"
    raise NotInThisState(
        f"The claim {told}; {name} by the {who or 'caller'} is not drawn from there at {wire(now)}.",
        claim_status=claim.status,
        version=claim.version,
        allowed_actions=allowed(claim, who, policy, now),
    )
