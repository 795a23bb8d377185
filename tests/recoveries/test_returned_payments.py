"""A bank takes back a payment that its supplier has had: the supplier is asked for it, as it is where a buyer's bank wins a dispute."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib.recoveries.declared import RECOVERIES
from tests.bank_events.conftest import Bank, bank, books, payment
from tests.recoveries.owing import OFFICER
from tests.trade import Trade
from tests.world import Reply, token

__all__ = ["bank"]


DESK = token("officer", "officer-1", "admin")


def usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


@dataclass
class Sale:
    """One order of 5,000.00 USD, paid by two transfers, and its supplier who has had the money."""

    trade: Trade
    bank: Bank
    order_id: str = ""
    told: int = 2

    def paid(self) -> None:
        """Agreed, and paid."""
        self.order_id = self.trade.agree(ship_by={"kind": "after_payment", "days": 10, "payment": "full"})
        for seq, amount in ((1, "1500.00"), (2, "3500.00")):
            self.bank.pay(self.order_id, amount, seq)
        self.bank.streams()

    def completed(self) -> None:
        """Shipped and received; the claim window is over, and the supplier has the money on its balance."""
        self.paid()
        assert self.trade.ship(self.order_id).status == 200
        assert self.trade.act(self.order_id, "receive", self.trade.buyer).status == 200
        self.trade.time.advance(days=31)
        assert self.trade.see(self.order_id)["status"] == "completed"
        assert self.trade.act(self.order_id, "cancel", self.trade.buyer, {}).status == 409
        self.bank.streams()

    def drawn(self, amount: str = "5000.00") -> None:
        """The supplier has what was on its balance paid out."""
        about = f"/v1/suppliers/{self.trade.supplier_id}"
        account = {"bank_id": "boc", "account": "6217000010001234567", "currency": "USD"}
        assert self.trade.api.post(f"{about}/bank-account", account, self.trade.supplier).status < 300
        paid = self.trade.api.post(f"{about}/payouts", {"money": usd(amount)}, self.trade.supplier)
        assert paid.status == 201, paid.body
        self.bank.streams()

    def charged_back(self, amount: str, ref: str, **changes: Any) -> str:
        self.told += 1
        data = payment(self.order_id, amount, self.told) | {"bank_ref": ref, "reason": "recalled"} | changes
        event_id = self.bank.tell("payment.returned", data)
        self.bank.streams()
        return event_id

    def recoveries(self, by: str | None = None) -> list[Any]:
        reply = self.trade.api.get("/v1/recoveries", by or self.trade.supplier)
        return sorted(reply["items"], key=lambda each: str(each["advanced"]["amount"]))

    def do(self, recovery: Any, action: str, body: Any = None) -> Reply:
        return self.trade.api.post(f"/v1/recoveries/{recovery['id']}/{action}", body, OFFICER)

    def owed(self) -> dict[str, int]:
        """What the supplier owes by the books."""
        names = (f"{code}:{self.trade.supplier_id}" for code in ("returned_receivable", "advances_receivable"))
        return {name.partition(":")[0]: minor for name in names if (minor := books().get(name))}


@pytest.fixture
def sale(trade: Trade, bank: Bank) -> Sale:
    return Sale(trade, bank)


def test_what_a_bank_takes_back_of_a_supplier_that_has_drawn_it_is_demanded_of_it(sale: Sale) -> None:
    sale.completed()
    sale.drawn()
    event_id = sale.charged_back("3500.00", "R-2")
    assert sale.bank.status(event_id) == "applied"
    [recovery] = sale.recoveries()
    assert (recovery["status"], recovery["advanced"], recovery["remaining"]) == (
        "demanded",
        usd("3500.00"),
        usd("3500.00"),
    )
    assert (recovery["order_id"], recovery["claim_id"]) == (sale.order_id, sale.order_id)
    assert (recovery["being_debited"], recovery["cover_advanced"]) == (usd("3500.00"), usd("0.00"))
    assert sale.owed() == {"advances_receivable": 350_000}
    received = sale.do(recovery, "receipts", {"money": usd("3500.00"), "bank_id": "boc", "bank_ref": "R-77"})
    assert (received.status, received["status"]) == (200, "recovered"), received.body
    assert sale.owed() == {}


def test_what_is_on_its_balance_still_is_taken_from_there_at_once(sale: Sale) -> None:
    sale.completed()
    sale.charged_back("3500.00", "R-2")
    [recovery] = sale.recoveries()
    assert (recovery["status"], recovery["remaining"]) == ("recovered", usd("0.00"))
    assert sale.owed() == {}
    assert books() == {
        "bank_clearing:boc": 150_000,
        f"supplier_balance:{sale.trade.supplier_id}": -150_000,
    }


def test_each_return_is_a_recovery_of_its_own_and_one_that_is_told_again_is_none(sale: Sale) -> None:
    sale.completed()
    sale.drawn()
    sale.charged_back("1000.00", "R-2")
    sale.charged_back("500.00", "R-2")
    sale.charged_back("500.00", "R-2", seq=sale.told)
    assert [each["advanced"]["amount"] for each in sale.recoveries()] == ["1000.00", "500.00"]
    assert sale.owed() == {"advances_receivable": 150_000}
    sale.bank.streams.forget()
    sale.bank.streams()
    assert len(sale.recoveries()) == 2


def test_what_is_held_still_is_taken_first_and_only_what_the_supplier_had_early_is_owed(sale: Sale) -> None:
    sale.paid()
    early = sale.trade.act(sale.order_id, "early-payout", sale.trade.supplier, {"money": usd("1000.00")})
    assert early.status == 200, early.body
    sale.bank.streams()
    sale.drawn("1000.00")
    sale.charged_back("3500.00", "R-2")
    assert (sale.recoveries(), sale.owed()) == ([], {})
    sale.charged_back("1500.00", "R-1")
    [recovery] = sale.recoveries()
    assert recovery["remaining"] == usd("1000.00")
    assert sale.owed() == {"advances_receivable": 100_000}


def test_a_return_that_an_officer_gives_to_its_order_is_demanded_too(sale: Sale) -> None:
    sale.completed()
    sale.drawn()
    event_id = sale.charged_back("3500.00", "R-unknown")
    assert (sale.bank.status(event_id), sale.recoveries()) == ("suspense", [])
    body = {"order_id": sale.order_id, "bank_ref": "R-2"}
    replies = [sale.trade.api.post(f"/v1/bank-events/{event_id}/allocate", body, DESK, key="once") for _ in range(2)]
    assert [reply.status for reply in replies] == [200, 200]
    sale.bank.streams()
    [recovery] = sale.recoveries()
    assert (recovery["status"], recovery["remaining"]) == ("demanded", usd("3500.00"))
    assert sale.owed() == {"advances_receivable": 350_000}


def test_who_does_not_pay_it_back_is_out_of_the_programme(sale: Sale) -> None:
    sale.completed()
    sale.drawn()
    sale.charged_back("3500.00", "R-2")
    sale.trade.time.advance(days=31)
    RECOVERIES.sweep(sale.trade.time.at)
    sale.bank.streams()
    [recovery] = sale.recoveries()
    assert recovery["status"] == "suspended"
    shown = sale.trade.api.get(f"/v1/suppliers/{sale.trade.supplier_id}", sale.trade.supplier)
    assert shown["status"] == "suspended", shown.body
