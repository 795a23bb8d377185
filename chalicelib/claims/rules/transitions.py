"""Which action on a claim, from where, by whom, to where. Pure.

What a table cannot hold (amounts, dates, whose turn it is) is in guards, and in the rules that make the changes. The clock's moments are
in `timers.py`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Literal

from chalicelib.claims.rules.claim import (
    ENDS,
    GOODS_BACK,
    IN_CASE,
    MOST_OFFERS,
    STATUSES,
    Claim,
    Status,
    TooManyOffers,
    existing,
)
from chalicelib.claims.rules.context import Context
from chalicelib.claims.rules.reasons import ABOUT_GOODS
from chalicelib.orders.rules.order import BEFORE_SHIPMENT
from chalicelib.shared.state_machine import Among, Change, InvalidTransition, Table, Transition
from chalicelib.shared.texts import say

Actor = Literal["buyer", "supplier", "officer"]
ClaimChange = Change[Claim]


class NotInThisState(InvalidTransition):
    code = "claim_not_in_this_state"
    title = "The claim does not allow that now."


def _no_offer_runs(claim: Claim, context: Context, actor: str, now: datetime) -> bool:
    return not any(offer.is_live(now) for offer in claim.offers)


def _has_offers_left(claim: Claim, context: Context, actor: str, now: datetime) -> bool:
    return sum(offer.by == actor for offer in claim.offers) < MOST_OFFERS


def _no_offers_left(claim: Claim, context: Context, now: datetime) -> TooManyOffers | None:
    by = [offer.by for offer in claim.offers]
    if claim.status != "negotiating" or max(by.count("buyer"), by.count("supplier")) < MOST_OFFERS:
        return None
    return TooManyOffers(
        say("Each side makes at most {most_offers} offers.", most_offers=MOST_OFFERS), maximum=MOST_OFFERS
    )


def _has_an_offer(claim: Claim, context: Context, actor: str, now: datetime) -> bool:
    return any(offer.is_live(now) and offer.by != actor for offer in claim.offers)


def _may_escalate(claim: Claim, context: Context, actor: str, now: datetime) -> bool:
    """From the first instant of day 4, or as soon as the supplier has refused outright."""
    return claim.rejected_outright or now >= claim.filed_at + timedelta(hours=context.policy.escalate_from_hours)


def _waits_for_a_replacement(claim: Claim, context: Context, actor: str, now: datetime) -> bool:
    return existing(claim.settlement).kind == "replace"


def _goods_are_to_come_back(claim: Claim, context: Context, actor: str, now: datetime) -> bool:
    return existing(claim.settlement).kind in GOODS_BACK and existing(claim.settlement).returned_at is None


def _goods_are_under_way(claim: Claim, context: Context, actor: str, now: datetime) -> bool:
    return existing(claim.settlement).kind in GOODS_BACK and existing(claim.settlement).returned_at is not None


def _remedy_is_not_confirmed(claim: Claim, context: Context, actor: str, now: datetime) -> bool:
    return existing(claim.settlement).kind == "replace" and actor not in existing(claim.settlement).confirmed_by


def _is_not_complete(claim: Claim, context: Context, actor: str, now: datetime) -> bool:
    return actor not in claim.complete


def _may_be_inspected(claim: Claim, context: Context, actor: str, now: datetime) -> bool:
    return claim.reason in ABOUT_GOODS and (claim.status == "evidence" or existing(claim.inspection).fee_returned)


def _report_is_awaited(claim: Claim, context: Context, actor: str, now: datetime) -> bool:
    return existing(claim.inspection).is_paid_for


def _has_not_appealed(claim: Claim, context: Context, actor: str, now: datetime) -> bool:
    in_time = claim.appeal_due_at is None or now < claim.appeal_due_at
    is_final = claim.decision is not None and claim.decision.final
    return in_time and not claim.has_appealed(actor) and not is_final


def _keeps_goods_back(claim: Claim, context: Context, actor: str, now: datetime) -> bool:
    return claim.reason in BEFORE_SHIPMENT and not claim.may_ship and context.order.shipped_at is None


def _may_add_files(claim: Claim, context: Context, actor: str, now: datetime) -> bool:
    """Until the evidence of the round is due; after a determination only what an appeal needs."""
    if claim.status in ("determined", "appealed"):
        return _has_not_appealed(claim, context, actor, now)
    return claim.status != "inspection" or claim.evidence_due_at is None or now < claim.evidence_due_at


_in: Final = Among[Status]()
_BUYER: Final = frozenset({"buyer"})
_SUPPLIER: Final = frozenset({"supplier"})
_PARTIES: Final = _BUYER | _SUPPLIER
_OFFICER: Final = frozenset({"officer"})
_CLOCK: Final = frozenset({"clock"})
_BANK: Final = frozenset({"bank"})

_LIVE: Final = frozenset(STATUSES) - ENDS
_NEGOTIATING: Final = _in("negotiating")
_AGREED: Final = _in("agreed")
_BEFORE_DECISION: Final = _NEGOTIATING | IN_CASE
_FILES: Final = _in("negotiating", "escalated", "evidence", "inspection", "determined", "appealed")
_ON_DESK: Final = IN_CASE | _in("appealed")
_IN_PAYMENT: Final = _in("appealed", "payable")
_CLOSED: Final = _in("closed_no_payment")
_OWED: Final = _CLOSED | _in("payable")
"""What is owed is payable, unless nothing of the payments is left."""
_CARRIED_OUT: Final = _OWED | _in("agreed", "rejected")
"""A final decision: money, goods back first, or nothing."""

TABLE: Final = Table[Claim, Context](
    kind="claim",
    error=NotInThisState,
    ends=ENDS,
    transitions=(
        Transition("edit", _NEGOTIATING, _BUYER, _NEGOTIATING, _no_offer_runs),
        Transition("offer", _NEGOTIATING, _PARTIES, _NEGOTIATING, _has_offers_left, _no_offers_left),
        Transition("accept-offer", _NEGOTIATING, _PARTIES, _AGREED | _OWED, _has_an_offer),
        Transition("decline-offer", _NEGOTIATING, _PARTIES, _NEGOTIATING, _has_an_offer),
        Transition("escalate", _NEGOTIATING, _PARTIES, _in("escalated"), _may_escalate),
        Transition("escalate", _AGREED, _BUYER, _in("escalated"), _waits_for_a_replacement),
        Transition("withdraw", _BEFORE_DECISION, _BUYER, _in("withdrawn")),
        Transition("settle", _BEFORE_DECISION, _PARTIES, _BEFORE_DECISION | _AGREED | _OWED),
        Transition(
            "agree-to-shipment",
            _BEFORE_DECISION | _AGREED,
            _BUYER,
            _BEFORE_DECISION | _AGREED | _in("withdrawn"),
            _keeps_goods_back,
        ),
        Transition("add-evidence", _FILES, _PARTIES, _FILES, _may_add_files),
        Transition("complete-evidence", _in("evidence"), _PARTIES, _in("evidence", "review"), _is_not_complete),
        Transition("ship-return", _AGREED, _BUYER, _AGREED, _goods_are_to_come_back),
        Transition("acknowledge-return", _AGREED, _SUPPLIER, _OWED | _in("escalated"), _goods_are_under_way),
        Transition("confirm-remedy", _AGREED, _PARTIES, _AGREED | _CLOSED, _remedy_is_not_confirmed),
        Transition("appeal", _in("determined", "appealed"), _PARTIES, _in("appealed"), _has_not_appealed),
        Transition("assign", _ON_DESK, _OFFICER, _ON_DESK),
        Transition("recuse", _ON_DESK, _OFFICER, _ON_DESK),
        Transition("open-evidence", _in("escalated"), _OFFICER | _CLOCK, _in("evidence")),
        Transition("inspection", _in("evidence", "inspection"), _OFFICER, _in("inspection"), _may_be_inspected),
        Transition("inspection-report", _in("inspection"), _OFFICER, _in("review"), _report_is_awaited),
        Transition("determine", _in("review"), _OFFICER, _in("review", "determined")),
        Transition("decide-appeal", _in("appealed"), _OFFICER, _CARRIED_OUT | _in("paid")),
        Transition("supplier_silent", _NEGOTIATING, _CLOCK, _NEGOTIATING),
        Transition("auto_escalate", _NEGOTIATING, _CLOCK, _in("escalated")),
        Transition("not_carried_out", _AGREED, _CLOCK, _CLOSED),
        Transition("return_taken_as_received", _AGREED, _CLOCK, _OWED),
        Transition("close_evidence", _in("evidence"), _CLOCK, _CLOSED | _in("review", "lapsed")),
        Transition("end_inspection", _in("inspection"), _CLOCK, _in("review")),
        Transition("report_overdue", _in("inspection"), _CLOCK, _in("inspection")),
        Transition("review_overdue", _in("review"), _CLOCK, _in("review", "determined")),
        Transition("become_final", _in("determined"), _CLOCK, _CARRIED_OUT),
        Transition("become_final", _in("appealed"), _CLOCK, _CARRIED_OUT | _in("paid")),
        Transition("pay_share", _in("appealed"), _CLOCK, _in("appealed")),
        Transition("refund_overdue", _IN_PAYMENT, _CLOCK, _IN_PAYMENT),
        Transition("file_arrived", _LIVE, _CLOCK, _LIVE),
        Transition("fee.paid", _in("inspection"), _BANK, _in("inspection")),
        Transition("refund.settled", _IN_PAYMENT, _BANK, _IN_PAYMENT | _in("paid")),
        Transition("refund.charged_back", _IN_PAYMENT, _BANK, _IN_PAYMENT | _in("paid")),
        Transition("refund.exception", _IN_PAYMENT, _BANK, _IN_PAYMENT),
    ),
)
