"""Figures about a supplier as anybody sees them: each with its window, sample, formula and policy."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from chalicelib.shared.money import Money
from chalicelib.shared.policies import Policy
from chalicelib.shared.texts import Text, say
from chalicelib.suppliers.rules import figures
from chalicelib.suppliers.rules.coverage import USD
from chalicelib.suppliers.rules.figures import Claims, OnTime, Response, Transactions
from chalicelib.suppliers.views.qualification import PolicyRef, WindowView

TRANSACTIONS = say(
    "orders under protection completed in the 12 months up to that day, by Shanghai date; cancelled, wholly refunded and "
    "test orders are left out; each at the table rate of its completion month"
)
RESPONSE_RATE = say(
    "first inquiries answered within 24 hours ÷ first inquiries asked, one for each buyer thread, over 30 days ending 24 "
    "hours ago, rounded down to a hundredth of a percent; fewer than 10: the last 10 of 90 days, else insufficient"
)
RESPONSE_TIME = say(
    "time to the first answer in the same inquiries, unanswered ones left out: nearest-rank median and 90th percentile, "
    "rounded up to whole hours"
)
ON_TIME_RATE = say(
    "trades shipped by the agreed time ÷ trades not cancelled that were to be shipped in the 180 Shanghai dates before "
    "the day shown, rounded down to a hundredth of a percent; not shipped is late"
)
CLAIM_RATE = say(
    "claims filed ÷ protected orders completed, both in the 12 months up to the day shown, by Shanghai date, rounded down to "
    "a hundredth of a percent; where none was completed, one is counted"
)
LOSS_RATE = say(
    "claims decided against the supplier ÷ protected orders completed, both in the 12 months up to the day shown, by Shanghai "
    "date, rounded down to a hundredth of a percent; where none was completed, one is counted"
)
CLOSE_TIME = say(
    "median of the hours from filing to close, each rounded up, of claims closed in the 12 months up to the day shown; of two "
    "in the middle the smaller"
)
OPEN_CLAIMS = say("claims filed in the 12 months up to the day shown that are not closed")


class SpanView(msgspec.Struct, frozen=True):
    """Instants: `since` is in it, `until` is not."""

    since: datetime
    until: datetime


class TransactionsFigure(msgspec.Struct, frozen=True, kw_only=True):
    count: int
    value: Money
    as_of: datetime
    window: WindowView
    sample: int
    formula: Text
    policy: PolicyRef


class ResponseRateFigure(msgspec.Struct, frozen=True, kw_only=True):
    """Basis points; null where the sample is not sufficient."""

    rate_bp: int | None
    sufficient: bool
    as_of: datetime
    window: SpanView
    sample: int
    formula: Text
    policy: PolicyRef


class OnTimeRateFigure(msgspec.Struct, frozen=True, kw_only=True):
    """Basis points; null where nothing was to be shipped."""

    rate_bp: int | None
    sufficient: bool
    as_of: datetime
    window: WindowView
    sample: int
    formula: Text
    policy: PolicyRef


class ResponseTimeFigure(msgspec.Struct, frozen=True, kw_only=True):
    """Whole hours, rounded up; null where the sample is not sufficient or nobody was answered."""

    median_hours: int | None
    p90_hours: int | None
    sufficient: bool
    as_of: datetime
    window: SpanView
    sample: int
    formula: Text
    policy: PolicyRef


class ClaimsRateFigure(msgspec.Struct, frozen=True, kw_only=True):
    """Basis points of `sample` protected orders; null where there was neither an order nor a claim."""

    rate_bp: int | None
    claims: int
    sufficient: bool
    as_of: datetime
    window: WindowView
    sample: int
    formula: Text
    policy: PolicyRef


class CloseTimeFigure(msgspec.Struct, frozen=True, kw_only=True):
    """Whole hours, rounded up; null where no claim was closed."""

    median_hours: int | None
    sufficient: bool
    as_of: datetime
    window: WindowView
    sample: int
    formula: Text
    policy: PolicyRef


class OpenClaimsFigure(msgspec.Struct, frozen=True, kw_only=True):
    count: int
    as_of: datetime
    window: WindowView
    sample: int
    formula: Text
    policy: PolicyRef


class FiguresView(msgspec.Struct, frozen=True, kw_only=True):
    transactions_12m: TransactionsFigure
    response_rate: ResponseRateFigure
    response_time: ResponseTimeFigure
    on_time_rate: OnTimeRateFigure
    claim_rate: ClaimsRateFigure
    loss_rate: ClaimsRateFigure
    median_close_time: CloseTimeFigure
    open_claims: OpenClaimsFigure


def figures_view(
    traded: Transactions,
    response: Response,
    shipped: OnTime,
    claimed: Claims,
    *,
    policy: Policy,
    as_of: datetime,
) -> FiguresView:
    ref = PolicyRef(policy.name, policy.version, policy.hash)
    span = SpanView(response.since, response.until)
    year: dict[str, Any] = {"as_of": as_of, "window": WindowView(claimed.first, claimed.last), "policy": ref}
    common: dict[str, Any] = {"as_of": as_of, "window": span, "sample": response.inquiries, "policy": ref}
    return FiguresView(
        transactions_12m=TransactionsFigure(
            count=traded.count,
            value=Money.of(traded.usd_minor, USD),
            as_of=as_of,
            window=WindowView(traded.first, traded.last),
            sample=traded.count,
            formula=TRANSACTIONS,
            policy=ref,
        ),
        response_rate=ResponseRateFigure(
            rate_bp=response.rate_bp,
            sufficient=response.rate_bp is not None,
            formula=RESPONSE_RATE,
            **common,
        ),
        response_time=ResponseTimeFigure(
            median_hours=figures.whole_hours(response.median_s),
            p90_hours=figures.whole_hours(response.p90_s),
            sufficient=response.median_s is not None,
            formula=RESPONSE_TIME,
            **common,
        ),
        on_time_rate=OnTimeRateFigure(
            rate_bp=shipped.rate_bp,
            sufficient=shipped.rate_bp is not None,
            as_of=as_of,
            window=WindowView(shipped.first, shipped.last),
            sample=shipped.due,
            formula=ON_TIME_RATE,
            policy=ref,
        ),
        claim_rate=_rate(claimed.claim_rate_bp, claimed.filed, claimed.completed, CLAIM_RATE, year),
        loss_rate=_rate(claimed.loss_rate_bp, claimed.lost, claimed.completed, LOSS_RATE, year),
        median_close_time=CloseTimeFigure(
            median_hours=claimed.median_close_hours,
            sufficient=claimed.closed > 0,
            sample=claimed.closed,
            formula=CLOSE_TIME,
            **year,
        ),
        open_claims=OpenClaimsFigure(count=claimed.open, sample=claimed.filed, formula=OPEN_CLAIMS, **year),
    )


def _rate(rate_bp: int | None, claims: int, sample: int, formula: Text, year: dict[str, Any]) -> ClaimsRateFigure:
    sufficient = rate_bp is not None
    return ClaimsRateFigure(
        rate_bp=rate_bp, claims=claims, sufficient=sufficient, sample=sample, formula=formula, **year
    )
