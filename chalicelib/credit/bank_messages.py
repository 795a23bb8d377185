"""What banks are told of credit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.banks.service.messages import Outbound
from chalicelib.shared.journal import Entry
from chalicelib.shared.periods import wire


def _withdrawn(entry: Entry) -> Mapping[str, Any]:
    """Which consent ended, and when: the other banks it named are not told."""
    payload = entry.event.payload
    return {
        "consent_id": entry.aggregate_id,
        "firm_id": payload["firm_id"],
        "data_classes": payload["data_classes"],
        "withdrawn_at": wire(entry.at),
    }


OUTBOUND: Final = (Outbound(name="consent.withdrawn", kind="consent.withdrawn", data=_withdrawn),)
