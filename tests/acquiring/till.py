"""A buyer that pays orders of a channel by wallet, and an acquirer that speaks through its own endpoint."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from chalicelib.acquiring.declared import PAYMENTS, SETTLEMENTS
from chalicelib.bank_events.declared import BANK_EVENTS
from chalicelib.banks.declared import INSTRUCTIONS
from chalicelib.orders.declared import ORDERS
from chalicelib.shared.journal import JournalRow, Posting
from chalicelib.shared.periods import wire
from tests.listings.selling import Booth, booth, steps
from tests.world import Reply, StandingClock, Streams, token

__all__ = ["Till", "booth", "till"]

ACQUIRER = "alipay"


@dataclass
class Till:
    booth: Booth
    streams: Streams
    time: StandingClock
    _refs: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _seqs: Counter[str] = field(default_factory=Counter)

    def ordered(self, price: str = "129000", on_hand: int = 10) -> str:
        """An order of one piece, placed by its quote."""
        listing_id = self.booth.sell(on_hand, steps=steps((1, price)))
        placed = self.booth.order(price, (listing_id, 1))
        assert placed.status == 201, placed.body
        return str(placed["id"])

    def pay(self, order_id: str, method: str = "wallet") -> str:
        begun = self.booth.api.post(f"/v1/orders/{order_id}/payments", {"method": method}, self.booth.trade.buyer)
        assert begun.status == 201, begun.body
        return str(begun["id"])

    def tell(
        self,
        kind: str,
        payment_id: str,
        amount: str = "",
        *,
        by: str = ACQUIRER,
        at: datetime | None = None,
        **other: Any,
    ) -> str:
        """The acquirer tells of a payment under its next number, and it is settled. Returns the event's id."""
        data = {
            "payment_id": payment_id,
            "bank_ref": f"A-{next(self._refs)}",
            "seq": self._next(payment_id),
            "occurred_at": wire(at or self.time.at),
            "business_date": self.time.at.date().isoformat(),
            **({"money": {"amount": amount, "currency": "CNY"}} if amount else {}),
            **other,
        }
        return self.send(kind, data, by=by)

    def send(self, kind: str, data: dict[str, Any], *, by: str = ACQUIRER) -> str:
        body = {"type": kind, "data": data, "id": f"msg_{next(self._refs)}"}
        sent = self.booth.api.post(f"/v1/sandbox/banks/{by}/events", body, token("officer", "o", "admin"))
        assert sent.status in (200, 202), sent.body
        self.streams()
        return str(sent["id"])

    def captured(self, price: str = "129000", amount: str = "661.19") -> tuple[str, str]:
        """An order that is paid, and its payment."""
        order_id = self.ordered(price)
        payment_id = self.pay(order_id)
        self.tell("payment.authorised", payment_id, amount)
        self.tell("payment.captured", payment_id, amount)
        return order_id, payment_id

    def ship(self, order_id: str) -> None:
        shipped = self.booth.trade.ship(order_id, customs_number="KR-1")
        assert shipped.status == 200, shipped.body

    def receive(self, order_id: str) -> None:
        received = self.booth.trade.act(order_id, "receive", self.booth.trade.buyer)
        assert received.status == 200, received.body

    def payment(self, payment_id: str, by: str = "") -> Reply:
        return self.booth.api.get(f"/v1/payments/{payment_id}", by or self.booth.trade.buyer)

    def order(self, order_id: str) -> Reply:
        return self.booth.trade.see(order_id, by=self.booth.trade.buyer)

    def event(self, event_id: str) -> Reply:
        return self.booth.api.get(f"/v1/bank-events/{event_id}", token("officer", "o", "payments"))

    def settlements(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.booth.api.get("/v1/settlements", self.booth.supplier)["items"]
        return items

    def instructions(self, aggregate_id: str) -> list[dict[str, Any]]:
        path = f"/v1/bank-instructions?aggregate_id={aggregate_id}"
        items: list[dict[str, Any]] = self.booth.api.get(path, token("officer", "o", "payments"))["items"]
        return items

    def attempted(self, kind: str, instruction: dict[str, Any], **other: Any) -> str:
        """The acquirer says what came of an attempt of an instruction."""
        attempt = instruction["attempts"][-1]
        data = {
            "attempt_id": attempt["id"],
            "bank_ref": f"A-{next(self._refs)}",
            "seq": 1,
            "money": instruction["money"],
        }
        return self.send(kind, data | other)

    def unheard(self, instruction: dict[str, Any]) -> None:
        """The acquirer says that an attempt failed, and an officer will try again: until then nothing of it is on its way."""
        attempt, money = instruction["attempts"][-1], instruction["money"]
        self.send("refund.failed", {"attempt_id": attempt["id"], "seq": 1, "money": money, "reason": "not_now"})

    def told(self) -> list[tuple[str, dict[str, Any]]]:
        """What the acquirer was told, in the order of its feed."""
        of = [row.entry() for row in JournalRow.scan() if row.aggregate_id.startswith("bnk_")]
        kept = ("payment_id", "money")
        return [
            (entry.event.kind, {name: entry.event.payload[name] for name in kept if name in entry.event.payload})
            for entry in sorted(of, key=lambda entry: entry.seq)
        ]

    def pass_time(self, **by: float) -> None:
        """Time goes on, and what falls due happens, with all that follows."""
        self.time.advance(**by)
        for machine in (PAYMENTS, ORDERS, SETTLEMENTS, BANK_EVENTS, INSTRUCTIONS):
            assert not machine.sweep(self.time.at).failed
            self.streams()

    def _next(self, payment_id: str) -> int:
        self._seqs[payment_id] += 1
        return self._seqs[payment_id]


def books(currency: str) -> dict[str, int]:
    """Credits less debits of what is not even in a currency, by account; all of it balances. What acquirers keep of captures counts as theirs."""
    sums: Counter[str] = Counter()
    for row in JournalRow.scan():
        for leg in row.entry().event.postings:
            if leg.currency == currency:
                sums[account_of(leg)] += leg.credit_minor - leg.debit_minor
    assert sum(sums.values()) == 0
    return {account: minor for account, minor in sums.items() if minor and not account.startswith("cover_")}


def account_of(leg: Posting) -> str:
    """As if acquirers had still what they keep of a capture: what that comes to has tests of its own."""
    return "bank_clearing" if (leg.account, leg.currency) == ("acquiring_costs", "CNY") else leg.account


def clearing() -> dict[str, int]:
    """Credits less debits of what banks and acquirers hold for us, in yuan."""
    sums: Counter[str] = Counter()
    for row in JournalRow.scan():
        for leg in row.entry().event.postings:
            if (account_of(leg), leg.currency) == ("bank_clearing", "CNY"):
                sums[leg.owner_id] += leg.credit_minor - leg.debit_minor
    return dict(sums)


@pytest.fixture
def till(booth: Booth, streams: Streams, time: StandingClock) -> Till:
    return Till(booth, streams, time)
