"""What banks tell of risk pools, and what they hear of calls, pools and rescues."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from chalicelib.banks.rules.protocol import InboundType
from chalicelib.banks.service.messages import Inbound, Outbound
from chalicelib.guarantees.aggregate.pools import POOLS
from chalicelib.guarantees.rules import pool_handling
from chalicelib.guarantees.rules.pool_events import DrawConfirmed, PaidBack, Replenished
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
    Inbound(
        type=InboundType("pool.paid_back", PaidBack, "pool", lambda event: event.pool_id),
        aggregate=POOLS,
        decide=pool_handling.pay_back,
    ),
)


def _about(id_name: str, *names: str) -> Callable[[Entry], Mapping[str, Any]]:
    return lambda entry: {id_name: entry.aggregate_id, **{name: entry.event.payload[name] for name in names}}


def _of_call(*names: str, private: tuple[str, ...] = ()) -> Callable[[Entry], Mapping[str, Any]]:
    """The call by our name and the bank's, and what the entry says of it; `private` is what members are told of their own share only."""

    def data(entry: Entry) -> Mapping[str, Any]:
        payload = entry.event.payload
        named = {name: payload[name] for name in ("call_ref", "loan_id", "currency", *names)}
        return {"call_id": entry.aggregate_id, **named, **{name: payload["private"][name] for name in private}}

    return data


OUTBOUND: Final = (
    Outbound(
        name="call.noticed",
        kind="guarantee_call.noticed",
        data=_of_call("net_minor", "shortfall_minor", private=("notices",)),
    ),
    Outbound(name="call.share_objected", kind="guarantee_call.share_objected", data=_of_call("seat", "objection_id")),
    Outbound(
        name="call.objection_decided",
        kind="guarantee_call.objection_decided",
        data=_of_call("seat", "objection_id", "outcome", private=("notices",)),
    ),
    Outbound(
        name="call.member_failed",
        kind="guarantee_call.member_failed",
        data=_of_call("seats", "shortfall_minor", private=("notices",)),
    ),
    Outbound(
        name="call.exhausted",
        kind="guarantee_call.exhausted",
        data=_of_call("net_minor", "paid_minor", "shortfall_minor"),
    ),
    Outbound(
        name="call.refund_due",
        kind="guarantee_call.refund_due",
        data=_of_call("surplus_minor", private=("refunds",)),
    ),
    Outbound(
        name="pool.draw_requested",
        kind="pool.draw_requested",
        data=_about("pool_id", "call_id", "loan_id", "currency", "amount_minor", "due_at"),
    ),
    Outbound(
        name="rescue.offered",
        kind="member_claim.offered",
        data=_about("rescue_id", "loan_id", "instalment", "seat", "currency", "amount_minor", "due_at"),
    ),
)
