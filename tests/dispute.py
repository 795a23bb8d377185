"""A covered order that went wrong, and everybody who has a say in the claim on it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib.shared import files as bucket
from tests.trade import Trade
from tests.world import Pump, Reply, Streams, token

SHIP_BY = {"kind": "after_payment", "days": 10, "payment": "full"}
OFFICERS = ("officer-a", "officer-b", "officer-c")


@dataclass
class Dispute:
    """Buyer and supplier of `trade`, three officers who decide on claims, and the hands that carry messages."""

    trade: Trade
    streams: Streams
    pump: Pump

    def order(self, *, early: str | None = None, **terms: Any) -> str:
        """Agreed and paid in full: 5,000.00 USD. `early` is what the supplier has before completion."""
        order_id = self.trade.agree(ship_by=SHIP_BY, **terms)
        self.trade.fund(order_id)
        if early is not None:
            money = {"amount": early, "currency": "USD"}
            paid = self.trade.act(order_id, "early-payout", self.trade.supplier, {"money": money})
            assert paid.status == 200, paid.body
        return order_id

    def late(self, **terms: Any) -> str:
        """Nine days late, and shipped then."""
        order_id = self.order(**terms)
        self.trade.time.advance(days=18, hours=12)
        assert self.trade.ship(order_id).status == 200
        return order_id

    def received(self, **terms: Any) -> str:
        order_id = self.order(**terms)
        assert self.trade.ship(order_id).status == 200
        assert self.trade.act(order_id, "receive", self.trade.buyer).status == 200
        return order_id

    def claim(self, order_id: str, reason: str = "late_shipment", amount: str = "1000.00", **more: Any) -> str:
        reply = self.file(order_id, reason, amount, **more)
        assert reply.status == 201, reply.body
        claim_id: str = reply["id"]
        return claim_id

    def file(self, order_id: str, reason: str = "late_shipment", amount: str = "1000.00", **more: Any) -> Reply:
        body = {"reason": reason, "amount": {"amount": amount, "currency": "USD"}} | more
        return self.trade.api.post(f"/v1/orders/{order_id}/claims", body, self.trade.buyer)

    def act(self, claim_id: str, action: str, by: str, body: Any = None, **more: Any) -> Reply:
        return self.trade.api.post(f"/v1/claims/{claim_id}/{action}", body, self.token(by), **more)

    def do(self, claim_id: str, action: str, by: str, body: Any = None) -> Reply:
        """The same, where it has to succeed."""
        reply = self.act(claim_id, action, by, body)
        assert reply.status in (200, 201), reply.body
        return reply

    def see(self, claim_id: str, by: str = "buyer", what: str = "") -> Reply:
        return self.trade.api.get(f"/v1/claims/{claim_id}{what}", self.token(by))

    def token(self, who: str) -> str:
        if who in ("buyer", "supplier"):
            return self.trade.buyer if who == "buyer" else self.trade.supplier
        return token("officer", who, "claims")

    def evidence(self, claim_id: str, by: str, code: str, content: bytes = b"proof", **more: Any) -> str:
        """Announced, uploaded, arrived."""
        body = file_of(content, code) | more
        announced = self.do(claim_id, "evidence", by, body)
        upload(announced, content, body["media_type"])
        self.pump()
        evidence_id: str = announced["evidence_id"]
        return evidence_id

    def submitted(self, claim_id: str, by: str, code: str, content: bytes = b"proof", **more: Any) -> str:
        evidence_id = self.evidence(claim_id, by, code, content, **more)
        self.do(claim_id, f"evidence/{evidence_id}/submit", by)
        return evidence_id

    def in_review(self, claim_id: str) -> None:
        """Called by the buyer from day 4, opened by an officer, both sides complete."""
        self.trade.time.advance(hours=72)
        self.do(claim_id, "escalate", "buyer")
        self.do(claim_id, "open-evidence", "officer-a")
        self.do(claim_id, "complete-evidence", "buyer")
        self.do(claim_id, "complete-evidence", "supplier")

    def rule(self, claim_id: str, by: str = "officer-a", action: str = "determine", **more: Any) -> Reply:
        """As the rules draft it, unless said otherwise."""
        drafted = self.see(claim_id, by, "/draft")["draft"]
        body = {name: drafted[name] for name in ("outcome", "approved", "supplier_fault_percent")} | more
        return self.act(claim_id, action, by, body)


def file_of(content: bytes, code: str) -> dict[str, Any]:
    return {
        "code": code,
        "name": f"{code}.png",
        "media_type": "image/png",
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def upload(announced: Reply, content: bytes, media_type: str = "image/png") -> None:
    """Put the file where the form says, and tell the queue as the bucket does."""
    bucket.put(announced["upload"]["fields"]["key"], content, media_type)


@pytest.fixture
def dispute(trade: Trade, streams: Streams, pump: Pump) -> Dispute:
    return Dispute(trade, streams, pump)
