"""What a supplier has not finished: trades on their way, claims that are open, and when the last trade was completed. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

import msgspec

from chalicelib.daybook.rules.claims import Claim
from chalicelib.daybook.rules.items import Item
from chalicelib.daybook.rules.trades import Trade, TradeFact
from chalicelib.shared import ids

OVER: Final = frozenset({"completed", "cancelled", "refunded"})


class Unfinished(msgspec.Struct, frozen=True):
    """Open trades by their ids, open claims by theirs, orders that were ever claimed on, and the last delivery of a completed trade."""

    trades: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    claimed_orders: tuple[str, ...] = ()
    last_completed_at: datetime | None = None


def unfinished(items: Iterable[Item]) -> Unfinished:
    """What the items of one supplier leave open."""
    trades, claims = [], []
    orders: dict[str, None] = {}
    last: datetime | None = None
    for item in items:
        if isinstance(item, Trade):
            if is_open(item.fact):
                trades.append(item.fact.trade_id)
            if item.fact.status == "completed" and item.fact.delivered_at is not None:
                last = max(last or item.fact.delivered_at, item.fact.delivered_at)
        elif isinstance(item, Claim):
            orders[item.fact.order_id] = None
            if item.fact.closed_at is None:
                claims.append(item.fact.claim_id)
    return Unfinished(tuple(trades), tuple(claims), tuple(orders), last)


def is_open(fact: TradeFact) -> bool:
    """Paid for and not at its end. A protected order that is told as paid has ended: it was given up because it never shipped."""
    if fact.paid_at is None or fact.status in OVER:
        return False
    return not (fact.status == "paid" and ids.is_id(fact.trade_id, "ord"))
