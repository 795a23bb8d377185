"""Bank events from the inbox to their one effect."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from pynamodb.connection.base import Connection
from pynamodb.exceptions import PutError

import app
from chalicelib.bank_events.declared import BANK_EVENTS
from chalicelib.dead_letters.jobs import try_due
from chalicelib.orders.rules.payments import PaymentReceived
from chalicelib.orders.service import commands as orders_commands
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.errors import Unavailable
from tests.bank_events.conftest import Bank, books, payment, sweep
from tests.trade import Trade
from tests.world import Api, StandingClock, Streams, token

NO_ORDER = "ord_00000000000000000000000000"


def test_a_payment_reaches_the_order_it_names(bank: Bank, trade: Trade, streams: Streams) -> None:
    order_id = trade.agree()
    event_id = bank.pay(order_id, "1500.00", 1)
    assert bank.status(event_id) == "received"
    streams()
    assert trade.see(order_id)["status"] == "funded"
    assert bank.event(event_id)["order_id"] == order_id
    assert bank.status(event_id) == "applied"
    assert books() == {"bank_clearing:boc": 150_000, f"held:{order_id}": -150_000}


def test_a_record_that_comes_again_does_nothing(bank: Bank, trade: Trade, streams: Streams) -> None:
    order_id = trade.agree()
    bank.pay(order_id, "1500.00", 1)
    streams()
    before = trade.see(order_id).body
    for _ in range(3):
        Streams()()
    assert trade.see(order_id).body == before
    assert books() == {"bank_clearing:boc": 150_000, f"held:{order_id}": -150_000}


def test_early_events_are_parked_and_applied_in_order_when_the_gap_fills(
    bank: Bank, trade: Trade, streams: Streams
) -> None:
    order_id = trade.agree()
    third = bank.pay(order_id, "500.00", 3)
    second = bank.pay(order_id, "1000.00", 2)
    streams()
    assert sorted(bank.listed("parked")) == sorted([second, third])
    shown = bank.event(third)
    assert (shown["reason"], shown["seq"], shown["owner"], shown["overdue"]) == ("too_early", 3, "officer", False)
    assert shown["deadlines"] == [
        {
            "name": "gap",
            "due_at": "2026-03-05T02:15:00Z",
            "owner": "officer",
            "default_outcome": "suspense",
            "by_clock": True,
        }
    ]
    assert books() == {}
    first = bank.pay(order_id, "1500.00", 1)
    streams()
    assert [bank.status(event) for event in (first, second, third)] == ["applied"] * 3
    assert bank.listed("parked") == []
    assert trade.see(order_id, "/money")["received"]["amount"] == "3000.00"


def test_a_gap_that_was_filled_unseen_is_found_by_the_schedule(
    bank: Bank, trade: Trade, time: StandingClock, streams: Streams, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = trade.agree()
    second = bank.pay(order_id, "1000.00", 2)
    streams()
    with monkeypatch.context() as late_index:
        late_index.setattr("chalicelib.banks.records.inbox.ids_parked", lambda bank_id, order_id: [])
        bank.pay(order_id, "500.00", 1)
        streams()
    assert bank.status(second) == "parked"
    assert sweep(time.advance(minutes=4)) == 0
    assert sweep(time.advance(minutes=1)) == 1
    assert bank.status(second) == "applied"


def test_money_for_no_order_waits_in_suspense_with_a_reason_and_an_owner(bank: Bank, streams: Streams) -> None:
    event_id = bank.pay(NO_ORDER, "12.34", 1)
    streams()
    shown = bank.event(event_id)
    assert (shown["status"], shown["reason"], shown["owner"]) == ("suspense", "not_found", "officer")
    assert shown["money"] == {"amount": "12.34", "currency": "USD"}
    assert shown["allowed_actions"] == ["allocate", "return"]
    assert shown["deadlines"][0]["default_outcome"] == "returned"
    assert bank.listed("suspense") == [event_id]
    assert books() == {"bank_clearing:boc": 1234, f"suspense:{event_id}": -1234}
    Streams()()
    assert books() == {"bank_clearing:boc": 1234, f"suspense:{event_id}": -1234}


def test_suspended_money_is_owed_back_once(bank: Bank, api: Api, officer: str, streams: Streams) -> None:
    event_id = bank.pay(NO_ORDER, "12.34", 1)
    streams()
    endpoint = f"/v1/bank-events/{event_id}/return"
    assert api.post(endpoint, by=token("member", "mem_00000000000000000000000001")).status == 403
    first = api.post(endpoint, by=officer, key="k")
    assert (first.status, first["status"], first["version"]) == (200, "returned", 2), first.body
    assert api.post(endpoint, by=officer, key="k").raw == first.raw
    again = api.post(endpoint, by=officer)
    assert (again.status, again["code"]) == (409, "not_in_suspense")
    Streams()()
    assert bank.listed("suspense") == []
    assert books() == {"bank_clearing:boc": 1234, f"refunds_payable:{event_id}": -1234}


def test_what_waits_too_long_has_its_default_outcome(
    bank: Bank, trade: Trade, time: StandingClock, streams: Streams
) -> None:
    order_id = trade.agree()
    event_id = bank.pay(order_id, "1500.00", 2)
    streams()
    assert BANK_EVENTS.next_due() == time.at + timedelta(minutes=5), "once, in case the gap was filled unseen"
    assert sweep(time.advance(minutes=5)) == 1
    assert BANK_EVENTS.next_due() == time.at + timedelta(hours=71, minutes=55)
    assert sweep(time.advance(hours=71, minutes=54)) == 0
    time.advance(minutes=1)
    assert bank.event(event_id)["overdue"]
    assert sweep(time.at) == 1
    shown = bank.event(event_id)
    assert (shown["status"], shown["reason"]) == ("suspense", "gap_not_filled")
    time.advance(days=30)
    assert bank.event(event_id)["allowed_actions"] == []
    assert sweep(time.at) == 1
    assert (sweep(time.at), BANK_EVENTS.next_due()) == (0, None)
    assert bank.status(event_id) == "returned"
    assert books() == {"bank_clearing:boc": 150_000, f"refunds_payable:{event_id}": -150_000}


@pytest.mark.parametrize(
    ("kind", "changes", "reason", "booked"),
    [
        ("payment.received", {"seq": "1"}, "bad_field", 150_000),
        ("payment.received", {"order_id": None}, "bad_field", 150_000),
        ("payment.received", {"bank_ref": "R-1\n"}, "bad_field", 150_000),
        ("payment.received", {"surprise": 1}, "not_found", 150_000),
        ("payment.received", {"money": {"amount": 1500, "currency": "usd", "batch": 7}}, "bad_field", 150_000),
        ("payment.received", {"fees": {"amount": "1.00", "currency": "EUR"}}, "unfit", 150_000),
        ("payment.returned", {"remitter": "x" * 999}, "bad_field", -150_000),
        ("deposit.received", {}, "bad_field", 150_000),
        ("refund.settled", {}, "bad_field", -150_000),
        ("refund.failed", {}, "bad_field", 0),
        ("shares.issued", {}, "unknown_event_type", 0),
        ("payment.received", {"money": {"amount": "1,500", "currency": "USD"}}, "bad_field", 0),
        ("payment.received", {"money": {"amount": "0.00", "currency": "USD"}}, "malformed", 0),
        ("payment.received", {"money": {"amount": "1500.00", "currency": "XXX"}}, "unknown_currency", 0),
        ("payment.received", {"money": 1500}, "bad_field", 0),
    ],
)
def test_what_cannot_be_understood_is_shown_and_its_money_is_not_lost(
    bank: Bank, streams: Streams, kind: str, changes: dict[str, Any], reason: str, booked: int
) -> None:
    event_id = bank.tell(kind, payment(NO_ORDER, "1500.00", 1) | changes)
    streams()
    status = "suspense" if booked else "refused"
    assert (bank.status(event_id), bank.event(event_id)["reason"]) == (status, reason)
    assert bank.listed(status) == [event_id]
    assert books() == ({"bank_clearing:boc": booked, f"suspense:{event_id}": -booked} if booked else {})


def test_what_a_bank_adds_to_a_message_is_kept_and_the_payment_is_booked(
    bank: Bank, trade: Trade, streams: Streams
) -> None:
    order_id = trade.agree()
    money = {"amount": "1500.00", "currency": "USD", "amount_in_words": "one thousand five hundred"}
    event_id = bank.pay(order_id, "1500.00", 1, money=money, branch={"city": "Shanghai"})
    streams()
    shown = bank.event(event_id)
    assert (shown["status"], "one thousand five hundred" in shown["payload"]) == ("applied", True)
    assert books() == {"bank_clearing:boc": 150_000, f"held:{order_id}": -150_000}


def test_a_payment_told_of_twice_under_two_names_is_booked_once(bank: Bank, trade: Trade, streams: Streams) -> None:
    order_id = trade.agree()
    bank.pay(order_id, "1500.00", 1)
    streams()
    again = bank.pay(order_id, "1500.00", 1)
    streams()
    assert (bank.status(again), bank.event(again)["reason"]) == ("refused", "duplicate_notice")
    assert books() == {"bank_clearing:boc": 150_000, f"held:{order_id}": -150_000}


@pytest.mark.parametrize("bank_ref", ["R-1", "R-unknown"], ids=["counts", "lies in suspense"])
@pytest.mark.parametrize("again", [2, 3])
def test_a_return_told_of_twice_under_two_names_is_booked_once(
    bank: Bank, trade: Trade, streams: Streams, bank_ref: str, again: int
) -> None:
    """A payment is taken back in parts, and each part may be told of again."""
    order_id = trade.agree()
    bank.pay(order_id, "1500.00", 1)
    parts = {
        seq: payment(order_id, amount, seq) | {"bank_ref": bank_ref, "reason": "recalled"}
        for seq, amount in ((2, "500.00"), (3, "300.00"))
    }
    for part in parts.values():
        bank.tell("payment.returned", part)
    streams()
    booked = books()
    assert booked["bank_clearing:boc"] == 70_000
    told_again = bank.tell("payment.returned", parts[again])
    other = bank.tell("payment.returned", parts[again] | {"money": {"amount": "1.00", "currency": "USD"}})
    streams()
    assert (bank.status(told_again), bank.event(told_again)["reason"]) == ("refused", "duplicate_notice")
    assert (bank.status(other), bank.event(other)["reason"]) == ("suspense", "bank_event_seq_spent")
    assert books() == booked | {"bank_clearing:boc": 69_900, f"suspense:{other}": 100}


def test_another_payment_under_a_spent_number_goes_to_suspense(bank: Bank, trade: Trade, streams: Streams) -> None:
    order_id = trade.agree()
    bank.pay(order_id, "1500.00", 1)
    streams()
    other = bank.pay(order_id, "20.00", 1, bank_ref="R-other")
    streams()
    assert (bank.status(other), bank.event(other)["reason"]) == ("suspense", "bank_event_seq_spent")


def test_what_a_bank_takes_back_of_no_payment_of_ours_is_booked_too(
    bank: Bank, time: StandingClock, streams: Streams
) -> None:
    event_id = bank.tell("payment.returned", payment(NO_ORDER, "12.34", 1) | {"reason": "recalled"})
    streams()
    assert bank.event(event_id)["allowed_actions"] == ["allocate", "return"]
    assert bank.event(event_id)["deadlines"][0]["default_outcome"] == "claimed_back"
    assert books() == {"bank_clearing:boc": -1234, f"suspense:{event_id}": 1234}
    time.advance(days=31)
    assert bank.event(event_id)["overdue"]
    assert (sweep(time.at), BANK_EVENTS.next_due()) == (1, None)
    assert bank.status(event_id) == "claimed_back"
    assert books() == {"bank_clearing:boc": -1234, f"returned_receivable:{event_id}": 1234}


def test_a_payment_charged_back_leaves_the_order(bank: Bank, trade: Trade, streams: Streams) -> None:
    order_id = trade.agree()
    bank.pay(order_id, "1500.00", 1)
    back = payment(order_id, "1500.00", 2) | {"bank_ref": "R-1", "reason": "recalled"}
    bank.tell("payment.returned", back)
    streams()
    assert trade.see(order_id)["status"] == "agreed"
    assert books() == {}


def test_a_fault_of_ours_sets_one_event_aside_and_the_others_go_on(
    bank: Bank, trade: Trade, streams: Streams, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = trade.agree()
    works = orders_commands.apply_bank_fact

    def fails_for_one(asked: str, fact: Any, request: Any, **more: Any) -> StoredResponse:
        return works(asked, fact, request, **more) if asked == order_id else 1 // 0  # type: ignore[return-value]

    monkeypatch.setattr(orders_commands, "apply_bank_fact", fails_for_one)
    poison, good = bank.pay(NO_ORDER, "10.00", 1, bank_ref="R-0"), bank.pay(order_id, "1500.00", 1)
    streams()
    assert (bank.status(poison), bank.event(poison)["reason"]) == ("suspense", "internal")
    assert bank.status(good) == "applied"


@pytest.mark.parametrize("failure", [Unavailable("later"), PutError("the store is away")])
def test_what_the_store_cannot_take_now_comes_again(
    bank: Bank, trade: Trade, streams: Streams, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    order_id = trade.agree()
    event_id = bank.pay(order_id, "1500.00", 1)

    def fails(*_: Any, **__: Any) -> StoredResponse:
        raise failure

    with monkeypatch.context() as away:
        away.setattr(orders_commands, "apply_bank_fact", fails)
        answer = app.bank_events_changed({"Records": streams.records("bank-events")}, None)
        assert answer == {"batchItemFailures": []}
    assert bank.status(event_id) == "received"
    assert try_due(trade.time.at) == 0, "its pause is not over"
    assert try_due(trade.time.advance(minutes=1)) == 1
    assert bank.status(event_id) == "applied"


def test_the_fact_tells_what_arrived_and_what_banks_kept(
    bank: Bank, streams: Streams, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[PaymentReceived] = []
    monkeypatch.setattr(orders_commands, "apply_bank_fact", lambda order_id, fact, request, **more: told.append(fact))
    bank.pay(NO_ORDER, "1478.00", 1, fees={"amount": "22.00", "currency": "USD"})
    streams()
    assert told[0] == PaymentReceived(
        bank_id="boc",
        bank_ref="R-1",
        seq=1,
        account="TA-USD-01",
        value_date=date(2026, 3, 2),
        amount_minor=147_800,
        currency="USD",
        fees_minor=2_200,
        remitter="ACME GmbH",
    )


def test_a_payment_costs_one_write_at_the_door_and_one_after_one_read_behind_it(
    bank: Bank, trade: Trade, streams: Streams, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And one look at the index for an event that may have waited for it. Then officers' lists read it, and one write lets it be found."""
    order_id, calls = trade.agree(), []
    works = Connection._make_api_call

    def counted(self: Connection, name: str, *args: Any, **kwargs: Any) -> Any:
        if "surety-test-sandbox" not in str(args):  # the sandbox's clock is read from there
            calls.append(name)
        return works(self, name, *args, **kwargs)

    monkeypatch.setattr(Connection, "_make_api_call", counted)
    bank.tell("payment.received", payment(order_id, "1500.00", 1))
    assert calls == ["GetItem", "PutItem"], "the read is the sandbox's, which asks whether it has sent this before"
    calls.clear()
    streams.turn("bank-events")
    effect, lists = calls[:3], calls[3:]
    assert effect == ["GetItem", "TransactWriteItems", "Query"]
    assert lists == ["GetItem", "BatchGetItem", "BatchWriteItem"]
