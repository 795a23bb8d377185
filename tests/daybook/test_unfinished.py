"""What a supplier has left open, as the release of a deposit asks."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from chalicelib.daybook.rules.claims import Claim, ClaimFact
from chalicelib.daybook.rules.trades import Trade, TradeFact
from chalicelib.daybook.rules.unfinished import Unfinished, unfinished

PAID = datetime(2023, 3, 1, tzinfo=UTC)
DELIVERED = datetime(2023, 3, 9, tzinfo=UTC)


def trade(trade_id: str = "T-1", **changes: Any) -> Trade:
    told: dict[str, Any] = {
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
    return Trade(TradeFact(**told | changes))


def claim(**changes: Any) -> Claim:
    told: dict[str, Any] = {"claim_id": "clm_1", "order_id": "ord_1", "reason": "counterfeit", "filed_at": PAID}
    return Claim(ClaimFact(member_id="mem_s", **told | changes))


def test_nothing_known_leaves_nothing_open() -> None:
    assert unfinished([]) == Unfinished()


def test_a_trade_is_open_from_its_payment_to_its_end() -> None:
    assert unfinished([trade(status="placed", paid_at=None)]).trades == ()
    assert unfinished([trade(status="paid")]).trades == ("T-1",)
    assert unfinished([trade(status="shipped")]).trades == ("T-1",)
    assert unfinished([trade(status="cancelled")]).trades == ()
    assert unfinished([trade(status="completed", delivered_at=DELIVERED)]).trades == ()


def test_a_protected_order_that_never_shipped_is_over() -> None:
    assert unfinished([trade("ord_" + "0" * 26, status="paid", protected=True)]).trades == ()
    assert unfinished([trade("ord_" + "0" * 26, status="shipped", protected=True)]).trades != ()


def test_the_last_delivery_of_a_completed_trade_is_told() -> None:
    later = datetime(2023, 3, 20, tzinfo=UTC)
    done = [
        trade("T-1", status="completed", delivered_at=later),
        trade("T-2", status="completed", delivered_at=DELIVERED),
    ]
    assert unfinished(done).last_completed_at == later


def test_claims_are_open_until_they_are_closed_and_name_their_orders() -> None:
    told = unfinished([claim(), claim(claim_id="clm_2", order_id="ord_2", closed_at=DELIVERED)])
    assert told.claims == ("clm_1",)
    assert told.claimed_orders == ("ord_1", "ord_2")
