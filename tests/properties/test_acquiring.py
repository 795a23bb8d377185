"""Whatever the terms, and whatever is captured, refunded and disputed: the books balance in each currency, and nothing goes back that did not come."""

from __future__ import annotations

from itertools import product
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as some
from msgspec.structs import replace

from chalicelib.acquiring.rules.settlement import MACHINE, Context
from chalicelib.ledger.rules.chart import (
    ACQUIRING_COSTS,
    BANK_CLEARING,
    CHANNEL_FEES,
    FX_DIFFERENCE,
    HELD,
    PAYOUTS_PAYABLE,
    REFUNDS_PAYABLE,
    RETURNED_RECEIVABLE,
    SUSPENSE,
    UNALLOCATED,
)
from chalicelib.shared.errors import DomainError
from chalicelib.shared.journal import imbalance
from tests.acquiring.sale import PLACED, SHIPPED, Deal, Sale, order_of

STEPS = some.lists(
    some.tuples(
        some.sampled_from(("capture", "refund", "open", "won", "lost", "settle", "stop", "leave")),
        some.integers(1, 200_000),
    ),
    max_size=14,
)
DEALS = some.builds(
    Deal,
    price=some.integers(10_000, 3_000_000),
    rate=some.sampled_from(("0.0051", "0.005", "0.0060606", "0.00499999", "0.0123")),
    spread_bp=some.integers(0, 500),
    fee_bp=some.integers(0, 10_000),
)


class Refunds:
    """The refunds of the order and the stops that hold them back, as a bank carries them out: how much is left of each."""

    def __init__(self, sale: Sale) -> None:
        self.sale, self.heard, self.gone_minor = sale, 0, 0
        self.left: list[list[Any]] = []
        self.stops: list[list[Any]] = []

    def hear(self) -> None:
        told = [each for change in self.sale.changes[self.heard :] for each in change.event.payment_orders]
        self.heard = len(self.sale.changes)
        for each in told:
            if each.aggregate_id == self.sale.order.id:
                (self.left if each.kind == "refund" else self.stops).append([each, each.amount_minor])

    def stop(self) -> None:
        self.hear()
        for stop, refund in product(self.stops, self.left):
            if stop[0].bank_ref == refund[0].bank_ref and (minor := min(stop[1], refund[1])):
                self.sale.held_back(stop[0], minor)
                stop[1], refund[1] = stop[1] - minor, refund[1] - minor
        if self.heard < len(self.sale.changes):
            self.stop()

    def leave(self) -> None:
        self.hear()
        for refund in self.left:
            if refund[1]:
                self.sale.left(replace(refund[0], amount_minor=refund[1]))
                self.gone_minor, refund[1] = self.gone_minor + refund[1], 0
                return


def step(sale: Sale, refunds: Refunds, name: str, minor: int) -> None:
    """One thing that happens, or is refused."""
    try:
        match name:
            case "capture":
                items = sale.items
                sale.capture(minor)
                if sale.items > items:
                    sale.give_back(sale.items)
            case "refund":
                sale.refund(minor)
            case "open":
                sale.open(minor, ref=f"CB-{len(sale.payment.disputes)}")
            case "settle":
                _settle(sale)
            case "stop":
                _stop(sale)
                refunds.stop()
            case "leave":
                refunds.leave()
            case _:
                sale.decide(name, ref=f"CB-{minor % (len(sale.payment.disputes) or 1)}")
    except DomainError:
        return


def _settle(sale: Sale) -> None:
    if sale.settlement is None:
        return
    for change in MACHINE.overdue(sale.settlement, Context(order=sale.order), PLACED.replace(year=2027)):
        sale.booked += change.event.postings
        sale.settlement = change.state
        for other in change.also:
            sale.order = other  # type: ignore[assignment]


def _stop(sale: Sale) -> None:
    """What is owed back of items both ways is held back."""
    for number in range(1, sale.items + 1):
        item = f"bev_{number}"
        twice = min(sale.balance(REFUNDS_PAYABLE, item), -sale.balance(RETURNED_RECEIVABLE, item))
        sale.stopped(number, max(0, twice))


@given(deal=DEALS, steps=STEPS)
@example(deal=Deal(), steps=[("capture", 60_000), ("refund", 60_000), ("open", 60_000), ("stop", 1), ("won", 0)])
def test_money_is_where_the_figures_say(deal: Deal, steps: list[tuple[str, int]]) -> None:
    sale = Sale(order_of(deal=deal), SHIPPED)
    refunds = Refunds(sale)
    sale.authorise()
    for name, minor in steps:
        step(sale, refunds, name, minor)
    _stop(sale)
    refunds.stop()
    order, payment = sale.order, sale.payment
    assert imbalance(sale.booked) == {}
    assert sale.balance(HELD) == order.held_minor >= 0
    assert sale.balance(UNALLOCATED) == order.unallocated_minor >= 0
    assert sale.balance(SUSPENSE) == 0
    waiting = sum(minor for _, minor in refunds.left)
    assert sale.balance(REFUNDS_PAYABLE, order.id) == waiting
    assert sale.balance(RETURNED_RECEIVABLE, order.id) == payment.stopped_minor - payment.twice_minor <= 0
    given_back = sum(paid.refunded_minor for paid in order.payments)
    assert refunds.gone_minor + waiting + payment.stopped_minor == given_back <= payment.counted_minor
    assert payment.refunding_minor + payment.refunded_minor + payment.refundable_minor <= payment.captured_minor
    _items_are_owed_what_is_not_disputed(sale)
    standing = sum(dispute.amount_minor for dispute in payment.disputes if dispute.status != "won")
    kept = -sale.balance(ACQUIRING_COSTS)
    assert -sale.balance(BANK_CLEARING) == payment.captured_minor - standing - kept - refunds.gone_minor
    assert 0 <= kept <= payment.counted_minor
    _exporter_and_channel_share_the_price(sale)
    assert sale.balance(RETURNED_RECEIVABLE) <= 0


def _items_are_owed_what_is_not_disputed(sale: Sale) -> None:
    """Of a capture that its order did not take the buyer is owed what its bank has not taken: no more, and no less."""
    for capture in sale.payment.captures:
        if capture.is_aside:
            assert 0 <= capture.disputed_minor <= capture.amount_minor
            owed, receivable = (
                sale.balance(account, capture.event_id) for account in (REFUNDS_PAYABLE, RETURNED_RECEIVABLE)
            )
            assert (owed, receivable) == (capture.amount_minor - capture.disputed_minor, 0)


def _exporter_and_channel_share_the_price(sale: Sale) -> None:
    fees, net = sale.balance(CHANNEL_FEES, currency="KRW"), sale.balance(PAYOUTS_PAYABLE, currency="KRW")
    assert fees + net == -sale.balance(FX_DIFFERENCE, currency="KRW")
    assert sale.order.channel is not None
    assert 0 <= fees <= sale.order.channel.amounts.fee_minor
    assert 0 <= net <= sale.order.channel.amounts.exporter_minor
