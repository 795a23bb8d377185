"""What banks tell of risk pools, and what they hear of pools and rescues."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from chalicelib.banks.rules.protocol import InboundType
from chalicelib.banks.service.messages import Inbound, Outbound
from chalicelib.guarantees.aggregate.pools import POOLS
from chalicelib.guarantees.rules import pool_handling
from chalicelib.guarantees.rules.pool_events import DrawConfirmed, Replenished
from chalicelib.shared.journal import Entry

INBOUND: Final[tuple[Inbound[Any, Any, Any], ...]] = (
    Inbound(
        type=InboundType("pool.draw_confirmed", DrawConfirmed, "pool", lambda event: event.pool_id),
        aggregate=POOLS,
        decide=pool_handling.confirm_draw,
    ),
    Inbound(
        type=InboundType("pool.replenished", Replenished, "pool", lambda event: event.pool_id),
        aggregate=POOLS,
        decide=pool_handling.replenish,
    ),
)


def _told(id_name: str, *names: str) -> Callable[[Entry], Mapping[str, Any]]:
    return lambda entry: {id_name: entry.aggregate_id, **{name: entry.event.payload[name] for name in names}}


OUTBOUND: Final = (
    Outbound(
        name="pool.draw_requested",
        kind="pool.draw_requested",
        data=_told("pool_id", "call_id", "loan_id", "currency", "amount_minor", "due_at"),
    ),
    Outbound(
        name="rescue.offered",
        kind="member_claim.offered",
        data=_told("rescue_id", "loan_id", "instalment", "seat", "currency", "amount_minor", "due_at"),
    ),
)
