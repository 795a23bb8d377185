"""What a supplier has left open, as the release of a deposit asks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.daybook.rules.claims import Claim, ClaimFact
from chalicelib.daybook.rules.days import DayRow
from chalicelib.daybook.rules.items import Item, days_of
from chalicelib.daybook.rules.trades import Trade, TradeFact
from chalicelib.daybook.rules.unfinished import Unfinished, unfinished

PAID = datetime(2023, 3, 1, tzinfo=UTC)
DELIVERED = datetime(2023, 3, 9, tzinfo=UTC)


def trade(trade_id: str = "T-1", **changes: Any) -> Trade:
    data: dict[str, Any] = {
        "member_id": "mem_s",
        "trade_id": trade_id,
        "buyer_ref": "b",
        "supplier_country": "CN",
        "buyer_country": "CN",
        "category": "baby",
        "currency": "CNY",
        "amount_minor": 1,
        "ordered_at": PAID,
        "paid_at": PAID,
        "status": "paid",
    }
    return Trade(TradeFact(**data | changes))


def claim(**changes: Any) -> Claim:
    data: dict[str, Any] = {"claim_id": "clm_1", "order_id": "ord_1", "reason": "counterfeit", "filed_at": PAID}
    return Claim(ClaimFact(member_id="mem_s", **data | changes))


def days(*items: Item) -> list[DayRow]:
    return [part for item in items for part in days_of(item)]


def test_nothing_known_leaves_nothing_open() -> None:
    assert unfinished([]) == Unfinished()


def test_a_trade_is_open_from_its_payment_to_its_end() -> None:
    assert unfinished(days(trade(status="placed", paid_at=None))).trades == 0
    assert unfinished(days(trade(status="paid"))).trades == 1
    assert unfinished(days(trade(status="shipped"))).trades == 1
    assert unfinished(days(trade(status="cancelled"))).trades == 0
    assert unfinished(days(trade(status="refunded"))).trades == 0
    assert unfinished(days(trade(status="completed", delivered_at=DELIVERED))).trades == 0


def test_the_end_of_a_trade_leaves_the_day_of_its_payment_as_it_was() -> None:
    shipped, done = days(trade(status="shipped")), days(trade(status="completed", delivered_at=DELIVERED))
    assert [part for part in done if part not in shipped] == [DayRow(day=DELIVERED.date(), open=-1, completed=1)]
    assert unfinished(days(trade(status="completed", paid_at=None, delivered_at=DELIVERED))).trades == 0
    assert unfinished(days(trade(status="completed"))).trades == 0, "nobody says when"


def test_a_protected_order_that_never_shipped_is_over() -> None:
    assert unfinished(days(trade("ord_" + "0" * 26, status="paid", protected=True))).trades == 0
    assert unfinished(days(trade("ord_" + "0" * 26, status="shipped", protected=True))).trades == 1


def test_the_day_of_the_last_completed_trade_is_told() -> None:
    later = DELIVERED + timedelta(days=11)
    done = [
        trade("T-1", status="completed", delivered_at=later),
        trade("T-2", status="completed", delivered_at=DELIVERED),
        trade("T-3", status="shipped", delivered_at=later + timedelta(days=1)),
    ]
    assert unfinished(days(*done)).last_completed == later.date()


def test_claims_are_open_until_they_are_closed() -> None:
    assert unfinished(days(claim(), claim(claim_id="clm_2", order_id="ord_2", closed_at=DELIVERED))).claims == 1
