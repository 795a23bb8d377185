"""Under what an entry of the journal is found, beside its chain; and which thing it concerns without being of it. Pure."""

from __future__ import annotations

from typing import Final

from chalicelib.shared.journal import Entry
from chalicelib.shared.request import CLOCK

_CONCERNING: Final = {"file.opened": "about", "work.assigned": "work_id", "work.completed": "work_id"}
"""What happens beside things: under which name its payload has the thing."""


def found_by(entry: Entry) -> list[str]:
    """Who acted, then the request, then the thing that it concerns. What the clock does is found by its thing: it would be one partition for half the journal."""
    if entry.by.role == CLOCK.role:
        return []
    named = (
        ("actor", entry.by.sub),
        ("actor", entry.by.actor),
        ("request", entry.request_id),
        ("about", concerned(entry)),
    )
    return list(dict.fromkeys(f"{of}:{name}" for of, name in named if name))


def concerned(entry: Entry) -> str:
    """The thing that an entry tells of which changes nothing of it and so is not in its chain; nothing for all others."""
    name = _CONCERNING.get(entry.event.kind)
    return str(entry.event.payload[name]) if name else ""
