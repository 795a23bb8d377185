"""The conformance kit with acquirers: the fake one and our service keep to the protocol in all four orders, and who does not is found out."""

from __future__ import annotations

import pytest

from infra.local.bank_kit import selling
from infra.local.bank_kit.acquirer import Shop, play
from infra.local.bank_kit.platform import ORDERS
from infra.local.bank_kit.service import WAYS
from infra.local.fake_acquirer.core import Acquirer
from infra.local.fake_acquirer.server import FakeAcquirer
from infra.local.fake_bank import mischief
from tests.acquiring.till import Till, booth, till
from tests.banks import conformance
from tests.banks.conformance import SECRET, TODAY
from tests.world import token

__all__ = ["booth", "till"]


def tried(order: str, *ways: str) -> tuple[list[str], bool]:
    """What was wrong with the fake acquirer, and whether its books are what it told."""
    wrong, is_told, mirror = conformance.tried(Shop(SECRET), FakeAcquirer, play, order, *ways)
    assert {payment["state"] for payment in mirror.values()} == {"captured", "cancelled", "failed"}
    return wrong, is_told


@pytest.mark.parametrize("order", ORDERS)
def test_the_fake_acquirer_keeps_to_the_protocol_in_every_order(order: str) -> None:
    assert tried(order) == ([], True)


def test_one_that_sends_late_twice_and_shuffled_keeps_to_it_and_one_that_contradicts_itself_is_found_out() -> None:
    assert tried("ordered", "late", "twice", "shuffled") == ([], True)
    wrong, _ = tried("ordered", "contradictory")
    assert any("is two events" in each for each in wrong)


@pytest.mark.parametrize("order", ORDERS)
def test_our_service_keeps_to_the_protocol_in_every_order(till: Till, order: str) -> None:
    """A payment in two captures, and two disputes: however its events come, our figures are the acquirer's books."""
    payment_id, now = till.pay(till.ordered()), till.time.at
    acquirer = Acquirer("alipay", hold=True)
    acquirer.hear("payment.requested", {"payment_id": payment_id, "money": till.payment(payment_id)["money"]}, now)
    events = selling.life(acquirer, payment_id, now)
    for name, event in mischief.order(events, WAYS[order], seed=7):
        till.booth.api.post(
            "/v1/sandbox/banks/alipay/events",
            {"type": event.type, "data": event.data, "id": name},
            token("officer", "o", "admin"),
        )
    till.streams()
    assert selling.book_shown(till.payment(payment_id).body) == acquirer.books(TODAY)[payment_id]
