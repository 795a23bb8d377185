"""Cases a good implementation handles, 7 to 13: cover that is shared, and instants that are exact."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from chalicelib.claims.declared import CLAIMS
from chalicelib.orders.declared import ORDERS
from chalicelib.shared.periods import wire
from chalicelib.suppliers.rules import figures
from tests.dispute import Dispute
from tests.suppliers.test_figures import TERMS as FIGURES
from tests.trade import Trade

WHOLE = {"instalments": [{"name": "all", "money": {"amount": "5000.00", "currency": "USD"}}], "cover": "total"}


def usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


def test_capacity_race(trade: Trade) -> None:
    """50 parallel accepts against capacity for 10: exactly 10 succeed, available = 0, invariant holds.

    Here one after the other; on the real engine, all at the same instant: tests/races/test_cover.py.
    """
    lathe = [{"name": "Lathe", "quantity": 1, "unit_price": usd("10000.00")}]
    parts = [{"name": "all", "money": usd("10000.00")}]
    made = [trade.propose(items=lathe, instalments=parts, cover="total")["id"] for _ in range(50)]
    answer = [trade.act(order_id, "accept", trade.supplier, {"version": 1}) for order_id in made]
    assert [reply.status for reply in answer] == [200] * 10 + [409] * 40
    assert {reply["code"] for reply in answer[10:]} == {"capacity_exceeded"}
    assert (trade.standing().available_minor, trade.standing().reserved_minor) == (0, 10_000_000)


def test_cover_shared_over_orders_and_a_limit_cut_under_use(trade: Trade, officer: str) -> None:
    """Existing stand, available negative, new ones refused, both visible."""
    kept = [trade.agree(**WHOLE) for _ in range(2)]
    for order_id in kept:
        trade.pay(order_id, 500_000)
    offered = trade.propose(**WHOLE)
    about = f"/v1/suppliers/{trade.supplier_id}"
    assert trade.api.post(f"{about}/penalties", {"reason": "failed_delivery"}, officer).status == 200
    cover = trade.api.get(f"{about}/coverage", trade.supplier)
    assert (cover["limit"], cover["reserved"], cover["available"]) == (usd("0.00"), usd("10000.00"), usd("-10000.00"))
    assert {item["order_id"] for item in cover["reservations"]["items"]} == set(kept)
    for order_id in kept:
        assert trade.see(order_id)["cover"]["active"] == usd("5000.00")
    refused = trade.act(offered["id"], "accept", trade.supplier, {"version": 1})
    assert (refused.status, refused["code"]) in {(409, "capacity_exceeded"), (409, "supplier_not_active")}
    assert trade.see(offered["id"])["status"] == "proposed"


def test_several_claims_on_one_order(dispute: Dispute) -> None:
    """Different lines/reasons: sum of approved never above ceiling; first-come reserve; loser clipped with explanation."""
    order_id = dispute.received()
    first = dispute.see(dispute.claim(order_id, "quantity_short", "1200.00"))
    second = dispute.see(dispute.claim(order_id, "wrong_item", "800.00"))
    assert (first["reserved"], first["partially_reserved"]) == (usd("1200.00"), None)
    assert second["reserved"] == usd("300.00")
    assert "covered" in second["partially_reserved"]
    money = dispute.trade.see(order_id, "/money")
    assert (money["claimed"], money["ceiling_left"]) == (usd("1500.00"), usd("0.00"))
    assert dispute.file(order_id, "missing_documents", "1.00")["code"] == "nothing_left_to_claim"


@pytest.mark.parametrize(("milliseconds", "status"), [(-1, 201), (0, 409), (1, 409)])
def test_claim_one_millisecond_before_at_and_after_the_window_end(
    dispute: Dispute, milliseconds: int, status: int
) -> None:
    """Before ok; at = too late."""
    order_id = dispute.received()
    dispute.trade.time.advance(days=30, milliseconds=milliseconds)
    assert dispute.file(order_id, "wrong_item").status == status


@pytest.mark.parametrize(
    ("zone", "day", "ends"),
    [
        ("Pacific/Kiritimati", "2026-05-31", "2026-05-31T10:00:00Z"),  # UTC+14
        ("Pacific/Pago_Pago", "2026-05-31", "2026-06-01T11:00:00Z"),  # UTC-11
        ("America/New_York", "2026-11-01", "2026-11-02T05:00:00Z"),  # the day has 25 hours
        ("Europe/Berlin", "2026-03-29", "2026-03-29T22:00:00Z"),  # and this one 23
        ("Asia/Shanghai", "2028-02-29", "2028-02-29T16:00:00Z"),
    ],
)
def test_days_end_where_the_contract_says(trade: Trade, zone: str, day: str, ends: str) -> None:
    """Daylight-saving change and zone UTC+14/-11; leap day."""
    order_id = trade.agree(ship_by={"kind": "fixed", "date": day, "zone": zone}, **WHOLE)
    trade.pay(order_id, 500_000)
    assert trade.see(order_id)["ship_by_at"] == ends


def test_twelve_months_before_the_end_of_a_month() -> None:
    """Month-end "12 months ago": the year before a leap day begins after the last of February."""
    transactions = figures.transactions([], datetime(2028, 2, 29, 4, tzinfo=UTC), FIGURES)
    assert (transactions.first.isoformat(), transactions.last.isoformat()) == ("2027-03-01", "2028-02-29")


def test_late_sweeper(dispute: Dispute) -> None:
    """Timer job 6 h late: results as if on time (effective time = due_at in the event)."""
    trade = dispute.trade
    unpaid, claimed = trade.agree(), dispute.late()
    claim_id = dispute.claim(claimed)
    due = {unpaid: "2026-05-01T02:15:00Z", claim_id: "2026-03-27T14:15:00Z"}
    for aggregate_id, machine, path in ((claim_id, CLAIMS, "claims"), (unpaid, ORDERS, "orders")):
        trade.time.at = datetime.fromisoformat(due[aggregate_id]).astimezone(UTC)
        trade.time.advance(hours=6)
        machine.sweep(trade.time.at)
        entries = trade.api.get(f"/v1/{path}/{aggregate_id}/timeline", trade.buyer)["items"]
        [entry] = [entry for entry in entries if entry["kind"] in ("order.expired", "claim.escalated")]
        assert (entry["at"], entry["recorded_at"]) == (due[aggregate_id], wire(trade.time.at))


def test_receipt_is_not_confirmed_by_itself_while_a_claim_is_open(dispute: Dispute) -> None:
    """Blocked; resumed with the remaining time after close (not restarted)."""
    trade = dispute.trade
    order_id = dispute.late()
    trade.time.advance(days=50)
    claim_id = dispute.claim(order_id)
    trade.time.advance(days=5)
    dispute.do(claim_id, "offers", "supplier", {"kind": "none", "note": "No."})
    assert trade.see(order_id)["status"] == "shipped"
    dispute.do(claim_id, "withdraw", "buyer")
    trade.time.advance(days=10, milliseconds=-1)
    assert trade.see(order_id)["status"] == "shipped"
    trade.time.advance(milliseconds=1)
    order = trade.see(order_id)
    assert (order["status"], order["received_automatically"]) == ("received", True)


def test_balance_unpaid_by_the_buyer(dispute: Dispute) -> None:
    """Late shipment not the supplier's fault; ship-by moves."""
    trade = dispute.trade
    order_id = trade.agree(ship_by={"kind": "fixed", "date": "2026-04-30", "zone": "Asia/Shanghai"})
    trade.pay(order_id, 150_000)
    trade.time.advance(days=59, hours=20)
    early = dispute.file(order_id, "late_shipment")
    assert (early["code"], early["waits_for"]) == ("too_early_to_claim", "payment")
    trade.pay(order_id, 350_000)
    assert trade.see(order_id)["ship_by_at"] == "2026-05-07T22:15:00Z"
    trade.time.advance(days=6)
    assert trade.ship(order_id).status == 200
    assert dispute.file(order_id, "late_shipment")["code"] == "reason_does_not_fit"
