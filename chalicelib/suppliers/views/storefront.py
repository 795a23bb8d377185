"""What anybody sees of a supplier: its badge and its figures, each with window, sample, formula and policy."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from chalicelib.members.rules import Member
from chalicelib.shared.money import Money
from chalicelib.shared.policies import Policy
from chalicelib.suppliers.rules import ACTIVE, USD, figures
from chalicelib.suppliers.rules.badge import Badge, badge_of
from chalicelib.suppliers.rules.figures import OnTime, Response, Transactions
from chalicelib.suppliers.rules.programme import Supplier
from chalicelib.suppliers.views.programme import DeadlineView, Status
from chalicelib.suppliers.views.qualification import PolicyRef, WindowView

TRANSACTIONS = (
    "orders under protection completed in (as_of - 12 months, as_of], by Shanghai date; cancelled, wholly refunded and test "
    "orders are left out; each at the table rate of its completion month"
)
RESPONSE_RATE = (
    "10000 * first inquiries answered within 24 hours // first inquiries asked, one for each buyer thread, over 30 days ending "
    "24 hours ago; fewer than 10: the last 10 of 90 days, else insufficient"
)
RESPONSE_TIME = (
    "time to the first answer in the same inquiries, unanswered ones left out: nearest-rank median and 90th percentile, "
    "rounded up to whole hours"
)
ON_TIME_RATE = (
    "10000 * trades shipped by the agreed time // trades not cancelled to be shipped in the 180 Shanghai dates before as_of; not "
    "shipped is late"
)

Protection = Literal["on_time_shipment", "quality_before_shipment", "quality_after_delivery"]
PROTECTIONS: tuple[Protection, ...] = ("on_time_shipment", "quality_before_shipment", "quality_after_delivery")


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
    formula: str
    policy: PolicyRef


class ResponseRateFigure(msgspec.Struct, frozen=True, kw_only=True):
    """Basis points; null where the sample is not sufficient."""

    rate_bp: int | None
    sufficient: bool
    as_of: datetime
    window: SpanView
    sample: int
    formula: str
    policy: PolicyRef


class OnTimeRateFigure(msgspec.Struct, frozen=True, kw_only=True):
    """Basis points; null where nothing was to be shipped."""

    rate_bp: int | None
    sufficient: bool
    as_of: datetime
    window: WindowView
    sample: int
    formula: str
    policy: PolicyRef


class ResponseTimeFigure(msgspec.Struct, frozen=True, kw_only=True):
    """Whole hours, rounded up; null where the sample is not sufficient or nobody was answered."""

    median_hours: int | None
    p90_hours: int | None
    sufficient: bool
    as_of: datetime
    window: SpanView
    sample: int
    formula: str
    policy: PolicyRef


class FiguresView(msgspec.Struct, frozen=True, kw_only=True):
    transactions_12m: TransactionsFigure
    response_rate: ResponseRateFigure
    response_time: ResponseTimeFigure
    on_time_rate: OnTimeRateFigure


class StorefrontView(msgspec.Struct, frozen=True, kw_only=True):
    """The public part of a supplier. `protections` are what a buyer can agree on; an order's cover is the smaller of what both want and what is left."""

    id: str
    version: int
    status: Status
    name: str
    country: str
    badge: Badge
    listed: bool
    protections: list[Protection]
    as_of: datetime
    figures: FiguresView
    created_at: datetime
    updated_at: datetime
    allowed_actions: list[str]
    deadlines: list[DeadlineView]


class FiguresSummary(msgspec.Struct, frozen=True, kw_only=True):
    """The figures in short, as a badge states them."""

    transactions_12m: int
    transactions_12m_value: Money
    response_rate_bp: int | None
    response_time_median_hours: int | None
    on_time_rate_bp: int | None


def view(member: Member, supplier: Supplier | None, told: FiguresView, now: datetime) -> StorefrontView:
    active = supplier is not None and supplier.status == ACTIVE
    return StorefrontView(
        id=member.id,
        version=supplier.version if supplier else 0,
        status=supplier.status if supplier else "not_enrolled",  # type: ignore[arg-type]
        name=member.name,
        country=member.country,
        badge=badge_of(supplier),
        listed=active,
        protections=list(PROTECTIONS) if active else [],
        as_of=now,
        figures=told,
        created_at=supplier.created_at if supplier else member.created_at,
        updated_at=supplier.updated_at if supplier else member.updated_at,
        allowed_actions=[],
        deadlines=[],
    )


def figures_view(
    traded: Transactions, answered: Response, shipped: OnTime, *, policy: Policy, as_of: datetime
) -> FiguresView:
    ref = PolicyRef(policy.name, policy.version, policy.hash)
    span = SpanView(answered.since, answered.until)
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
            rate_bp=answered.rate_bp,
            sufficient=answered.rate_bp is not None,
            as_of=as_of,
            window=span,
            sample=answered.asked,
            formula=RESPONSE_RATE,
            policy=ref,
        ),
        response_time=ResponseTimeFigure(
            median_hours=figures.whole_hours(answered.median_s),
            p90_hours=figures.whole_hours(answered.p90_s),
            sufficient=answered.median_s is not None,
            as_of=as_of,
            window=span,
            sample=answered.asked,
            formula=RESPONSE_TIME,
            policy=ref,
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
    )


def summary(told: FiguresView) -> FiguresSummary:
    return FiguresSummary(
        transactions_12m=told.transactions_12m.count,
        transactions_12m_value=told.transactions_12m.value,
        response_rate_bp=told.response_rate.rate_bp,
        response_time_median_hours=told.response_time.median_hours,
        on_time_rate_bp=told.on_time_rate.rate_bp,
    )
