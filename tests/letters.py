"""Dead letters, as tests look at them."""

from __future__ import annotations

from chalicelib.dead_letters import records
from chalicelib.dead_letters.rules import DeadLetter
from tests.machine import stored


def waiting() -> list[DeadLetter]:
    """What consumers could not take, by its next try."""
    if next(stored("dead-letters"), None) is None:
        return []
    return records.load_many([letter_id for *_, letter_id in records.waiting()])
