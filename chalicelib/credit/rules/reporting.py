"""What banks' events do to reviews, offers, agreements and lines: each asks whether the bank may do that now, then does it. Pure."""

from __future__ import annotations

from datetime import datetime

from chalicelib.credit.rules import agreement_handling, line_handling, offer_handling, review_handling
from chalicelib.credit.rules.agreement import Agreement, AgreementContext
from chalicelib.credit.rules.agreement_handling import TABLE as AGREEMENTS
from chalicelib.credit.rules.agreement_handling import AgreementChange
from chalicelib.credit.rules.application import Reason
from chalicelib.credit.rules.events import (
    AboutLine,
    AboutOffer,
    AboutReview,
    Approved,
    Countersigned,
    InformationRequested,
    LineActivated,
    LineChanged,
    LineClosed,
    LineFrozen,
    OfferCreated,
    OfferReplaced,
    OfferWithdrawn,
    Rejected,
    Revised,
)
from chalicelib.credit.rules.line import Line
from chalicelib.credit.rules.line_transitions import TABLE as LINES
from chalicelib.credit.rules.line_transitions import LineChange
from chalicelib.credit.rules.offer import Offer, OfferContext
from chalicelib.credit.rules.offer_handling import TABLE as OFFERS
from chalicelib.credit.rules.offer_handling import OfferChange
from chalicelib.credit.rules.procedure import Context
from chalicelib.credit.rules.review import Review, ReviewContext
from chalicelib.credit.rules.review_transitions import TABLE as REVIEWS
from chalicelib.credit.rules.review_transitions import ReviewChange
from chalicelib.credit.rules.terms import require_agreed_rate
from chalicelib.shared.periods import whole_ms

BANK = "bank"


def received(
    was: Review, context: ReviewContext, event: AboutReview, bank_id: str, now: datetime
) -> ReviewChange | None:
    """The bank has the application. Where it has begun already that says nothing new."""
    return review_handling.receive(was, context, now) if was.status == "sent" else None


def started(was: Review, context: ReviewContext, event: AboutReview, bank_id: str, now: datetime) -> ReviewChange:
    REVIEWS.require("begin", was, BANK, context, now)
    return review_handling.begin(was, context, now)


def info_requested(
    was: Review, context: ReviewContext, event: InformationRequested, bank_id: str, now: datetime
) -> ReviewChange:
    REVIEWS.require("request", was, BANK, context, now)
    return review_handling.request_information(was, context, event.items, event.due_date, now)


def approved(was: Review, context: ReviewContext, event: Approved, bank_id: str, now: datetime) -> ReviewChange:
    REVIEWS.require("approve", was, BANK, context, now)
    return review_handling.approve(was, context, event.limit, event.term_months or was.months, event.conditions, now)


def rejected(was: Review, context: ReviewContext, event: Rejected, bank_id: str, now: datetime) -> ReviewChange:
    REVIEWS.require("reject", was, BANK, context, now)
    reasons = tuple(Reason(code=reason.code, text=reason.text) for reason in event.reasons)
    return review_handling.reject(was, context, reasons, now)


def offer_created(
    was: Review, context: ReviewContext, event: OfferCreated, bank_id: str, now: datetime
) -> ReviewChange:
    REVIEWS.require("offer", was, BANK, context, now)
    offer = offer_handling.opened(
        was, event.offer_ref, event.terms.terms, event.conditions, whole_ms(event.expires_at), now
    )
    return review_handling.offer(was, offer, now)


def offer_replaced(was: Offer, context: OfferContext, event: OfferReplaced, bank_id: str, now: datetime) -> OfferChange:
    OFFERS.require("replace", was, BANK, context, now)
    return offer_handling.replace(
        was, context, event.offer_ref, event.terms.terms, event.conditions, whole_ms(event.expires_at), now
    )


def offer_withdrawn(
    was: Offer, context: OfferContext, event: OfferWithdrawn, bank_id: str, now: datetime
) -> OfferChange:
    OFFERS.require("withdraw", was, BANK, context, now)
    return offer_handling.withdraw(was, context, event.reason, now)


def offer_expired(
    was: Offer, context: OfferContext, event: AboutOffer, bank_id: str, now: datetime
) -> OfferChange | None:
    """The bank ends it at its time. Where our clock did so already that says nothing new."""
    if was.status == "expired":
        return None
    OFFERS.require("expire", was, BANK, context, now)
    return offer_handling.expire(was, context, now)


def countersigned(
    was: Agreement, context: AgreementContext, event: Countersigned, bank_id: str, now: datetime
) -> AgreementChange:
    AGREEMENTS.require("sign", was, BANK, context, now)
    return agreement_handling.sign(was, context, "bank", event.bank_ref, event.document_sha256, now)


def revised(was: Agreement, context: AgreementContext, event: Revised, bank_id: str, now: datetime) -> AgreementChange:
    AGREEMENTS.require("revise", was, BANK, context, now)
    return agreement_handling.revise(was, context, event.terms.terms, event.reason, now)


def line_activated(was: Line, context: Context, event: LineActivated, bank_id: str, now: datetime) -> LineChange:
    LINES.require("activate", was, BANK, context, now)
    return line_handling.activate(was, context, event.limit, event.ends_on, now)


def line_changed(was: Line, context: Context, event: LineChanged, bank_id: str, now: datetime) -> LineChange:
    LINES.require("change", was, BANK, context, now)
    require_agreed_rate(event.rate_bp, was.terms.rate_bp)
    return line_handling.change(was, context, event.limit, event.ends_on, event.reason, now)


def line_frozen(was: Line, context: Context, event: LineFrozen, bank_id: str, now: datetime) -> LineChange:
    LINES.require("freeze", was, BANK, context, now)
    return line_handling.freeze(was, "bank", event.reason, event.until, now)


def line_released(was: Line, context: Context, event: AboutLine, bank_id: str, now: datetime) -> LineChange:
    LINES.require("release", was, BANK, context, now)
    return line_handling.release(was, "bank", now)


def line_closed(was: Line, context: Context, event: LineClosed, bank_id: str, now: datetime) -> LineChange:
    LINES.require("close", was, BANK, context, now)
    return line_handling.close(was, "bank", event.reason, now)
