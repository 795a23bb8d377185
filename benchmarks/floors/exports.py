"""An exporter: a declaration that is told and corrected, its subsidy, and its limit of the day."""

from __future__ import annotations

from typing import Any

from benchmarks.floors.stage import Stage
from chalicelib.credit.service import limits
from chalicelib.exports.examples import CORRECTION, DECLARATION
from chalicelib.exports.service import subsidies


def play(stage: Stage) -> None:
    stage.time.begin()
    exporter = stage.register("export-firm")
    declaration = DECLARATION | {
        "exporter_ref": "export-firm",
        "amount": "150000.00",
        "tax_refund_paid_on": "2026-02-20",
    }
    feed: dict[str, Any] = {"items": [declaration]}
    [answer] = stage.call("/v1/exports", "officer-1", feed, command="one declaration")["items"]
    account = {"bank_id": "boc", "account": "6217000010001234567"}
    stage.call(f"/v1/members/{exporter}/subsidy-account", exporter, account, command="name a subsidy account")
    stage.measured("stream: a subsidy is booked", lambda: subsidies.settle(answer["id"]), "exports.subsidies")
    stage.measured("stream: the same declaration again", lambda: subsidies.settle(answer["id"]), "exports.subsidies")
    right = CORRECTION | {"exporter_ref": "export-firm", "money": {"amount": "140000.00", "currency": "USD"}}
    stage.call(f"/v1/exports/{answer['id']}/correct", "officer-1", right, command="correct a declaration")
    stage.measured("stream: a subsidy is reversed", lambda: subsidies.settle(answer["id"]), "exports.subsidies")
    request = stage.request("clock", "clock")
    stage.measured("daily: a firm's limit changes", lambda: limits.refresh(exporter, request))
    stage.measured("daily: a firm's limit stays", lambda: limits.refresh(exporter, request))
    stage.leave()
