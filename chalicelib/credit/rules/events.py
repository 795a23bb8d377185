"""What banks tell of reviews, offers, agreements and lines, as forms: the fields each event has besides those of all. Pure.

A bank names its offers itself, `offer_ref`, within a review; it has our ids of reviews, agreements and lines from what we told it.
Amounts are whole minor units of `currency`. What a bank adds is ignored here, and kept with the message.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from chalicelib.banks.rules.protocol import BankMessage, Minor, MinorOrNone
from chalicelib.credit.rules.application import MOST_CHARACTERS, MOST_REASONS
from chalicelib.credit.rules.line import MOST_CHARACTERS as MOST_REASON
from chalicelib.credit.rules.products import DayCount, Method
from chalicelib.credit.rules.review import MOST_CONDITIONS, MOST_ITEMS, MOST_TEXT
from chalicelib.credit.rules.terms import Months, RateBp, Terms
from chalicelib.shared.ranges import BankDay, BankMoment

AnId = Annotated[str, Meta(min_length=1, max_length=64)]
OfferRef = Annotated[str, Meta(min_length=1, max_length=64)]
Text = Annotated[str, Meta(min_length=1, max_length=MOST_TEXT)]
Conditions = Annotated[tuple[Text, ...], Meta(max_length=MOST_CONDITIONS)]
LineReason = Annotated[str, Meta(max_length=MOST_REASON)]


class AboutReview(BankMessage, frozen=True, kw_only=True):
    review_id: AnId


class InformationRequested(AboutReview, frozen=True, kw_only=True):
    """`due_date` may give the firm longer than it usually has, never less."""

    items: Annotated[tuple[Text, ...], Meta(min_length=1, max_length=MOST_ITEMS)]
    due_date: BankDay | None = None


class Approved(AboutReview, frozen=True, kw_only=True):
    """`limit` is what the bank would lend at most; `term_months` where that differs from what was asked."""

    limit: Minor
    term_months: Months | None = None
    conditions: Conditions = ()


class BankReason(msgspec.Struct, frozen=True, kw_only=True):
    code: Annotated[str, Meta(min_length=1, max_length=64)]
    text: Annotated[str, Meta(max_length=MOST_CHARACTERS)] = ""


class Rejected(AboutReview, frozen=True, kw_only=True):
    reasons: Annotated[tuple[BankReason, ...], Meta(min_length=1, max_length=MOST_REASONS)]


class LoanTerms(msgspec.Struct, frozen=True, kw_only=True):
    """Terms as a bank states them."""

    amount: Minor
    currency: Literal["CNY"] = "CNY"
    rate_bp: RateBp
    fee: MinorOrNone = 0
    day_count: DayCount
    method: Method
    term_months: Months

    @property
    def terms(self) -> Terms:
        return Terms(
            amount_minor=self.amount,
            currency=self.currency,
            rate_bp=self.rate_bp,
            fee_minor=self.fee,
            day_count=self.day_count,
            method=self.method,
            months=self.term_months,
        )


class AboutOffer(AboutReview, frozen=True, kw_only=True):
    offer_ref: OfferRef


class OfferCreated(AboutOffer, frozen=True, kw_only=True):
    """In the sequence of the review; what comes of the offer afterwards is in a sequence of the offer."""

    terms: LoanTerms
    conditions: Conditions = ()
    expires_at: BankMoment


class OfferReplaced(OfferCreated, frozen=True, kw_only=True):
    """`replaces` is the `offer_ref` of the offer in whose sequence this is, and its last event."""

    replaces: OfferRef


class OfferWithdrawn(AboutOffer, frozen=True, kw_only=True):
    reason: Text


class AboutAgreement(BankMessage, frozen=True, kw_only=True):
    agreement_id: AnId


class Countersigned(AboutAgreement, frozen=True, kw_only=True):
    document_sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class Revised(AboutAgreement, frozen=True, kw_only=True):
    terms: LoanTerms
    reason: Text


class AboutLine(BankMessage, frozen=True, kw_only=True):
    line_id: AnId


class LineActivated(AboutLine, frozen=True, kw_only=True):
    """The line can be drawn on up to `limit`, to the end of the day `ends_on`."""

    limit: Minor
    currency: Literal["CNY"] = "CNY"
    ends_on: BankDay


class LineChanged(LineActivated, frozen=True, kw_only=True):
    """`rate_bp`, where it is told, is the agreed one: rates are fixed."""

    rate_bp: RateBp | None = None
    reason: LineReason = ""


class LineFrozen(AboutLine, frozen=True, kw_only=True):
    reason: LineReason
    until: BankDay | None = None


class LineClosed(AboutLine, frozen=True, kw_only=True):
    reason: LineReason = ""
