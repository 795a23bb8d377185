"""What the journal's stream does with guarantees. Everything may come late, and twice."""

from __future__ import annotations

from chalicelib.guarantees.service import following
from chalicelib.shared import clock
from chalicelib.shared.journal import Entry


def follow(entry: Entry) -> None:
    """Bring what members owe one another in line with what banks report."""
    following.follow(entry, clock.now())
