"""Draws against what buyers owe: at most 80 %, each order and invoice once across all banks, and repaid first from what the order pays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from chalicelib.loans import jobs
from chalicelib.loans.service import following
from chalicelib.shared.journal import Entry, JournalRow
from tests.bank_events.conftest import Bank, bank, books
from tests.loans.drawing import Drawer, drawer
from tests.world import Reply, token

__all__ = ["Bank", "bank", "drawer"]


def order(order_id: str) -> dict[str, str]:
    return {"kind": "order", "id": order_id}


def invoice(receivable_id: str) -> dict[str, str]:
    return {"kind": "invoice", "id": receivable_id}


def receivable(drawer: Drawer, receivable_id: str) -> Reply:
    return drawer.trade.api.get(f"/v1/receivables/{receivable_id}", drawer.trade.supplier)


def of_order(drawer: Drawer, order_id: str) -> Reply:
    [found] = [
        each
        for each in drawer.trade.api.get("/v1/receivables", drawer.trade.supplier)["items"]
        if each["reference"] == order_id
    ]
    return receivable(drawer, found["id"])


def test_at_most_eighty_percent_of_an_invoice_is_lent_and_the_invoice_once_across_all_banks(drawer: Drawer) -> None:
    drawer.consent("ccb")
    first, second, name = drawer.line("boc-receivable"), drawer.line("ccb-receivable"), drawer.invoice("100000.00")
    short = drawer.draw("80000.01", first, receivables=[invoice(name)])
    assert (short.status, short["code"], short["maximum"]["amount"]) == (422, "receivables_short", "80000.00")
    twice = drawer.draw("5000.00", first, receivables=[invoice(name)] * 2)
    assert (twice.status, twice["code"]) == (422, "receivable_named_twice")
    loan_id = drawer.drawn("80000.00", first, receivables=[invoice(name)])
    for line_id in (first, second):
        again = drawer.draw("5000.00", line_id, receivables=[invoice(name)])
        assert (again.status, again["code"]) == (409, "receivable_pledged")
    seen = receivable(drawer, name)
    assert (seen["status"], seen["loan_id"], seen["bank_id"]) == ("pledged", loan_id, "boc")
    assert drawer.post(f"/v1/loans/{loan_id}/cancel").status == 200
    drawer.follow()
    assert receivable(drawer, name)["status"] == "confirmed"
    drawer.drawn("5000.00", second, receivables=[invoice(name)])
    assert receivable(drawer, name)["bank_id"] == "ccb"


def test_only_what_buyers_confirmed_and_owe_to_the_firm_is_lent_on(drawer: Drawer) -> None:
    line_id = drawer.line("boc-receivable")
    assert drawer.draw("5000.00", line_id)["code"] == "receivable_missing"
    assert drawer.draw("5000.00", receivables=[invoice(drawer.invoice("100000.00"))])["code"] == "receivable_missing"
    proposed = drawer.trade.propose()["id"]
    assert drawer.draw("5000.00", line_id, receivables=[order(proposed)])["code"] == "receivable_not_confirmed"
    theirs = drawer.trade.api.post("/v1/receivables/x/confirm", None, drawer.trade.buyer)
    assert theirs.status == 404
    assert drawer.draw("5000.00", line_id, receivables=[order("ord_1")]).status == 404


def test_an_invoice_bears_a_draw_until_it_is_due_and_not_after_that(drawer: Drawer) -> None:
    """What was paid on its day, or was not, is nobody's security: be it confirmed, or free again when its loan is repaid."""
    line_id, name = drawer.line("boc-receivable"), drawer.invoice("100000.00")
    due_on = date.fromisoformat(receivable(drawer, name)["due_on"])
    drawer.lender.on(due_on.year, due_on.month, due_on.day)
    loan_id = drawer.drawn("5000.00", line_id, receivables=[invoice(name)])
    assert drawer.post(f"/v1/loans/{loan_id}/cancel").status == 200
    drawer.follow()
    drawer.lender.time.advance(days=1)
    late = drawer.draw("5000.00", line_id, receivables=[invoice(name)])
    assert (late.status, late["code"], late["due_on"]) == (422, "receivable_overdue", str(due_on))
    assert receivable(drawer, name)["status"] == "confirmed"


def test_a_loan_that_is_repaid_frees_its_invoice(drawer: Drawer) -> None:
    loan_id = drawer.drawn_on_invoice("60000.00")
    [name] = [each["id"] for each in drawer.trade.api.get("/v1/receivables", drawer.trade.supplier)["items"]]
    drawer.disburse(loan_id, 6_000_000)
    assert receivable(drawer, name)["status"] == "pledged"
    assert drawer.lender.pay(loan_id, 6_000_000) == ("applied", None)
    drawer.follow()
    assert receivable(drawer, name)["status"] == "confirmed"


def reversed_after_repayment(drawer: Drawer, meanwhile: Callable[[str], object]) -> tuple[str, str]:
    """A loan on an invoice that is repaid, and owes again after what happens meanwhile to the invoice; their ids."""
    loan_id = drawer.drawn_on_invoice("60000.00")
    [name] = [each["id"] for each in drawer.trade.api.get("/v1/receivables", drawer.trade.supplier)["items"]]
    drawer.disburse(loan_id, 6_000_000)
    assert drawer.lender.pay(loan_id, 6_000_000, bank_ref="PAID-1") == ("applied", None)
    drawer.follow()
    meanwhile(name)
    back = {"original_bank_ref": "PAID-1", "amount": 6_000_000, "reason": "returned"}
    assert drawer.lender.tell("repayment.reversed", loan_id, **back) == ("applied", None)
    for _ in range(2):
        drawer.follow()
    assert drawer.lender.see(loan_id)["status"] == "current"
    return loan_id, name


def pledges_lost(drawer: Drawer, loan_id: str) -> list[str]:
    """What an officer has to explain of a loan's pledges. (Its bank plans no interest, which is to be explained, too.)"""
    page = drawer.trade.api.get("/v1/reconciliation-items", token("officer", "officer-9", "risk"))
    differences = [
        one["of"] for each in page["items"] if each["aggregate_id"] == loan_id for one in each["differences"]
    ]
    return [of for of in differences if of.startswith("pledge ")]


def test_a_reversed_repayment_pledges_the_invoice_again_while_it_is_free(drawer: Drawer) -> None:
    loan_id, name = reversed_after_repayment(drawer, lambda name: None)
    assert receivable(drawer, name)["status"] == "pledged"
    assert pledges_lost(drawer, loan_id) == []
    kinds = drawer.trade.api.get(f"/v1/receivables/{name}/timeline", drawer.trade.supplier)["items"]
    assert [each["kind"] for each in kinds][-2:] == ["receivable.freed", "receivable.pledged_again"]
    again = drawer.draw("5000.00", drawer.line("boc-receivable"), receivables=[invoice(name)])
    assert again["code"] == "receivable_pledged"
    assert drawer.lender.pay(loan_id, 6_000_000, bank_ref="PAID-2") == ("applied", None)
    drawer.follow()
    assert receivable(drawer, name)["status"] == "confirmed"


def test_a_reversed_repayment_whose_invoice_another_loan_has_is_an_officers(drawer: Drawer) -> None:
    def drawn(name: str) -> None:
        drawer.consent("ccb")
        drawer.drawn("20000.00", drawer.line("ccb-receivable"), receivables=[invoice(name)])

    loan_id, name = reversed_after_repayment(drawer, drawn)
    assert receivable(drawer, name)["status"] == "pledged"
    assert pledges_lost(drawer, loan_id) == [f"pledge {name}"]


def test_a_reversed_repayment_of_a_loan_on_an_order_that_has_ended_is_an_officers(drawer: Drawer) -> None:
    order_id = received(drawer)
    loan_id = drawer.drawn("20000.00", drawer.line("boc-receivable"), receivables=[order(order_id)])
    drawer.disburse(loan_id, 2_000_000)
    assert drawer.lender.pay(loan_id, 2_000_000, bank_ref="PAID-1") == ("applied", None)
    completed(drawer, order_id)
    back = {"original_bank_ref": "PAID-1", "amount": 2_000_000, "reason": "returned"}
    assert drawer.lender.tell("repayment.reversed", loan_id, **back) == ("applied", None)
    for _ in range(2):
        drawer.follow()
    assert of_order(drawer, order_id)["status"] == "confirmed"
    assert len(pledges_lost(drawer, loan_id)) == 1


def received(drawer: Drawer) -> str:
    """An order of 5,000.00 USD, paid and received: its claim window runs."""
    order_id = drawer.trade.agree()
    drawer.trade.fund(order_id)
    assert drawer.trade.ship(order_id).status == 200
    for action, by in (("deliver", drawer.trade.supplier), ("receive", drawer.trade.buyer)):
        drawer.trade.act(order_id, action, by)
    assert drawer.trade.see(order_id)["status"] == "received"
    return order_id


def completed(drawer: Drawer, order_id: str) -> None:
    drawer.follow()
    drawer.lender.time.advance(days=60)
    drawer.sweep("orders")
    assert drawer.trade.see(order_id)["status"] == "completed"
    drawer.follow()


@pytest.mark.parametrize(("drawn", "to_bank"), [("100000.00", "5000.00"), ("20000.00", "2900.00")])
def test_what_the_order_pays_goes_to_the_bank_of_its_loan_first(drawer: Drawer, drawn: str, to_bank: str) -> None:
    """Of 5,000.00 USD all where more is owed, and else what is owed, at 0.145 USD for a CNY; the rest is the supplier's."""
    line_id, order_id = drawer.line("boc-receivable"), received(drawer)
    minor = int(drawn.replace(".", ""))
    owed = [order(order_id), invoice(drawer.invoice("200000.00"))]
    loan_id = drawer.drawn(drawn, line_id, receivables=owed)
    drawer.disburse(loan_id, minor)
    completed(drawer, order_id)
    seen = of_order(drawer, order_id)
    assert (seen["status"], seen["why"], seen["paid"]["amount"]) == ("paid_out", "paid_out", to_bank)
    [instruction] = drawer.trade.api.get(
        f"/v1/bank-instructions?aggregate_id={drawer.firm_id}", drawer.lender.bank.officer
    )["items"]
    assert (instruction["kind"], instruction["bank_id"], instruction["money"]["amount"]) == ("payout", "boc", to_bank)
    left = drawer.trade.api.get(f"/v1/suppliers/{drawer.firm_id}/balance", drawer.trade.supplier)
    assert f"{5000 - float(to_bank):.2f}" in str(left.body)
    books()


def test_an_order_that_ends_without_paying_leaves_its_loan_owed(drawer: Drawer) -> None:
    line_id, order_id = drawer.line("boc-receivable"), drawer.trade.agree()
    loan_id = drawer.drawn("5000.00", line_id, receivables=[order(order_id)])
    drawer.disburse(loan_id, 500_000)
    drawer.lender.time.at = drawer.lender.time.at.replace(month=6)
    drawer.sweep("orders")
    drawer.follow()
    seen = of_order(drawer, order_id)
    assert (seen["status"], seen["why"], seen["loan_id"]) == ("lapsed", "order_ended", loan_id)
    assert drawer.lender.see(loan_id)["standing"]["principal"]["amount"] == "5000.00"


def test_the_bank_gets_it_though_nobody_has_booked_it_yet_and_once(drawer: Drawer) -> None:
    """Followers of the journal may be faster than the books."""
    line_id, order_id = drawer.line("boc-receivable"), received(drawer)
    drawer.disburse(drawer.drawn("20000.00", line_id, receivables=[order(order_id)]), 2_000_000)
    drawer.lender.time.advance(days=60)
    drawer.sweep("orders")
    [completed_] = [entry for row in JournalRow.scan() if (entry := row.entry()).event.kind == "order.completed"]
    jobs.follow(completed_)
    assert of_order(drawer, order_id)["paid"]["amount"] == "2900.00"
    jobs.follow(completed_)
    drawer.follow()
    assert of_order(drawer, order_id)["paid"]["amount"] == "2900.00"
    left = drawer.trade.api.get(f"/v1/suppliers/{drawer.firm_id}/balance", drawer.trade.supplier)
    assert "2100.00" in str(left.body)
    books()


def test_what_is_paid_out_early_goes_to_the_bank_too(drawer: Drawer) -> None:
    line_id, order_id = drawer.line("boc-receivable"), drawer.trade.agree()
    drawer.disburse(drawer.drawn("20000.00", line_id, receivables=[order(order_id)]), 2_000_000)
    drawer.trade.fund(order_id)
    early = drawer.trade.act(
        order_id, "early-payout", drawer.trade.supplier, {"money": {"amount": "1000.00", "currency": "USD"}}
    )
    assert early.status == 200, early.body
    drawer.follow()
    seen = of_order(drawer, order_id)
    assert (seen["status"], seen["paid"]["amount"]) == ("pledged", "1000.00")


def paid_early(drawer: Drawer, order_id: str, amount: str) -> None:
    body = {"money": {"amount": amount, "currency": "USD"}}
    early = drawer.trade.act(order_id, "early-payout", drawer.trade.supplier, body)
    assert early.status == 200, early.body
    drawer.follow()


def test_what_an_order_paid_for_another_loan_is_not_on_its_way_for_this_one(drawer: Drawer) -> None:
    """5,000.00 CNY are 725.00 USD."""
    line_id, first, second = drawer.line("boc-receivable"), drawer.trade.agree(), drawer.trade.agree()
    for order_id in (first, second):
        drawer.trade.fund(order_id)
    loan_id = drawer.drawn("5000.00", line_id, receivables=[order(first), order(second)])
    drawer.disburse(loan_id, 500_000)
    assert drawer.lender.pay(loan_id, 500_000, bank_ref="PAID-1") == ("applied", None)
    drawer.follow()
    drawer.disburse(drawer.drawn("15000.00", line_id, receivables=[order(first)]), 1_500_000)
    paid_early(drawer, first, "700.00")
    assert of_order(drawer, first)["paid"]["amount"] == "700.00"
    back = {"original_bank_ref": "PAID-1", "amount": 500_000, "reason": "returned"}
    assert drawer.lender.tell("repayment.reversed", loan_id, **back) == ("applied", None)
    drawer.follow()
    assert of_order(drawer, second)["loan_id"] == loan_id
    paid_early(drawer, second, "1000.00")
    assert of_order(drawer, second)["paid"]["amount"] == "725.00"
    books()


def completions(drawer: Drawer) -> list[Entry]:
    """Orders have been completed, and nobody has heard of it yet."""
    drawer.follow()
    drawer.lender.time.advance(days=60)
    drawer.sweep("orders")
    entries = (row.entry() for row in JournalRow.scan())
    return [entry for entry in entries if entry.event.kind == "order.completed"]


def meanwhile(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """Once, after it was read what a loan owes, and before anything is written on it."""
    owed, once = following.owed_minor, [happens]

    def read(*of: Any) -> int:
        minor = owed(*of)
        while once:
            once.pop()()
        return minor

    monkeypatch.setattr(following, "owed_minor", read)


def test_two_orders_that_complete_at_once_pay_the_bank_no_more_than_is_owed(
    drawer: Drawer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """40,000.00 CNY are 5,800.00 USD: the second decides on what it read before the first had paid."""
    line_id, first, second = drawer.line("boc-receivable"), received(drawer), received(drawer)
    drawer.disburse(drawer.drawn("40000.00", line_id, receivables=[order(first), order(second)]), 4_000_000)
    one, other = completions(drawer)
    meanwhile(monkeypatch, lambda: jobs.follow(one))
    jobs.follow(other)
    paid = sorted(str(of_order(drawer, order_id)["paid"]["amount"]) for order_id in (first, second))
    assert paid == ["5000.00", "800.00"]
    drawer.follow()
    books()


def test_a_repayment_that_arrives_while_an_order_pays_is_not_paid_to_the_bank_once_more(
    drawer: Drawer, monkeypatch: pytest.MonkeyPatch
) -> None:
    line_id, order_id = drawer.line("boc-receivable"), received(drawer)
    loan_id = drawer.drawn("20000.00", line_id, receivables=[order(order_id)])
    drawer.disburse(loan_id, 2_000_000)
    [completed_] = completions(drawer)
    meanwhile(monkeypatch, lambda: drawer.lender.pay(loan_id, 1_500_000))
    jobs.follow(completed_)
    assert of_order(drawer, order_id)["paid"]["amount"] == "725.00"
    drawer.follow()
    books()


def test_a_repayment_that_is_reversed_while_an_order_pays_is_paid_out_of_it(
    drawer: Drawer, monkeypatch: pytest.MonkeyPatch
) -> None:
    line_id, order_id = drawer.line("boc-receivable"), received(drawer)
    loan_id = drawer.drawn("20000.00", line_id, receivables=[order(order_id)])
    drawer.disburse(loan_id, 2_000_000)
    assert drawer.lender.pay(loan_id, 1_500_000, bank_ref="PAID-1") == ("applied", None)
    [completed_] = completions(drawer)
    back = {"original_bank_ref": "PAID-1", "amount": 1_500_000, "reason": "returned"}
    meanwhile(monkeypatch, lambda: drawer.lender.tell("repayment.reversed", loan_id, **back))
    jobs.follow(completed_)
    assert of_order(drawer, order_id)["paid"]["amount"] == "2900.00"
    drawer.follow()
    books()
