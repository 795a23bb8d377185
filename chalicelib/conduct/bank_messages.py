"""What banks hear of sanctions: the loan's own that one is in force, and everybody who was told that it is over."""

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


OUTBOUND: Final = (
    Outbound(name="sanction.in_force", kind="sanction.took_effect", data=_about),
    *(
        Outbound(name="sanction.lifted", kind=f"sanction.{event}", data=_over)
        for event in ("lifted", "overturned", "expired")
    ),
)
