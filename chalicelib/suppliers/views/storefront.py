"""What anybody sees of a supplier: its badge and its figures, each with window, sample, formula and policy."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

import msgspec

from chalicelib.members.rules import Member
from chalicelib.shared.money import Money
from chalicelib.suppliers.rules.badge import Badge, badge_of
from chalicelib.suppliers.rules.coverage import ACTIVE
from chalicelib.suppliers.rules.programme import Supplier
from chalicelib.suppliers.views.figures import FiguresView
from chalicelib.suppliers.views.programme import DeadlineView, Status

Protection = Literal["on_time_shipment", "quality_before_shipment", "quality_after_delivery"]
PROTECTIONS: tuple[Protection, ...] = ("on_time_shipment", "quality_before_shipment", "quality_after_delivery")


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
    newest_fact_on: date | None
    """The latest business date of which anything is known: how fresh the figures are."""
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
    claim_rate_bp: int | None
    loss_rate_bp: int | None
    median_close_hours: int | None
    open_claims: int
    newest_fact_on: date | None


def view(
    member: Member, supplier: Supplier | None, figures_view: FiguresView, newest: date | None, now: datetime
) -> StorefrontView:
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
        newest_fact_on=newest,
        figures=figures_view,
        created_at=supplier.created_at if supplier else member.created_at,
        updated_at=supplier.updated_at if supplier else member.updated_at,
        allowed_actions=[],
        deadlines=[],
    )


def summary(shown: StorefrontView) -> FiguresSummary:
    figures_view = shown.figures
    return FiguresSummary(
        transactions_12m=figures_view.transactions_12m.count,
        transactions_12m_value=figures_view.transactions_12m.value,
        response_rate_bp=figures_view.response_rate.rate_bp,
        response_time_median_hours=figures_view.response_time.median_hours,
        on_time_rate_bp=figures_view.on_time_rate.rate_bp,
        claim_rate_bp=figures_view.claim_rate.rate_bp,
        loss_rate_bp=figures_view.loss_rate.rate_bp,
        median_close_hours=figures_view.median_close_time.median_hours,
        open_claims=figures_view.open_claims.count,
        newest_fact_on=shown.newest_fact_on,
    )
