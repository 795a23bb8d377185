"""What a bank tells of its books in a sequence, and what an officer makes of a difference."""

from __future__ import annotations

from typing import Any

from benchmarks.floors.inbox import bank_says
from benchmarks.floors.stage import Stage
from chalicelib.reconciliation import jobs as reconciliation_jobs
from chalicelib.reconciliation.examples import RESOLVE
from chalicelib.reconciliation.rules.item import name_of
from chalicelib.shared.journal import JournalRow

EVENT = "bank event in a sequence takes effect"


def play(stage: Stage) -> None:
    """Two snapshots, of which the second has a loan that nobody knows."""
    stage.time.begin()
    bank_says(stage, "balance.snapshot", _snapshot(1), "first bank event of a sequence takes effect")
    event_id = bank_says(stage, "balance.snapshot", _snapshot(2, _row("lon_nobodys")), EVENT)
    [entry] = [
        row.entry()
        for row in JournalRow.scan()
        if row.entry().request_id == event_id and row.entry().event.kind == "bank_books.snapshot_received"
    ]
    stage.measured("a difference becomes an item", lambda: reconciliation_jobs.follow(entry), "reconciliation.follow")
    item_id = name_of("boc", "lon_nobodys")
    stage.call(f"/v1/reconciliation-items/{item_id}/resolve", "officer-1", RESOLVE, command="resolve a difference")
    stage.leave()


def _snapshot(seq: int, *rows: dict[str, Any]) -> dict[str, Any]:
    return {
        "bank_id": "boc",
        "bank_ref": f"S-{seq}",
        "seq": seq,
        "occurred_at": "2026-03-02T02:15:00Z",
        "business_date": "2026-03-02",
        "as_of": "2026-03-02",
        "currency": "CNY",
        "page": 1,
        "pages": 1,
        "loans": list(rows),
    }


def _row(loan_id: str) -> dict[str, Any]:
    return {"loan_id": loan_id, "principal": 1, "interest": 0, "penalty": 0, "dpd": 0, "last_seq": 1}
