"""What banks hear of sanctions and peer reports: the loan's own that one is in force, or whom the firm owes something; and everybody who was told that it is over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.banks.service.messages import Outbound
from chalicelib.shared.journal import Entry


def _about(entry: Entry) -> Mapping[str, Any]:
    payload = entry.event.payload
    return {"sanction_id": entry.aggregate_id, **{name: payload[name] for name in ("loan_id", "member_id", "measure")}}


def _over(entry: Entry) -> Mapping[str, Any]:
    """`apologises`: it was wrong from the start."""
    return {
        **_about(entry),
        "status": entry.event.payload["to"],
        "apologises": entry.event.payload.get("apologises", False),
    }


def _reported(entry: Entry) -> Mapping[str, Any]:
    payload = entry.event.payload
    return {
        "report_id": entry.aggregate_id,
        "member_id": payload["subject_id"],
        "category": payload["category"],
        "status": "unverified" if payload["to"] == "filed" else payload["to"],
    }


OUTBOUND: Final = (
    Outbound(name="sanction.in_force", kind="sanction.took_effect", data=_about),
    *(
        Outbound(name="sanction.lifted", kind=f"sanction.{event}", data=_over)
        for event in ("lifted", "overturned", "expired")
    ),
    Outbound(name="report.unverified", kind="peer_report.filed", data=_reported),
    Outbound(name="report.verified", kind="peer_report.verified", data=_reported),
    *(
        Outbound(name="report.cleared", kind=f"peer_report.{event}", data=_reported)
        for event in ("dismissed", "unproven", "false", "malicious")
    ),
)
