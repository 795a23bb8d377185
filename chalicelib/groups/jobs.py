"""What the journal says that concerns groups: a change of a firm's profile may relate it to another of its group."""

from __future__ import annotations

from typing import Final

from chalicelib.groups.service import relations
from chalicelib.shared import clock
from chalicelib.shared.journal import Entry

RELATING: Final = frozenset(
    {"firm.person_added", "firm.person_changed", "firm.settlement_account_added", "firm.changed"}
)
"""Changes of a profile after which firms may share what they did not share before."""


def follow(entry: Entry) -> None:
    """Look anew whether firms of a group are related. Once or many times."""
    if entry.event.kind in RELATING:
        relations.follow(entry, clock.now())
