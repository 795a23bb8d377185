"""An order of a country channel as a value: its price, its lines, its stock, and how its parcels come."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from chalicelib.channels.rules.channel import Band
from chalicelib.listings.rules.effects import ReserveStock, ReturnStock, SendStock, TakeBackStock
from chalicelib.listings.rules.listing import BelowMinimum, Step
from chalicelib.orders.rules import delivery, placing
from chalicelib.orders.rules.delivery import (
    CarrierStepKnown,
    CustomsNumberNeeded,
    NotThatMuchSent,
    ParcelUnknown,
)
from chalicelib.orders.rules.ending import end
from chalicelib.orders.rules.order import Document, Order, Shipment, ShippedLine
from chalicelib.orders.rules.payments import PaymentReceived, apply, settle
from chalicelib.orders.rules.placing import OneSupplier, OutsideBand, TooManyListings
from chalicelib.orders.rules.timers import MACHINE
from chalicelib.quotes.rules.methods import MethodId, MethodNotOffered
from chalicelib.quotes.rules.methods import Policy as Methods
from chalicelib.quotes.rules.quote import QuoteExpired, QuoteNotForThat
from chalicelib.shared import fx, policies
from chalicelib.shared.state_machine import Effect
from chalicelib.suppliers.rules.effects import ReserveCover
from tests.listings.offered import NOW, published
from tests.orders.placed import POLICY, listing, place

METHODS = policies.versions("payment-methods")[-1].read_as(Methods).methods
THREE = {name: listing(name, 4_020) for name in ("lst_1", "lst_2", "lst_3")}


def stock(effects: tuple[Effect, ...]) -> list[Effect]:
    """What a change does to the stock of listings."""
    return [each for each in effects if type(each).__name__.endswith("Stock")]


def funded(quantity: int = 10) -> Order:
    """An order of so many shirts, paid in whole."""
    order = place({"lst_1": listing("lst_1", 10_000)}, {"lst_1": quantity}, str(10_000 * quantity)).state
    paid = replace(order, received_minor=order.due_minor)
    return settle(order, paid, "payment.received", NOW).state


def parcel(number: str = "EMS-1", *lines: tuple[int, int], customs_number: str = "KR-1") -> Shipment:
    return Shipment(
        carrier="EMS",
        tracking_number=number,
        documents=(Document(kind="courier_receipt", reference="R-1"),),
        lines=tuple(ShippedLine(line=line, quantity=quantity) for line, quantity in lines),
        at=NOW,
        customs_number=customs_number,
    )


def test_the_order_is_worked_out_once_and_its_lines_are_a_split_of_it() -> None:
    """AC-1: three lines of KRW 4,020 come to CNY 61.82, not 61.83; the exporter gets KRW 11,758."""
    order = place(THREE, dict.fromkeys(THREE, 1), "12060").state
    assert [item.amount_minor for item in order.terms.items] == [2061, 2061, 2060]
    assert (order.terms.currency, order.terms.total_minor, order.due_minor) == ("CNY", 6182, 6182)
    assert order.channel is not None
    assert (order.channel.amounts.fee_minor, order.channel.amounts.exporter_minor) == (302, 11_758)
    assert (order.channel.settlement_currency, order.channel.rate) == ("KRW", "0.0051")


def test_placing_agrees_reserves_stock_and_cover_and_uses_the_quote_in_one_change() -> None:
    change = place({"lst_1": published()}, {"lst_1": 10}, "90000")
    order = change.state
    assert (order.status, order.agreed_at, order.pay_due_at) == ("agreed", NOW, NOW + timedelta(minutes=20))
    assert stock(change.effects) == [ReserveStock(listing_id="lst_1", quantity=10, offer=1)]
    assert isinstance(change.effects[0], ReserveCover)
    (quote,) = change.also
    assert (quote.status, quote.order_id) == ("used", "ord_1")  # type: ignore[attr-defined]
    assert set(change.effects[0].postings) <= set(change.event.postings)
    assert order.channel is not None
    assert [(line.offer, line.step, line.price_minor) for line in order.channel.lines] == [(1, 10, 9_000)]


def test_lines_of_one_listing_are_added_before_the_step_is_chosen() -> None:
    """LI-1: 6 and 4 of a ladder 1: 1,000; 10: 900; minimum 10."""
    shirts = {"lst_1": published(steps=(Step(1, 1_000), Step(10, 900)), minimum_quantity=10)}
    [lot] = placing.lots_of(shirts, [("lst_1", 6), ("lst_1", 4)])
    assert (lot.quantity, lot.price_minor) == (10, 9_000)
    assert place(shirts, {"lst_1": 10}, "9000").state.channel is not None
    with pytest.raises(BelowMinimum):
        place(shirts, {"lst_1": 9}, "8100")


def test_an_order_has_one_supplier_and_a_few_listings() -> None:
    other = replace(listing("lst_2", 1), supplier_id="mem_9")
    with pytest.raises(OneSupplier):
        placing.lots_of({"lst_1": published(), "lst_2": other}, [("lst_1", 1), ("lst_2", 1)])
    with pytest.raises(TooManyListings) as refused:
        placing.lots_of({}, [(f"lst_{number}", 1) for number in range(7)])
    assert refused.value.numbers["maximum"] == 6


def test_the_quote_is_of_exactly_that_price_and_in_time() -> None:
    shirts = {"lst_1": published()}
    with pytest.raises(QuoteNotForThat):
        place(shirts, {"lst_1": 9}, "90001")
    with pytest.raises(QuoteExpired):
        place(shirts, {"lst_1": 9}, "90000", NOW - timedelta(minutes=15))
    assert place(shirts, {"lst_1": 9}, "90000", NOW - timedelta(minutes=15, milliseconds=-1)).state.status == "agreed"


@pytest.mark.parametrize(
    ("price", "pays", "is_taken"),
    [("9753", 4999, False), ("9754", 5000, True), ("3902058", 2_000_000, True), ("3902059", 2_000_001, False)],
)
def test_the_band_is_compared_with_what_the_buyer_pays(price: str, pays: int, is_taken: bool) -> None:
    """CH-1: at the bare rate 9,754 would be 49.75."""
    order = place({"lst_1": listing("lst_1", int(price))}, {"lst_1": 1}, price).state
    assert order.terms.total_minor == pays
    band, yuan = Band(currency="CNY", least_minor=5_000, most_minor=2_000_000), fx.quote("CNY", date(2026, 3, 2))
    if is_taken:
        placing.must_lie_within(band, pays, "CNY", yuan, yuan)
    else:
        with pytest.raises(OutsideBand) as refused:
            placing.must_lie_within(band, pays, "CNY", yuan, yuan)
        assert {"pays", "minimum", "maximum"} <= set(refused.value.numbers)


def test_the_methods_are_those_both_agree_to() -> None:
    assert placing.methods_of(METHODS, [], covered=True) == ("card", "wallet")
    assert placing.methods_of(METHODS, ["wallet"], covered=True) == ("wallet",)
    with pytest.raises(MethodNotOffered) as refused:
        placing.methods_of(METHODS, ["bank_transfer"], covered=True)
    assert refused.value.numbers["methods"] == ["card", "wallet"]
    uncovered = [replace(method, with_cover=False) for method in METHODS]
    with pytest.raises(MethodNotOffered):
        placing.methods_of(uncovered, [], covered=True)


def test_nobody_authorises_and_stock_and_cover_are_back_in_the_same_change() -> None:
    """K2: five minutes after the quote's end."""
    order = place({"lst_1": published()}, {"lst_1": 10}, "90000").state
    due = MACHINE.due(order, POLICY)
    assert due is not None
    assert due.at == NOW + timedelta(minutes=20)
    lapse = due.fire(order, POLICY)
    assert (lapse.state.status, lapse.state.why) == ("expired", "not_paid")
    assert stock(lapse.effects) == [ReturnStock(listing_id="lst_1", quantity=10)]
    assert lapse.state.cover_usd_minor == 0


def test_what_was_shipped_has_left_and_what_was_not_comes_back_once() -> None:
    first = delivery.ship(funded(), parcel("EMS-1", (1, 6)), POLICY, NOW)
    assert stock(first.effects) == [SendStock(listing_id="lst_1", quantity=6)]
    given_up = delivery.close_shipment(first.state, POLICY, NOW)
    assert stock(given_up.effects) == [ReturnStock(listing_id="lst_1", quantity=4)]
    whole = delivery.ship(first.state, parcel("EMS-2"), POLICY, NOW)
    assert stock(whole.effects) == [SendStock(listing_id="lst_1", quantity=4)]
    received = delivery.receive(whole.state, POLICY, NOW)
    assert stock(received.effects) == []
    assert stock(delivery.complete(received.state, POLICY, NOW).effects) == []


def test_a_cancelled_order_gives_back_what_it_reserved() -> None:
    order = place({"lst_1": published()}, {"lst_1": 1}, "10000").state
    assert stock(end(order, "cancel", "cancelled", NOW).effects) == [ReturnStock(listing_id="lst_1", quantity=1)]


def test_shipped_goods_are_on_hand_again_when_the_supplier_says_so_and_never_more_than_left() -> None:
    sent = delivery.ship(funded(), parcel(), POLICY, NOW).state
    back = delivery.take_back(sent, 1, 3, NOW)
    assert stock(back.effects) == [TakeBackStock(listing_id="lst_1", quantity=3)]
    with pytest.raises(NotThatMuchSent) as refused:
        delivery.take_back(back.state, 1, 8, NOW)
    assert refused.value.numbers["maximum"] == 7
    rest = delivery.take_back(back.state, 1, 7, NOW)
    assert stock(rest.effects) == [TakeBackStock(listing_id="lst_1", quantity=7)]
    assert "take-back" not in MACHINE.table.allowed(rest.state, "supplier", POLICY, NOW)


def test_a_parcel_has_a_customs_number_and_goes_by_the_terms_of_the_order() -> None:
    with pytest.raises(CustomsNumberNeeded):
        delivery.ship(funded(), parcel(customs_number=""), POLICY, NOW)
    sent = delivery.ship(funded(), parcel(), POLICY, NOW)
    assert sent.state.shipments[0].incoterm == "DAP"
    assert sent.event.payload["customs_number"] == "KR-1"


def test_the_last_parcel_a_carrier_delivers_delivers_the_order() -> None:
    part = delivery.ship(funded(), parcel("EMS-1", (1, 6)), POLICY, NOW).state
    order = delivery.ship(part, parcel("EMS-2"), POLICY, NOW).state
    cleared = delivery.carried(order, "EMS-1", "cleared", "R-1", POLICY, NOW)
    assert (cleared.state.status, cleared.state.shipments[0].carried) == ("shipped", ("cleared",))
    first = delivery.carried(cleared.state, "EMS-1", "delivered", "R-2", POLICY, NOW).state
    assert first.status == "shipped"
    last = delivery.carried(first, "EMS-2", "delivered", "R-3", POLICY, NOW)
    assert (last.state.status, last.event.kind) == ("delivered", "order.delivered")
    assert last.state.receipt_due_at == order.receipt_due_at
    returned = delivery.carried(last.state, "EMS-2", "returned", "R-4", POLICY, NOW).state
    assert (returned.status, returned.shipments[1].carried) == ("delivered", ("delivered", "returned"))
    with pytest.raises(CarrierStepKnown):
        delivery.carried(returned, "EMS-2", "returned", "R-4", POLICY, NOW)
    with pytest.raises(ParcelUnknown):
        delivery.carried(returned, "EMS-3", "returned", "R-4", POLICY, NOW)


@pytest.mark.parametrize(("methods", "status"), [(("card", "wallet"), "agreed"), (("bank_transfer", "card"), "funded")])
def test_a_bank_transfer_pays_an_order_whose_terms_name_it(methods: tuple[MethodId, ...], status: str) -> None:
    order = place({"lst_1": listing("lst_1", 10_000)}, {"lst_1": 10}, "100000").state
    assert order.channel is not None
    order = replace(order, channel=replace(order.channel, methods=methods))
    fact = PaymentReceived(
        bank_id="boc",
        bank_ref="R-1",
        seq=1,
        account="TA-CNY-01",
        value_date=NOW.date(),
        amount_minor=order.due_minor,
        currency="CNY",
    )
    change = apply(order, fact, designated=True, policy=POLICY, now=NOW)
    assert (change.state.status, change.aside is None) == (status, status == "funded")
