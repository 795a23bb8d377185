"""How long to wait before something that was done in vain is done again: 1, 2, 4 … minutes, at most a day. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

FIRST: Final = timedelta(minutes=1)
LONGEST: Final = timedelta(days=1)
_MOST_DOUBLINGS: Final = 20
"""More would not fit into a timedelta, and change nothing."""


def pause(failures: int, first: timedelta = FIRST) -> timedelta:
    """The pause after so many failures; the first one's where something else than a minute is worth waiting for."""
    return min(first * (1 << min(failures - 1, _MOST_DOUBLINGS)), LONGEST)
