"""Whatever is captured, refunded and disputed, the books balance in each currency, and nothing goes back that did not come."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from chalicelib.acquiring.rules.settlement import MACHINE, Context
from chalicelib.ledger.rules.chart import (
    BANK_CLEARING,
    CHANNEL_FEES,
    FX_DIFFERENCE,
    HELD,
    PAYOUTS_PAYABLE,
    REFUNDS_PAYABLE,
    RETURNED_RECEIVABLE,
    UNALLOCATED,
)
from chalicelib.shared.errors import DomainError
from chalicelib.shared.journal import imbalance
from tests.acquiring.sale import PLACED, Sale, order_of

STEPS = some.lists(
    some.tuples(some.sampled_from(("capture", "refund", "open", "won", "lost", "settle")), some.integers(1, 200_000)),
    max_size=12,
)


def step(sale: Sale, name: str, minor: int) -> None:
    """One thing that happens, or is refused."""
    try:
        match name:
            case "capture":
                sale.capture(minor)
            case "refund":
                sale.refund(minor)
            case "open":
                sale.open(minor, ref=f"CB-{len(sale.payment.disputes)}")
            case "settle":
                _settle(sale)
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


@given(price=some.integers(10_000, 3_000_000), steps=STEPS)
def test_money_is_where_the_figures_say(price: int, steps: list[tuple[str, int]]) -> None:
    sale = Sale(order_of(price))
    sale.authorise()
    for name, minor in steps:
        step(sale, name, minor)
    order, payment = sale.order, sale.payment
    assert imbalance(sale.booked) == {}
    assert sale.balance(HELD) == order.held_minor >= 0
    assert sale.balance(UNALLOCATED) == order.unallocated_minor >= 0
    told = [each for change in sale.changes for each in change.event.payment_orders if each.kind == "refund"]
    assert sale.balance(REFUNDS_PAYABLE) == sum(each.amount_minor for each in told) <= payment.counted_minor
    assert payment.refunding_minor + payment.refunded_minor <= payment.captured_minor
    won_or_not = sum(dispute.amount_minor for dispute in payment.disputes if dispute.status != "won")
    assert -sale.balance(BANK_CLEARING) == payment.counted_minor - won_or_not
    fees, net = sale.balance(CHANNEL_FEES, currency="KRW"), sale.balance(PAYOUTS_PAYABLE, currency="KRW")
    assert fees + net == -sale.balance(FX_DIFFERENCE, currency="KRW")
    assert order.channel is not None
    assert 0 <= fees <= order.channel.amounts.fee_minor
    assert 0 <= net <= order.channel.amounts.exporter_minor
    assert sale.balance(RETURNED_RECEIVABLE) <= 0
