"""What a firm draws and what its buyers owe it: a draw, one against an invoice, both cancelled; invoices presented, confirmed, declined, withdrawn."""

from __future__ import annotations

from datetime import date
from typing import Any

from benchmarks.floors.stage import Stage
from chalicelib.credit.aggregate.contexts import context_of
from chalicelib.credit.aggregate.lines import LINES
from chalicelib.credit.examples import CONSENT
from chalicelib.credit.rules import line_handling, products
from chalicelib.credit.rules.terms import Terms
from chalicelib.credit.service import exposure
from chalicelib.groups.rules.guarantee import Guarantee
from chalicelib.loans.examples import DRAW
from chalicelib.receivables.examples import DECLINE, PRESENT
from chalicelib.shared import ids
from chalicelib.shared.journal import Event
from chalicelib.shared.state_machine import Change

LIMIT = 1_000_000_00
ENDS_ON = date(2027, 3, 1)


def play(stage: Stage) -> None:
    stage.time.begin()
    firm, buyer = stage.register("lending-firm"), stage.register("lending-buyer")
    signer = stage.signer(firm)
    stage.call("/v1/consents", firm, CONSENT | {"bank_ids": ["boc"]}, expect=201, person=signer)
    revolving, receivable = (line(stage, firm, f"boc-{kind}") for kind in ("revolving", "receivable"))
    stage.time.advance(minutes=1)
    drawn = stage.call(
        f"/v1/credit-lines/{revolving}/draws", firm, DRAW, command="draw on a line", expect=201, person=signer
    )
    stage.call(f"/v1/loans/{drawn['id']}/cancel", firm, command="cancel a draw", person=signer)
    invoices = [_present(stage, firm, buyer, f"INV-{number}") for number in range(3)]
    stage.time.advance(minutes=1)
    stage.call(f"/v1/receivables/{invoices[0]}/confirm", buyer, command="confirm an invoice")
    stage.call(f"/v1/receivables/{invoices[1]}/decline", buyer, DECLINE, command="decline an invoice")
    stage.call(f"/v1/receivables/{invoices[2]}/withdraw", firm, command="withdraw an invoice")
    pledged: dict[str, Any] = {
        "money": {"amount": "60000.00", "currency": "CNY"},
        "receivables": [{"kind": "invoice", "id": invoices[0]}],
    }
    stage.call(
        f"/v1/credit-lines/{receivable}/draws",
        firm,
        DRAW | pledged,
        command="draw against an invoice",
        expect=201,
        person=signer,
    )
    stage.leave()


def _present(stage: Stage, firm: str, buyer: str, number: str) -> str:
    body = PRESENT | {"buyer_id": buyer, "number": number}
    return str(stage.call("/v1/receivables", firm, body, command="present an invoice", expect=201)["id"])


def line(stage: Stage, firm: str, product_id: str, guarantee: Guarantee | None = None) -> str:
    """A line as the last signature and the bank's activation leave it, under a limit of the firm; a group may stand for it."""
    now = stage.time.at
    context = context_of(product_id, products.offered(now.date()).hash)
    terms = Terms(amount_minor=LIMIT, rate_bp=1140, day_count="ACT/360", method="bullet", months=6)
    line = line_handling.opened(
        ids.new_id("lin", now),
        terms,
        member_id=firm,
        application_id="app_bench",
        agreement_id="agr_bench",
        guarantee=guarantee,
        context=context,
        now=now,
    )
    facts = {"to": line.status, "member_id": firm, "bank_id": line.bank_id, "currency": line.currency}
    first = Change(state=line, event=Event("line.opened", facts, policy=line.policy), at=now)
    LINES.create(first, context, stage.request("clock", "clock"))
    exposure.set_limit(firm, LIMIT, stage.request("clock", "clock"))
    LINES.apply(
        line.id,
        stage.request("clock", "clock"),
        lambda was, context: line_handling.activate(was, context, LIMIT, ENDS_ON, now),
    )
    return line.id
