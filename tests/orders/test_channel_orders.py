"""Orders of a country channel through the API: placed by a quote, lapsed, shipped, carried, cancelled; and what becomes of the stock."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.orders.aggregate import ORDERS
from chalicelib.orders.examples import SHIPMENT, TERMS
from chalicelib.orders.rules import acquired
from chalicelib.orders.rules.order import Order, Payment, Policy
from chalicelib.orders.rules.transitions import OrderChange
from chalicelib.shared import clock
from chalicelib.shared.journal import Event
from chalicelib.shared.request import RequestContext
from tests.listings.selling import Booth, steps, suspend
from tests.round_trips import calls
from tests.world import Reply, token

PARCEL = {"tracking_number": "EMS-1", "customs_number": "KR-77120"}
FEED = token("officer", "carrier-feed", "feeds")


def placed(booth: Booth, listing_id: str, quantity: int = 10, price: str = "119000", **more: Any) -> Reply:
    reply = booth.order(price, (listing_id, quantity), **more)
    assert reply.status == 201, reply.body
    return reply


def left(booth: Booth, listing_id: str) -> tuple[int, int]:
    stock = booth.stock(listing_id)
    return stock.available, stock.reserved


def pay(booth: Booth, order: Reply) -> None:
    """By an acquirer, as the order sees it: all at once."""
    now = clock.now()
    payment = Payment(
        bank_id="alipay",
        bank_ref="A-1",
        amount_minor=int(order["terms"]["total"]["amount"].replace(".", "")),
        currency="CNY",
        value_date=now.date(),
        at=now,
        status="counted",
    )

    def fund(was: Order, policy: Policy) -> OrderChange:
        part = acquired.fund(was, payment, now + timedelta(days=365), now)
        return OrderChange(
            state=replace(part.order, seq=was.seq + 1),
            event=Event("order.payment_received", {}, part.postings),
            effects=part.effects,
            at=now,
        )

    ORDERS.apply(order["id"], RequestContext.of_clock(order["id"], 1, now), fund)


def carrier(booth: Booth, order_id: str, step: str, number: str = "EMS-1") -> Reply:
    body = {"tracking_number": number, "step": step, "reference": f"C-{step}"}
    return booth.api.post(f"/v1/orders/{order_id}/carrier-events", body, FEED)


def test_an_order_is_agreed_when_it_is_placed_and_says_of_what_it_was_made(booth: Booth) -> None:
    listing_id = booth.sell()
    order = placed(booth, listing_id)
    assert (order["status"], order["terms"]["total"]) == ("agreed", {"amount": "609.94", "currency": "CNY"})
    channel = order["channel"]
    assert channel["price"] == {"amount": "119000", "currency": "KRW"}
    assert (channel["gets"]["amount"], channel["fee"]["amount"]) == ("116025", "2975")
    assert channel["lines"] == [
        {"line": 1, "listing_id": listing_id, "offer": 2, "step": 10, "price": {"amount": "11900", "currency": "KRW"}}
    ]
    assert (channel["methods"], order["pay_to"]) == (["card", "wallet"], [])
    assert order["deadlines"][0]["default_outcome"] == "expired"
    assert (order["cover"]["state"], booth.trade.standing().reserved_minor > 0) == ("reserved", True)
    assert left(booth, listing_id) == (90, 10)
    quote = booth.api.get(f"/v1/quotes/{channel['quote_id']}", booth.trade.buyer)
    assert (quote["status"], quote["order_id"]) == ("used", order["id"])
    assert booth.api.get(f"/v1/orders/{order['id']}", booth.supplier)["allowed_actions"] == ["cancel", "amend"]


def test_an_order_that_is_sent_twice_is_placed_once_and_its_quote_serves_no_other(booth: Booth) -> None:
    listing_id = booth.sell()
    quote_id = booth.quote("51600")
    body = {"quote_id": quote_id, "lines": [{"listing_id": listing_id, "quantity": 4}]}
    path = f"/v1/channels/{booth.channel_id}/orders"
    first, again = (booth.api.post(path, body, booth.trade.buyer, key="once") for _ in range(2))
    assert (again.status, again.raw, again.headers["Idempotent-Replayed"]) == (201, first.raw, "true")
    other = booth.api.post(path, body, booth.trade.buyer)
    assert (other.status, other["code"]) == (409, "quote_used")
    assert left(booth, listing_id) == (96, 4)


def test_lines_of_one_listing_are_added_before_the_step_is_chosen(booth: Booth) -> None:
    """LI-1: 6 and 4 of a ladder 1: 1,000; 10: 900, minimum 10: 9,000, and not below the minimum."""
    listing_id = booth.sell(steps=steps((1, "1000"), (10, "900")), minimum_quantity=10)
    few = booth.order("6000", (listing_id, 6))
    assert (few.status, few["code"], few["minimum_quantity"]) == (422, "below_minimum_order", 10)
    refused = booth.order("10000", (listing_id, 6), (listing_id, 4))
    assert (refused["code"], refused["price"]["amount"]) == ("quote_not_for_that", "9000")
    twice = booth.order("18000", (listing_id, 12), (listing_id, 8))
    assert (twice.status, len(twice["terms"]["items"]), twice["channel"]["lines"][0]["step"]) == (201, 1, 10)


@pytest.mark.parametrize(("price", "pays"), [("9753", "49.99"), ("9754", ""), ("3902058", ""), ("3902059", "20000.01")])
def test_the_band_is_compared_with_what_the_buyer_pays(booth: Booth, price: str, pays: str) -> None:
    """CH-1: pieces of KRW 1."""
    listing_id = booth.sell(on_hand=4_000_000, steps=steps((1, "1")))
    reply = booth.order(price, (listing_id, int(price)))
    if pays:
        assert (reply.status, reply["code"]) == (422, "outside_band")
        assert [reply[end]["amount"] for end in ("pays", "minimum", "maximum")] == [pays, "50.00", "20000.00"]
    else:
        assert reply.status == 201, reply.body


def test_the_last_piece_is_one_order_and_the_other_buyer_hears_what_is_left(booth: Booth) -> None:
    """K3."""
    listing_id = booth.sell(on_hand=5)
    placed(booth, listing_id, 4, "51600")
    late = booth.order("51600", (listing_id, 4))
    assert (late.status, late["code"], late["available"]) == (409, "stock_short", 1)


def test_without_an_authorisation_the_order_lapses_five_minutes_after_the_quote(booth: Booth) -> None:
    """K2, LI-3 (d): placed five minutes after its quote, it is there for fifteen more; stock and cover are back in one commit."""
    listing_id = booth.sell(on_hand=10)
    quote_id = booth.quote("119000")
    booth.trade.time.at += timedelta(minutes=5)
    order = placed(booth, listing_id, quote_id=quote_id)
    assert left(booth, listing_id) == (0, 10)
    booth.trade.time.at += timedelta(minutes=14, seconds=59)
    ORDERS.catch_up(order["id"], clock.now())
    assert (booth.trade.see(order["id"])["status"], left(booth, listing_id)) == ("agreed", (0, 10))
    booth.trade.time.at += timedelta(seconds=1)
    for _ in range(2):
        ORDERS.catch_up(order["id"], clock.now())
    ended = booth.trade.see(order["id"])
    assert (ended["status"], ended["why"], left(booth, listing_id)) == ("expired", "not_paid", (10, 0))
    assert booth.trade.standing().reserved_minor == 0
    again = booth.order("119000", (listing_id, 10), quote_id=quote_id)
    assert (again.status, again["code"]) == (409, "quote_used")


def test_a_cancelled_order_gives_its_stock_back_once(booth: Booth) -> None:
    """LI-3 (a): 99, 100, 100."""
    listing_id = booth.sell(steps=steps((1, "12900")))
    order = placed(booth, listing_id, 1, "12900")
    assert left(booth, listing_id) == (99, 1)
    pay(booth, order)
    booth.trade.act(order["id"], "cancel", booth.trade.buyer, {})
    refunded = booth.trade.act(order["id"], "cancel", booth.supplier, {})
    assert (refunded["status"], left(booth, listing_id)) == ("refunded", (100, 0))
    again = booth.trade.act(order["id"], "cancel", booth.supplier, {})
    assert (again.status, left(booth, listing_id)) == (409, (100, 0))


def test_parcels_leave_with_customs_numbers_and_their_carrier_delivers_the_order(booth: Booth) -> None:
    listing_id = booth.sell()
    order_id = placed(booth, listing_id)["id"]
    early = booth.trade.ship(order_id, **PARCEL)
    assert early.status == 409
    pay(booth, booth.trade.see(order_id))
    bare = booth.api.post(f"/v1/orders/{order_id}/ship", SHIPMENT | {"tracking_number": "EMS-1"}, booth.supplier)
    assert (bare.status, bare["code"], bare["param"]) == (422, "customs_number_needed", "customs_number")
    sent = booth.trade.ship(order_id, **PARCEL)
    assert (sent["status"], sent["shipments"][0]["incoterm"]) == ("shipped", "DAP")
    assert left(booth, listing_id) == (90, 0)
    for step in ("accepted", "exported", "cleared"):
        assert carrier(booth, order_id, step)["status"] == "shipped"
    again = carrier(booth, order_id, "cleared")
    assert (again.status, again["code"]) == (409, "carrier_step_known")
    unknown = carrier(booth, order_id, "delivered", "EMS-2")
    assert (unknown.status, unknown["code"]) == (404, "parcel_unknown")
    delivered = carrier(booth, order_id, "delivered")
    assert (delivered["status"], delivered["delivered_at"] is not None) == ("delivered", True)
    assert booth.api.post(f"/v1/orders/{order_id}/carrier-events", {}, booth.trade.buyer).status == 403
    timeline = booth.trade.see(order_id, "/timeline")["items"]
    assert [item["kind"] for item in timeline][-4:] == [*["order.carried"] * 3, "order.delivered"]


def test_shipped_goods_are_on_hand_again_when_their_supplier_says_so(booth: Booth) -> None:
    listing_id = booth.sell()
    order = placed(booth, listing_id)
    pay(booth, order)
    booth.trade.ship(order["id"], **PARCEL)
    back = booth.trade.act(order["id"], "take-back", booth.supplier, {"line": 1, "quantity": 2})
    assert (back.status, back["channel"]["goods_back"], left(booth, listing_id)) == (200, {"1": 2}, (92, 0))
    many = booth.trade.act(order["id"], "take-back", booth.supplier, {"line": 1, "quantity": 9})
    assert (many.status, many["code"], many["maximum"]) == (422, "not_that_much_sent", 8)
    assert booth.trade.act(order["id"], "take-back", booth.trade.buyer, {"line": 1, "quantity": 1}).status == 403


def test_terms_of_a_channels_order_are_not_amended(booth: Booth) -> None:
    order = placed(booth, booth.sell())
    body = {"ship_by": {"kind": "fixed", "date": "2026-04-01"}}
    assert booth.trade.act(order["id"], "amend", booth.supplier, body).status == 200
    refused = booth.trade.act(order["id"], "amend", booth.trade.buyer, {"terms": TERMS})
    assert (refused.status, refused["code"]) == (409, "not_in_this_state")


def test_who_is_refused_hears_why(booth: Booth) -> None:
    listing_id = booth.sell()
    lines = [{"listing_id": listing_id, "quantity": 4}]
    path = f"/v1/channels/{booth.channel_id}/orders"
    officer = token("officer", "officer-1", "admin")
    member = {"external_ref": "german", "name": "German GmbH", "country": "DE"}
    german = token("member", booth.api.post("/v1/members", member, officer)["id"])
    elsewhere = booth.order("51600", (listing_id, 4), by=german)
    assert (elsewhere["code"], elsewhere["buyer_markets"]) == ("market_not_served", ["CN"])
    anothers = booth.api.post(path, {"quote_id": booth.quote("51600"), "lines": lines}, german)
    assert (anothers.status, anothers["param"]) == (404, "quote_id")
    own = booth.order("51600", (listing_id, 4), by=booth.supplier)
    assert own["code"] == "own_trade"
    bank = booth.order("51600", (listing_id, 4), methods=["bank_transfer"])
    assert (bank["code"], bank["methods"]) == ("payment_method_not_offered", ["card", "wallet"])
    draft = booth.draft()["id"]
    assert booth.order("51600", (draft, 4)).status == 404
    assert left(booth, listing_id) == (100, 0)


def test_a_membership_that_ends_later_leaves_the_order_as_it_is(booth: Booth) -> None:
    """K5."""
    listing_id = booth.sell()
    order = placed(booth, listing_id)
    pay(booth, order)
    suspend(booth.membership_id)
    sent = booth.trade.ship(order["id"], **PARCEL)
    assert (sent.status, sent["status"]) == (200, "shipped")
    assert booth.order("51600", (listing_id, 4))["code"] == "membership_not_valid"


def test_a_supplier_without_cover_sells_only_to_who_accepts_that(booth: Booth) -> None:
    listing_id = booth.sell(steps=steps((1, "3900000")), on_hand=100)
    for _ in range(34):
        placed(booth, listing_id, 1, "3900000")
    short = booth.order("3900000", (listing_id, 1))
    assert (short.status, short["code"], "maximum" in short.body) == (409, "capacity_exceeded", False)
    assert left(booth, listing_id) == (66, 34)


def test_placing_is_three_reads_and_one_transaction(booth: Booth) -> None:
    listing_id = booth.sell()
    quote_id = booth.quote("51600")
    with calls() as sent:
        placed(booth, listing_id, 4, quote_id=quote_id)
    assert sent == ["BatchGetItem", "GetItem", "BatchGetItem", "TransactWriteItems"]
