"""The only place that reads the time.

`now()` is business time: real, or the sandbox's where a stage has one (`use` installs it). `real()` is the wall's, for what
the sandbox must not bend: how old a signature or a token is.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from chalicelib.shared.periods import whole_ms


def real() -> datetime:
    return whole_ms(datetime.now(UTC))


_source: Callable[[], datetime] = real


def now() -> datetime:
    return _source()


def use(source: Callable[[], datetime]) -> None:
    global _source
    _source = source
