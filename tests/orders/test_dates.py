"""Days of a contract: judged when they come, and never late before both sides had agreed on them."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.orders.examples import TERMS
from tests.trade import Trade
from tests.world import Reply


def usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


def terms(*due_by: str | None, ship_by: str = "2026-04-30", **more: Any) -> dict[str, Any]:
    """The usual chairs: a deposit and a balance with these days, to be shipped by another one in Shanghai."""
    parts = zip(("deposit", "balance"), ("1500.00", "3500.00"), due_by, strict=True)
    return TERMS | {
        "instalments": [
            {"name": name, "money": usd(amount)} | ({"due_by": day} if day else {}) for name, amount, day in parts
        ],
        "ship_by": {"kind": "fixed", "date": ship_by, "zone": "Asia/Shanghai"},
        **more,
    }


def propose(trade: Trade, asked: dict[str, Any]) -> Reply:
    body = {"buyer_id": trade.buyer_id, "supplier_id": trade.supplier_id, "terms": asked}
    return trade.api.post("/v1/orders", body, trade.buyer)


@pytest.mark.parametrize(
    ("asked", "code", "param"),
    [
        (terms("0001-01-01", None), "date_out_of_range", "terms.instalments[0].due_by"),
        (terms("9999-12-31", None), "date_out_of_range", "terms.instalments[0].due_by"),
        (terms(None, "9999-12-31"), "date_out_of_range", "terms.instalments[1].due_by"),
        (terms(None, None, ship_by="9999-12-31"), "date_out_of_range", "terms.ship_by.date"),
        (
            terms(None, None, ship_by="2028-03-02"),
            "bad_terms",
            "ship_by.date",
        ),  # the 731st day, two days' grace of zones
        (terms("2026-03-01", None), "bad_terms", "instalments[0].due_by"),  # yesterday
        (terms("2026-04-02", "2026-04-01"), "bad_terms", "instalments[1].due_by"),
        (terms(None, "2026-05-01"), "bad_terms", "instalments[1].due_by"),  # after the day to ship by
    ],
)
def test_days_that_do_not_hold_together_are_refused_when_they_come(
    trade: Trade, asked: dict[str, Any], code: str, param: str
) -> None:
    reply = propose(trade, asked)
    assert (reply.status, reply["code"], reply["param"]) == (422, code, param)


@pytest.mark.parametrize(
    "asked",
    [
        terms("2026-03-02", "2026-03-02"),
        terms("2026-03-02", "2026-04-30"),
        terms(None, "2026-05-01", balance_before_shipment=False),
        terms("2028-02-29", "2028-02-29", balance_before_shipment=False),
    ],
)
def test_days_in_order_are_a_contract(trade: Trade, asked: dict[str, Any]) -> None:
    assert propose(trade, asked).status == 201


def test_a_day_that_passed_while_the_other_side_thought_is_not_agreed_to(trade: Trade) -> None:
    order_id = propose(trade, terms("2026-03-05", "2026-04-01"))["id"]
    trade.time.advance(days=10)
    late = trade.act(order_id, "accept", trade.supplier, {"version": 1})
    assert (late.status, late["code"], late["param"]) == (422, "bad_terms", "instalments[0].due_by")
    amended = trade.act(order_id, "amend", trade.supplier, {"terms": terms("2026-03-20", "2026-04-01")})
    assert trade.act(order_id, "accept", trade.buyer, {"version": amended["version"]})["status"] == "agreed"


def test_a_draft_is_not_proposed_after_its_day_to_ship_by(trade: Trade) -> None:
    body = {"buyer_id": trade.buyer_id, "supplier_id": trade.supplier_id, "propose": False}
    order_id = trade.api.post("/v1/orders", body | {"terms": terms(None, None, ship_by="2026-03-03")}, trade.buyer)[
        "id"
    ]
    trade.time.advance(days=5)
    late = trade.act(order_id, "propose", trade.buyer)
    assert (late.status, late["code"], late["param"]) == (422, "bad_terms", "ship_by.date")


@pytest.mark.parametrize(
    ("due_by", "ship_by", "moved_to"),
    [
        # Due on the 1st of April at 24:00 in Shanghai, paid 25 days after the 12th of March: 4 days, 10 hours and 15 minutes late.
        ("2026-04-01", "2026-04-30", "2026-05-05T02:15:00Z"),
        # Seven days before the 15th of March is the 8th, four days before both had agreed: late by 25 days, not by 28.
        (None, "2026-03-15", "2026-04-09T16:00:00Z"),
    ],
)
def test_lateness_counts_from_the_later_of_the_day_due_and_the_agreement(
    trade: Trade, due_by: str | None, ship_by: str, moved_to: str
) -> None:
    order_id = propose(trade, terms(None, due_by, ship_by=ship_by))["id"]
    trade.time.advance(days=10)
    assert trade.act(order_id, "accept", trade.supplier, {"version": 1}).status == 200
    trade.pay(order_id, 150_000)
    trade.time.advance(days=25)
    trade.pay(order_id, 350_000)
    assert trade.see(order_id)["ship_by_at"] == moved_to


def test_lateness_before_another_day_to_ship_by_was_agreed_counts_no_more(trade: Trade) -> None:
    order_id = trade.agree(**terms(None, "2026-03-10"))
    trade.pay(order_id, 150_000)
    trade.time.advance(days=30)
    later = {"ship_by": {"kind": "fixed", "date": "2026-05-20", "zone": "Asia/Shanghai"}}
    reply = trade.act(order_id, "amend", trade.supplier, later)
    assert trade.act(order_id, "accept", trade.buyer, {"version": reply["version"]}).status == 200
    trade.time.advance(days=2)
    trade.pay(order_id, 350_000)
    assert trade.see(order_id)["ship_by_at"] == "2026-05-22T16:00:00Z"  # two days late, not twenty-four


def test_a_day_that_stands_may_have_passed_when_other_terms_are_agreed_and_a_new_one_may_not(trade: Trade) -> None:
    order_id = trade.agree(**terms("2026-03-05", "2026-04-01"))
    trade.pay(order_id, 150_000)
    trade.time.advance(days=10)
    stands = trade.act(order_id, "amend", trade.buyer, {"terms": terms("2026-03-05", "2026-04-02")})
    assert stands.status == 200, stands.body
    moved = trade.act(order_id, "amend", trade.buyer, {"terms": terms("2026-03-06", "2026-04-02")})
    assert (moved.status, moved["code"], moved["param"]) == (422, "bad_terms", "instalments[0].due_by")


def test_a_day_to_ship_by_does_not_move_before_the_balance_is_due(trade: Trade) -> None:
    order_id = trade.agree(**terms(None, "2026-04-20"))
    sooner = {"ship_by": {"kind": "fixed", "date": "2026-04-10", "zone": "Asia/Shanghai"}}
    reply = trade.act(order_id, "amend", trade.supplier, sooner)
    assert (reply.status, reply["code"], reply["latest"]) == (422, "bad_terms", "2026-04-10")


def test_an_order_waits_for_money_until_the_day_the_contract_names(trade: Trade) -> None:
    """Sixty days are the programme's; the contract may name a later day, and an order is not ended before it."""
    order_id = trade.agree(**terms("2026-07-01", "2026-10-01", ship_by="2026-12-01"))
    assert trade.see(order_id)["deadlines"][0]["due_at"] == "2026-07-01T16:00:00Z"
    trade.time.advance(days=100)
    trade.pay(order_id, 150_000)
    assert trade.see(order_id)["status"] == "funded"
    [balance] = trade.see(order_id)["deadlines"]
    assert (balance["name"], balance["due_at"]) == ("balance", "2026-10-01T16:00:00Z")
    trade.time.advance(days=110)
    trade.pay(order_id, 350_000)
    assert trade.see(order_id)["ship_by_at"] == "2026-12-01T16:00:00Z"
