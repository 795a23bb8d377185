"""What a listing's stock does while its orders are paid, fail to be paid, are refunded and sent back: each piece comes back once."""

from __future__ import annotations

from tests.acquiring.till import Till, till
from tests.listings.selling import steps

__all__ = ["till"]


def sell(till: Till, on_hand: int) -> str:
    return till.booth.sell(on_hand, steps=steps((1, "129000")))


def order(till: Till, listing_id: str) -> str:
    placed = till.booth.order("129000", (listing_id, 1))
    assert placed.status == 201, placed.body
    return str(placed["id"])


def left(till: Till, listing_id: str) -> int:
    """What everybody sees."""
    seen = till.booth.api.get(f"/v1/channels/{till.booth.channel_id}/listings/{listing_id}")
    available: int = seen["available"]
    return available


def paid(till: Till, order_id: str) -> str:
    payment_id = till.pay(order_id)
    till.tell("payment.authorised", payment_id, "661.19")
    till.tell("payment.captured", payment_id, "661.19")
    return payment_id


def test_a_piece_that_was_refunded_before_shipment_is_back_once_whatever_is_told_later(till: Till) -> None:
    """LI-3 (a): 100, 99, 100, and 100 when it is refunded or cancelled again."""
    listing_id = sell(till, 100)
    order_id = order(till, listing_id)
    payment_id = paid(till, order_id)
    assert left(till, listing_id) == 99
    refund = {"money": {"amount": "661.19", "currency": "CNY"}}
    path = f"/v1/payments/{payment_id}/refund"
    assert till.booth.api.post(path, refund, till.booth.supplier).status == 200
    assert (till.order(order_id)["status"], left(till, listing_id)) == ("refunded", 100)
    again = till.booth.api.post(path, refund, till.booth.supplier)
    cancelled = till.booth.trade.act(order_id, "cancel", till.booth.supplier, {})
    assert (again.status, cancelled.status, left(till, listing_id)) == (409, 409, 100)


def test_the_reservation_is_the_orders_and_outlives_a_payment_that_failed(till: Till) -> None:
    """LI-3 (c): the last piece; the first way to pay fails, the second goes through in time, and nobody else could have it meanwhile."""
    listing_id = sell(till, 1)
    order_id = order(till, listing_id)
    failed = till.pay(order_id, "card")
    till.tell("payment.failed", failed, by="unionpay", reason="insufficient_funds")
    assert (till.payment(failed)["status"], till.order(order_id)["status"], left(till, listing_id)) == (
        "failed",
        "agreed",
        0,
    )
    other = till.booth.order("129000", (listing_id, 1))
    assert (other.status, other["code"], other["available"]) == (409, "stock_short", 0)
    paid(till, order_id)
    assert (till.order(order_id)["status"], left(till, listing_id)) == ("funded", 0)


def test_what_was_authorised_and_never_captured_is_on_sale_again_on_the_seventh_day(till: Till) -> None:
    """AC-6 (a): an authorisation is no money: nothing is shipped by it."""
    listing_id = sell(till, 1)
    order_id = order(till, listing_id)
    till.tell("payment.authorised", till.pay(order_id), "661.19")
    assert till.booth.trade.ship(order_id, customs_number="KR-1").status == 409
    till.pass_time(days=6, hours=23)
    assert (till.order(order_id)["status"], left(till, listing_id)) == ("agreed", 0)
    till.pass_time(hours=1)
    assert (till.order(order_id)["status"], left(till, listing_id)) == ("expired", 1)
    assert till.booth.trade.standing().reserved_minor == 0


def test_what_was_shipped_is_on_sale_again_only_when_its_supplier_says_so(till: Till) -> None:
    listing_id = sell(till, 3)
    order_id = order(till, listing_id)
    paid(till, order_id)
    till.ship(order_id)
    assert left(till, listing_id) == 2
    till.receive(order_id)
    till.pass_time(days=31)
    assert (till.order(order_id)["status"], left(till, listing_id)) == ("completed", 2)
    back = till.booth.trade.act(order_id, "take-back", till.booth.supplier, {"line": 1, "quantity": 1})
    assert (back.status, left(till, listing_id)) == (200, 3)
