"""What banks tell of groups, and what they are told of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from chalicelib.banks.service.messages import Inbound, Outbound
from chalicelib.groups.aggregate import GROUPS
from chalicelib.groups.rules import events
from chalicelib.shared.journal import Entry

INBOUND: Final[tuple[Inbound[Any, Any, Any], ...]] = (
    Inbound(type=events.APPROVED, aggregate=GROUPS, decide=events.approved, funded=True),
    Inbound(type=events.REFUSED, aggregate=GROUPS, decide=events.refused),
    Inbound(type=events.EXPOSURE_ACCEPTED, aggregate=GROUPS, decide=events.exposure_accepted),
)


def _facts_of(*names: str) -> Callable[[Entry], Mapping[str, Any]]:
    """The group, its product, and these facts of the entry. Of a member no more than its id is told."""
    return lambda entry: {
        "group_id": entry.aggregate_id,
        **{name: entry.event.payload[name] for name in ("product_id", *names)},
    }


OUTBOUND: Final = (
    Outbound(
        name="group.sheet_proposed",
        kind="group.sheet_proposed",
        data=_facts_of("sheet_version", "document_sha256", "list_sha256", "mode"),
    ),
    Outbound(
        name="group.sheet_in_force",
        kind="group.sheet_in_force",
        data=_facts_of("seats", "list_sha256", "sheet_version", "document_sha256", "sealed_sha256"),
    ),
    Outbound(
        name="group.sealed",
        kind="group.sealed",
        data=_facts_of("seats", "list_sha256", "sheet_version", "document_sha256", "sealed_sha256"),
    ),
    Outbound(name="group.suspended", kind="group.suspended", data=_facts_of("by", "reason")),
    Outbound(name="group.resumed", kind="group.resumed", data=_facts_of("reason")),
    Outbound(
        name="group.change_requested",
        kind="group.change_requested",
        data=_facts_of("proposal_id", "kind", "leaves", "joins", "due_at"),
    ),
    Outbound(name="group.winding_down", kind="group.winding_down", data=_facts_of("why")),
    Outbound(name="group.dissolved", kind="group.dissolved", data=_facts_of("why")),
)
