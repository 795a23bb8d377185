"""What banks hear of alerts at once: that one is red, is raised to it, or is over. Ids and moments; the numbers they read themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.banks.service.messages import Outbound
from chalicelib.shared.journal import Entry

DIGEST: Final = "monitoring.digest"
"""What `service/digest.py` tells each bank once a day."""
_TOLD: Final = ("rule", "level", "started_on", "member_id", "loan_id", "group_id", "outcome", "held_until")


def _about(entry: Entry) -> Mapping[str, Any]:
    payload = entry.event.payload
    return {"alert_id": entry.aggregate_id, **{name: payload[name] for name in _TOLD if payload.get(name)}}


OUTBOUND: Final = (
    Outbound(name="alert.raised", kind="alert.raised", data=_about),
    Outbound(name="alert.escalated", kind="alert.escalated", data=_about),
    Outbound(name="alert.resolved", kind="alert.resolved", data=_about),
    Outbound(name="alert.corrected", kind="alert.corrected", data=_about),
    Outbound(name="default.proposed", kind="alert.default_proposed", data=_about),
)
