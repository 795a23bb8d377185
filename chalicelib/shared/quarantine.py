"""A thing whose entries do not hang together takes no more changes.

Whoever finds its chain broken puts a mark on the thing's record. Every writer asks that there is none in the condition it sends anyway, so
a sound thing pays nothing for it: no read, no write, no unit. That holds for what others take from and give back to a record too, as
orders do of their supplier's cover: what a record says is not to be relied on, so nobody builds on it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import msgspec
from pynamodb.expressions.condition import Condition, NotExists

from chalicelib.shared.columns import Document, Name
from chalicelib.shared.errors import Conflict
from chalicelib.shared.texts import say

COLUMN: Final = "quarantine"
NOT_QUARANTINED: Final[Condition] = NotExists(Name(COLUMN))
NOT_QUARANTINED_TEXT: Final = f"attribute_not_exists({COLUMN})"
"""The same in the engine's own words, for writers that speak them."""


class ChainBroken(Conflict):
    code = "chain_broken"
    title = "An entry of its journal does not hold, so nothing is added to it."
    fix = (
        "Ask an officer with the duty admin to have that entry repaired and to lift the mark. It can be read meanwhile."
    )


class Quarantine(msgspec.Struct, frozen=True, kw_only=True):
    """Which entry of a thing is bad, why, and when that was found."""

    aggregate_id: str
    seq: int
    entry_id: str
    why: str
    quarantined_at: datetime


def quarantine_in(item: dict[str, Any] | None) -> Quarantine | None:
    """The mark on a record, as the engine hands it over, or None."""
    return _COLUMN.deserialize(item[COLUMN]["B"]) if item and COLUMN in item else None


def quarantined(mark: Quarantine) -> ChainBroken:
    return ChainBroken(
        say("Entry {seq} of {aggregate_id} is bad: {why}.", seq=mark.seq, aggregate_id=mark.aggregate_id, why=mark.why),
        aggregate_id=mark.aggregate_id,
        seq=mark.seq,
        entry_id=mark.entry_id,
    )


_COLUMN: Final = Document[Quarantine](Quarantine)
