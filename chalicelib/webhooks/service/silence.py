"""Receivers that keep us waiting and do not answer wait for their turn: the others are sent to first.

Each process remembers for itself which addresses let it wait in vain, and leaves them alone for ten times as long, times the number of those
that are silent already: so at most about a tenth of its time goes to them, however many they are and however many messages there are for them. Who refuses at once keeps nobody waiting, but after so many
times in a row is left alone for a moment too: a receiver that is gone with a thousand messages waiting is asked once in a while.
"""

from __future__ import annotations

from time import monotonic
from typing import Final

from chalicelib.shared.machines import Postponed
from chalicelib.webhooks.rules.delivery import Outcome

WORTH_NOTING: Final = 1.0
"""Seconds: who fails faster keeps nobody waiting."""
TIMES_AS_LONG: Final = 10
MOST_REFUSALS: Final = 25
"""In a row, without any answer of HTTP, until an address is left alone for REST seconds each time."""
REST: Final = 1.0
MOST_ADDRESSES: Final = 1_000

_silent_until: dict[str, float] = {}
_refusals: dict[str, int] = {}


class Silent(Postponed):
    """The receiver let us wait in vain a moment ago."""


def must_not_be_silent(url: str) -> None:
    """Silent where the address is to be left alone now."""
    if monotonic() < _silent_until.get(url, 0.0):
        raise Silent(url)


def note(url: str, outcome: Outcome, seconds: float) -> None:
    """What became of an attempt, and how long it took."""
    _silent_until.pop(url, None)
    refusals = _refusals.pop(url, 0) + 1
    if outcome.code is not None:
        return
    if len(_refusals) >= MOST_ADDRESSES:
        forget()
    _refusals[url] = refusals
    rest = REST if refusals > MOST_REFUSALS else 0.0
    if seconds >= WORTH_NOTING:
        rest = TIMES_AS_LONG * seconds * (1 + _silent())
    if rest:
        _silent_until[url] = monotonic() + rest


def _silent() -> int:
    """How many addresses are left alone now."""
    now = monotonic()
    return sum(now < until for until in _silent_until.values())


def forget() -> None:
    _silent_until.clear()
    _refusals.clear()
