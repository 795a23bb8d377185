"""A bank that tells of its balances, and the items that come of it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from chalicelib.shared.periods import business_date, wire
from tests.bank_events.conftest import bank
from tests.loans.conftest import lender
from tests.loans.lending import Lender
from tests.world import token

__all__ = ["bank", "lender"]
OFFICER = token("officer", "officer-1", "payments")
SUPERVISOR = token("officer", "officer-2", "admin")
BOC, CMB = token("bank", "boc"), token("bank", "cmb")


@dataclass
class Books:
    """The books of the Bank of China, as it tells of them."""

    lender: Lender
    seqs: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def tell(self, *rows: dict[str, Any], page: int = 1, pages: int = 1, **changes: Any) -> tuple[str, str | None]:
        """What became of a page of a snapshot. What follows from it is done too."""
        seq = next(self.seqs)
        today = business_date(self.lender.time.at).isoformat()
        data = {
            "bank_id": "boc",
            "bank_ref": f"S-{seq}",
            "seq": seq,
            "occurred_at": wire(self.lender.time.at),
            "business_date": today,
            "as_of": today,
            "currency": "CNY",
            "page": page,
            "pages": pages,
            "loans": list(rows),
        }
        event_id = self.lender.bank.tell("balance.snapshot", data | changes, webhook_id=f"snapshot-{seq}")
        self.lender.bank.streams()
        return self.lender.outcome(event_id)

    def row(self, loan_id: str, **changes: int) -> dict[str, Any]:
        """What we hold of a loan today, and so what its bank should."""
        standing = self.lender.see(loan_id)["standing"]
        minor = {name: int(standing[name]["amount"].replace(".", "")) for name in ("principal", "interest", "penalty")}
        last = self.lender.seqs[loan_id]
        return {"loan_id": loan_id, **minor, "dpd": standing["dpd"], "last_seq": last} | changes

    def items(self, query: str = "", by: str = OFFICER) -> list[Any]:
        reply = self.lender.api.get(f"/v1/reconciliation-items{query}", by)
        assert reply.status == 200, reply.body
        items: list[Any] = reply["items"]
        return items

    def differences(self) -> dict[str, tuple[int | None, int | None]]:
        """Of the one open item."""
        [item] = self.items("?status=open")
        return {each["of"]: (each["ours"], each["theirs"]) for each in item["differences"]}


@pytest.fixture
def books(lender: Lender) -> Books:
    return Books(lender)
