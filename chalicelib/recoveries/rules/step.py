"""One step of a recovery: the recovery as it then is, what happened, and what it does to the supplier's cover and balance."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.recoveries.rules.recovery import Recovery
from chalicelib.shared.journal import Event, Instruct, Posting


class Step(Struct, frozen=True, kw_only=True):
    """`repay_usd_minor` of the supplier's cover and `draw_minor` of its balance move in the same commit."""

    recovery: Recovery
    event: Event
    at: datetime
    repay_usd_minor: int = 0
    draw_minor: int = 0


def step(
    was: Recovery,
    name: str,
    now: datetime,
    *,
    postings: tuple[Posting, ...] = (),
    instructs: tuple[Instruct, ...] = (),
    facts: dict[str, Any] | None = None,
    **changes: Any,
) -> Step:
    """The next version of a recovery, with the event that tells of it."""
    now_is = replace(was, version=was.version + 1, updated_at=now, **changes)
    told = {"from": was.status, "to": now_is.status} | (facts or {}) | {"currency": was.currency}
    return Step(
        recovery=now_is,
        event=Event(f"recovery.{name}", told, postings, policy=was.policy, instructs=instructs),
        at=now,
    )
