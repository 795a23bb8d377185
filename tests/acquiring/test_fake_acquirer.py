"""The acquirer to develop against: whatever its messages' way, the service's books are the same."""

from __future__ import annotations

import pytest

from infra.local.fake_acquirer.core import Acquirer
from infra.local.fake_bank import mischief
from infra.local.fake_bank.core import Event
from tests.acquiring.till import Till, books, booth, till
from tests.world import token

__all__ = ["booth", "till"]


def heard(till: Till, acquirer: Acquirer, payment_id: str) -> list[Event]:
    """What it does when it hears of a payment, as it is told by a message of its feed."""
    money = till.payment(payment_id)["money"]
    return acquirer.hear("payment.requested", {"payment_id": payment_id, "money": money}, till.time.at)


@pytest.mark.parametrize("ways", [(), ("twice",), ("shuffled", "twice"), ("late",)])
def test_a_buyer_pays_at_once_and_in_whichever_way_that_is_told_it_counts_once(
    till: Till, ways: tuple[str, ...]
) -> None:
    order_id = till.ordered()
    events = heard(till, Acquirer("alipay"), till.pay(order_id))
    for name, event in mischief.order(events, ways, seed=7):
        body = {"type": event.type, "data": event.data, "id": name}
        path = "/v1/sandbox/banks/alipay/events"
        assert till.booth.api.post(path, body, token("officer", "o", "admin")).status in (200, 202)
        till.streams()
    assert till.order(order_id)["status"] == "funded"
    assert books("CNY") == {"bank_clearing": -66_119, "held": 66_119}


def test_it_can_be_told_to_hold_decline_let_go_and_charge_back(till: Till) -> None:
    acquirer = Acquirer("alipay", hold=True)
    order_id = till.ordered()
    first, second = till.pay(order_id), till.pay(order_id)
    assert [*heard(till, acquirer, first), *heard(till, acquirer, second)] == []
    now = till.time.at
    told = [
        *acquirer.fail(first, now),
        *acquirer.authorise(second, now),
        *acquirer.capture(second, now),
        *acquirer.cancel(second, now),
        *acquirer.dispute(second, "CB-1", "661.19", now),
        *acquirer.decide(second, "CB-1", "won", now),
    ]
    assert [event.type for event in told] == [
        "payment.failed",
        "payment.authorised",
        "payment.captured",
        "chargeback.opened",
        "chargeback.won",
    ]
    for event in told:
        till.send(event.type, event.data)
    assert [till.payment(each)["status"] for each in (first, second)] == ["failed", "captured"]
    assert till.payment(second)["disputes"][0]["status"] == "won"
    assert acquirer.books(now.date()) == {
        first: {"state": "failed", "captured": 0, "disputes": {}},
        second: {"state": "captured", "captured": 66_119, "disputes": {"CB-1": "won"}},
    }


def test_what_is_asked_of_it_stands_in_its_feed(till: Till) -> None:
    payment_id = till.pay(till.ordered())
    till.streams()
    assert till.told() == [
        ("payment.requested", {"payment_id": payment_id, "money": {"amount": "661.19", "currency": "CNY"}})
    ]
    till.booth.api.post(f"/v1/payments/{payment_id}/cancel", None, till.booth.trade.buyer)
    till.streams()
    assert till.told()[-1] == ("payment.cancel_requested", {"payment_id": payment_id})
