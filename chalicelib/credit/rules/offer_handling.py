"""What a bank, the firm and the clock do to an offer, and how it becomes an agreement. Pure.

Each change brings the next version of its review with it, and of the application where that has to know.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from chalicelib.credit.rules import agreement_handling, application_handling, review_handling
from chalicelib.credit.rules.application import Application
from chalicelib.credit.rules.offer import (
    ENDS,
    MOST_OPEN,
    Offer,
    OfferContext,
    OfferNotAsApproved,
    OfferRefUsed,
    Status,
    offer_id,
)
from chalicelib.credit.rules.review import Review, Why
from chalicelib.credit.rules.terms import Terms
from chalicelib.shared.money import text
from chalicelib.shared.state_machine import Change, InvalidTransition, StateMachine, Table, Timer, Transition
from chalicelib.shared.texts import say

OfferChange = Change[Offer]


class OfferNotInThisStatus(InvalidTransition):
    code = "offer_not_in_this_status"
    title = "The offer does not allow that now."


_OPEN: Final = frozenset({"open"})
_APPLICANT: Final = frozenset({"applicant"})
_BANK: Final = frozenset({"bank"})
_CLOCK: Final = frozenset({"clock"})

TABLE: Final = Table[Offer, OfferContext](
    kind="offer",
    error=OfferNotInThisStatus,
    ends=ENDS,
    payload=lambda was, offer: {
        "from": was.status,
        "to": offer.status,
        "member_id": offer.member_id,
        "bank_id": offer.bank_id,
        "application_id": offer.application_id,
        "review_id": offer.review_id,
        "offer_ref": offer.offer_ref,
        "currency": offer.terms.currency,
    },
    transitions=(
        Transition("accept", _OPEN, _APPLICANT, frozenset({"accepted"})),
        Transition("decline", _OPEN, _APPLICANT, frozenset({"declined"})),
        Transition("replace", _OPEN, _BANK, frozenset({"replaced"})),
        Transition("withdraw", _OPEN, _BANK, frozenset({"withdrawn"})),
        Transition("expire", _OPEN, _BANK | _CLOCK, frozenset({"expired"})),
        Transition("pass_over", _OPEN, _CLOCK, frozenset({"not_chosen"})),
    ),
)


def opened(
    review: Review,
    offer_ref: str,
    terms: Terms,
    conditions: tuple[str, ...],
    expires_at: datetime,
    now: datetime,
    *,
    replaces: str = "",
) -> Offer:
    """The first version. OfferNotAsApproved where it goes beyond what the bank approved, OfferRefUsed where another one is called so."""
    own_id = offer_id(review.id, offer_ref)
    if own_id in review.offer_ids:
        raise OfferRefUsed(say("{offer_ref!r} is another offer's.", offer_ref=offer_ref), param="offer_ref")
    approved = review.limit_minor or 0
    if terms.amount_minor > approved or terms.currency != review.currency:
        maximum = text(approved, review.currency)
        raise OfferNotAsApproved(
            say("{maximum} {currency} were approved.", maximum=maximum, currency=review.currency),
            param="amount",
            maximum=maximum,
        )
    if terms.fee_minor >= terms.amount_minor:
        raise OfferNotAsApproved("The fee leaves nothing of the loan.", param="fee")
    if not now < expires_at <= now + MOST_OPEN:
        raise OfferNotAsApproved("An offer ends ahead, and within 30 days.", param="expires_at")
    return Offer(
        id=own_id,
        offer_ref=offer_ref,
        review_id=review.id,
        application_id=review.application_id,
        member_id=review.member_id,
        bank_id=review.bank_id,
        product_id=review.product_id,
        terms=terms,
        conditions=conditions,
        expires_at=expires_at,
        status="open",
        version=1,
        created_at=now,
        updated_at=now,
        policy=review.policy,
        replaces=replaces,
    )


def accept(was: Offer, context: OfferContext, signer: str, now: datetime) -> OfferChange:
    """The firm takes it, and with it no other: the terms are those of the agreement that is signed now."""
    agreement = agreement_handling.opened(was, context, now)
    application = application_handling.accept(context.application, was.review_id, agreement.id, agreement.due_at, now)
    return TABLE.change(
        was,
        "accept",
        now,
        to="accepted",
        ended_at=now,
        also=(review_handling.accepted(context.review, now), application, agreement),
        payload={
            "agreement_id": agreement.id,
            "document_sha256": agreement.document_sha256,
            "amount_minor": was.terms.amount_minor,
            "rate_bp": was.terms.rate_bp,
            "person": signer,
        },
    )


def decline(was: Offer, context: OfferContext, signer: str, now: datetime) -> OfferChange:
    """The firm does not want it: the bank's part of the application is over."""
    return _ended(was, context, "decline", "declined", "offer_declined", now, person=signer)


def replace(
    was: Offer,
    context: OfferContext,
    offer_ref: str,
    terms: Terms,
    conditions: tuple[str, ...],
    expires_at: datetime,
    now: datetime,
) -> OfferChange:
    """The bank makes another one in its place."""
    after = opened(context.review, offer_ref, terms, conditions, expires_at, now, replaces=was.id)
    return TABLE.change(
        was,
        "replace",
        now,
        to="replaced",
        replaced_by=after.id,
        ended_at=now,
        also=(after, review_handling.with_offer(context.review, after, now)),
        payload={"replaced_by": after.id, "amount_minor": terms.amount_minor, "rate_bp": terms.rate_bp},
    )


def withdraw(was: Offer, context: OfferContext, reason: str, now: datetime) -> OfferChange:
    """The bank takes it back."""
    return _ended(was, context, "withdraw", "withdrawn", "offer_withdrawn", now, reason=reason)


def expire(was: Offer, context: OfferContext, at: datetime) -> OfferChange:
    """Nobody has taken it in time."""
    return _ended(was, context, "expire", "expired", "offer_expired", at)


def pass_over(was: Offer, context: OfferContext, at: datetime) -> OfferChange:
    """The firm has accepted another bank's offer; this bank learns it."""
    return _ended(was, context, "pass_over", "not_chosen", "other_offer_accepted", at)


def _ended(
    was: Offer, context: OfferContext, name: str, status: Status, why: Why, at: datetime, **payload: str
) -> OfferChange:
    review = review_handling.closed(context.review, why, at)
    application: Application = application_handling.follow(context.application, was.review_id, "ended", at)
    return TABLE.change(
        was, name, at, to=status, ended_at=at, also=(review, application), payload={"why": why, **payload}
    )


MACHINE: Final = StateMachine[Offer, OfferContext](
    table=TABLE,
    timers=(
        Timer(
            "application",
            _OPEN,
            lambda offer, context: context.application.over_at,
            "platform",
            "not_chosen",
            pass_over,
        ),
        Timer("acceptance", _OPEN, lambda offer, context: offer.expires_at, "applicant", "expired", expire),
    ),
)
