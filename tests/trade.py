"""Two parties, a supplier in the programme, and a bank that speaks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import msgspec
import pytest

from chalicelib.banks.rules.inbox import Movement
from chalicelib.orders.examples import SHIPMENT, TERMS
from chalicelib.orders.rules.payments import BankFact, PaymentReceived, PaymentReturned
from chalicelib.orders.service import commands as orders_commands
from chalicelib.shared import journal
from chalicelib.shared.commit import Joined, StoredResponse, commit
from chalicelib.shared.errors import DomainError
from chalicelib.shared.journal import Event
from chalicelib.shared.request import CLOCK, Caller, RequestContext
from chalicelib.suppliers import records as suppliers
from chalicelib.suppliers.rules.coverage import CoverPosition, limit_postings
from chalicelib.suppliers.rules.programme import Supplier
from chalicelib.suppliers.service.changing import chain
from tests.world import Api, Reply, StandingClock, token


@dataclass
class Trade:
    """A buyer and a supplier with a protection amount of 100,000.00 USD."""

    api: Api
    time: StandingClock
    buyer_id: str
    supplier_id: str
    seqs: dict[str, int]

    @property
    def buyer(self) -> str:
        return token("member", self.buyer_id)

    @property
    def supplier(self) -> str:
        return token("member", self.supplier_id)

    def propose(self, **terms: Any) -> Reply:
        reply = self.api.post(
            "/v1/orders",
            {"buyer_id": self.buyer_id, "supplier_id": self.supplier_id, "terms": TERMS | terms},
            self.buyer,
        )
        assert reply.status == 201, reply.body
        return reply

    def agree(self, **terms: Any) -> str:
        reply = self.propose(**terms)
        agreed = self.api.post(f"/v1/orders/{reply['id']}/accept", {"version": reply["version"]}, self.supplier)
        assert agreed.status == 200, agreed.body
        order_id: str = reply["id"]
        return order_id

    def pay(
        self,
        order_id: str,
        minor: int,
        ref: str = "",
        *,
        currency: str = "USD",
        account: str | None = None,
        seq: int = 0,
    ) -> StoredResponse:
        number = seq or self._next(order_id)
        self.seqs.setdefault(order_id, 0)
        fact = PaymentReceived(
            bank_id="boc",
            bank_ref=ref or self._ref(order_id, number),
            seq=number,
            account=account or f"TA-{currency}-01",
            value_date=date(2026, 3, 2),
            amount_minor=minor,
            currency=currency,
        )
        return orders_commands.apply_bank_fact(order_id, fact, self._bank(order_id, number, fact), aside=aside(fact))

    def take_back(self, order_id: str, minor: int, ref: str) -> StoredResponse:
        number = self._next(order_id)
        fact = PaymentReturned(
            bank_id="boc",
            bank_ref=ref,
            seq=number,
            amount_minor=minor,
            currency="USD",
            reason="insufficient_funds",
            value_date=date(2026, 3, 3),
        )
        return orders_commands.apply_bank_fact(order_id, fact, self._bank(order_id, number, fact), aside=aside(fact))

    def fund(self, order_id: str) -> None:
        self.pay(order_id, 150_000)
        self.pay(order_id, 350_000)

    def ship(self, order_id: str, **changes: Any) -> Reply:
        return self.api.post(f"/v1/orders/{order_id}/ship", SHIPMENT | changes, self.supplier)

    def act(self, order_id: str, action: str, by: str, body: Any = None) -> Reply:
        return self.api.post(f"/v1/orders/{order_id}/{action}", body, by)

    def see(self, order_id: str, what: str = "", by: str | None = None) -> Reply:
        return self.api.get(f"/v1/orders/{order_id}{what}", by or self.buyer)

    def standing(self) -> CoverPosition:
        loaded = suppliers.load(self.supplier_id)
        assert loaded is not None
        position = loaded[1]
        assert position.limit_minor == position.available_minor + position.reserved_minor + position.advanced_minor
        return position

    def _next(self, order_id: str) -> int:
        self.seqs[order_id] = self.seqs.get(order_id, 0) + 1
        return self.seqs[order_id]

    def _ref(self, order_id: str, number: int) -> str:
        """Every transfer has a reference of its own: those of the first order are R-1, R-2 …"""
        place = list(self.seqs).index(order_id)
        return f"R-{number}" if place == 0 else f"R-{place + 1}-{number}"

    def _bank(self, order_id: str, number: int, fact: Any) -> RequestContext:
        return RequestContext(
            caller=Caller(sub="bank:boc", role="bank"),
            now=self.time.at,
            request_id=f"bank-{number}",
            key=f"msg-{order_id}-{number}",
            digest=msgspec.json.encode(fact).decode(),
        )


ELSEWHERE: Final = "bev_elsewhere"


def aside(fact: BankFact) -> Callable[[DomainError], Joined]:
    """What the slice above commits with money that the order does not take: it lies in suspense, of an event that is not here."""
    movement = Movement(fact.amount_minor, fact.currency, isinstance(fact, PaymentReceived))
    return lambda why: Joined(postings=movement.suspend(ELSEWHERE, fact.bank_id))


def enrol(member_id: str, limit_minor: int, time: StandingClock) -> None:
    """A supplier in the programme, as a qualification would have made it."""
    supplier = Supplier(
        id=member_id,
        version=1,
        status="active",
        created_at=time.at,
        updated_at=time.at,
        enrolled_at=time.at,
        limit_minor=limit_minor,
    )
    request = RequestContext(caller=CLOCK, now=time.at, request_id="enrol", key=f"enrol-{member_id}")
    event = Event("supplier.enrolled", {}, limit_postings(member_id, was_minor=0, now_minor=limit_minor))
    entry = journal.entry(request, event, aggregate_id=chain(member_id), seq=1, prev=journal.GENESIS)
    commit(entry, suppliers.create(supplier, entry))


@pytest.fixture
def trade(api: Api, time: StandingClock, officer: str) -> Trade:
    ids = [
        api.post("/v1/members", {"external_ref": ref, "name": ref, "country": "CN"}, officer)["id"]
        for ref in ("buyer", "supplier")
    ]
    enrol(ids[1], 10_000_000, time)
    return Trade(api, time, buyer_id=ids[0], supplier_id=ids[1], seqs={})
