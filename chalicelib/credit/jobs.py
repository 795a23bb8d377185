"""What the journal's stream does with credit. Everything may come late, and twice."""

from __future__ import annotations

from chalicelib.credit.service import subscribers
from chalicelib.shared import clock
from chalicelib.shared.journal import Entry


def follow(entry: Entry) -> None:
    """Ask the banks of an application, or tell them that it is over: as an entry says."""
    subscribers.follow(entry, clock.now())
