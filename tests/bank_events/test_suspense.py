"""Every kind of money that nothing takes: an item with an owner, a time, a default and a place in a list; and every way out of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

import chalicelib
from chalicelib.banks import jobs as bank_jobs
from chalicelib.banks.records.inbox import BankEventRow
from chalicelib.banks.rules import suspense
from chalicelib.banks.rules.event_transitions import TABLE
from chalicelib.banks.service import inbox as banks_inbox
from chalicelib.ledger import jobs as ledger_jobs
from chalicelib.orders.examples import TERMS
from chalicelib.shared import observe
from chalicelib.shared.periods import start_of
from tests.bank_events.conftest import Bank, books, payment, sweep
from tests.trade import Trade
from tests.world import Reply, StandingClock, Streams, token

NO_ORDER = "ord_00000000000000000000000000"
OFFICER = token("officer", "officer-1", "admin")


@dataclass(frozen=True)
class World:
    bank: Bank
    trade: Trade
    time: StandingClock
    streams: Streams

    def tell(self, order_id: str, seq: int = 1, kind: str = "payment.received", **changes: Any) -> str:
        event_id = self.bank.tell(kind, payment(order_id, "100.00", seq) | changes)
        self.streams()
        return event_id

    def do(self, event_id: str, action: str, body: Any = None, **more: Any) -> Reply:
        return self.bank.api.post(f"/v1/bank-events/{event_id}/{action}", body, OFFICER, **more)

    def cancelled(self) -> str:
        order_id = self.trade.agree()
        assert self.trade.act(order_id, "cancel", self.trade.buyer, {}).status == 200
        return order_id


@pytest.fixture
def world(bank: Bank, trade: Trade, time: StandingClock, streams: Streams) -> World:
    return World(bank, trade, time, streams)


def closed_order(world: World) -> str:
    return world.tell(world.cancelled())


def other_currency(world: World) -> str:
    money = {"amount": "100.00", "currency": "EUR"}
    return world.tell(world.trade.agree(), money=money, account="TA-EUR-01")


def wrong_account(world: World) -> str:
    return world.tell(world.trade.agree(), account="XX-USD-99")


def reused_reference(world: World) -> str:
    world.tell(world.trade.agree(), bank_ref="R-778")
    return world.tell(world.trade.agree(), bank_ref="R-778")


def reused_with_another_amount(world: World) -> str:
    order_id = world.trade.agree()
    world.tell(order_id, bank_ref="R-778")
    return world.tell(order_id, 2, bank_ref="R-778", money={"amount": "99.00", "currency": "USD"})


def no_order(world: World) -> str:
    return world.tell(NO_ORDER)


def spent_number(world: World) -> str:
    order_id = world.trade.agree()
    world.tell(order_id)
    return world.tell(order_id, 1, bank_ref="R-other")


def unreadable(world: World) -> str:
    return world.tell(world.trade.agree(), value_date="yesterday")


def no_deposit(world: World) -> str:
    data = {name: value for name, value in payment("", "100.00", 1).items() if name != "order_id"}
    event_id = world.bank.tell("deposit.received", data | {"seller_id": world.trade.supplier_id, "bank_ref": "D-1"})
    world.streams()
    return event_id


def unmatched_return(world: World) -> str:
    order_id = world.trade.agree()
    world.tell(order_id)
    return world.tell(order_id, 2, "payment.returned", bank_ref="R-nobody")


def return_of_no_order(world: World) -> str:
    return world.tell(NO_ORDER, 1, "payment.returned")


def refund_of_no_attempt(world: World) -> str:
    money = {"amount": "100.00", "currency": "USD"}
    data = {"attempt_id": "att_00000000000000000000000000", "bank_ref": "B-1", "seq": 1, "money": money}
    event_id = world.bank.tell("refund.settled", data)
    world.streams()
    return event_id


INCOMING: list[tuple[Callable[[World], str], str]] = [
    (closed_order, "order_closed"),
    (other_currency, "wrong_currency"),
    (wrong_account, "wrong_account"),
    (reused_reference, "reference_reused"),
    (reused_with_another_amount, "reference_reused"),
    (no_order, "not_found"),
    (spent_number, "bank_event_seq_spent"),
    (unreadable, "bad_field"),
    (no_deposit, "no_deposit"),
]
OUTGOING: list[tuple[Callable[[World], str], str]] = [
    (unmatched_return, "return_not_matched"),
    (return_of_no_order, "not_found"),
    (refund_of_no_attempt, "not_found"),
]
KINDS = INCOMING + OUTGOING


def named(kinds: list[tuple[Callable[[World], str], str]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("make", "reason"), kinds, ids=[make.__name__ for make, _ in kinds])


@named(KINDS)
def test_money_nothing_takes_is_an_item_with_an_owner_a_time_a_default_and_a_place_in_a_list(
    world: World, make: Callable[[World], str], reason: str
) -> None:
    event_id = make(world)
    shown = world.bank.event(event_id)
    incoming = (make, reason) in INCOMING
    assert (shown["status"], shown["reason"], shown["owner"]) == ("suspense", reason, "officer")
    assert world.bank.listed("suspense") == [event_id]
    [deadline] = shown["deadlines"]
    assert deadline == {
        "name": "resolution",
        "due_at": "2026-04-01T02:15:00Z",
        "owner": "officer",
        "default_outcome": "returned" if incoming else "claimed_back",
        "by_clock": True,
    }
    assert shown["allowed_actions"][:2] == ["allocate", "return"]
    in_suspense = {name: total for name, total in books().items() if name.startswith("suspense")}
    minor = 9_900 if make is reused_with_another_amount else 10_000
    assert in_suspense == {f"suspense:{event_id}": -minor if incoming else minor}


@named(KINDS)
def test_an_officer_gives_it_back_once(world: World, make: Callable[[World], str], reason: str) -> None:
    event_id = make(world)
    first, again = (world.do(event_id, "return", key="k") for _ in "12")
    assert (first.status, again.raw, again.headers["ETag"]) == (200, first.raw, first.headers["ETag"]), first.body
    status = "returned" if (make, reason) in INCOMING else "claimed_back"
    assert (first["status"], first["deadlines"], first["owner"]) == (status, [], None)
    assert world.do(event_id, "return")["code"] == "not_in_suspense"
    assert (world.bank.listed("suspense"), world.bank.listed(status)) == ([], [event_id])
    account = "refunds_payable" if status == "returned" else "returned_receivable"
    assert {name.partition(":")[0] for name in books() if event_id in name} == {account}


@named(KINDS)
def test_its_time_is_up_and_the_clock_does_the_same(world: World, make: Callable[[World], str], reason: str) -> None:
    event_id = make(world)
    world.time.advance(days=30)
    assert world.do(event_id, "return").status == 409
    while sweep(world.time.at):
        pass
    status = "returned" if (make, reason) in INCOMING else "claimed_back"
    shown = world.bank.event(event_id)
    assert (shown["status"], shown["updated_at"]) == (status, "2026-04-01T02:15:00Z")
    assert [name for name in books() if name.startswith("suspense")] == []


@named(INCOMING)
def test_an_officer_allocates_it_to_an_order_in_its_currency(
    world: World, make: Callable[[World], str], reason: str
) -> None:
    event_id = make(world)
    currency = world.bank.event(event_id)["money"]["currency"]
    order_id = world.trade.agree() if currency == "USD" else _order_in(world, currency)
    first, again = (world.do(event_id, "allocate", {"order_id": order_id}, key="k") for _ in "12")
    assert (first.status, first["status"]) == (200, "allocated"), first.body
    assert first["allocated_to"] == {"kind": "order", "id": order_id, "part": None}
    assert (again.raw, again.headers["ETag"]) == (first.raw, f'"{first["version"]}"')
    received = world.trade.see(order_id, "/money")["received"]
    assert received == world.bank.event(event_id)["money"]
    assert [name for name in books() if name.startswith("suspense")] == []


def test_money_on_a_wrong_account_is_allocated_to_the_very_order_it_named(world: World) -> None:
    order_id = world.trade.agree()
    event_id = world.tell(order_id, account="XX-USD-99")
    assert world.do(event_id, "allocate", {"order_id": order_id}).status == 200
    money = world.trade.see(order_id, "/money")
    assert [paid["status"] for paid in money["payments"]] == ["counted"]
    back = world.tell(order_id, 2, "payment.returned", bank_ref="R-1")
    assert world.bank.status(back) == "applied"
    assert books() == {}


def test_a_taker_that_refuses_says_why_at_once_and_the_money_stays(world: World) -> None:
    event_id = no_order(world)
    for body, status, code in (
        ({"order_id": world.cancelled()}, 409, "order_closed"),
        ({"order_id": NO_ORDER}, 404, "not_found"),
        ({"order_id": _order_in(world, "EUR")}, 422, "wrong_currency"),
        ({"seller_id": world.trade.supplier_id}, 404, "no_deposit"),
        ({"recovery_id": "rcv_00000000000000000000000000"}, 404, "not_found"),
        ({"claim_id": "clm_00000000000000000000000000_01"}, 404, "not_found"),
        ({"instruction_id": "ins_00000000000000000000000000"}, 404, "not_found"),
        ({}, 400, "malformed"),
        ({"order_id": NO_ORDER, "seller_id": "mem_1"}, 400, "malformed"),
        ({"insurance_id": "sub_1"}, 400, "malformed"),
    ):
        refused = world.do(event_id, "allocate", body)
        assert (refused.status, refused["code"]) == (status, code), body
    assert world.bank.status(event_id) == "suspense"
    assert books() == {"bank_clearing:boc": 10_000, f"suspense:{event_id}": -10_000}


def test_an_unmatched_return_is_allocated_to_the_payment_an_officer_names(world: World) -> None:
    order_id = world.trade.agree()
    world.tell(order_id)
    event_id = world.tell(order_id, 2, "payment.returned", bank_ref="R-other")
    refused = world.do(event_id, "allocate", {"order_id": order_id})
    assert (refused.status, refused["code"], refused["param"]) == (409, "return_not_matched", "bank_ref")
    taken = world.do(event_id, "allocate", {"order_id": order_id, "bank_ref": "R-1"})
    assert (taken.status, taken["status"]) == (200, "allocated"), taken.body
    assert (books(), world.trade.see(order_id, "/money")["received"]["amount"]) == ({}, "0.00")


def test_what_went_out_is_for_no_recovery_no_claim_and_no_insurer(world: World) -> None:
    event_id = return_of_no_order(world)
    for body in ({"recovery_id": "rcv_1"}, {"claim_id": "clm_1"}, {"seller_id": "mem_1", "insurance_id": "sub_1"}):
        assert world.do(event_id, "allocate", body)["code"] == "not_for_that"


@pytest.mark.parametrize(
    "make", [closed_order, other_currency, wrong_account, no_order], ids=lambda make: make.__name__
)
def test_what_the_bank_takes_back_itself_leaves_suspense_and_is_not_given_back_as_well(
    world: World, make: Callable[[World], str]
) -> None:
    event_id = make(world)
    shown = world.bank.event(event_id)
    order_id = _named_order(shown)
    half = {"amount": "40.00", "currency": shown["money"]["currency"]}
    first = world.tell(order_id, 2, "payment.returned", bank_ref=shown["bank_ref"], money=half)
    assert world.bank.status(first) == "applied"
    assert world.bank.event(event_id)["charged_back"] == half
    assert books()[f"suspense:{event_id}"] == -6_000
    rest = {"amount": "60.00", "currency": half["currency"]}
    world.tell(order_id, 3, "payment.returned", bank_ref=shown["bank_ref"], money=rest)
    assert (world.bank.status(event_id), world.bank.listed("suspense"), books()) == ("charged_back", [], {})
    world.time.advance(days=40)
    assert sweep(world.time.at) == 0


def test_a_bank_that_takes_back_what_was_given_back_stops_the_refund(world: World) -> None:
    event_id = no_order(world)
    assert world.do(event_id, "return").status == 200
    back = world.tell(NO_ORDER, 2, "payment.returned", bank_ref="R-1")
    assert world.bank.status(back) == "applied"
    assert books() == {}, "what was owed to the remitter and what the bank then owed were one and the same"
    items = world.bank.api.get(f"/v1/bank-instructions?aggregate_id={event_id}", OFFICER)["items"]
    assert {each["kind"]: each["status"] for each in items}["refund"] == "stopped"


def test_a_transfer_that_was_told_of_twice_is_reversed(world: World) -> None:
    event_id = reused_reference(world)
    assert world.bank.event(event_id)["allowed_actions"] == ["allocate", "return", "reverse"]
    assert world.do(world.tell(NO_ORDER, bank_ref="R-new"), "reverse")["code"] == "not_in_suspense"
    reversed_ = world.do(event_id, "reverse")
    assert (reversed_.status, reversed_["status"]) == (200, "reversed"), reversed_.body
    assert world.bank.listed("reversed") == [event_id]
    assert sum(total for name, total in books().items() if name.startswith("held")) == -10_000
    assert not [name for name in books() if event_id in name]


def test_each_days_close_finds_that_the_items_add_up_to_the_account_as_of_that_day(world: World) -> None:
    first, out = no_order(world), world.tell(NO_ORDER, 1, "payment.returned", bank_ref="R-nobody")
    euros: dict[str, Any] = {"money": {"amount": "100.00", "currency": "EUR"}, "account": "TA-EUR-01"}
    second = world.tell(world.trade.agree(), bank_ref="R-EUR", **euros)
    world.time.advance(days=1)
    world.tell(NO_ORDER, 2, "payment.returned", bank_ref="R-1", money={"amount": "40.00", "currency": "USD"})
    assert world.do(second, "return").status == 200
    world.time.advance(days=1)
    assert world.do(first, "allocate", {"order_id": world.trade.agree()}).status == 200
    world.time.advance(days=29)
    while sweep(world.time.at):
        pass
    world.streams()
    seen = []
    for day in (date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4), date(2026, 4, 1), date(2026, 4, 2)):
        told = close(world, day)
        assert (told["on"], told["ok"], told["unitemised"]) == (day.isoformat(), True, []), told
        seen.append(banks_inbox.in_suspense(start_of(day + timedelta(days=1))))
    assert out == world.bank.listed("claimed_back")[0]
    assert seen == [{"EUR": 10_000}, {"USD": -4_000}, {"USD": -10_000}, {}, {}]


def test_the_close_names_an_account_that_its_items_do_not_add_up_to(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[str] = []
    monkeypatch.setattr(observe, "count", lambda name, *more: rung.append(name))
    no_order(world)
    lost = world.tell(NO_ORDER, 1, "payment.returned", bank_ref="R-nobody")
    BankEventRow(lost).delete()
    told = close(world, date(2026, 3, 2))
    assert told["ok"] is False
    assert told["unitemised"] == [
        {
            "account": "suspense",
            "currency": "USD",
            "balance": {"amount": "0.00", "currency": "USD"},
            "items": {"amount": "100.00", "currency": "USD"},
        }
    ]
    assert "ItemsDiffer" in rung


def test_money_is_posted_to_suspense_only_where_an_item_is_made_or_changed() -> None:
    root = Path(chalicelib.__path__[0])
    texts = {str(file.relative_to(root)): file.read_text() for file in root.rglob("*.py")}
    named = {name for name, text in texts.items() if re.search(r"\bSUSPENSE\b", text)}
    post = {name for name in named if re.search(r"\b(transfer|Posting)\b", texts[name])}
    assert post == {"banks/rules/inbox.py", "banks/rules/suspense.py"}
    assert named - post == {"banks/jobs.py", "ledger/rules/chart.py", "office/rules/reports.py"}, "these only read it"


def close(world: World, on: date) -> dict[str, Any]:
    """Close a business date, whenever that is done. Returns what the close found."""
    run = ledger_jobs.begin_close(on)
    for shard in range(1, run.shards + 1):
        bank_jobs.CLOSING.shard(run, shard)
    found: dict[str, Any] = world.bank.api.get("/v1/ledger/verification", OFFICER)["last_close"]
    return found


def test_only_officers_resolve(world: World) -> None:
    event_id = no_order(world)
    for by in (token("member", world.trade.buyer_id), token("bank", "boc")):
        for action in ("allocate", "return", "reverse"):
            refused = world.bank.api.post(f"/v1/bank-events/{event_id}/{action}", {"order_id": NO_ORDER}, by)
            assert refused.status == 403


def test_every_move_of_the_table_leaves_suspense_or_stays_with_less_and_every_item_has_a_default() -> None:
    leaving = [each for each in TABLE.transitions if "suspense" in each.sources]
    assert frozenset[str]().union(*(each.targets for each in leaving)) - {"suspense"} == suspense.ENDS
    [default] = [each for each in leaving if each.actors == {"clock"}]
    assert default.targets == {"returned", "claimed_back"}
    others = [each for each in TABLE.transitions if each.targets & suspense.ENDS and each not in leaving]
    assert [each.name for each in others] == ["charged_back"]


def _named_order(shown: Reply) -> str:
    named: str = json.loads(shown["payload"])["data"]["order_id"]
    return named


def _order_in(world: World, currency: str) -> str:
    def told(part: Any) -> Any:
        if isinstance(part, dict):
            return {name: currency if name == "currency" else told(value) for name, value in part.items()}
        return [told(each) for each in part] if isinstance(part, list) else part

    return world.trade.agree(**told(TERMS))
