"""What banks hear of cases: that a customer has told of hardship about what they have lent. What it says they read with their own token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.banks.service.messages import Outbound
from chalicelib.shared.journal import Entry


def _about(entry: Entry) -> Mapping[str, Any]:
    payload = entry.event.payload
    return {"case_id": entry.aggregate_id, "about": payload["about"], "member_id": payload["customer_id"]}


OUTBOUND: Final = (Outbound(name="hardship.reported", kind="case.opened", data=_about),)
