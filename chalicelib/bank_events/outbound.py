"""Every message that banks are sent, as the slices declare it: which entries of the journal become which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.acquiring import bank_messages as acquiring
from chalicelib.bank_events.inbound import INBOUND
from chalicelib.banks.rules.protocol import REFUSED
from chalicelib.banks.service.messages import Inbound, Outbound
from chalicelib.cases import bank_messages as cases
from chalicelib.conduct import bank_messages as conduct
from chalicelib.credit import bank_messages as credit
from chalicelib.groups import bank_messages as groups
from chalicelib.guarantees import bank_messages as guarantees
from chalicelib.loans import bank_messages as loans
from chalicelib.monitoring import bank_messages as monitoring
from chalicelib.reconciliation import bank_messages as reconciliation
from chalicelib.shared.journal import Entry


def _gap(entry: Entry) -> Mapping[str, Any]:
    return {name: entry.event.payload[name] for name in ("aggregate_id", "until_seq")}


def _refused(entry: Entry) -> Mapping[str, Any]:
    refused = entry.event.payload
    return {
        "aggregate_id": entry.aggregate_id,
        "event": {name: refused[name] for name in ("type", "bank_ref", "seq")},
        "reason": refused["reason"],
        "detail": refused["detail"],
    }


def event_refused(inbound: Inbound[Any, Any, Any]) -> Outbound:
    """What a bank told of an aggregate was refused: one message, whatever the aggregate."""
    kind = inbound.aggregate.machine.table.kind
    return Outbound(name="event.refused", kind=f"{kind}.{REFUSED}", data=_refused)


DECLARED: Final[tuple[Outbound, ...]] = (
    Outbound(name="replay.requested", kind="bank_event.replay_requested", data=_gap),
    *{message.kind: message for message in map(event_refused, INBOUND.values())}.values(),
    *cases.OUTBOUND,
    *conduct.OUTBOUND,
    *acquiring.OUTBOUND,
    *groups.OUTBOUND,
    *credit.OUTBOUND,
    *loans.OUTBOUND,
    *guarantees.OUTBOUND,
    *monitoring.OUTBOUND,
    *reconciliation.OUTBOUND,
)
OUTBOUND: Final[dict[str, Outbound]] = {each.kind: each for each in DECLARED}
