"""Banks as owners of endpoints: what they are told is numbered for each of them, and comes again when it is asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.bank_events import outbound
from chalicelib.banks.service.messages import Outbound
from chalicelib.shared.journal import Entry
from chalicelib.webhooks.declared import DELIVERIES
from tests.firms.factories import sign_for
from tests.loans.lending import plant_loan
from tests.monitoring.alerting import plant as plant_alert
from tests.webhooks.conftest import Desk, Sent
from tests.world import token

BOC, CMB = token("bank", "boc"), token("bank", "cmb")


def _proposal(entry: Entry) -> Mapping[str, Any]:
    return {"order_id": entry.aggregate_id}


@pytest.fixture
def telling(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Banks hear of proposed orders, as they never do elsewhere: these banks."""
    banks: list[str] = ["boc", "cmb"]
    message = Outbound(name="order.seen", kind="order.proposed", data=_proposal)
    monkeypatch.setitem(outbound.OUTBOUND, message.kind, message)
    monkeypatch.setattr("chalicelib.bank_events.service.telling._banks_of", lambda entry: tuple(banks))
    return banks


def to(sent: list[Sent], url: str) -> list[dict[str, Any]]:
    messages = [json.loads(each.body) for each in sent if each.url == url]
    return [each for each in messages if not each["type"].startswith("webhook_endpoint.")]


def test_each_bank_is_told_under_numbers_of_its_own(desk: Desk, telling: list[str]) -> None:
    boc = desk.register(BOC, "order.*", url="https://boc.example/in")
    desk.register(CMB, "*", url="https://cmb.example/in")
    first = desk.trade.propose()["id"]
    sent = desk.run()
    telling.remove("cmb")
    desk.trade.propose()
    sent += desk.run()
    assert [each["data"]["seq"] for each in to(sent, "https://boc.example/in")] == [1, 2]
    [cmb] = to(sent, "https://cmb.example/in")
    assert (cmb["type"], cmb["data"]["seq"], cmb["data"]["order_id"], cmb["data"]["bank_id"]) == (
        "order.seen",
        1,
        first,
        "cmb",
    )
    assert cmb["data"] | {"schema": 1, "business_date": "2026-03-02"} == cmb["data"]
    replayed = desk.do(boc["id"], "replay", BOC, {"aggregate_id": sent_feed(sent, "boc"), "from_seq": 1, "to_seq": 2})
    assert replayed["replayed"] == 2
    assert [each["data"]["seq"] for each in to(desk.run(), "https://boc.example/in")] == [1, 2]


def sent_feed(sent: list[Sent], bank_id: str) -> str:
    [feed, *_] = {each["data"]["feed_id"] for each in sent if each["data"].get("bank_id") == bank_id}
    return str(feed)


def test_a_message_to_a_bank_is_nobody_elses_and_an_entry_is_told_once(desk: Desk, telling: list[str]) -> None:
    desk.register(BOC, "*", url="https://boc.example/in")
    desk.register(desk.trade.buyer, "*", url="https://buyer.example/in")
    desk.trade.propose()
    sent = desk.run()
    desk.streams()
    assert {each["type"] for each in to(sent, "https://boc.example/in")} == {"order.seen"}
    assert "order.seen" not in {each["type"] for each in to(sent, "https://buyer.example/in")}
    records = desk.streams.records("journal")
    assert len({record["dynamodb"]["Keys"]["entry_id"]["S"] for record in records}) == len(records)


def test_a_bank_sees_its_own_endpoints_and_only_partners_have_some(desk: Desk) -> None:
    endpoint = desk.register(BOC, "*")
    api = desk.trade.api
    assert [each["id"] for each in api.get("/v1/webhook-endpoints", BOC)["items"]] == [endpoint["id"]]
    assert api.get(f"/v1/webhook-endpoints/{endpoint['id']}", CMB).status == 404
    assert api.get(f"/v1/webhook-endpoints/{endpoint['id']}", desk.trade.buyer).status == 404
    refused = api.post("/v1/webhook-endpoints", {"url": "https://x.example/", "kinds": ["*"]}, token("bank", "nobody"))
    assert (refused.status, refused["code"]) == (422, "not_a_partner_bank")
    assert desk.do(endpoint["id"], "ping", BOC).status == 200
    kinds = sorted(each["type"] for each in desk.run())
    assert kinds == ["webhook_endpoint.pinged", "webhook_endpoint.registered"]


def test_what_a_consent_no_longer_lets_be_told_is_told_in_no_retry_and_in_no_replay(desk: Desk) -> None:
    api, firm = desk.trade.api, desk.trade.supplier
    by = {"Surety_Acting_Person": sign_for(desk.trade.supplier_id)}
    consent = {"purpose": "credit", "bank_ids": ["boc"], "data_classes": ["activity"], "until": "2026-12-31"}
    consent_id = api.post("/v1/consents", consent, firm, **by)["id"]
    boc = desk.register(BOC, "alert.*", url="https://boc.example/in")
    loan_id = plant_loan(desk.trade.supplier_id)
    desk.receiver.goes_down()
    plant_alert(loan_id, "red")
    plant_alert(loan_id, "red", "repayment")
    assert len(to(desk.run(), "https://boc.example/in")) == 2
    assert api.post(f"/v1/consents/{consent_id}/withdraw", None, firm, **by).status == 200
    desk.receiver.comes_back()
    desk.trade.time.at += timedelta(hours=1)
    DELIVERIES.sweep(desk.trade.time.at)
    [kept] = to(desk.run(), "https://boc.example/in")
    assert kept["data"]["rule"] == "repayment"
    log = {each["status"]: each for each in desk.log(boc["id"], BOC)}
    assert (log["dead"]["why"], log["delivered"]["why"]) == ("consent_withdrawn", None)
    ids = {"ids": [each["id"] for each in log.values()]}
    assert desk.do(boc["id"], "replay", BOC, ids)["replayed"] == 2
    [again] = to(desk.run(), "https://boc.example/in")
    assert again["data"]["rule"] == "repayment"
