"""A firm with a signer and a consent, which draws on lines of its banks; and what the Bank of China says to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib.credit.examples import CONSENT
from chalicelib.credit.records import exposures
from chalicelib.credit.service import exposure
from chalicelib.loans.examples import DRAW
from chalicelib.receivables.examples import PRESENT
from chalicelib.registry import MACHINES
from tests.bank_events.conftest import Bank
from tests.credit.lining import plant
from tests.firms.factories import sign_for
from tests.loans.lending import Lender, planned
from tests.trade import Trade
from tests.world import Reply

MILLION = 100_000_000


@dataclass
class Drawer:
    """`trade.supplier` is the firm."""

    trade: Trade
    lender: Lender
    person_id: str

    @property
    def firm_id(self) -> str:
        return self.trade.supplier_id

    def post(self, path: str, body: Any = None, **how: Any) -> Reply:
        """As the signer."""
        return self.trade.api.post(path, body, self.trade.supplier, **{"Surety_Acting_Person": self.person_id, **how})

    def consent(self, *bank_ids: str, **other: Any) -> None:
        reply = self.post("/v1/consents", CONSENT | {"bank_ids": list(bank_ids)} | other)
        assert reply.status == 201, reply.body

    def line(self, product_id: str, minor: int = MILLION, *, limit_of_firm: int = MILLION, fee_minor: int = 0) -> str:
        return plant(self.firm_id, minor, limit_of_firm=limit_of_firm, product_id=product_id, fee_minor=fee_minor)

    def draw(self, amount: str, line_id: str = "", *, key: str | None = None, **other: Any) -> Reply:
        body = DRAW | {"money": {"amount": amount, "currency": "CNY"}} | other
        return self.post(f"/v1/credit-lines/{line_id or self.lender.line_id}/draws", body, key=key)

    def drawn(self, amount: str, line_id: str = "", **other: Any) -> str:
        reply = self.draw(amount, line_id, **other)
        assert reply.status == 201, reply.body
        return str(reply["id"])

    def invoice(self, amount: str, number: str = "INV-1") -> str:
        """An invoice that its buyer has confirmed, by the receivable's id."""
        body = PRESENT | {"buyer_id": self.trade.buyer_id, "number": number}
        presented = self.trade.api.post(
            "/v1/receivables", body | {"money": {"amount": amount, "currency": "CNY"}}, self.trade.supplier
        )
        confirmed = self.trade.api.post(f"/v1/receivables/{presented['id']}/confirm", None, self.trade.buyer)
        assert confirmed.status == 200, confirmed.body
        return str(presented["id"])

    def drawn_on_invoice(self, amount: str) -> str:
        named = {"kind": "invoice", "id": self.invoice("100000.00")}
        return self.drawn(amount, self.line("boc-receivable"), receivables=[named])

    def disburse(self, loan_id: str, minor: int, due: str = "2026-06-02") -> None:
        """The bank pays, and wants all of it back on a day."""
        day = self.lender.time.at.date().isoformat()
        event = self.lender.tell(
            "draw.disbursed",
            loan_id,
            amount=minor,
            value_date=day,
            rate_bp=1140,
            schedule=planned((due, minor, 0)),
        )
        assert event == ("applied", None), event
        self.follow()

    def follow(self) -> None:
        """Everybody hears of what was written."""
        self.lender.bank.streams()

    def of_draw(self, kind: str, loan_id: str, **data: Any) -> tuple[str, str | None]:
        event = self.lender.tell(kind, loan_id, draw_id=loan_id, **data)
        self.follow()
        return event

    def exposed(self) -> tuple[int, int, int]:
        """What is available of the firm's limit, pending, and outstanding."""
        position = exposure.of(self.firm_id).position
        return position.available_minor, position.pending_minor, position.outstanding_minor

    def sweep(self, machine: str = "loans") -> None:
        [swept] = [each.sweep(self.lender.time.at) for each in MACHINES if each.name == machine]
        assert not swept.failed


def makes_draws(trade: Trade, bank: Bank) -> Drawer:
    lender = Lender(bank, trade.time, trade.supplier_id, plant(trade.supplier_id, MILLION))
    drawer = Drawer(trade, lender, sign_for(trade.supplier_id))
    drawer.consent("boc")
    assert exposures.load(trade.supplier_id) is not None
    return drawer


@pytest.fixture
def drawer(trade: Trade, bank: Bank) -> Drawer:
    return makes_draws(trade, bank)
