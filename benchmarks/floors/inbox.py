"""What banks say by signed events: into the inbox, to their effect or into suspense, and what officers make of suspended money."""

from __future__ import annotations

import json
from typing import Any

from benchmarks.floors import factories
from benchmarks.floors.stage import Stage
from chalicelib.bank_events.service import applying
from chalicelib.banks.service import inbox as banks_inbox
from chalicelib.shared import clock, webhooks
from chalicelib.shared.request import PUBLIC, RequestContext


def play(stage: Stage) -> None:
    """A payment that takes effect, and three that name an order that was cancelled."""
    stage.time.begin()
    buyer, supplier = stage.register("inbox-buyer"), stage.supplier("inbox-supplier")
    order_id, money = _agreed(stage, buyer, supplier)
    event = bank_says(stage, "payment.received", _payment(order_id, money, "R-1"), "bank event takes effect")
    assert stage.see(f"/v1/bank-events/{event}", "officer-1")["status"] == "applied"
    cancelled, money = _agreed(stage, buyer, supplier)
    stage.call(f"/v1/orders/{cancelled}/cancel", buyer, {"reason": "the season is over"})
    other, _ = _agreed(stage, buyer, supplier)
    late, twice = "bank event into suspense", "bank event into suspense, its reference was used"
    for action, body, command, paid in (
        ("allocate", {"order_id": other}, late, _payment(cancelled, factories.usd(10_000), "S-1")),
        ("return", None, late, _payment(cancelled, factories.usd(10_000), "S-2") | {"seq": 2}),
        ("reverse", None, twice, _payment(other, factories.usd(10_000), "R-1")),
    ):
        suspended = bank_says(stage, "payment.received", paid, command)
        stage.call(f"/v1/bank-events/{suspended}/{action}", "officer-1", body, command=f"suspended money: {action}")
    unknown = bank_says(stage, "of.tomorrow", {}, "bank event is refused")
    stage.call(f"/v1/bank-events/{unknown}/retry", "officer-1", command="retry a refused bank event")
    stage.leave()


def bank_says(stage: Stage, kind: str, data: dict[str, Any], command: str, bank_id: str = "boc") -> str:
    """A signed event of a bank: into the inbox, and from its stream to what comes of it. Returns its id."""
    body = json.dumps({"type": kind, "timestamp": "2026-03-02T02:15:00Z", "data": {"seq": 1} | data}).encode()
    request = RequestContext(caller=PUBLIC, now=clock.now(), request_id="bench")
    name = f"msg-{next(stage.numbers)}"
    signed = webhooks.sign(banks_inbox.keys(bank_id, clock.now())[:1], name, clock.real(), body)
    taken = stage.measured("bank event into the inbox", lambda: banks_inbox.receive(bank_id, signed, body, request))
    event, raw = banks_inbox.find(json.loads(taken.body)["id"])
    stage.measured(command, lambda: applying.settle(event, raw), "bank-events.settle")
    return event.id


def _agreed(stage: Stage, buyer: str, supplier: str) -> tuple[str, dict[str, str]]:
    """An order that waits for its first instalment, and how much that is."""
    terms = factories.terms(stage.chance)
    body = {"buyer_id": buyer, "supplier_id": supplier, "terms": terms}
    order_id: str = stage.call("/v1/orders", buyer, body, expect=201)["id"]
    stage.call(f"/v1/orders/{order_id}/accept", supplier, {"version": 1})
    return order_id, terms["instalments"][0]["money"]


def _payment(order_id: str, money: dict[str, str], ref: str) -> dict[str, Any]:
    data = {"bank_ref": ref, "order_id": order_id, "account": "TA-USD-01", "value_date": "2026-03-02", "money": money}
    return data | {"remitter": "ACME GmbH"}
