"""Orders and cases as they are given to the rules of claims."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from chalicelib.claims.rules.policy import ClaimPolicy
from chalicelib.claims.rules.reasons import Reason
from chalicelib.claims.rules.verdict.case import Case, ClaimedLine
from chalicelib.orders.rules.order import Cover, Order, Policy, Shipment, ShippedLine
from chalicelib.orders.rules.terms import Instalment, Item, ShipAfterPayment, Terms
from chalicelib.shared import policies
from chalicelib.shared.fx import Quote

POLICY = policies.versions("claims")[0].read_as(ClaimPolicy)
TERMS_POLICY = policies.versions("protection")[0].read_as(Policy)

PAID = datetime(2026, 3, 2, 2, 15, tzinfo=UTC)
SHIP_BY = PAID + timedelta(days=30)
MILLISECOND = timedelta(milliseconds=1)

ABOUT_SHIPMENT: frozenset[Reason] = frozenset({"not_shipped", "late_shipment"})
"""What the system's own record proves: nobody needs to send anything."""
AFTER_RECEIPT: frozenset[Reason] = frozenset(
    {"quality_mismatch", "quantity_short", "wrong_item", "counterfeit", "damaged_in_transit", "missing_documents"}
)
"""What can only be said of goods that have been received."""

TERMS = Terms(
    currency="USD",
    items=(
        Item(line=1, name="Oak chair", quantity=60, unit="piece", unit_price_minor=5_000),
        Item(line=2, name="Oak table", quantity=10, unit="piece", unit_price_minor=20_000),
    ),
    instalments=(
        Instalment(name="deposit", amount_minor=150_000),
        Instalment(name="balance", amount_minor=350_000),
    ),
    ship_by=ShipAfterPayment(days=30, payment="full"),
    cover="total",
    quality="post_delivery",
    transport="sea",
    incoterm="FOB",
)


def paid_order(*, terms: dict[str, Any] | None = None, **changes: Any) -> Order:
    """An order of 5,000.00 USD, covered and paid in full, that has to be shipped 30 days later."""
    order = Order(
        id="ord_1",
        buyer_id="mem_b",
        supplier_id="mem_s",
        created_by="buyer",
        status="funded",
        version=1,
        seq=1,
        created_at=PAID,
        updated_at=PAID,
        terms=replace(TERMS, **(terms or {})),
        policy="",
        asked_at=PAID,
        agreed_at=PAID,
        funded_at=PAID,
        paid_at=PAID,
        received_minor=500_000,
        cover=Cover(
            cap_minor=500_000,
            reserved_usd_minor=500_000,
            remaining_usd_minor=500_000,
            quote=Quote("USD", "USD", "1", "2026-03", "test"),
            state="active",
        ),
    )
    return replace(order, **changes)


def shipped_order(at: datetime = PAID + timedelta(days=10), **changes: Any) -> Order:
    given: dict[str, Any] = {"status": "shipped", "shipped_at": at}
    return paid_order(**(given | changes))


def received_order(at: datetime = PAID + timedelta(days=40), **changes: Any) -> Order:
    ends = at + timedelta(days=TERMS_POLICY.claim_days_after_receipt)
    given: dict[str, Any] = {"status": "received", "received_at": at, "window_ends_at": ends}
    return shipped_order(**(given | changes))


def consignment(at: datetime, **quantities: int) -> Shipment:
    """`consignment(at, line_1=20)`: 20 of line 1 left."""
    lines = tuple(ShippedLine(line=int(name[5:]), quantity=quantity) for name, quantity in quantities.items())
    return Shipment(carrier="COSCO", tracking_number="COSU1", documents=(), lines=lines, at=at)


def case_of(reason: Reason, **changes: Any) -> Case:
    """A claim for all of an order of 5,000.00 USD under FOB that nobody has proved anything about; shipped in time."""
    shipped_at = PAID + timedelta(days=10)
    case = Case(
        policy="0" * 16,
        reason=reason,
        filed_at=SHIP_BY + timedelta(days=15),
        currency="USD",
        requested_minor=500_000,
        requested_usd_minor=150_000,
        ceiling_minor=500_000,
        total_minor=500_000,
        lines=(ClaimedLine(line=1, amount_minor=500_000, shipped_at=shipped_at),),
        cover="total",
        cap_minor=500_000,
        incoterm="FOB",
        ship_by_at=SHIP_BY,
        shipped_at=shipped_at,
    )
    return replace(case, **changes)


def late_by(delay: timedelta) -> dict[str, Any]:
    shipped_at = SHIP_BY + delay
    return {
        "shipped_at": shipped_at,
        "lines": (ClaimedLine(line=1, amount_minor=500_000, shipped_at=shipped_at),),
    }


NEVER_SHIPPED: dict[str, Any] = {
    "shipped_at": None,
    "lines": (ClaimedLine(line=1, amount_minor=500_000, unshipped_minor=500_000),),
}
