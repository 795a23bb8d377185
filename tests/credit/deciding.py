"""Applications, reviews, offers and agreements as values, in each of their statuses."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from msgspec.structs import asdict, replace

from chalicelib.credit.aggregate.applications import application_context, review_context
from chalicelib.credit.rules import (
    agreement_handling,
    application_handling,
    offer_handling,
    products,
    review_handling,
)
from chalicelib.credit.rules.agreement import Agreement, Party
from chalicelib.credit.rules.application import Application, ApplicationDocument, Reason
from chalicelib.credit.rules.offer import Offer, OfferContext
from chalicelib.credit.rules.pack import Pack
from chalicelib.credit.rules.review import Review, ReviewContext
from chalicelib.credit.rules.terms import Terms
from chalicelib.shared.state_machine import StateMachine

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
"""A Monday, 10:00 in Shanghai."""
MS, DAY = timedelta(milliseconds=1), timedelta(days=1)
CATALOGUE = products.offered(NOW.date())
APPLYING = application_context(CATALOGUE.hash, NOW)
TERMS = Terms(amount_minor=50_000_000, rate_bp=1140, day_count="ACT/360", method="annuity", months=6)
REASONS = (Reason(code="outside_policy"),)
PACK = Pack(
    id="dpk_1",
    firm_id="mem_1",
    consent_id="cns_1",
    data_classes=("exports",),
    as_of=date(2026, 3, 2),
    document="{}",
    sha256="",
    kid="",
    header="",
    signature="",
    created_at=NOW,
    updated_at=NOW,
)


def after(machine: StateMachine[Any, Any], state: Any, context: Any, now: datetime) -> Any:
    """The state after everything that fell due."""
    for change in machine.overdue(state, context, now):
        state = change.state
    return state


# Applications


def draft(*product_ids: str) -> Application:
    chosen = [CATALOGUE.find(name) for name in product_ids or ("boc-term", "cmb-term")]
    return application_handling.opened(
        "app_00000000000000000000000001",
        "mem_1",
        chosen,
        amount_minor=50_000_000,
        currency="CNY",
        months=6,
        method="annuity",
        purpose="Steel.",
        context=APPLYING,
        policy=CATALOGUE.hash,
        now=NOW,
    ).state


def handed_in(document_id: str = "doc_1") -> ApplicationDocument:
    """A document that has come, for every bank."""
    return ApplicationDocument(
        id=document_id,
        name="Order book",
        status="kept",
        media_type="application/pdf",
        sha256="0" * 64,
        size=1,
        announced_at=NOW,
        retained_until=date(2031, 3, 2),
    )


def submitted() -> Application:
    return application_handling.submit(draft(), APPLYING, "per_1", PACK, NOW).state


def with_banks() -> Application:
    return application_handling.screen(submitted(), APPLYING, True, (), "officer-1", NOW).state


def screened_out() -> Application:
    return application_handling.screen(submitted(), APPLYING, False, REASONS, "officer-1", NOW).state


def withdrawn() -> Application:
    return application_handling.withdraw(with_banks(), "per_1", NOW).state


def application_of(change: Any) -> Application:
    """What a change brought of the application."""
    return next(other for other in change.also if isinstance(other, Application))


def accepted_application() -> Application:
    return application_of(acceptance())


def unsuccessful() -> Application:
    first = application_handling.follow(with_banks(), with_banks().parts[0].review_id, "ended", NOW)
    return application_handling.follow(first, first.parts[1].review_id, "ended", NOW)


def asked_of_nobody() -> Application:
    state = with_banks()
    for part in state.parts:
        change = application_handling.leave_out(state, part.review_id, NOW)
        assert change is not None
        state = change.state
    return state


def signed_application() -> Application:
    return application_handling.sign(accepted_application(), NOW)


def lapsed_application() -> Application:
    return application_handling.fail_to_sign(accepted_application(), NOW)


# Reviews


def reviewing(application: Application | None = None) -> ReviewContext:
    return review_context("boc-term", application or with_banks())


def sent() -> Review:
    return review_handling.sent(with_banks(), with_banks().parts[0].review_id, reviewing(), NOW).state


def in_review() -> Review:
    return review_handling.begin(sent(), reviewing(), NOW).state


def info_requested(now: datetime = NOW) -> Review:
    return review_handling.request_information(in_review(), reviewing(), ("An invoice",), None, now).state


def approved() -> Review:
    return review_handling.approve(in_review(), reviewing(), 50_000_000, 6, (), NOW).state


def offered() -> Review:
    return review_handling.offer(approved(), offer(), NOW).state


def rejected() -> Review:
    return review_handling.reject(in_review(), reviewing(), REASONS, NOW).state


def withdrawn_review() -> Review:
    return review_handling.end_with_application(in_review(), reviewing(withdrawn()), NOW).state


def unanswered() -> Review:
    state: Review = after(review_handling.MACHINE, sent(), reviewing(), NOW + 60 * DAY)
    return state


def accepted_review() -> Review:
    return review_handling.accepted(offered(), NOW)


def closed_review() -> Review:
    return review_handling.closed(offered(), "offer_declined", NOW)


# Offers


def offer(ref: str = "O-1") -> Offer:
    return offer_handling.opened(approved(), ref, TERMS, (), NOW + 10 * DAY, NOW)


def offering(application: Application | None = None) -> OfferContext:
    return OfferContext(**asdict(reviewing(application)), review=offered())


def acceptance() -> Any:
    return offer_handling.accept(offer(), offering(), "per_1", NOW)


def replacement() -> Any:
    return offer_handling.replace(offer(), offering(), "O-2", replace(TERMS, rate_bp=1100), (), NOW + 5 * DAY, NOW)


def declined() -> Offer:
    return offer_handling.decline(offer(), offering(), "per_1", NOW).state


def withdrawn_offer() -> Offer:
    return offer_handling.withdraw(offer(), offering(), "A new policy.", NOW).state


def expired() -> Offer:
    return offer_handling.expire(offer(), offering(), NOW + 10 * DAY).state


def not_chosen() -> Offer:
    return offer_handling.pass_over(offer(), offering(accepted_application()), NOW).state


# Agreements


def agreeing() -> ReviewContext:
    return reviewing(accepted_application())


def agreement() -> Agreement:
    return next(other for other in acceptance().also if isinstance(other, Agreement))


def signed_by(was: Agreement, *parties: Party) -> Any:
    """The last change, after these have signed."""
    change: Any = None
    for party in parties:
        change = agreement_handling.sign(was, agreeing(), party, "x", was.document_sha256, NOW)
        was = change.state
    return change


def signed_agreement() -> Agreement:
    state: Agreement = signed_by(agreement(), "borrower", "bank", "platform").state
    return state


def lapsed_agreement() -> Agreement:
    return agreement_handling.lapse(agreement(), agreeing(), NOW).state
