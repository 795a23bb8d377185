"""What banks tell of credit, and what they are told of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, TypeVar

from chalicelib.banks.rules.protocol import InboundType
from chalicelib.banks.service.messages import Inbound, Outbound
from chalicelib.credit.aggregate.applications import AGREEMENTS, OFFERS, REVIEWS
from chalicelib.credit.aggregate.lines import LINES
from chalicelib.credit.rules import reporting
from chalicelib.credit.rules.agreement import Agreement, AgreementContext
from chalicelib.credit.rules.agreement_handling import AgreementChange
from chalicelib.credit.rules.events import (
    AboutAgreement,
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
from chalicelib.credit.rules.line_transitions import LineChange
from chalicelib.credit.rules.offer import Offer, OfferContext, offer_id
from chalicelib.credit.rules.offer_handling import OfferChange
from chalicelib.credit.rules.procedure import Context
from chalicelib.credit.rules.review import Review, ReviewContext
from chalicelib.credit.rules.review_transitions import ReviewChange
from chalicelib.credit.service import consents
from chalicelib.credit.service.telling import PROFILE
from chalicelib.shared.journal import Entry
from chalicelib.shared.periods import wire

ReviewEvent = TypeVar("ReviewEvent", bound=AboutReview)
OfferEvent = TypeVar("OfferEvent", bound=AboutOffer)
AgreementEvent = TypeVar("AgreementEvent", bound=AboutAgreement)
LineEvent = TypeVar("LineEvent", bound=AboutLine)


def _of_review(
    name: str,
    form: type[ReviewEvent],
    decide: Callable[[Review, ReviewContext, ReviewEvent, str, datetime], ReviewChange | None],
) -> Inbound[Review, ReviewContext, ReviewEvent]:
    named: InboundType[ReviewEvent] = InboundType(name, form, "review", lambda event: event.review_id)
    return Inbound(type=named, aggregate=REVIEWS, decide=decide)


def _of_offer(
    name: str,
    form: type[OfferEvent],
    decide: Callable[[Offer, OfferContext, OfferEvent, str, datetime], OfferChange | None],
    ref: Callable[[OfferEvent], str] = lambda event: event.offer_ref,
) -> Inbound[Offer, OfferContext, OfferEvent]:
    named: InboundType[OfferEvent] = InboundType(
        name, form, "offer", lambda event: offer_id(event.review_id, ref(event))
    )
    return Inbound(type=named, aggregate=OFFERS, decide=decide)


def _of_agreement(
    name: str,
    form: type[AgreementEvent],
    decide: Callable[[Agreement, AgreementContext, AgreementEvent, str, datetime], AgreementChange],
) -> Inbound[Agreement, AgreementContext, AgreementEvent]:
    named: InboundType[AgreementEvent] = InboundType(name, form, "agreement", lambda event: event.agreement_id)
    return Inbound(type=named, aggregate=AGREEMENTS, decide=decide)


def _of_line(
    name: str, form: type[LineEvent], decide: Callable[[Line, Context, LineEvent, str, datetime], LineChange]
) -> Inbound[Line, Context, LineEvent]:
    named: InboundType[LineEvent] = InboundType(name, form, "line", lambda event: event.line_id)
    return Inbound(type=named, aggregate=LINES, decide=decide)


INBOUND: Final[tuple[Inbound[Any, Any, Any], ...]] = (
    _of_review("application.received", AboutReview, reporting.received),
    _of_review("review.started", AboutReview, reporting.started),
    _of_review("review.info_requested", InformationRequested, reporting.info_requested),
    _of_review("review.approved", Approved, reporting.approved),
    _of_review("review.rejected", Rejected, reporting.rejected),
    _of_review("offer.created", OfferCreated, reporting.offer_created),
    _of_offer("offer.replaced", OfferReplaced, reporting.offer_replaced, lambda event: event.replaces),
    _of_offer("offer.withdrawn", OfferWithdrawn, reporting.offer_withdrawn),
    _of_offer("offer.expired", AboutOffer, reporting.offer_expired),
    _of_agreement("agreement.countersigned", Countersigned, reporting.countersigned),
    _of_agreement("agreement.revised", Revised, reporting.revised),
    _of_line("line.activated", LineActivated, reporting.line_activated),
    _of_line("line.changed", LineChanged, reporting.line_changed),
    _of_line("line.frozen", LineFrozen, reporting.line_frozen),
    _of_line("line.released", AboutLine, reporting.line_released),
    _of_line("line.closed", LineClosed, reporting.line_closed),
)


def _withdrawn(entry: Entry) -> Mapping[str, Any]:
    """Which consent ended, and when: the other banks it named are not told."""
    payload = entry.event.payload
    return {
        "consent_id": entry.aggregate_id,
        "firm_id": payload["firm_id"],
        "data_classes": payload["data_classes"],
        "withdrawn_at": wire(entry.at),
    }


def _facts_of(what: str, *names: str) -> Callable[[Entry], Mapping[str, Any]]:
    """The id of what the entry is of, the application's, and these facts of the entry. Of a firm no more than its id is told."""
    return lambda entry: {
        f"{what}_id": entry.aggregate_id,
        **{name: entry.event.payload[name] for name in ("application_id", "member_id", *names)},
    }


def _told_of_line(*names: str) -> Callable[[Entry], Mapping[str, Any]]:
    return lambda entry: {
        "line_id": entry.aggregate_id,
        **{name: entry.event.payload[name] for name in ("member_id", *names)},
    }


_OF_GROUP: Final = ("group_id", "seat", "sheet_version", "sheet_sha256", "liability_mode")
_TERMS: Final = _facts_of("review", "product_id", "pack_id", "amount_minor", "currency", "months", "method")


def _sent(entry: Entry) -> Mapping[str, Any]:
    """What is asked for; with the group that stands for it, where there is one: its rule sheet is read there."""
    payload = entry.event.payload
    return {**_TERMS(entry), **{name: payload[name] for name in _OF_GROUP if name in payload}}


_CHANGES: Final = (
    "changed",
    "person_added",
    "person_changed",
    "person_removed",
    "person_erased",
    "settlement_account_added",
    "settlement_account_removed",
)
"""What a firm does to its profile that a lender has to look at."""


def _changed(entry: Entry) -> Mapping[str, Any]:
    """That it is another one, and in what: who may, reads it."""
    return {
        "member_id": _firm_of(entry),
        "what": entry.event.kind.partition(".")[2],
        "status": entry.event.payload["to"],
    }


def _may_read_profile(entry: Entry, now: datetime) -> list[str]:
    return consents.banks_with(_firm_of(entry), "profile", now)


def _firm_of(entry: Entry) -> str:
    return entry.aggregate_id.partition(":")[2]


_OFFERED: Final = _facts_of("credit_offer", "review_id", "offer_ref")
OUTBOUND: Final = (
    *(Outbound(name=PROFILE, kind=f"firm.{what}", data=_changed, banks=_may_read_profile) for what in _CHANGES),
    Outbound(name="consent.withdrawn", kind="consent.withdrawn", data=_withdrawn),
    Outbound(name="application.submitted", kind="review.sent", data=_sent),
    Outbound(name="application.info_supplied", kind="review.info_supplied", data=_facts_of("review", "document_ids")),
    Outbound(name="application.withdrawn", kind="review.withdrawn", data=_facts_of("review", "why")),
    Outbound(name="application.closed", kind="review.closed", data=_facts_of("review", "why")),
    Outbound(name="review.overdue", kind="review.chased", data=_facts_of("review", "awaited", "chasers")),
    Outbound(name="review.unanswered", kind="review.unanswered", data=_facts_of("review", "why")),
    Outbound(
        name="offer.accepted",
        kind="offer.accepted",
        data=_facts_of("credit_offer", "review_id", "offer_ref", "agreement_id", "document_sha256"),
    ),
    Outbound(name="offer.declined", kind="offer.declined", data=_OFFERED),
    Outbound(name="offer.not_chosen", kind="offer.not_chosen", data=_OFFERED),
    Outbound(name="agreement.issued", kind="agreement.revised", data=_facts_of("agreement", "document_sha256")),
    Outbound(
        name="agreement.signature_given",
        kind="agreement.signature_given",
        data=_facts_of("agreement", "document_sha256", "party"),
    ),
    Outbound(
        name="agreement.signed",
        kind="agreement.signed",
        data=_facts_of("agreement", "document_sha256", "sealed_sha256", "line_id", "amount_minor"),
    ),
    Outbound(
        name="agreement.lapsed", kind="agreement.lapsed", data=_facts_of("agreement", "unsigned", "unsigned_guarantors")
    ),
    Outbound(name="line.overdue", kind="line.chased", data=_told_of_line("awaited", "chasers")),
    Outbound(name="line.frozen", kind="line.frozen", data=_told_of_line("by")),
    Outbound(name="line.released", kind="line.released", data=_told_of_line("by")),
    Outbound(
        name="line.renewal_requested", kind="line.renewal_requested", data=_told_of_line("pack_id", "pack_sha256")
    ),
    Outbound(name="line.expired", kind="line.expired", data=_told_of_line()),
    Outbound(name="line.closed", kind="line.closed", data=_told_of_line("why")),
)
