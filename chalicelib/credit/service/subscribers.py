"""What follows from entries of credit: a firm that applies has a limit over all banks, and its score is kept; the banks of its application are asked, and let go when it
takes it back or accepts an offer; what was found or counted by a consent ends with it.

Everything here may run twice, late and in any order. What a review or an offer comes to is its own timer, which looks at the application:
whoever reads one sees it at once, and here it is written, so that its bank is told.
"""

from __future__ import annotations

from datetime import datetime

from chalicelib.credit.aggregate.applications import APPLICATIONS, OFFERS, REVIEWS, review_context
from chalicelib.credit.records import applications as records
from chalicelib.credit.rules import application_handling, review_handling
from chalicelib.credit.rules.application import Application, BankPart
from chalicelib.credit.service import consents, debts, exposure, limits, pre_offers, scores
from chalicelib.credit.service.applications import NEEDED
from chalicelib.credit.service.documents import FILES
from chalicelib.groups.service import following as groups
from chalicelib.shared import documents
from chalicelib.shared.commit import retry_on_conflict
from chalicelib.shared.journal import Entry
from chalicelib.shared.request import CLOCK, RequestContext


def follow(entry: Entry, now: datetime) -> None:
    """The effect of one journal entry, or none. What a bank is told of it is called alike, and has none."""
    request = RequestContext(caller=CLOCK, now=now, request_id=entry.request_id)
    match entry.event.kind if entry.aggregate_id.startswith(("app_", "ofr_", "cns_")) else "":
        case "consent.withdrawn" | "consent.expired":
            _end_consented(entry, request)
        case "application.submitted":
            limits.refresh(entry.event.payload["member_id"], request)
            scores.keep_of_pack(entry.event.payload["pack_id"], now)
        case "application.sent":
            _ask(entry, now)
        case "application.documents_removed":
            FILES.destroy(entry.aggregate_id, documents.gone(entry.event.payload))
        case "application.withdrawn":
            _end_others(entry.aggregate_id, now)
        case "offer.accepted":
            _end_others(entry.event.payload["application_id"], now)
            _ask_guarantors(entry, now)


def _ask_guarantors(entry: Entry, now: datetime) -> None:
    """The members of the group that stands for it are asked to sign the agreement."""
    payload = entry.event.payload
    guarantee = _application(payload["application_id"]).guarantee
    if guarantee:
        facts = {"agreement_id": payload["agreement_id"], "seat": guarantee.seat}
        groups.tell(guarantee.group_id, "agreement_to_sign", facts, entry, now)


def _end_consented(entry: Entry, request: RequestContext) -> None:
    """What was shown or counted by a consent that has ended. Draws that it let the firm ask for are the loans' to end."""
    payload = entry.event.payload
    if "debts" in payload["data_classes"]:
        debts.forget_unless_consented(exposure.of(payload["firm_id"]), request)
    if payload["purpose"] == "pre_offers" and payload["to"] == "withdrawn":
        pre_offers.end(payload["firm_id"], entry.aggregate_id, request.now)


def _ask(entry: Entry, now: datetime) -> None:
    """Begin the review of each bank that the firm still consents to, once. Its time runs from when the application was sent."""
    application = _application(entry.aggregate_id)
    if application.over_at is None:
        for part in application.parts:
            _begin(application, part, entry.at, now)


@retry_on_conflict
def _begin(application: Application, part: BankPart, at: datetime, now: datetime) -> None:
    """The bank hears of it by the review's first entry: the consent is looked at just before that, whatever held when it was handed in."""
    if part.status == "not_asked" or records.REVIEWS.load(part.review_id) is not None:
        return
    clock_request = RequestContext.of_clock(part.review_id, 1, now)
    if not consents.covered(application.member_id, part.bank_id, now).issuperset(NEEDED):
        APPLICATIONS.apply(
            application.id, clock_request, lambda was, context: application_handling.leave_out(was, part.review_id, now)
        )
        return
    context = review_context(part.product_id, application)
    REVIEWS.create(review_handling.sent(application, part.review_id, context, at), context, clock_request)


def _end_others(application_id: str, now: datetime) -> None:
    """What the other banks have before them is over."""
    for part in _application(application_id).parts:
        review = REVIEWS.catch_up(part.review_id, now)
        if review is not None and review.state.offer_ids:
            OFFERS.catch_up(review.state.offer_ids[-1], now)


def _application(application_id: str) -> Application:
    application = records.APPLICATIONS.load(application_id)
    assert application is not None, f"{application_id} has entries"
    return application
