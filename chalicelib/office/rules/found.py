"""Under what an entry of the journal is found, beside its thing. Pure."""

from __future__ import annotations

from chalicelib.shared.journal import Entry
from chalicelib.shared.request import CLOCK


def found_by(entry: Entry) -> list[str]:
    """Who acted, then the request. What the clock does is found by its thing: it would be one partition for half the journal."""
    if entry.by.role == CLOCK.role:
        return []
    named = (("actor", entry.by.sub), ("actor", entry.by.actor), ("request", entry.request_id))
    return list(dict.fromkeys(f"{of}:{name}" for of, name in named if name))
