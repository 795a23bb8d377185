"""Every type of event between banks and us, in both directions, with the slice that answers for each.

Types in a sequence stand in `inbound`, messages to banks in `outbound`, as their slices declare them; the others, which are about orders,
claims, deposits and instructions, stand here.
"""

from __future__ import annotations

from typing import Any, Final, Literal

import msgspec

from chalicelib.bank_events.inbound import INBOUND
from chalicelib.bank_events.outbound import OUTBOUND
from chalicelib.bank_events.rules import FORMS, OF_ATTEMPTS
from chalicelib.monitoring.bank_messages import DIGEST

Direction = Literal["from_bank", "to_bank"]

OTHERS: Final[dict[str, tuple[str, str]]] = {
    "payment.received": ("orders", "order"),
    "payment.returned": ("orders", "order"),
    "inspection_fee.received": ("claims", "claim"),
    "deposit.received": ("deposits", "deposit"),
    "member_claim.received": ("guarantees", "member_claim"),
    **dict.fromkeys(OF_ATTEMPTS, ("banks", "instruction")),
}
"""Slice and aggregate of the types that are in no sequence of the protocol: those of orders have one of their own."""
UNPROMPTED: Final[dict[str, tuple[str, str]]] = {DIGEST: ("monitoring", "digest")}
"""Slice and subject of messages to banks that no single entry becomes."""
PING: Final = "ping"


class EventType(msgspec.Struct, frozen=True, kw_only=True):
    """One type. `slice` answers for it, `about` is the sort of aggregate in whose sequence it is, or which it tells of.

    `data` is the JSON schema of the event's `data`; of messages to banks it is shown by what is sent.
    """

    type: str
    direction: Direction
    slice: str
    about: str
    in_sequence: bool
    data: dict[str, Any] | None = None


def types() -> list[EventType]:
    """All of them, those from banks first, by name."""
    from_banks = {
        **{name: _in_sequence(name) for name in INBOUND},
        **{name: _other(name) for name in FORMS},
        PING: EventType(type=PING, direction="from_bank", slice="bank_events", about="", in_sequence=False),
    }
    to_banks = {
        **{message.name: _to_banks(kind) for kind, message in OUTBOUND.items()},
        **{
            name: EventType(type=name, direction="to_bank", slice=owner, about=about, in_sequence=True)
            for name, (owner, about) in UNPROMPTED.items()
        },
    }
    return [*(from_banks[name] for name in sorted(from_banks)), *(to_banks[name] for name in sorted(to_banks))]


def _in_sequence(name: str) -> EventType:
    declared = INBOUND[name].type
    return EventType(
        type=name,
        direction="from_bank",
        slice=_slice_of(declared.form),
        about=declared.kind,
        in_sequence=True,
        data=_schema(declared.form),
    )


def _other(name: str) -> EventType:
    owner, about = OTHERS[name]
    return EventType(
        type=name, direction="from_bank", slice=owner, about=about, in_sequence=False, data=_schema(FORMS[name])
    )


def _to_banks(kind: str) -> EventType:
    message = OUTBOUND[kind]
    return EventType(
        type=message.name,
        direction="to_bank",
        slice=_slice_of(message.data),
        about=kind.partition(".")[0],
        in_sequence=True,
    )


def _slice_of(declared: Any) -> str:
    return str(declared.__module__).split(".")[1]


def _schema(form: type) -> dict[str, Any]:
    """One schema without references to others."""
    (schema,), named = msgspec.json.schema_components([form], ref_template="#/$defs/{name}")
    own = named.pop(form.__name__) if "$ref" in schema else schema
    return {**own, "$defs": named} if named else own
