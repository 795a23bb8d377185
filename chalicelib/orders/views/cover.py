"""Cover as clients see it: a quote, a supplier's protection amount, who holds it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from chalicelib.orders.rules import Status
from chalicelib.shared.money import Money
from chalicelib.shared.pages import Page


class Promise(msgspec.Struct, frozen=True, kw_only=True):
    """A thing that is covered, and until when a claim about it can be filed."""

    name: Literal["on_time_shipment", "quality_pre_shipment", "quality_post_delivery"]
    until: str


class CoverQuoteView(msgspec.Struct, frozen=True, kw_only=True):
    """What these terms would be covered for if they were accepted now. `why` names every reason, by code."""

    covered: bool
    cap: Money
    reserved: Money
    rate: str
    rate_as_of: str
    maximum: Money
    shortfall: Money
    why: list[str]
    promises: list[Promise]


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
