"""What an order counts for in the day-book: a protected trade of its supplier."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.daybook.rules.trades import TradeFact
from chalicelib.orders.rules.order import Order, Policy, ship_by_at

UNKNOWN: Final = "ZZ"
"""The country of who is no member."""
_TELLING: Final = frozenset({"shipped", "completed", "refunded"})


def is_telling(payload: Mapping[str, Any]) -> bool:
    """Whether a change whose event tells this brought the order to where something more of it is certain."""
    return payload.get("from") != payload.get("to") and payload.get("to") in _TELLING


def trade_fact(order: Order, policy: Policy, countries: Mapping[str, str]) -> TradeFact | None:
    """The order as a trade, as far as nothing of it can change any more; None while there is nothing to tell. `countries` are those of members.

    It is told when it has shipped, when it is completed (which is its delivery: only then is it certain), and when it was given up
    because it never shipped. An order that both sides cancelled counts for nothing.
    """
    stage = _stage(order, policy)
    if stage is None or order.agreed_at is None:
        return None
    return TradeFact(
        member_id=order.supplier_id,
        trade_id=order.id,
        buyer_ref=order.buyer_id,
        supplier_country=countries.get(order.supplier_id, UNKNOWN),
        buyer_country=countries.get(order.buyer_id, UNKNOWN),
        category=order.terms.category,
        currency=order.terms.currency,
        amount_minor=order.terms.total_minor,
        ordered_at=order.agreed_at,
        paid_at=order.funded_at,
        ship_by=ship_by_at(order, policy),
        protected=order.cover is not None,
        **stage,
    )


def _stage(order: Order, policy: Policy) -> dict[str, Any] | None:
    if order.status == "completed":
        return {"status": "completed", "shipped_at": order.shipped_at, "delivered_at": order.ended_at}
    if order.shipped_at is not None:
        return {"status": "shipped", "shipped_at": order.shipped_at}
    due = ship_by_at(order, policy)
    never_shipped = (
        order.status == "refunded" and due is not None and order.ended_at is not None and due <= order.ended_at
    )
    return {"status": "paid"} if never_shipped else None
