"""The receiver in docs/webhooks.md, run against what is really sent."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from chalicelib.shared import journal, policies
from chalicelib.shared.journal import Event
from chalicelib.shared.request import CLOCK, RequestContext
from chalicelib.webhooks.rules.message import BANK, Audience, EntryData, Message, message
from chalicelib.webhooks.rules.policy import Policy
from chalicelib.webhooks.views import ReplayRequest
from tests.webhooks.conftest import Desk
from tests.world import START

OWN = ("source", "aggregate_id", "event", "reason", "detail")
"""What a message to a bank tells beside its envelope."""
POLICY = policies.in_force("webhooks", START.date()).read_as(Policy)
TEXT = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text()


@pytest.fixture(scope="module")
def written() -> dict[str, Any]:
    """What the page's Python defines."""
    defined: dict[str, Any] = {}
    exec(re.findall(r"(?s)```python\n(.*?)```", TEXT)[0], defined)
    return defined


def test_the_receiver_of_the_page_takes_what_we_send(desk: Desk, written: dict[str, Any]) -> None:
    endpoint = desk.register(desk.trade.buyer, "order.*")
    rotated = desk.do(endpoint["id"], "rotate-secret", desk.trade.buyer)
    desk.trade.propose()
    [sent] = desk.run()
    for secret in (endpoint["secret"], rotated["secret"]):
        assert written["read"](secret, sent.headers, sent.body)["type"] == "order.proposed"


def test_the_receiver_of_the_page_takes_nothing_else(desk: Desk, written: dict[str, Any]) -> None:
    endpoint = desk.register(desk.trade.buyer, "order.*")
    desk.trade.propose()
    [sent] = desk.run()
    old = {**sent.headers, "webhook-timestamp": str(int(sent.headers["webhook-timestamp"]) - 301)}
    for headers, body in (
        (sent.headers, sent.body + b" "),
        (old, sent.body),
        ({**sent.headers, "webhook-id": "x"}, sent.body),
    ):
        with pytest.raises(written["NotOurs"]):
            written["read"](endpoint["secret"], headers, body)


def test_the_page_finds_a_gap(written: dict[str, Any]) -> None:
    assert written["missing"]({1, 2, 5, 6, 8}) == [3, 4, 7]
    assert written["missing"](set()) == []


def test_the_message_of_the_page_has_the_fields_of_ours() -> None:
    shown, to_bank = [msgspec.json.decode(text) for text in re.findall(r"(?s)```json\n(.*?)```", TEXT)]
    assert shown.keys() == set(Message.__struct_fields__)
    assert shown["data"].keys() == set(EntryData.__struct_fields__) - {"actor"}
    entry = journal.entry(
        RequestContext(caller=CLOCK, now=START, request_id="r", key="k"),
        Event(to_bank["type"], {name: to_bank["data"][name] for name in ("bank_id", *OWN)}),
        aggregate_id="bnk_1",
        seq=12,
        prev=journal.GENESIS,
    )
    sent = msgspec.json.decode(message(entry, Audience({"bank:ccb": BANK}), "bank:ccb"))
    assert (to_bank.keys(), to_bank["data"].keys()) == (sent.keys(), sent["data"].keys())


def test_the_replays_of_the_page_are_requests_we_take() -> None:
    bodies = re.findall(r"`(\{[^`]*\})`", TEXT.partition("## Sending again")[2].partition("\n## ")[0])
    assert len(bodies) == 3
    for body in bodies:
        shown = msgspec.json.decode(body)
        assert shown.keys() <= set(ReplayRequest.__struct_fields__)
        until = {"until": "2026-03-05T00:00:00Z"} if "until" in shown else {}
        since = {"since": "2026-03-02T00:00:00Z"} if "since" in shown else {}
        msgspec.convert(shown | since | until, ReplayRequest).must_name_one()


def test_the_page_tells_for_how_long_messages_are_kept() -> None:
    assert "is kept for 400 days" in TEXT
    assert POLICY.kept == timedelta(days=400)


def test_the_page_tells_the_waits_of_the_policy() -> None:
    minutes = POLICY.retry_minutes
    assert "after 1, 5, 30 minutes, 2, 5, 10, 14, 20 and 20.4 hours" in TEXT
    assert minutes == (1, 5, 30, *(round(hours * 60) for hours in (2, 5, 10, 14, 20, 20.4)))
