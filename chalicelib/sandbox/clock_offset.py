"""Business time in the sandbox: the wall's, and ahead of it by what the sandbox's table says.

The offset is read again after a quarter of a second, so that a request reads it once; the process that moves the clock knows at once.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Final

from chalicelib.sandbox import records
from chalicelib.shared import clock
from chalicelib.shared.settings import settings

KEPT_SECONDS: Final = 0.25

_kept: tuple[float, timedelta] | None = None


def install() -> None:
    """Let this process live in the sandbox's time."""
    clock.set_offset(offset)


def offset() -> timedelta:
    global _kept
    if _kept is None or _kept[0] < time.monotonic():
        _kept = time.monotonic() + KEPT_SECONDS, timedelta(milliseconds=_read())
    return _kept[1]


def forget() -> None:
    """Read the offset anew."""
    global _kept
    _kept = None


def set_to(moment: datetime) -> None:
    """Move business time to a moment that is not behind it."""
    global _kept
    ahead = (moment - clock.unbent()) // timedelta(milliseconds=1)
    if records.move(ahead):
        _kept = time.monotonic() + KEPT_SECONDS, timedelta(milliseconds=ahead)
    else:
        forget()


def _read() -> int:
    stored = records.offset_ms()
    if stored is not None:
        return stored
    begins = settings().sandbox_start
    if begins is None:
        return 0
    records.begin((begins - clock.real()) // timedelta(milliseconds=1))
    return records.offset_ms() or 0
