"""Facts are judged together: their values with each other, against now, and by who may trade with whom."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import chalicelib
from chalicelib.daybook import examples
from chalicelib.daybook.rules import items
from chalicelib.daybook.rules.activity import Inquiry, Login, ProfileChange, Reply
from chalicelib.daybook.rules.judging import wrong_with
from chalicelib.daybook.rules.reasons import REASONS
from chalicelib.daybook.rules.trades import TradeFact
from chalicelib.members.rules import OwnTrade, id_of, must_trade_apart
from chalicelib.orders.examples import TERMS
from chalicelib.shared import fx
from tests.api.api_requests import document
from tests.daybook.importing import imported, rejected
from tests.daybook.stories import AT, NOW
from tests.trade import Trade
from tests.world import Api, Pump

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ONE = id_of("one")


def fact(**changes: Any) -> TradeFact:
    """A completed trade that is as it should be."""
    whole: dict[str, Any] = {
        "member_id": ONE,
        "trade_id": "t-1",
        "buyer_ref": "two",
        "supplier_country": "CN",
        "buyer_country": "DE",
        "category": "lanterns",
        "currency": "USD",
        "amount_minor": 10_000,
        "ordered_at": AT,
        "paid_at": AT + HOUR,
        "ship_by": AT + 5 * DAY,
        "shipped_at": AT + 3 * DAY,
        "promised_by": AT + 20 * DAY,
        "delivered_at": AT + 15 * DAY,
        "status": "completed",
    }
    return TradeFact(**(whole | changes))


@pytest.mark.parametrize(
    ("changes", "column", "reason"),
    [
        ({"delivered_at": datetime.fromisoformat("2062-06-10T00:00:00+00:00")}, "delivered_at", "in_the_future"),
        ({"ordered_at": NOW + HOUR, "status": "placed"}, "ordered_at", "in_the_future"),
        ({"paid_at": NOW + timedelta(minutes=5, milliseconds=1)}, "paid_at", "in_the_future"),
        ({"shipped_at": AT - timedelta(milliseconds=1)}, "shipped_at", "before_the_order"),
        ({"paid_at": AT - DAY}, "paid_at", "before_the_order"),
        ({"delivered_at": AT - DAY, "shipped_at": None}, "delivered_at", "before_the_order"),
        ({"ship_by": AT - DAY}, "ship_by", "before_the_order"),
        ({"promised_by": AT - DAY}, "promised_by", "before_the_order"),
        ({"shipped_at": AT + 19 * DAY}, "delivered_at", "delivered_before_shipped"),
        ({"paid_at": None}, "paid_at", "missing_for_status"),
        ({"paid_at": None, "status": "paid"}, "paid_at", "missing_for_status"),
        ({"paid_at": None, "status": "refunded"}, "paid_at", "missing_for_status"),
        ({"shipped_at": None, "status": "shipped"}, "shipped_at", "missing_for_status"),
        ({"amount_minor": 0}, "amount", "zero_amount"),
        ({"buyer_ref": "one"}, "buyer_ref", "own_trade"),
        ({"buyer_ref": ONE}, "buyer_ref", "own_trade"),  # as orders tell it
        ({"ship_by": AT + 3654 * DAY}, "ship_by", "too_far_ahead"),
        ({"promised_by": AT + 3654 * DAY}, "promised_by", "too_far_ahead"),
    ],
)
def test_what_cannot_be_true_together_is_refused_by_its_first_reason(
    changes: dict[str, Any], column: str, reason: str
) -> None:
    outcome = wrong_with(fact(**changes), NOW)
    assert outcome is not None
    assert (outcome.result, outcome.column, outcome.reason) == ("refused", column, reason)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"delivered_at": NOW + timedelta(minutes=5)},  # clocks differ
        {"ordered_at": AT, "paid_at": AT, "shipped_at": AT, "delivered_at": AT, "ship_by": AT},
        {"shipped_at": AT + 18 * DAY},  # the carrier's record came three days late
        {"shipped_at": AT + HOUR, "paid_at": AT + 2 * DAY},  # shipped on open account
        {"ship_by": AT + 1000 * DAY},  # the future holds what was only promised
        {"delivered_at": None, "shipped_at": None},  # completed, and counts as due only
        {"status": "cancelled", "paid_at": None},
        {"status": "placed", "paid_at": None, "shipped_at": None, "delivered_at": None},
    ],
)
def test_what_marketplaces_and_carriers_tell_late_can_be_true(changes: dict[str, Any]) -> None:
    assert wrong_with(fact(**changes), NOW) is None


def test_all_that_was_told_of_a_trade_is_judged_together() -> None:
    left = fact(status="shipped", shipped_at=AT + 19 * DAY, delivered_at=None)
    known, _ = items.tell(None, left, fx.quote, NOW)
    arrived = fact(shipped_at=None)
    assert wrong_with(arrived, NOW) is None
    item, outcome = items.tell(known, arrived, fx.quote, NOW)
    assert (item, outcome.column, outcome.reason) == (known, "delivered_at", "delivered_before_shipped")


@pytest.mark.parametrize(
    "told",
    [
        Login(member_id=ONE, activity_id="1", at=NOW + HOUR),
        ProfileChange(member_id=ONE, activity_id="1", at=NOW + HOUR),
        Inquiry(member_id=ONE, thread_id="1", buyer_ref="b", at=NOW + HOUR),
        Reply(member_id=ONE, thread_id="1", at=NOW + HOUR),
    ],
)
def test_an_activity_that_is_still_to_come_is_refused(told: Login | ProfileChange | Inquiry | Reply) -> None:
    item, outcome = items.tell(None, told, fx.quote, NOW)
    assert (item, outcome.column, outcome.reason) == (None, "at", "in_the_future")


IMPOSSIBLE: list[tuple[dict[str, str], str, str]] = [
    ({"delivered_at": "2062-01-01T00:00:00Z"}, "delivered_at", "in_the_future"),
    ({"shipped_at": "2025-01-01T00:00:00Z"}, "shipped_at", "before_the_order"),
    ({"paid_at": ""}, "paid_at", "missing_for_status"),
    ({"amount": "0.00"}, "amount", "zero_amount"),
    ({"buyer_ref": examples.TRADE["supplier_ref"]}, "buyer_ref", "own_trade"),
    ({"ship_by": "2099-01-01T00:00:00Z"}, "ship_by", "too_far_ahead"),
    ({"supplier_country": "UK"}, "supplier_country", "bad_country"),
    ({"currency": "XXX"}, "currency", "unknown_currency"),
    ({"ordered_at": "9999-12-31T23:59:59Z"}, "ordered_at", "bad_date"),
    ({"delivered_at": "0001-01-01T00:00:00+14:00"}, "delivered_at", "bad_date"),
    ({"paid_at": "2026-02-30T00:00:00Z"}, "paid_at", "bad_date"),
    ({"amount": "99999999999999999999999999999999999999.00"}, "amount", "bad_amount"),
]


@pytest.mark.parametrize(("changes", "column", "reason"), IMPOSSIBLE)
def test_a_feed_and_a_file_refuse_the_same_facts_for_the_same_reason(
    api: Api, officer: str, pump: Pump, changes: dict[str, str], column: str, reason: str
) -> None:
    reply = api.post("/v1/trades", {"items": [examples.TRADE | changes]}, officer)
    assert reply["items"] == [
        {"fact_id": examples.TRADE["trade_id"], "result": "refused", "column": column, "reason": reason}
    ]
    row = examples.TRADE | changes
    content = f"{','.join(row)}\n{','.join(str(value or '') for value in row.values())}\n".encode()
    done = imported(api, officer, pump, content)
    assert done["counts"] == {"new": 0, "known": 0, "updated": 0, "refused": 1}
    assert [line.split(",")[2].strip() for line in rejected(done)] == [reason]


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        ("2062-01-01T00:00:00Z", "in_the_future"),
        ("9999-12-31T23:59:59.999999-12:00", "bad_date"),
        ("0001-01-01T00:00:00+14:00", "bad_date"),
        ("2024-02-30T00:00:00Z", "bad_date"),
        ("2024-02-29T00:00:00", "bad_date"),
    ],
)
@pytest.mark.parametrize("place", range(len(examples.ACTIVITY["items"])))
def test_an_activity_at_a_moment_that_cannot_be_is_refused(
    api: Api, officer: str, place: int, at: str, reason: str
) -> None:
    api.post("/v1/members", {"external_ref": "lantern-works", "name": "Lanterns", "country": "CN"}, officer)
    reply = api.post("/v1/activity", {"items": [examples.ACTIVITY["items"][place] | {"at": at}]}, officer)
    assert [(each["column"], each["reason"]) for each in reply["items"]] == [("at", reason)]


def test_orders_are_held_to_the_same_rule_about_parties(trade: Trade) -> None:
    body = {"buyer_id": trade.buyer_id, "supplier_id": trade.buyer_id, "terms": TERMS}
    reply = trade.api.post("/v1/orders", body, trade.buyer)
    assert (reply.status, reply["code"], reply["param"]) == (422, "own_trade", "supplier_id")
    with pytest.raises(OwnTrade):
        must_trade_apart(ONE, "one")
    must_trade_apart(ONE, "two")


def test_every_reason_a_row_can_be_refused_for_stands_in_the_document() -> None:
    slices = (Path(chalicelib.__file__).parent / name for name in ("daybook", "exports"))
    sources = "\n".join(file.read_text() for folder in slices for file in folder.rglob("*.py"))
    given = set(re.findall(r'Unreadable\([^,()]+(?:\([^()]*\))?, "([a-z0-9_]+)"\)', sources))
    given |= set(re.findall(r'Outcome\("refused", "([a-z_]+)"', sources))
    given |= set(re.findall(r'_refused\("([a-z_]+)"', sources))
    given |= set(re.findall(r'"(contradicts[a-z_]*)"', sources))
    assert {"bad_country", "contradicts", "contradicts_earlier", "too_many_replies", "in_the_future"} <= given
    assert given <= REASONS.keys()
    for reason in REASONS:
        assert f"`{reason}`: " in document()["info"]["description"]
