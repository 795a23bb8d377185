"""The sandbox's partner bank: it signs what it is told to send, and sends it through the same endpoint."""

from __future__ import annotations

import pytest

from chalicelib.banks.records.inbox import BankEventRow
from chalicelib.shared.settings import settings
from tests.stage import read_settings
from tests.world import Api, StandingClock, token

DOOR = "/v1/sandbox/banks/boc/events"
PING = {"type": "ping", "data": {}}


def test_an_event_is_signed_and_taken_as_if_the_bank_had_sent_it(api: Api) -> None:
    sent = api.post(DOOR, PING, token("member", "mem_00000000000000000000000001"))
    assert (sent.status, sent["status"]) == (202, "received"), sent.body
    assert BankEventRow.find(sent["id"])


def test_the_same_id_again_is_the_same_event_even_later(api: Api, time: StandingClock) -> None:
    first = api.post(DOOR, PING | {"id": "msg_1"}, token("bank", "boc"))
    time.advance(days=2)
    again = api.post(DOOR, PING | {"id": "msg_1"}, token("bank", "boc"))
    assert (again.status, again.body) == (200, first.body)
    other = api.post(DOOR, {"type": "pong", "id": "msg_1"}, token("bank", "boc"))
    assert (other.status, other["code"]) == (409, "event_id_reused")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"type": 1},
        PING | {"id": "a.b"},
        PING | {"id": ""},
        PING | {"id": "msg\n"},
        PING | {"more": 1},
        PING | {"timestamp": "2026-03-02"},
    ],
)
def test_a_malformed_event_is_not_sent(api: Api, body: dict[str, object]) -> None:
    assert api.post(DOOR, body, token("bank", "boc")).status == 400
    assert BankEventRow.count() == 0


def test_there_is_no_such_bank(api: Api) -> None:
    for bank in ("nobody", "psbc"):
        assert api.post(DOOR.replace("boc", bank), PING, token("bank", "boc")).status == 404


def test_elsewhere_there_is_no_such_door(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SURETY_SANDBOX", "false")
    read_settings()
    try:
        assert not settings().sandbox
        assert api.post(DOOR, PING, token("bank", "boc")).status == 404
    finally:
        monkeypatch.undo()
        read_settings()
