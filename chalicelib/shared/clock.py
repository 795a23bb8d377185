"""The only place that reads the time.

`now()` is business time: real, and ahead of it by what the sandbox says where a stage has one. `real()` is the wall's, for what
the sandbox must not bend: how old a signature or a token is.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from chalicelib.shared.periods import whole_ms


def real() -> datetime:
    return whole_ms(datetime.now(UTC))


def now() -> datetime:
    return whole_ms(_base() + _offset())


def unbent() -> datetime:
    """Business time as it would be if nothing ran ahead."""
    return whole_ms(_base())


def to_business_time(instant: datetime) -> datetime:
    """Business time of a moment the wall's clock tells, such as the one a schedule fired at."""
    return whole_ms(instant + _offset())


def use(base: Callable[[], datetime]) -> None:
    """Tests: a clock that moves only when told."""
    global _base
    _base = base


def set_offset(offset: Callable[[], timedelta]) -> None:
    """The sandbox: business time runs this much ahead."""
    global _offset
    _offset = offset


_base: Callable[[], datetime] = real
_offset: Callable[[], timedelta] = timedelta
