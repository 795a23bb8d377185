"""Payouts frozen to what is open: the platform revoked the exporter's membership of the channel for fraud."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.acquiring import jobs
from chalicelib.acquiring.rules import settlement as rules
from chalicelib.acquiring.rules.settlement import MACHINE, Context, Freeze, Settlement
from chalicelib.channels.examples import REVOKE
from chalicelib.orders.rules.order import Order
from chalicelib.shared import calendars, fx, observe
from chalicelib.shared.journal import JournalRow
from chalicelib.suppliers.rules.exposure import Exposure
from tests.acquiring.sale import PLACED, captured
from tests.acquiring.till import Till, books, booth, till
from tests.channels.country import OFFICER, SECOND

__all__ = ["booth", "till"]

COMPLETED = datetime(2026, 4, 1, 2, tzinfo=UTC)


def measure(till: Till, action: str, body: dict[str, Any], by: str = OFFICER) -> None:
    reply = till.booth.api.post(f"/v1/channel-memberships/{till.booth.membership_id}/{action}", body, by)
    assert reply.status == 200, reply.body
    till.streams()


def revoke(till: Till, reason: str = "fraud") -> None:
    measure(till, "revoke", REVOKE | {"reason": reason})


def entries_of(order_id: str) -> list[Any]:
    return sorted((row.entry() for row in JournalRow.scan() if row.aggregate_id == order_id), key=lambda e: e.seq)


def of_order(till: Till, order_id: str) -> list[dict[str, Any]]:
    return [each for each in till.settlements() if each["order_id"] == order_id]


def frozen(usd_minor: int, order: Order) -> Context:
    quotes = {"CNY": fx.quote("CNY", PLACED.date())}
    freeze = Freeze(exposure=Exposure(running_orders=usd_minor), quotes=quotes, calendar=calendars.calendar("CN"))
    return Context(order=order, freeze=freeze)


def test_its_day_comes_and_it_is_kept_back_with_an_owner_and_says_why(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    signals: list[str] = []
    monkeypatch.setattr(observe, "count", lambda name, *rest, **more: signals.append(name))
    till.captured()
    revoke(till)
    till.pass_time(days=4)
    [kept] = till.settlements()
    assert (kept["status"], kept["reason"], kept["kept_back"]["amount"]) == ("due", "payouts_frozen", "661.19")
    assert [part["what"] for part in kept["kept_for"]] == ["running_orders"]
    [deadline] = kept["deadlines"]
    assert (deadline["owner"], deadline["default_outcome"]) == ("officer", "looked_at_again")
    assert deadline["due_at"] == kept["due_at"] == "2026-03-08T16:00:00Z"
    assert till.instructions(kept["id"]) == []
    assert books("CNY") == {"bank_clearing": -66_119, "held": 66_119}
    assert "SettlementKeptBack" in signals


def test_it_goes_on_when_the_order_that_was_open_is_completed_and_once_however_often_that_is_told(till: Till) -> None:
    order_id, _ = till.captured()
    revoke(till)
    till.ship(order_id)
    till.pass_time(days=4)
    till.receive(order_id)
    till.pass_time(days=31)
    assert till.order(order_id)["status"] == "completed"
    jobs.follow(*entries_of(order_id))
    [paid] = till.settlements()
    assert (paid["status"], paid["money"]["amount"], paid["kept_back"], paid["reason"]) == (
        "instructed",
        "125775",
        None,
        None,
    )


def test_what_completion_released_waits_for_another_order_and_is_paid_once_when_that_is_over(till: Till) -> None:
    order_id, _ = till.captured()
    revoke(till)
    till.ship(order_id)
    till.receive(order_id)
    till.pass_time(days=25)
    other_id = till.booth.trade.agree()
    till.booth.trade.fund(other_id)
    till.pass_time(days=6)
    assert till.order(order_id)["status"] == "completed"
    [kept] = till.settlements()
    assert (kept["status"], kept["reason"], kept["kept_back"]["amount"]) == ("due", "payouts_frozen", "661.19")
    jobs.follow(*entries_of(order_id))
    assert till.settlements() == [kept]
    assert books("CNY") == {"bank_clearing": -66_119, "settlements_due": 66_119}
    till.pass_time(days=60)
    assert till.booth.trade.see(other_id)["status"] == "refunded"
    jobs.follow(*entries_of(order_id))
    [paid] = till.settlements()
    assert (paid["status"], paid["money"]["amount"]) == ("instructed", "125775")
    assert "settlements_due" not in books("CNY")


def test_only_as_much_waits_as_is_open_and_the_rest_is_paid_when_that_is_over(till: Till) -> None:
    order_id, _ = till.captured()
    other_id, _ = till.captured("39000", "199.90")
    revoke(till)
    till.ship(order_id)
    till.receive(order_id)
    till.pass_time(days=4)
    till.ship(other_id)
    till.pass_time(days=27)
    assert till.order(order_id)["status"] == "completed"
    paid, kept = sorted(of_order(till, order_id), key=lambda each: bool(each["is_rest"]))
    assert (paid["status"], kept["status"], kept["reason"]) == ("instructed", "due", "payouts_frozen")
    assert float(paid["released"]["amount"]) + float(kept["kept_back"]["amount"]) == pytest.approx(661.19)
    assert float(kept["kept_back"]["amount"]) == pytest.approx(199.90, abs=0.2)
    till.pass_time(days=70)
    till.pass_time(days=5)
    assert till.order(other_id)["status"] == "completed"
    jobs.follow(*entries_of(order_id))
    parts = of_order(till, order_id)
    assert len(parts) == 2
    assert "due" not in {each["status"] for each in parts}
    assert sum(int(each["money"]["amount"]) for each in parts) == 125_775
    assert "settlements_due" not in books("CNY")


def test_it_goes_on_when_the_appeal_is_upheld(till: Till) -> None:
    till.captured()
    revoke(till)
    till.pass_time(days=4)
    measure(till, "appeal", {"text": "We never did."}, till.booth.supplier)
    till.pass_time(days=3)
    assert [each["status"] for each in till.settlements()] == ["due"]
    measure(till, "decide-appeal", {"outcome": "overturned", "text": "Right."}, SECOND)
    till.pass_time(days=1)
    [paid] = till.settlements()
    assert (paid["status"], paid["released"]["amount"], paid["kept_for"]) == ("instructed", "661.19", [])


def test_a_revocation_for_another_reason_freezes_nothing(till: Till) -> None:
    till.captured()
    revoke(till, "quality")
    till.pass_time(days=4)
    assert [each["status"] for each in till.settlements()] == ["instructed"]


def test_of_what_its_day_brings_what_is_open_stays_for_the_completion() -> None:
    sale = captured()
    assert sale.settlement is not None
    change = rules.early(sale.settlement, frozen(2_000, sale.order), PLACED)
    free = frozen(2_000, sale.order).free_minor(66_119)
    assert 0 < free < 66_119
    assert (change.state.status, change.state.released_minor, change.state.kept_minor) == ("instructed", free, 0)


def test_of_what_completion_released_the_free_part_is_paid_and_both_parts_are_what_the_quote_says() -> None:
    sale = captured()
    assert sale.settlement is not None
    order = replace(sale.order, status="completed", released_minor=66_119)
    change = rules.rest(sale.settlement, frozen(2_000, order), 0, 66_119, "ent_1", COMPLETED, is_last=True)
    [kept] = change.also
    assert isinstance(kept, Settlement)
    assert (kept.status, kept.reason, kept.released_by) == ("due", "payouts_frozen", "ent_1")
    assert change.state.released_minor + kept.kept_minor == 66_119
    [again] = MACHINE.overdue(kept, frozen(9_999_999, order), kept.due_at or COMPLETED)
    assert (again.state.status, again.state.kept_minor) == ("due", kept.kept_minor)
    [paid] = MACHINE.overdue(again.state, Context(order=order), COMPLETED + timedelta(days=9))
    parts = (change.state, paid.state)
    assert (sum(each.amount_minor for each in parts), sum(each.fee_minor for each in parts)) == (125_775, 3_225)


def test_an_order_that_ends_otherwise_leaves_nothing_kept_back() -> None:
    sale = captured()
    assert sale.settlement is not None
    kept = rules.early(sale.settlement, frozen(9_999_999, sale.order), PLACED).state
    ended = rules.early(kept, frozen(9_999_999, replace(sale.order, status="refunded")), PLACED).state
    assert (ended.status, ended.kept_minor, ended.due_at) == ("void", 0, None)
