"""Whole orders from proposal to completion, joining the programme, and a bank's signed event."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from benchmarks.floors import factories
from benchmarks.floors.stage import Stage
from chalicelib.members import rules as members
from chalicelib.orders.declared import ORDERS
from chalicelib.orders.rules.payments import PaymentReceived
from chalicelib.orders.service import commands as orders_commands
from chalicelib.shared import clock
from chalicelib.shared.commit import Joined
from chalicelib.shared.errors import DomainError
from chalicelib.shared.request import Caller, RequestContext

WAYS = 5
"""In which an order goes: three are carried out as agreed, one of them paid out early; one on other terms; one is cancelled."""


def play(stage: Stage, orders: int) -> None:
    """So many orders, and each way they go at least once."""
    buyer, supplier = stage.register("bench-buyer"), stage.supplier("bench-supplier")
    for number in range(max(orders, WAYS)):
        stage.time.begin()
        _whole_order(stage, buyer, supplier, number)
    stage.leave()
    stage.time.begin()
    _programme(stage)
    stage.leave()


def pay(stage: Stage, order_id: str, seq: int, minor: int, command: str = "") -> None:
    """The bank says that a payment for an order came; measured where it is a `command`."""
    fact = PaymentReceived(
        bank_id="boc",
        bank_ref=f"R-{order_id[-8:]}-{seq}",
        seq=seq,
        account="TA-USD-01",
        value_date=date(2026, 3, 2),
        amount_minor=minor,
        currency="USD",
    )
    request = RequestContext(
        caller=Caller("bank:boc", "bank"),
        now=clock.now(),
        request_id="bench",
        key=f"m-{order_id}-{seq}",
        digest=str(minor),
    )
    if command:
        stage.measured(command, lambda: orders_commands.apply_bank_fact(order_id, fact, request, aside=_never))
    else:
        orders_commands.apply_bank_fact(order_id, fact, request, aside=_never)


def _never(why: DomainError) -> Joined:
    raise AssertionError(f"an order of the benchmark takes its money: {why}")


def _whole_order(stage: Stage, buyer: str, supplier: str, number: int) -> None:
    chance, terms = stage.chance, factories.terms(stage.chance)
    total = sum(factories.cents(part["money"]) for part in terms["instalments"])
    proposal = {"buyer_id": buyer, "supplier_id": supplier, "terms": terms}
    order_id = stage.call("/v1/orders", buyer, proposal, command="propose an order", expect=201)["id"]

    def act(command: str, action: str, by: str, body: Any = None, key: str | None = None) -> Any:
        return stage.call(f"/v1/orders/{order_id}/{action}", by, body, command=command, key=key)

    stage.time.advance(minutes=15)
    act("amend the terms", "amend", buyer, {"terms": terms})
    act("accept, reserving cover", "accept", supplier, {"version": 2}, key=f"accept-{number}")
    act("replay of a finished request", "accept", supplier, {"version": 2}, key=f"accept-{number}")
    if number % WAYS == 4:
        act("cancel, releasing cover", "cancel", buyer, {"reason": "the season is over"})
        return
    if number % WAYS == 3:
        _other_terms(stage, order_id, terms, buyer, supplier)
    deposit = factories.cents(terms["instalments"][0]["money"])
    pay(stage, order_id, 1, deposit, "bank: payment received")
    pay(stage, order_id, 1, deposit, "bank: the same again")
    act("ask for another day", "amend", supplier, {"ship_by": {"kind": "after_payment", "days": 40, "payment": "full"}})
    if total > deposit:
        pay(stage, order_id, 2, total - deposit, "bank: payment received")
    if number % WAYS == 2:
        act("early payout", "early-payout", supplier, {})
    act("ship", "ship", supplier, factories.shipment(chance))
    stage.time.advance(days=chance.randrange(20, 29))
    act("deliver", "deliver", supplier, {"reference": f"POD-{chance.randrange(10**6)}"})
    act("extend receipt", "extend-receipt", buyer)
    act("receive", "receive", buyer)
    stage.time.advance(days=31)
    [due] = ORDERS.due(stage.time.at, 2)
    stage.measured("complete, releasing cover", lambda: ORDERS.settle(due.id, stage.time.at))


def _other_terms(stage: Stage, order_id: str, terms: dict[str, Any], buyer: str, supplier: str) -> None:
    """Half as many of the first line, before anything is paid."""
    first, *others = terms["items"]
    items = [{**first, "quantity": (first["quantity"] + 1) // 2}, *others]
    total = sum(line["quantity"] * factories.cents(line["unit_price"]) for line in items)
    terms |= {"items": items, "instalments": [{"name": "all", "money": factories.usd(total)}]}
    path = f"/v1/orders/{order_id}"
    amended = stage.call(f"{path}/amend", buyer, {"terms": terms}, command="ask for other terms")
    stage.call(f"{path}/accept", supplier, {"version": amended["version"]}, command="accept other terms")


def _programme(stage: Stage) -> None:
    """A supplier's trades are told one by one; it joins, errs, is suspended and reinstated, and leaves."""
    supplier = members.id_of("bench-joiner")
    for number in range(20):
        trade = factories.trade("bench-joiner", number, stage.time.at - timedelta(days=10 + number * 5))
        stage.call("/v1/trades", "officer-1", {"items": [trade]}, command="one trade fact" if number else "")
    about = f"/v1/suppliers/{supplier}"
    stage.call(f"{about}/enrolment", "officer-1", {}, command="join the programme")
    stage.call(f"{about}/penalties", "officer-1", {"reason": "failed_delivery"}, command="penalty")
    reason = {"reason": "forged documents are being looked into"}
    stage.call(f"{about}/suspension", "officer-1", reason, command="suspension")
    stage.call(f"{about}/reinstatement", "officer-1", {"reason": "they were genuine"}, command="reinstatement")
    stage.call(f"{about}/withdrawal", "officer-1", command="leave the programme")
    stage.call("/v1/imports", "officer-1", {"kind": "trade_history"}, command="open an import", expect=201)
