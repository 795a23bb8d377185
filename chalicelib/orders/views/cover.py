"""Cover as clients see it: a quote, a supplier's protection amount, who holds it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from chalicelib.orders.rules.order import Status
from chalicelib.shared.money import Money
from chalicelib.shared.pages import Page
from chalicelib.suppliers.rules.coverage import Uncovered


class CoverPromise(msgspec.Struct, frozen=True, kw_only=True):
    """A thing that is covered, and until when a claim about it can be filed."""

    name: Literal["on_time_shipment", "quality_pre_shipment", "quality_post_delivery"]
    until: str


class CoverCondition(msgspec.Struct, frozen=True, kw_only=True):
    """What has to come before there is cover, who brings it about, and the instant at which it comes by itself, where there is one."""

    code: Literal["evaluation", "enrolment", "reinstatement", "reapplication"]
    owner: Literal["supplier", "officer", "clock"]
    at: datetime | None

    @classmethod
    def of(cls, lacking: Uncovered) -> CoverCondition:
        owner = {"evaluation": "clock", "reinstatement": "officer"}.get(lacking.awaited, "supplier")
        return cls(code=lacking.awaited, owner=owner, at=lacking.at)  # type: ignore[arg-type]


class CoverQuoteView(msgspec.Struct, frozen=True, kw_only=True):
    """What these terms would be covered for if they were accepted now. `why` names every reason, by code.

    `maximum` and `shortfall` tell how much the supplier has free: its own eyes and officers' see them always, others only that it
    is enough for this order.
    """

    covered: bool
    cap: Money
    reserved: Money
    rate: str
    rate_as_of: str
    maximum: Money | None
    shortfall: Money | None
    why: list[str]
    awaits: list[CoverCondition]
    promises: list[CoverPromise]


class ReservationView(msgspec.Struct, frozen=True, kw_only=True):
    order_id: str
    order_status: Status
    state: Literal["reserved", "active", "released"]
    reserved: Money
    remaining: Money
    rate: str
    agreed_at: datetime | None


class CoverageView(msgspec.Struct, frozen=True, kw_only=True):
    """A supplier's protection amount: `limit = available + reserved + advanced`, and the orders that hold it."""

    supplier_id: str
    status: str
    limit: Money
    available: Money
    reserved: Money
    advanced: Money
    reservations: Page[ReservationView]
