"""Invoices through the API: presented, confirmed, declined, withdrawn, listed for both sides."""

from __future__ import annotations

from typing import Any

from chalicelib.receivables.examples import DECLINE, PRESENT
from chalicelib.shared import ids
from tests.trade import Trade
from tests.world import Reply, token


def present(trade: Trade, **changes: Any) -> Reply:
    return trade.api.post("/v1/receivables", PRESENT | {"buyer_id": trade.buyer_id} | changes, trade.supplier)


def test_a_buyer_confirms_an_invoice_once_however_often_it_is_sent(trade: Trade) -> None:
    presented = present(trade)
    assert (presented.status, presented["status"], presented["allowed_actions"]) == (201, "presented", ["withdraw"])
    assert [deadline["owner"] for deadline in presented["deadlines"]] == ["buyer"]
    path = f"/v1/receivables/{presented['id']}"
    assert trade.api.post(f"{path}/confirm", None, trade.supplier).status == 403
    first, again = (trade.api.post(f"{path}/confirm", None, trade.buyer, key="once") for _ in range(2))
    assert (first.status, first["status"], first.raw) == (200, "confirmed", again.raw)
    assert trade.api.post(f"{path}/decline", DECLINE, trade.buyer)["code"] == "receivable_not_in_this_status"
    for side in (trade.supplier, trade.buyer):
        kinds = [each["kind"] for each in trade.api.get(f"{path}/timeline", side)["items"]]
        assert kinds == ["receivable.presented", "receivable.confirmed"]


def test_an_invoice_is_presented_once_whatever_its_numbers_spelling(trade: Trade) -> None:
    assert present(trade, number="INV 1").status == 201
    for number in ("inv1", "ＩＮＶ１"):
        again = present(trade, number=number)
        assert (again.status, again["code"]) == (409, "invoice_presented")
    replayed = [
        trade.api.post("/v1/receivables", PRESENT | {"buyer_id": trade.buyer_id}, trade.supplier, key="k")
        for _ in range(2)
    ]
    assert [reply.status for reply in replayed] == [201, 201]
    assert replayed[0].raw == replayed[1].raw


def test_what_is_no_invoice_is_refused_by_name(trade: Trade) -> None:
    codes = {
        present(trade, buyer_id=trade.supplier_id)["code"],
        present(trade, due_on="2026-03-01")["code"],
        present(trade, buyer_id="mem_nobody")["code"],
        present(trade, money={"amount": "0.00", "currency": "CNY"})["code"],
    }
    assert codes == {"own_invoice", "invoice_overdue", "unknown_member", "malformed"}


def test_each_side_lists_its_own_and_strangers_see_nothing(trade: Trade) -> None:
    name = present(trade)["id"]
    assert [item["id"] for item in trade.api.get("/v1/receivables", trade.supplier)["items"]] == [name]
    assert [item["id"] for item in trade.api.get("/v1/receivables?as=buyer", trade.buyer)["items"]] == [name]
    assert trade.api.get("/v1/receivables", trade.buyer)["items"] == []
    officer = token("officer", "officer-1", "risk")
    assert [
        item["id"] for item in trade.api.get(f"/v1/receivables?member_id={trade.supplier_id}", officer)["items"]
    ] == [name]
    assert trade.api.get(f"/v1/receivables?member_id={trade.supplier_id}", trade.buyer)["items"] == []
    stranger = token("member", ids.derived_id("mem", "a stranger"))
    assert trade.api.get(f"/v1/receivables/{name}", stranger).status == 404
    assert trade.api.post(f"/v1/receivables/{name}/confirm", None, stranger).status == 404


def test_declined_and_withdrawn_invoices_say_so(trade: Trade) -> None:
    declined = trade.api.post(f"/v1/receivables/{present(trade)['id']}/decline", DECLINE, trade.buyer)
    assert (declined["status"], declined["why"]) == ("declined", "declined")
    withdrawn = trade.api.post(f"/v1/receivables/{present(trade, number='2')['id']}/withdraw", None, trade.supplier)
    assert (withdrawn["status"], withdrawn["why"]) == ("lapsed", "withdrawn")
