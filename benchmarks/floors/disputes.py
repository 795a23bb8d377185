"""One random order with a claim on it, and the hands that move both."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from benchmarks.floors import factories, orders
from benchmarks.floors.stage import Stage
from chalicelib.banks.records import outbox
from chalicelib.banks.rules.instruction import Attempt, Instruction, StatusReport
from chalicelib.banks.rules.outbox import AttemptStatus
from chalicelib.banks.service import outbox as banks_outbox
from chalicelib.claims.aggregate import CLAIMS
from chalicelib.claims.service import evidence
from chalicelib.shared import files
from chalicelib.shared.files import Arrived

SHIP_BY = {"kind": "after_payment", "days": 10, "payment": "full"}
OFFICERS = ("officer-a", "officer-b", "officer-c", "officer-d")


@dataclass
class Dispute:
    """`order` is agreed and paid in full by a buyer and a supplier of its own."""

    stage: Stage
    buyer: str = ""
    supplier: str = ""
    order_id: str = ""
    claim_id: str = ""
    total: int = 0
    asked_minor: int = 0
    terms: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        stage, number = self.stage, next(self.stage.numbers)
        self.buyer, self.supplier = stage.register(f"buyer-{number}"), stage.supplier(f"supplier-{number}")

    def order(self, **terms: Any) -> Dispute:
        self.terms = factories.terms(self.stage.chance, ship_by=SHIP_BY, **terms)
        self.total = sum(factories.cents(part["money"]) for part in self.terms["instalments"])
        body = {"buyer_id": self.buyer, "supplier_id": self.supplier, "terms": self.terms}
        self.order_id = self.stage.call("/v1/orders", self.buyer, body, expect=201)["id"]
        self.of_order("accept", self.supplier, {"version": 1})
        for seq, part in enumerate(self.terms["instalments"], 1):
            orders.pay(self.stage, self.order_id, seq, factories.cents(part["money"]))
        return self

    def late(self, **terms: Any) -> Dispute:
        self.order(**terms)
        self.stage.time.advance(days=self.stage.chance.randrange(11, 20))
        self.of_order("ship", self.supplier, factories.shipment(self.stage.chance))
        return self

    def received(self, **terms: Any) -> Dispute:
        self.order(**terms)
        self.of_order("ship", self.supplier, factories.shipment(self.stage.chance))
        self.stage.time.advance(days=self.stage.chance.randrange(5, 20))
        self.of_order("receive", self.buyer)
        return self

    def of_order(self, action: str, by: str, body: Any = None, command: str = "") -> Any:
        return self.stage.call(f"/v1/orders/{self.order_id}/{action}", by, body, command=command)

    def file(self, reason: str, minor: int = 0) -> Dispute:
        """Claim so much, or by chance."""
        chance = self.stage.chance
        lines = chance.choice([[], [1]])
        self.asked_minor = minor or chance.randrange(min(100, self.total), self.total + 1)
        body = {
            "reason": reason,
            "amount": factories.usd(self.asked_minor),
            "lines": lines,
            "statement": factories.words(chance),
        }
        path = f"/v1/orders/{self.order_id}/claims"
        self.claim_id = self.stage.call(path, self.buyer, body, command="open a claim", expect=201)["id"]
        return self

    def act(self, command: str, action: str, by: str, body: Any = None, expect: int = 200) -> Any:
        who = {"buyer": self.buyer, "supplier": self.supplier}.get(by, by)
        path = f"/v1/claims/{self.claim_id}/{action}"
        return self.stage.call(path, who, body, command=command, expect=expect)

    def see(self, what: str = "", by: str = "officer-a") -> Any:
        return self.stage.see(f"/v1/claims/{self.claim_id}{what}", by)

    def offer(self, by: str, kind: str = "partial", minor: int = 0) -> str:
        """Returns the offer's id."""
        body: dict[str, Any] = {"kind": kind, "note": factories.words(self.stage.chance)}
        if kind not in ("replace", "none"):
            body["amount"] = factories.usd(minor or self.part())
        offer_id: str = self.act("offer", "offers", by, body)["offers"][-1]["id"]
        return offer_id

    def part(self) -> int:
        return self.stage.chance.randrange(1, self.asked_minor + 1)

    def evidence(self, by: str, code: str, *, handed_in: bool = True) -> str:
        """Announced, uploaded, arrived, and perhaps handed in."""
        content = self.stage.chance.randbytes(64)
        body = factories.file(self.stage.chance, code, content, hashlib.sha256(content).hexdigest())
        announced = self.act("evidence: announce", "evidence", by, body, expect=201)
        key = announced["upload"]["fields"]["key"]
        files.put(key, content, body["media_type"])
        arrived = Arrived(key, len(content), hashlib.md5(content, usedforsecurity=False).hexdigest())
        self.stage.measured("evidence: a file arrives", lambda: evidence.file_arrived(arrived))
        evidence_id: str = announced["evidence_id"]
        if handed_in:
            self.act("evidence: submit", f"evidence/{evidence_id}/submit", by)
        return evidence_id

    def escalated(self) -> Dispute:
        """The supplier has answered; an officer is called on day 4."""
        self.offer("supplier")
        self.stage.time.advance(hours=72)
        self.act("escalate", "escalate", "buyer")
        return self

    def opened(self) -> Dispute:
        self.escalated()
        self.act("open evidence", "open-evidence", "officer-a")
        return self

    def complete(self) -> Dispute:
        for side in ("buyer", "supplier"):
            self.act("complete evidence", "complete-evidence", side)
        return self

    def rule(self, command: str, action: str, officers: tuple[str, ...]) -> Any:
        """As the rules draft it; by a second officer where it takes two."""
        drafted = self.see("/draft")["draft"]
        body = {name: drafted[name] for name in ("outcome", "approved", "supplier_fault_percent")}
        body["reasoning"], before = factories.words(self.stage.chance), self.see()["status"]
        for officer in officers:
            claim = self.act(command, action, officer, body)
            if claim["status"] != before:
                return claim
        raise AssertionError("two officers are enough")

    def clock(self, command: str) -> str:
        """The clock moves on to what falls due next on the claim, and a sweep writes it. Returns the status after it."""
        due = CLAIMS.next_due(self.claim_id, self.stage.time.at)
        assert due is not None
        self.stage.time.at = max(due, self.stage.time.at)
        self.stage.measured(command, lambda: CLAIMS.catch_up(self.claim_id, self.stage.time.at))
        after = CLAIMS.repository.load(self.claim_id)
        assert after is not None
        return after.status

    def paid(self) -> None:
        """Banks are told, carry it out, and say so: the claim is paid."""
        for instruction, attempt in self.attempts():
            settle(self.stage, instruction, attempt)
        self.stage.follow()

    def attempts(self, of: str = "") -> list[tuple[Instruction, Attempt]]:
        """Everything is followed; the last attempt of every instruction that is with a bank."""
        self.stage.follow()
        instructions = outbox.all_of(of or self.order_id)
        return [(instruction, instruction.attempts[-1]) for instruction in instructions if instruction.status == "sent"]


def settle(stage: Stage, instruction: Instruction, attempt: Attempt, outcome: str = "settled") -> None:
    """A bank says what came of an attempt."""
    report = StatusReport(
        outcome="settled" if outcome == "settled" else "failed", seq=1, bank_ref=f"B-{attempt.id[-8:]}"
    )
    status = AttemptStatus(
        attempt_id=attempt.id,
        bank_id=instruction.bank_id,
        kind=instruction.kind,
        amount_minor=attempt.amount_minor,
        currency=instruction.currency,
        report=report,
    )
    request = stage.request(f"bank:{instruction.bank_id}", "bank")
    stage.measured(f"bank: {instruction.kind} {outcome}", lambda: banks_outbox.apply_status(status, request))
