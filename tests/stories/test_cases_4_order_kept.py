"""Cases a good implementation handles, 20 to 24: requests that come twice, terms and rules that change, numbers, and chains."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from chalicelib.orders.examples import TERMS
from chalicelib.shared import commit, policies
from chalicelib.shared.columns import WholeNumber
from tests.dispute import Dispute
from tests.ledger.books import raw_journal, tamper
from tests.trade import Trade
from tests.world import Reply, Streams


def usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


def test_idempotency(trade: Trade) -> None:
    """Same key other body, key reuse by another actor, retry after 10 min (DynamoDB token gone)."""
    order_id = trade.propose()["id"]
    first = _accept(trade, order_id, 1)
    other = _accept(trade, order_id, 2)
    assert (other.status, other["code"]) == (422, "idempotency_key_reused")
    theirs = trade.api.post(f"/v1/orders/{order_id}/cancel", {}, trade.buyer, key="once")
    assert (theirs.status, theirs["status"]) == (200, "cancelled")
    trade.time.advance(minutes=11)
    again = _accept(trade, order_id, 1)
    assert (again.status, again.raw, again.headers["Idempotent-Replayed"]) == (200, first.raw, "true")
    assert trade.see(order_id)["status"] == "cancelled"


def test_idempotency_of_a_duplicate_in_flight(trade: Trade, monkeypatch: pytest.MonkeyPatch) -> None:
    """In-flight duplicate: the second is served whole while the first is about to write; both get one answer."""
    order_id, write, twins = trade.propose()["id"], commit._write, []

    def after_its_twin(*change: Any) -> None:
        monkeypatch.setattr(commit, "_write", write)
        twins.append(_accept(trade, order_id, 1))
        write(*change)

    monkeypatch.setattr(commit, "_write", after_its_twin)
    first = _accept(trade, order_id, 1)
    assert [(twin.status, twin.raw) for twin in twins] == [(first.status, first.raw)] == [(200, first.raw)]
    assert trade.standing().reserved_minor == 150_000


def test_policy_changed_between_order_and_claim(dispute: Dispute, stricter: str) -> None:
    """Pinned version rules: a window of 30 days stays one where both agreed before it became 5."""
    before = dispute.received()
    dispute.trade.time.advance(days=10)
    after = dispute.received()
    assert dispute.trade.see(after)["policy"] == stricter != dispute.trade.see(before)["policy"]
    dispute.trade.time.advance(days=5)
    assert dispute.file(before, "wrong_item").status == 201
    refused = dispute.file(after, "wrong_item")
    assert (refused.status, refused["code"]) == (409, "claim_window_over")


def test_order_amendments_after_part_payment(trade: Trade) -> None:
    """Cap may only rise with capacity; falls release."""
    order_id = trade.agree(cover="total")
    trade.pay(order_id, 40_000)
    others = trade.agree(**_goods("93000.00", "93000.00"))
    assert trade.standing().available_minor == 200_000

    beyond = _ask(trade, order_id, _goods("7000.01", "1500.00"))
    before, position = trade.see(order_id), trade.standing()
    refused = _take(trade, order_id, beyond)
    assert (refused.status, refused["code"]) == (409, "capacity_exceeded")
    assert (refused["shortfall"], refused["maximum"]) == (usd("0.01"), usd("2000.00"))
    assert (trade.see(order_id).body, trade.standing()) == (before.body, position)

    risen = _take(trade, order_id, _ask(trade, order_id, _goods("7000.00", "1500.00")))
    assert (risen["cover"]["cap"], risen["cover"]["active"]) == (usd("7000.00"), usd("400.00"))
    assert (trade.standing().available_minor, trade.see(others)["status"]) == (0, "agreed")

    fallen = _take(trade, order_id, _ask(trade, order_id, _goods("3000.00", "400.00")))
    assert (fallen["status"], fallen["cover"]["cap"]) == ("funded", usd("3000.00"))
    assert trade.standing().available_minor == 400_000
    refused = _ask(trade, order_id, _goods("399.99", "399.99"))
    assert (refused.status, refused["minimum"]) == (422, usd("400.00"))


@pytest.mark.parametrize(
    "amount", ["0.00", "-1.00", "1e3", "9007199254740993.00", "90071992547409.93", "1.005", "1", "NaN", 1.5, 150]
)
def test_amounts_that_are_none(trade: Trade, amount: Any) -> None:
    """Zero/negative/huge amounts, 2^53 borders."""
    body = {"buyer_id": trade.buyer_id, "supplier_id": trade.supplier_id, "terms": TERMS | _goods(amount, amount)}
    assert trade.api.post("/v1/orders", body, trade.buyer).status == 400


def test_the_largest_amount_is_kept_to_the_cent(trade: Trade) -> None:
    """2^53 borders: no number on the way is a float."""
    reply = trade.propose(**_goods("9999999999999.99", "9999999999999.99") | {"cover": "none"})
    assert trade.see(reply["id"])["terms"]["total"] == usd("9999999999999.99")


@pytest.mark.parametrize("value", [1.0, Decimal(1), True, "1", None])
def test_a_column_of_whole_numbers_takes_nothing_else(value: Any) -> None:
    """Decimal vs float in DynamoDB: ints only."""
    with pytest.raises(TypeError):
        WholeNumber().serialize(value)
    assert WholeNumber().deserialize(WholeNumber().serialize(2**53 + 1)) == 2**53 + 1


def test_event_hash_chain_broken(trade: Trade, streams: Streams, officer: str) -> None:
    """Verify endpoint names the first bad seq; writes to it are refused. What follows: tests/ledger/test_quarantine.py."""
    order_id = trade.agree()
    trade.fund(order_id)
    streams()
    bad = next(item for item in raw_journal() if (item["aggregate_id"]["S"], item["seq"]["N"]) == (order_id, "3"))
    tamper(bad["entry_id"]["S"], at={"N": "0"})
    reply = trade.api.get("/v1/ledger/verification", officer)
    assert (reply["ok"], reply["first_bad"]["aggregate_id"], reply["first_bad"]["seq"]) == (False, order_id, 3)
    refused = trade.ship(order_id)
    assert (refused.status, refused["code"], refused["seq"]) == (409, "chain_broken", 3)
    assert trade.see(order_id)["status"] == "funded"


@pytest.fixture
def stricter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The hash of a later policy of protected orders, in force from 10 March: five days to claim after receipt."""
    folder = tmp_path / "policies"
    shutil.copytree(policies.FOLDER, folder)
    content = json.loads((folder / "protection" / "2026.1.json").read_text())
    content |= {"announced_on": "2026-02-01", "effective_on": "2026-03-10"}
    content["values"]["claim_days_after_receipt"] = 5
    (folder / "protection" / "2026.2.json").write_text(json.dumps(content))
    monkeypatch.setattr(policies, "FOLDER", folder)
    policies.versions.cache_clear()
    yield policies.versions("protection")[-1].hash
    policies.versions.cache_clear()


def _accept(trade: Trade, order_id: str, version: int) -> Reply:
    return trade.api.post(f"/v1/orders/{order_id}/accept", {"version": version}, trade.supplier, key="once")


def _goods(total: Any, deposit: Any) -> dict[str, Any]:
    """One machine at that price, covered whole; what is not deposit is balance."""
    parts = [("deposit", deposit)]
    if total != deposit:
        parts.append(("balance", str(Decimal(total) - Decimal(deposit))))
    return {
        "items": [{"name": "Machine", "quantity": 1, "unit_price": usd(total)}],
        "instalments": [{"name": name, "money": usd(amount)} for name, amount in parts],
        "cover": "total",
    }


def _ask(trade: Trade, order_id: str, terms: dict[str, Any]) -> Reply:
    return trade.act(order_id, "amend", trade.buyer, {"terms": TERMS | terms})


def _take(trade: Trade, order_id: str, reply: Reply) -> Reply:
    assert reply.status == 200, reply.body
    return trade.act(order_id, "accept", trade.supplier, {"version": reply["version"]})
