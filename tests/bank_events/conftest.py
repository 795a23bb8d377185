"""A bank that speaks through its own endpoint, and the books after it spoke."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from chalicelib.bank_events.declared import BANK_EVENTS
from chalicelib.shared.journal import JournalRow
from tests.world import Api, Reply, Streams, token


@dataclass
class Bank:
    """The Bank of China, in the sandbox. What it tells is settled when `streams` are fed."""

    api: Api
    streams: Streams
    officer: str
    _names: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def tell(self, kind: str, data: dict[str, Any], *, webhook_id: str = "") -> str:
        """Returns the event's id here."""
        sent = self.api.post(
            "/v1/sandbox/banks/boc/events",
            {"type": kind, "data": data, "id": webhook_id or f"msg_{next(self._names)}"},
            token("bank", "boc"),
        )
        assert sent.status in (200, 202), sent.body
        event_id: str = sent["id"]
        return event_id

    def pay(self, order_id: str, amount: str, seq: int, **changes: Any) -> str:
        return self.tell("payment.received", payment(order_id, amount, seq) | changes)

    def event(self, event_id: str) -> Reply:
        return self.api.get(f"/v1/bank-events/{event_id}", self.officer)

    def status(self, event_id: str) -> str:
        told: str = self.event(event_id)["status"]
        return told

    def listed(self, status: str) -> list[str]:
        return [item["id"] for item in self.api.get(f"/v1/bank-events?status={status}", self.officer)["items"]]


def payment(order_id: str, amount: str, seq: int) -> dict[str, Any]:
    return {
        "bank_ref": f"R-{seq}",
        "seq": seq,
        "order_id": order_id,
        "account": "TA-USD-01",
        "value_date": "2026-03-02",
        "money": {"amount": amount, "currency": "USD"},
        "remitter": "ACME GmbH",
    }


def books() -> dict[str, int]:
    """Debits less credits of every account that is not even, from the journal; they must balance."""
    sums: Counter[str] = Counter()
    for row in JournalRow.scan():
        for posting in row.entry().event.postings:
            sums[f"{posting.account}:{posting.owner_id}"] += posting.debit_minor - posting.credit_minor
    assert sum(sums.values()) == 0
    return {account: total for account, total in sums.items() if total and not account.startswith("cover_")}


@pytest.fixture
def bank(api: Api, streams: Streams, officer: str) -> Bank:
    return Bank(api, streams, officer)


def sweep(now: datetime) -> int:
    """What the schedule does. Returns how many events were looked at, none in vain."""
    swept = BANK_EVENTS.sweep(now)
    assert not swept.failed
    return swept.looked_at
