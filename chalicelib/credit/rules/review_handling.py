"""What a bank, the firm and the clock do to a review, and what its offer makes of it. Pure.

Each change that the firm's application has to know of (an approval, an end) brings the application's next version with it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from msgspec.structs import replace

from chalicelib.credit.rules import application_handling
from chalicelib.credit.rules.application import Application, PartStatus, Reason, ReasonsNeeded
from chalicelib.credit.rules.guaranteed import facts_of
from chalicelib.credit.rules.offer import Offer
from chalicelib.credit.rules.review import (
    MOST_OFFERS,
    MOST_REQUESTS,
    ApprovedTooMuch,
    InformationRequest,
    Review,
    ReviewContext,
    TooManyCreditOffers,
    TooManyInformationRequests,
    Why,
)
from chalicelib.credit.rules.review_transitions import TABLE, UNOFFERED, ReviewChange
from chalicelib.shared.bounds import must_have_room
from chalicelib.shared.journal import Event
from chalicelib.shared.money import text as money_text
from chalicelib.shared.periods import end_of_business_date
from chalicelib.shared.state_machine import StateMachine, Timer, kept
from chalicelib.shared.texts import say

AWAITED: Final = {
    "in_review": "review.approved or review.rejected",
    "approved": "offer.created",
}
"""What the bank is chased for once it has begun, in the names of its events."""


def sent(application: Application, of_review: str, context: ReviewContext, now: datetime) -> ReviewChange:
    """The first version: the bank is asked."""
    product = context.product
    review = Review(
        id=of_review,
        application_id=application.id,
        member_id=application.member_id,
        bank_id=product.bank_id,
        product_id=product.id,
        amount_minor=application.amount_minor,
        currency=application.currency,
        months=application.months,
        method=application.method,
        status="sent",
        version=1,
        seq=1,
        created_at=now,
        updated_at=now,
        policy=application.policy,
        due_at=context.business_days_after(now, product.sla.receive_days),
    )
    payload = {
        "to": "sent",
        "member_id": review.member_id,
        "bank_id": review.bank_id,
        "application_id": review.application_id,
        "product_id": review.product_id,
        "pack_id": application.pack_id,
        "currency": review.currency,
        "amount_minor": review.amount_minor,
        "months": review.months,
        "method": review.method,
        **facts_of(application.guarantee),
    }
    return ReviewChange(state=review, event=Event("review.sent", payload, policy=review.policy), at=now)


def receive(was: Review, context: ReviewContext, now: datetime) -> ReviewChange | None:
    """The bank has it, and has to begin its review. Nothing new where it said so before."""
    if was.received_at:
        return None
    begin_by = context.business_days_after(now, context.product.sla.begin_days)
    return TABLE.change(was, "receive", now, event="received", received_at=now, due_at=begin_by, chasers=0)


def begin(was: Review, context: ReviewContext, now: datetime) -> ReviewChange:
    decide_by = context.business_days_after(now, context.product.sla.decide_days)
    return TABLE.change(
        was,
        "begin",
        now,
        event="started",
        status="in_review",
        received_at=was.received_at or now,
        begun_at=now,
        due_at=decide_by,
        chasers=0,
    )


def request_information(
    was: Review, context: ReviewContext, items: tuple[str, ...], due_on: date | None, now: datetime
) -> ReviewChange:
    """The bank asks for more. Its clock stands still until the firm has supplied it."""
    must_have_room(was.requests, MOST_REQUESTS, TooManyInformationRequests)
    usual = context.business_days_after(now, context.procedure.supply_business_days)
    due_at = max(usual, end_of_business_date(due_on)) if due_on else usual
    request = InformationRequest(items=items, requested_at=now, due_at=due_at)
    return TABLE.change(
        was,
        "request",
        now,
        to="info_requested",
        requests=(*was.requests, request),
        decide_by=was.due_at,
        due_at=due_at,
        payload={"items": list(items), "due_at": due_at.isoformat()},
    )


def supply_information(
    was: Review, text: str, document_ids: tuple[str, ...], signer: str, now: datetime
) -> ReviewChange:
    """The firm supplies it, and the bank's clock runs on with what was left of its time."""
    *earlier, open_request = was.requests
    assert was.decide_by is not None, "the bank's clock stood still"
    supplied = replace(open_request, supplied_at=now, text=text, document_ids=document_ids)
    return TABLE.change(
        was,
        "supply-information",
        now,
        event="info_supplied",
        status="in_review",
        requests=(*earlier, supplied),
        due_at=was.decide_by + (now - open_request.requested_at),
        decide_by=None,
        payload={"document_ids": list(document_ids), "person": signer},
    )


def let_request_lapse(was: Review, context: ReviewContext, at: datetime) -> ReviewChange:
    """The firm has not supplied it in time: with this bank the application is withdrawn."""
    return _ended(was, context, "let_request_lapse", "withdrawn", "information_not_supplied", at, event="withdrawn")


def approve(
    was: Review, context: ReviewContext, limit_minor: int, months: int, conditions: tuple[str, ...], now: datetime
) -> ReviewChange:
    """The bank would lend: it has to make an offer."""
    if limit_minor > was.amount_minor:
        requested = money_text(was.amount_minor, was.currency)
        raise ApprovedTooMuch(
            say("{asked} {currency} were asked for.", asked=requested, currency=was.currency),
            param="limit_minor",
            maximum=requested,
        )
    return TABLE.change(
        was,
        "approve",
        now,
        to="approved",
        begun_at=was.begun_at or now,
        decided_at=now,
        limit_minor=limit_minor,
        months=months,
        conditions=conditions,
        due_at=context.business_days_after(now, context.product.sla.offer_days),
        chasers=0,
        also=_also(was, context, "approved", now),
        payload={"limit_minor": limit_minor, "months": months},
    )


def reject(was: Review, context: ReviewContext, reasons: tuple[Reason, ...], now: datetime) -> ReviewChange:
    """The bank does not lend, and says why."""
    if not reasons:
        raise ReasonsNeeded("A bank rejects for a reason.", param="reasons")
    return _ended(
        was,
        context,
        "reject",
        "rejected",
        "rejected",
        now,
        begun_at=was.begun_at or now,
        decided_at=now,
        reasons=reasons,
        payload={"reasons": [reason.code for reason in reasons]},
    )


def offer(was: Review, offer: Offer, now: datetime) -> ReviewChange:
    """The bank makes an offer."""
    must_have_room(was.offer_ids, MOST_OFFERS, TooManyCreditOffers)
    return TABLE.change(
        was,
        "offer",
        now,
        to="offered",
        offer_ids=(*was.offer_ids, offer.id),
        due_at=offer.expires_at,
        also=(offer,),
        payload={"offer_id": offer.id, "amount_minor": offer.terms.amount_minor, "rate_bp": offer.terms.rate_bp},
    )


def chase(was: Review, context: ReviewContext, at: datetime) -> ReviewChange:
    """The bank has not done its part in time: it is reminded, and after the last time the firm is told that no answer came."""
    if was.chasers >= context.procedure.most_chasers:
        return _ended(was, context, "give_up", "unanswered", "bank_did_not_answer", at, event="unanswered")
    due_at = context.business_days_after(at, context.procedure.chaser_business_days)
    return TABLE.change(
        was,
        "chase",
        at,
        event="chased",
        chasers=was.chasers + 1,
        due_at=due_at,
        payload={"awaited": _awaited(was), "chasers": was.chasers + 1},
    )


def end_with_application(was: Review, context: ReviewContext, at: datetime) -> ReviewChange:
    """The firm has taken its application back, or accepted another bank's offer before this bank made one."""
    if context.application.status == "withdrawn":
        return _ended(was, context, "withdraw", "withdrawn", "application_withdrawn", at, event="withdrawn")
    return _ended(was, context, "close", "closed", "other_offer_accepted", at, event="closed")


# What its offer makes of it


def with_offer(was: Review, offer: Offer, at: datetime) -> Review:
    """Another offer stands in the place of the last."""
    must_have_room(was.offer_ids, MOST_OFFERS, TooManyCreditOffers)
    return TABLE.next_version(was, "replace", at, offer_ids=(*was.offer_ids, offer.id), due_at=offer.expires_at)


def accepted(was: Review, at: datetime) -> Review:
    return TABLE.next_version(was, "accept", at, status="accepted", due_at=None, ended_at=at, why="offer_accepted")


def closed(was: Review, why: Why, at: datetime) -> Review:
    return TABLE.next_version(was, "close", at, status="closed", due_at=None, ended_at=at, why=why)


def _ended(
    was: Review,
    context: ReviewContext,
    name: str,
    status: str,
    why: Why,
    at: datetime,
    *,
    event: str = "",
    payload: dict[str, Any] | None = None,
    **fields: Any,
) -> ReviewChange:
    return TABLE.change(
        was,
        name,
        at,
        event=event or status,
        status=status,
        due_at=None,
        ended_at=at,
        why=why,
        also=_also(was, context, "ended", at),
        payload={"why": why, **(payload or {})},
        **fields,
    )


def _also(was: Review, context: ReviewContext, status: PartStatus, at: datetime) -> tuple[Application, ...]:
    return (application_handling.follow(context.application, was.id, status, at),)


def _awaited(review: Review) -> str:
    if review.status == "sent":
        return "review.started" if review.received_at else "application.received"
    return AWAITED[review.status]


_due = kept("due_at")


def _acknowledgement(review: Review, context: ReviewContext) -> datetime | None:
    return None if review.received_at else review.due_at


def _begin(review: Review, context: ReviewContext) -> datetime | None:
    return review.due_at if review.received_at else None


MACHINE: Final = StateMachine[Review, ReviewContext](
    table=TABLE,
    timers=(
        Timer(
            "application",
            UNOFFERED,
            lambda review, context: context.application.over_at,
            "platform",
            "end_with_application",
            end_with_application,
        ),
        Timer("acknowledgement", frozenset({"sent"}), _acknowledgement, "bank", "chased_then_unanswered", chase),
        Timer("begin", frozenset({"sent"}), _begin, "bank", "chased_then_unanswered", chase),
        Timer("decision", frozenset({"in_review"}), _due, "bank", "chased_then_unanswered", chase),
        Timer("information", frozenset({"info_requested"}), _due, "applicant", "withdrawn", let_request_lapse),
        Timer("offer", frozenset({"approved"}), _due, "bank", "chased_then_unanswered", chase),
        Timer("acceptance", frozenset({"offered"}), _due, "applicant", "offer_expires"),
    ),
)
"""What becomes of an offer at its end is the offer's own timer."""
