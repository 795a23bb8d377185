"""Entries that tell banks what to do, the sandbox's bank that does it, and the books after it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pytest

from chalicelib.banks.records import outbox as records
from chalicelib.banks.rules.instruction import Instruction, id_of
from chalicelib.ledger.rules.chart import HELD, REFUNDS_PAYABLE
from chalicelib.shared import journal
from chalicelib.shared.commit import commit
from chalicelib.shared.journal import Event, JournalRow, PaymentOrder, transfer
from chalicelib.shared.request import CLOCK, RequestContext
from chalicelib.shared.settings import settings
from tests.banks.factories import AMOUNT, instruct, sums
from tests.world import Api, Reply, StandingClock, Streams, token

PARTY = "mem_00000000000000000000000001"


@dataclass
class Outbox:
    api: Api
    time: StandingClock
    streams: Streams
    officer: str
    entries: int = 0

    @property
    def party(self) -> str:
        return token("member", PARTY)

    def tell(self, *payment_orders: PaymentOrder) -> list[str]:
        """An entry that gives these instructions. Returns their ids; nobody has followed it yet."""
        self.entries += 1
        request = RequestContext(caller=CLOCK, now=self.time.at, request_id="tell", key=f"tell-{self.entries}")
        owed = sum(one.amount_minor for one in payment_orders if one.kind == "refund")
        legs = transfer(owed, "USD", debit_to=(HELD, "ord_1"), credit_to=(REFUNDS_PAYABLE, "ord_1"))
        event = Event("claim.payable", {}, legs, payment_orders=tuple(payment_orders))
        entry = journal.entry(request, event, aggregate_id=f"clm_{self.entries}", seq=1, prev=journal.GENESIS)
        commit(entry)
        return [id_of(entry.entry_id, number) for number in range(len(payment_orders))]

    def refund(self, **changes: Any) -> str:
        """An instruction to refund 1,500.00 USD, followed as far as it goes now."""
        [name] = self.tell(instruct(**{"party": PARTY, **changes}))
        self.streams()
        return name

    def bank(self, *behaviours: dict[str, Any]) -> None:
        reply = self.api.post("/v1/sandbox/banks/boc/behaviour", {"next": list(behaviours)}, self.officer)
        assert reply.status == 200, reply.body

    def event(self, kind: str, attempt_id: str, seq: int = 1, amount: str = "1500.00", **changes: Any) -> str:
        """The bank says something of an attempt; it is settled at once. Returns the event's id."""
        data = {
            "attempt_id": attempt_id,
            "bank_ref": f"B-{attempt_id[-6:]}",
            "seq": seq,
            "money": {"amount": amount, "currency": "USD"},
        }
        sent = self.api.post("/v1/sandbox/banks/boc/events", {"type": kind, "data": data | changes}, self.officer)
        assert sent.status == 202, sent.body
        self.streams()
        return str(sent["id"])

    def pass_time(self, **by: float) -> None:
        """Move the clock through everything that falls due on the way."""
        hours = by.get("days", 0) * 24 + by.get("hours", 0) + by.get("minutes", 0) / 60
        moved = self.api.post("/v1/sandbox/clock", {"advance_hours": hours}, self.officer)
        assert (moved.status, moved.body["arrived"]) == (200, True), moved.body
        self.streams()

    def see(self, name: str, by: str | None = None) -> Reply:
        return self.api.get(f"/v1/bank-instructions/{name}", by or self.officer)

    def act(self, name: str, action: str, by: str, body: Any = None, key: str | None = None) -> Reply:
        return self.api.post(f"/v1/bank-instructions/{name}/{action}", body, by, key=key)

    def status(self, name: str) -> str:
        return str(self.see(name)["status"])

    def attempts(self, name: str) -> list[str]:
        return [attempt["id"] for attempt in self.see(name)["attempts"]]

    def load(self, name: str) -> Instruction:
        instruction = records.REPOSITORY.load(name)
        assert instruction is not None
        return instruction

    def kinds(self, name: str) -> list[str]:
        """What has happened to it, in the words of the journal, and that its chain has no gap."""
        chain = sorted(
            (row.entry() for row in JournalRow.scan() if row.aggregate_id == name), key=lambda entry: entry.seq
        )
        assert [entry.seq for entry in chain] == list(range(1, len(chain) + 1))
        assert all(later.prev == earlier.entry_hash for earlier, later in pairwise(chain))
        return [entry.event.kind.partition(".")[2] for entry in chain]


def books() -> dict[str, int]:
    found = sums(leg for row in JournalRow.scan() for leg in row.entry().event.postings)
    return {account: total for account, total in found.items() if account != HELD}


@pytest.fixture
def outbox(api: Api, time: StandingClock, streams: Streams, officer: str) -> Outbox:
    assert settings().sandbox
    return Outbox(api, time, streams, officer)


__all__ = ["AMOUNT", "PARTY", "Outbox", "books"]
