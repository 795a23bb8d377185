"""The endpoint that banks call, and the inbox behind it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

import app
from chalicelib.banks.records.inbox import BankEventRow
from chalicelib.banks.rules import inbox as banks_inbox
from chalicelib.banks.service import inbox
from chalicelib.shared import clock, webhooks
from chalicelib.shared.http import requests
from chalicelib.shared.settings import settings
from infra.local import gateway
from tests.api.api_requests import endpoints
from tests.world import Api, Reply, StandingClock, token

PING: dict[str, Any] = {"type": "ping", "timestamp": "2026-03-02T02:15:00Z", "data": {}}


def send(
    api: Api, body: Any = PING, *, bank: str = "boc", webhook_id: str = "msg_1", key: int = 0, late_s: int = 0
) -> Reply:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    signer = inbox.keys(bank, clock.now())[key]
    headers = webhooks.sign([signer], webhook_id, clock.real() - timedelta(seconds=late_s), raw)
    return api.post(f"/v1/webhooks/banks/{bank}", raw, **headers)


def test_a_signed_event_is_kept_and_answered_202(api: Api) -> None:
    reply = send(api)
    assert reply.status == 202, reply.body
    assert reply["id"] == banks_inbox.name_of("boc", "msg_1")
    assert reply["status"] == "received"
    assert BankEventRow.find(reply["id"])


@pytest.mark.parametrize(("path", "sender"), [("banks", "boc"), ("acquirers", "alipay")])
@pytest.mark.parametrize("presents", [False, True])
def test_where_the_stage_asks_for_certificates_a_signature_alone_proves_nothing(
    api: Api, monkeypatch: pytest.MonkeyPatch, path: str, sender: str, presents: bool
) -> None:
    """The API's own domain asks for none: a key that leaked would do there."""
    stage, made = settings()._replace(partner_certificates=True), gateway._event
    identity = {"sourceIp": "127.0.0.1"} | ({"clientCert": {"subjectDN": f"CN={sender}"}} if presents else {})

    def event(*told: Any) -> dict[str, Any]:
        whole = made(*told)
        whole["requestContext"]["identity"] = identity
        return whole

    monkeypatch.setattr(requests, "settings", lambda: stage)
    monkeypatch.setattr(gateway, "_event", event)
    raw = json.dumps(PING).encode()
    signed = webhooks.sign(inbox.keys(sender, clock.now())[:1], "msg_1", clock.real(), raw)
    reply = gateway.Gateway(app.app, seconds=None).answer("POST", f"/v1/webhooks/{path}/{sender}", signed, raw)
    assert (reply.status, BankEventRow.count()) == ((202, 1) if presents else (401, 0)), reply.body
    assert presents or json.loads(reply.body)["code"] == "bad_signature"


def test_every_signed_endpoint_asks_for_a_certificate_where_the_stage_does() -> None:
    signed = {each.path for each in endpoints() if "webhook-signature" in each.headers}
    assert signed == {each.path for each in endpoints() if each.headers}
    assert signed == {"/v1/webhooks/banks/{bank_id}", "/v1/webhooks/acquirers/{acquirer_id}"}


def test_the_same_message_again_is_200_and_nothing_is_kept(api: Api) -> None:
    first = send(api)
    again = send(api, late_s=100)
    assert (again.status, again.body) == (200, first.body)
    assert BankEventRow.count() == 1


def test_another_message_under_a_spent_id_is_409_and_counted(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[str] = []
    monkeypatch.setattr("chalicelib.shared.observe.count", lambda name, value=1: counted.append(name))
    send(api)
    other = send(api, PING | {"data": {"n": 1}})
    assert (other.status, other["code"]) == (409, "event_id_reused")
    assert "BankEventContradicted" in counted
    assert send(api).status == 200


def test_two_banks_may_use_the_same_id(api: Api) -> None:
    assert send(api).status == send(api, bank="cmb").status == 202


@pytest.mark.parametrize("key", [0, 1])
def test_both_keys_of_a_bank_that_replaces_one_are_live(api: Api, key: int) -> None:
    assert send(api, bank="cmb", key=key).status == 202


def test_every_failure_is_the_same_401_to_the_byte(api: Api) -> None:
    signed = webhooks.sign(inbox.keys("boc", clock.now()), "msg_1", clock.real(), b"{}")
    old = webhooks.sign(inbox.keys("boc", clock.now()), "msg_1", clock.real() - timedelta(seconds=400), b"{}")
    no_secret = "psbc"
    knocks = [
        ("boc", b"{}", {}),
        ("boc", b"{ }", signed),
        ("boc", b"{}", old),
        ("boc", b"\xff\xfe", signed),
        ("boc", b"", signed),
        ("boc", b"{}", signed | {"webhook-id": "msg_2"}),
        ("cmb", b"{}", signed),
        (no_secret, b"{}", signed),
        ("nobody", b"{}", signed),
        ("..%2Fcursor-key", b"{}", signed),
    ]
    answers = [api.post(f"/v1/webhooks/banks/{bank}", raw, X_Request_Id="r", **sent) for bank, raw, sent in knocks]
    assert {reply.status for reply in answers} == {401}
    assert len({json.dumps(reply.body | {"instance": ""}) for reply in answers}) == 1
    assert answers[0]["code"] == "bad_signature"
    assert BankEventRow.count() == 0


def test_an_unreadable_secret_lets_nobody_in_and_breaks_nothing(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    signed = webhooks.sign(inbox.keys("boc", clock.now()), "msg_1", clock.real(), b"{}")
    monkeypatch.setattr("chalicelib.shared.secrets.secret", lambda name: "not json")
    assert api.post("/v1/webhooks/banks/boc", b"{}", **signed).status == 401


@pytest.mark.parametrize("body", [b"", b"\xff", b"[]", b"null", b'{"type": 1}', b"[" * 5000, b'{"a":1,"a":2}', b"x"])
def test_a_signed_event_is_kept_whatever_its_body(api: Api, officer: str, body: bytes) -> None:
    told = send(api, body)
    assert told.status == 202
    reply = api.get(f"/v1/bank-events/{told['id']}", officer)
    assert (reply.status, reply["payload"]) == (200, body.decode("utf-8", "replace"))


def test_the_sandbox_does_not_bend_how_old_a_signature_is(api: Api, time: StandingClock) -> None:
    time.advance(days=400)
    assert send(api).status == 202


def test_only_an_officer_reads_the_inbox(api: Api, officer: str) -> None:
    reply = send(api)
    member = token("member", "mem_00000000000000000000000000")
    for path in ("/v1/bank-events?status=parked", f"/v1/bank-events/{reply['id']}"):
        assert api.get(path, member).status == 403
        assert api.get(path, officer).status == 200
    assert api.get("/v1/bank-events/bev_00000000000000000000000000", officer).status == 404
    assert api.get("/v1/bank-events", officer).status == 400
    assert api.get("/v1/bank-events?status=applied", officer).status == 400


def test_a_ping_needs_no_effect(api: Api, officer: str) -> None:
    reply = api.get(f"/v1/bank-events/{send(api)['id']}", officer)
    assert (reply["status"], reply["type"], reply["allowed_actions"], reply["deadlines"]) == ("applied", "ping", [], [])
