"""Receivers that keep us waiting and do not answer wait for their turn: the others are sent to first.

Each process remembers for itself which addresses let it wait in vain, and leaves them alone for ten times as long: so at most a tenth of its
time goes to those who are silent, however many messages there are for them.
"""

from __future__ import annotations

from time import monotonic
from typing import Final

from chalicelib.notices.rules import Outcome
from chalicelib.shared.machines import Postponed

WORTH_NOTING: Final = 1.0
"""Seconds: who fails faster keeps nobody waiting."""
TIMES_AS_LONG: Final = 10
MOST_ADDRESSES: Final = 1_000

_silent_until: dict[str, float] = {}


class Silent(Postponed):
    """The receiver let us wait in vain a moment ago."""


def must_not_be_silent(url: str) -> None:
    """Silent where the address is to be left alone now."""
    if monotonic() < _silent_until.get(url, 0.0):
        raise Silent(url)


def note(url: str, outcome: Outcome, seconds: float) -> None:
    """What became of an attempt, and how long it took."""
    _silent_until.pop(url, None)
    if outcome.code is None and seconds >= WORTH_NOTING:
        if len(_silent_until) >= MOST_ADDRESSES:
            _silent_until.clear()
        _silent_until[url] = monotonic() + TIMES_AS_LONG * seconds


def forget() -> None:
    _silent_until.clear()
