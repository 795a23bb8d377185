"""What banks tell of their balances, and what they hear of differences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.banks.service.messages import Inbound, Outbound
from chalicelib.reconciliation.aggregate import BOOKS
from chalicelib.reconciliation.rules import report, snapshot
from chalicelib.shared.journal import Entry

INBOUND: Final = (
    Inbound(type=snapshot.SNAPSHOT, aggregate=BOOKS, decide=snapshot.receive, begin=snapshot.begun),
    Inbound(type=report.REPORT, aggregate=BOOKS, decide=report.receive, begin=snapshot.begun),
)


def _mismatch(entry: Entry) -> Mapping[str, Any]:
    payload = entry.event.payload
    return {"item_id": entry.aggregate_id, **{name: payload[name] for name in ("aggregate_id", "as_of", "differences")}}


OUTBOUND: Final = tuple(
    Outbound(name="reconciliation.mismatch", kind=f"reconciliation_item.{event}", data=_mismatch)
    for event in ("opened", "reopened", "differed")
)
