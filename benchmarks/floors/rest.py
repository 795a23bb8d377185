"""What no story leads to: long terms, a draft, a short payment, consent to ship, activity, an evaluation, redrives, a mark that is lifted."""

from __future__ import annotations

from datetime import timedelta

from benchmarks.floors import factories, orders
from benchmarks.floors.disputes import Dispute
from benchmarks.floors.stage import Stage
from chalicelib.ledger.jobs import begin_close
from chalicelib.ledger.records import quarantines
from chalicelib.monitoring.examples import SHADOW
from chalicelib.shared import journal
from chalicelib.shared.commit import commit
from chalicelib.shared.journal import Event
from chalicelib.shared.periods import business_date
from chalicelib.shared.quarantine import Quarantine

LONG: int = 60
"""Lines of a long contract; a hundred are the most."""


def play(stage: Stage) -> None:
    stage.time.begin()
    buyer, supplier = stage.register("rest-buyer"), stage.supplier("rest-supplier")
    _long_terms(stage, buyer, supplier)
    _drafts(stage, buyer, supplier)
    _short_payment(stage, buyer, supplier)
    _consent(stage)
    _day_book(stage)
    _repairs(stage, supplier)
    stage.call("/v1/monitoring-shadows", "officer-1", SHADOW, command="try rules of monitoring out", expect=201)
    stage.leave()


def _long_terms(stage: Stage, buyer: str, supplier: str) -> None:
    """The same commands on an order above a kilobyte."""
    terms = factories.terms(stage.chance, least_lines=LONG, most_lines=LONG)
    body = {"buyer_id": buyer, "supplier_id": supplier, "terms": terms}
    order_id = stage.call("/v1/orders", buyer, body, command="long terms: propose", expect=201)["id"]
    about = f"/v1/orders/{order_id}"
    stage.call(f"{about}/accept", supplier, {"version": 1}, command="long terms: accept")
    for number, part in enumerate(terms["instalments"], 1):
        orders.pay(stage, order_id, number, factories.cents(part["money"]), "long terms: bank: payment received")
    stage.call(f"{about}/ship", supplier, factories.shipment(stage.chance), command="long terms: ship")


def _drafts(stage: Stage, buyer: str, supplier: str) -> None:
    body = {"buyer_id": buyer, "supplier_id": supplier, "terms": factories.terms(stage.chance), "propose": False}
    order_id = stage.call("/v1/orders", buyer, body, command="keep a draft", expect=201)["id"]
    stage.call(f"/v1/orders/{order_id}/propose", buyer, command="propose a draft")


def _short_payment(stage: Stage, buyer: str, supplier: str) -> None:
    """The deposit comes less a bank's charge."""
    terms = factories.terms(stage.chance)
    body = {"buyer_id": buyer, "supplier_id": supplier, "terms": terms}
    order_id = stage.call("/v1/orders", buyer, body, expect=201)["id"]
    stage.call(f"/v1/orders/{order_id}/accept", supplier, {"version": 1})
    orders.pay(stage, order_id, 1, factories.cents(terms["instalments"][0]["money"]) - 100)
    stage.call(f"/v1/orders/{order_id}/accept-short-payment", supplier, {}, command="accept a short payment")


def _consent(stage: Stage) -> None:
    """The buyer lets goods go that it claims have not been shipped."""
    dispute = Dispute(stage)
    dispute.order(cover="total")
    stage.time.advance(days=12)
    dispute.file("not_shipped")
    dispute.act("agree to shipment", "agree-to-shipment", "buyer", {"claim": "ends"})
    stage.leave()
    stage.time.begin()


def _day_book(stage: Stage) -> None:
    joiner = stage.register("rest-joiner")
    inquiry = {"thread_id": "C-1", "member_ref": "rest-joiner", "buyer_ref": "acme", "at": stage.time.at.isoformat()}
    stage.call("/v1/activity", "officer-1", {"items": [inquiry | {"kind": "inquiry"}]}, command="one inquiry")
    stage.call(f"/v1/suppliers/{joiner}/enrolment", "officer-1", {})
    stage.call(f"/v1/suppliers/{joiner}/evaluation", "officer-1", command="evaluate a supplier")


def _repairs(stage: Stage, supplier: str) -> None:
    """Work that is sent again; a mark on a chain that holds after all."""
    stage.call("/v1/redrives", "officer-1", {}, command="redrive dead letters", expect=202)
    run = begin_close(business_date(stage.time.at) - timedelta(days=1))
    stage.call(f"/v1/runs/{run.id}/redrive", "officer-1", command="redrive a run")
    aggregate_id = f"supplier:{supplier}"
    mark = Quarantine(
        aggregate_id=aggregate_id, seq=1, entry_id="ent_1", why="looked altered", quarantined_at=stage.time.at
    )
    entry = journal.entry(
        stage.request("clock", "clock"), Event("chain.broken"), aggregate_id="brk_1", seq=1, prev=journal.GENESIS
    )
    commit(entry, quarantines.put_quarantine(mark))
    reason = {"reason": "it was looked at entry by entry, and holds"}
    stage.call(f"/v1/ledger/chains/{aggregate_id}/lift", "officer-1", reason, command="lift a mark")
