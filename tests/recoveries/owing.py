"""A supplier that owes: what claims and banks write into the journal, written here as they would."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any

import pytest

from chalicelib.ledger.rules.chart import (
    ADVANCES_RECEIVABLE,
    BANK_CLEARING,
    COLLECTED,
    HELD,
    REFUNDS_PAYABLE,
    SUPPLIER_BALANCE,
)
from chalicelib.recoveries import jobs
from chalicelib.recoveries.declared import RECOVERIES
from chalicelib.recoveries.service import subscribers
from chalicelib.shared import clock, ids, journal
from chalicelib.shared.commit import commit
from chalicelib.shared.journal import Entry, Event, transfer
from chalicelib.shared.request import CLOCK, RequestContext
from chalicelib.suppliers.rules.coverage import advance_postings, reserve_postings
from chalicelib.suppliers.service import changing as suppliers_changing
from tests.suppliers import effects
from tests.trade import Trade
from tests.world import Api, Reply, Streams, token

OFFICER = token("officer", "officer-1", "claims")


@dataclass
class Debt:
    """One claim of 1,500.00 USD that the platform advanced for the supplier of `trade`."""

    api: Api
    trade: Trade
    streams: Streams
    numbers: Any = field(default_factory=lambda: itertools.count(1))

    def register(self) -> None:
        """The supplier's account, for debits."""
        body = {"bank_id": "boc", "account": "6222020200112233", "currency": "USD"}
        reply = self.api.post(f"/v1/suppliers/{self.trade.supplier_id}/bank-account", body, self.trade.supplier)
        assert reply.status < 300, reply.body

    def advance(self, minor: int = 150_000, claim: str = "1") -> str:
        """A claim becomes payable with the platform's money. Returns the recovery's id, once the journal was followed."""
        supplier_id, claim_id = self.trade.supplier_id, ids.derived_id("clm", claim)
        self.write(
            "order.accepted", ids.derived_id("ord", claim), {}, reserve_postings(supplier_id, minor), reserve=minor
        )
        payload = {
            "supplier_id": supplier_id,
            "order_id": ids.derived_id("ord", claim),
            "claim_id": claim_id,
            "amount_minor": minor,
            "currency": "USD",
            "usd_minor": minor,
        }
        paid = transfer(
            minor,
            "USD",
            debit_to=(ADVANCES_RECEIVABLE, supplier_id),
            credit_to=(REFUNDS_PAYABLE, ids.derived_id("ord", claim)),
        )
        postings = paid + advance_postings(supplier_id, minor)
        self.write("claim.payable", claim_id, {"advance": payload}, postings, advance=minor)
        self.streams()
        return subscribers.id_of(claim_id)

    def earn(self, minor: int) -> None:
        """Money of another order is released to the supplier, and the books have seen it."""
        order_id = ids.derived_id("ord", f"earned-{next(self.numbers)}")
        received = transfer(minor, "USD", debit_to=(BANK_CLEARING, "boc"), credit_to=(HELD, order_id))
        released = transfer(
            minor, "USD", debit_to=(HELD, order_id), credit_to=(SUPPLIER_BALANCE, self.trade.supplier_id)
        )
        self.write("order.completed", order_id, {"released_minor": minor}, received + released)
        self.streams()

    def bank_says(self, recovery_id: str, kind: str, minor: int, *, seq: int, **more: Any) -> None:
        """What the outbox writes when a bank has debited, or has not, or has taken it back."""
        supplier_id = self.trade.supplier_id
        collected, bank = (COLLECTED, supplier_id), (BANK_CLEARING, "boc")
        postings = transfer(minor, "USD", debit_to=bank, credit_to=collected) if kind == "settled" else ()
        if more.get("came_back"):
            postings = transfer(minor, "USD", debit_to=collected, credit_to=bank)
        payload = {
            "kind": "debit",
            "cause": recovery_id,
            "aggregate_id": supplier_id,
            "party": supplier_id,
            "amount_minor": minor,
            "currency": "USD",
        }
        self.write(f"instruction.{kind}", ids.derived_id("ins", recovery_id), payload | more, postings, seq=seq)

    def write(self, kind: str, aggregate_id: str, payload: Any, postings: Any, *, seq: int = 1, **cover: int) -> Entry:
        request = RequestContext(caller=CLOCK, now=clock.now(), request_id="test", key=f"{aggregate_id}:{seq}:{kind}")
        entry = journal.entry(
            request,
            Event(kind, payload, postings),
            aggregate_id=aggregate_id,
            seq=seq,
            prev=journal.GENESIS if seq == 1 else "x",
        )
        changes = []
        if minor := cover.get("reserve"):
            changes.append(effects.reserve(self.trade.supplier_id, minor))
        if minor := cover.get("advance"):
            changes.append(effects.change(self.trade.supplier_id, advance=minor))
        commit(entry, *changes)
        return entry

    def see(self, recovery_id: str, by: str | None = None) -> Reply:
        return self.api.get(f"/v1/recoveries/{recovery_id}", by or self.trade.supplier)

    def do(self, recovery_id: str, action: str, body: Any = None, by: str = OFFICER, **more: Any) -> Reply:
        return self.api.post(f"/v1/recoveries/{recovery_id}/{action}", body, by, **more)

    def sweep(self) -> None:
        """What schedules and the journal's stream do."""
        RECOVERIES.sweep(clock.now())
        jobs.set_off_all(clock.now())
        self.streams()

    def kept_out_for(self) -> list[str]:
        """The recoveries for which the supplier is suspended."""
        loaded = suppliers_changing.current(self.trade.supplier_id, clock.now())
        assert loaded is not None
        return sorted(loaded[0].overdue)

    def balances(self) -> dict[str, str]:
        """The trial balance, account by account."""
        reply = self.api.get("/v1/ledger/trial-balance", token("officer", "officer-1", "admin"))
        assert reply["balanced"]
        return {line["account"]: line["balance"]["amount"] for line in reply["accounts"] + reply["memorandum"]}


@pytest.fixture
def debt(api: Api, trade: Trade, streams: Streams) -> Debt:
    return Debt(api, trade, streams)
