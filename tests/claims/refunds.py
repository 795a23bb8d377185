"""A claim on its way to the money: agreed, told to banks, said by banks; and the books to the cent after each word."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pytest

from chalicelib.banks.declared import INSTRUCTIONS
from chalicelib.shared.journal import JournalRow
from tests.dispute import Dispute
from tests.world import Reply, token

OFFICER = token("officer", "officer-1", "admin", "claims")
OWED = {"bank_clearing": 500_000, "held": -400_000, "refunds_payable": -100_000}
PAID = {"bank_clearing": 400_000, "held": -400_000}
"""An order of 5,000.00 USD, paid in full, of which 1,000.00 are owed to the buyer; and are paid."""

ACCOUNT = {"bank_id": "boc", "account": "6222020200112233", "currency": "USD"}


def usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


@dataclass
class Refunds:
    """What `dispute` is paid back, and what the Bank of China says of it."""

    dispute: Dispute

    def agree(self, claim_id: str, amount: str, kind: str = "partial") -> Reply:
        """The supplier offers, the buyer accepts: the money is owed."""
        offered = self.dispute.do(claim_id, "offers", "supplier", {"kind": kind, "amount": usd(amount)})
        self.dispute.do(claim_id, f"offers/{offered['offers'][-1]['id']}/accept", "buyer")
        assert_books()
        return self.dispute.see(claim_id, "supplier")

    def owed(self, amount: str = "1000.00", **terms: Any) -> tuple[str, str]:
        """(claim, order): late, and agreed on over so much; nobody has told a bank yet."""
        order_id = self.dispute.late(**terms)
        claim_id = self.dispute.claim(order_id, amount=amount)
        self.agree(claim_id, amount, "full")
        return claim_id, order_id

    def in_flight(self, amount: str = "1000.00", **terms: Any) -> tuple[str, str, list[str]]:
        """(claim, order, attempts): the same, with the banks told."""
        claim_id, order_id = self.owed(amount, **terms)
        return claim_id, order_id, self.attempts(order_id)

    def instructions(self, order_id: str) -> list[dict[str, Any]]:
        """What banks were told to do because of an order, the oldest first, after everything was followed."""
        self.dispute.streams()
        path = f"/v1/bank-instructions?aggregate_id={order_id}"
        items = [item for item in self.dispute.trade.api.get(path, OFFICER)["items"] if item["kind"] == "refund"]
        return sorted(items, key=lambda item: (item["created_at"], item["bank_ref"]))

    def attempts(self, order_id: str) -> list[str]:
        """The last attempt of each refund, the smallest first: the list is in no order that means anything."""
        tried = [item["attempts"][-1] for item in self.instructions(order_id) if item["attempts"]]
        return [each["id"] for each in sorted(tried, key=lambda each: float(each["money"]["amount"]))]

    def say(self, outcome: str, attempt: str, amount: str, seq: int = 1, kind: str = "refund") -> None:
        """The bank tells what came of an attempt; nobody has heard it yet."""
        data = {"attempt_id": attempt, "bank_ref": f"B-{attempt[-6:]}", "seq": seq, "money": usd(amount)}
        body = {"type": f"{kind}.{outcome}", "data": data}
        sent = self.dispute.trade.api.post("/v1/sandbox/banks/boc/events", body, OFFICER)
        assert sent.status in (200, 202), sent.body

    def said(self, outcome: str, attempt: str, amount: str, seq: int = 1) -> None:
        """The same, and everybody has heard it."""
        self.say(outcome, attempt, amount, seq)
        self.followed()

    def settle(self, of: str) -> None:
        """The bank settles everything it was told because of an order or a supplier and has not settled yet."""
        self.dispute.streams()
        for item in self.dispute.trade.api.get(f"/v1/bank-instructions?aggregate_id={of}", OFFICER)["items"]:
            if item["status"] == "sent":
                told = item["attempts"][-1]
                self.say("settled", told["id"], told["money"]["amount"], kind=item["kind"])
                self.followed()

    def charged_back(self, order_id: str) -> None:
        """The buyer's bank takes both payments of an order back, the last one first, and everybody has heard it."""
        self.dispute.trade.take_back(order_id, 350_000, "R-2")
        self.dispute.trade.take_back(order_id, 150_000, "R-1")
        self.followed()

    def followed(self, chance: random.Random | None = None) -> None:
        self.dispute.streams(chance)
        assert_books()

    def behave(self, *does: str) -> None:
        """What the bank does with the next instructions."""
        body = {"next": [{"does": name} for name in does]}
        assert self.dispute.trade.api.post("/v1/sandbox/banks/boc/behaviour", body, OFFICER).status == 200

    def pay_out_balance(self, amount: str) -> None:
        """The supplier takes what was released to it to its bank, and it arrives there."""
        trade = self.dispute.trade
        self.dispute.streams()
        path = f"/v1/suppliers/{trade.supplier_id}"
        for action, body in (("bank-account", ACCOUNT), ("payouts", {"money": usd(amount)})):
            reply = trade.api.post(f"{path}/{action}", body, trade.supplier)
            assert reply.status in (200, 201), reply.body
        self.dispute.streams()

    def points(self) -> list[str]:
        trade = self.dispute.trade
        reply = trade.api.get(f"/v1/suppliers/{trade.supplier_id}", trade.supplier)
        return [penalty["reason"] for penalty in reply["points"]["penalties"]]

    def retry(self) -> None:
        """What the schedule does with instructions that are due."""
        INSTRUCTIONS.sweep(self.dispute.trade.time.at)
        self.followed()

    def kinds(self, claim_id: str) -> list[str]:
        """What happened to a claim, from a chain without gaps."""
        chain = sorted(
            (row.entry() for row in JournalRow.scan() if row.aggregate_id == claim_id), key=lambda entry: entry.seq
        )
        assert [entry.seq for entry in chain] == list(range(1, len(chain) + 1))
        assert all(later.prev == earlier.entry_hash for earlier, later in pairwise(chain))
        return [entry.event.kind for entry in chain]

    def books(self) -> dict[str, int]:
        return assert_books()


def assert_books() -> dict[str, int]:
    """Debits less credits of every account that is not even, by its code, from the journal. They balance, entry by entry."""
    sums: Counter[str] = Counter()
    for row in JournalRow.scan():
        even: Counter[str] = Counter()
        for leg in row.entry().event.postings:
            assert min(leg.debit_minor, leg.credit_minor) == 0 < leg.debit_minor + leg.credit_minor
            even[leg.currency] += leg.debit_minor - leg.credit_minor
            sums[leg.account] += leg.debit_minor - leg.credit_minor
        assert not any(even.values()), row.entry().event.kind
    return {account: total for account, total in sums.items() if total and not account.startswith("cover_")}


@pytest.fixture
def refunds(dispute: Dispute) -> Refunds:
    return Refunds(dispute)
