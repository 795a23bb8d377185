"""The integrity index: what a firm's standing incentives come to on a day. Pure.

The cap is applied when the index is read, to what still stands: nothing is cut when it is earned, so what is reversed later takes away only
what nothing else makes up for (credit.md 17, case CO-1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final

import msgspec

from chalicelib.conduct.rules.incentive import Level, Policy
from chalicelib.shared.periods import months_before, wire

TYPE: Final = "surety-integrity+jwt"
"""What the statement's header calls itself."""


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """Days in which points were earned, `until_on` not among them, and what counts of them: `most_points` at most."""

    from_on: date
    until_on: date
    points: int
    most_points: int


class Integrity(msgspec.Struct, frozen=True, kw_only=True):
    """The index on a day: the sum of its windows, the newest first. No level: too little is known, which says nothing against the firm."""

    as_of: date
    points: int
    most_points: int
    level: Level | None
    windows: tuple[Window, ...]


def integrity(as_of: date, policy: Policy, earned: Callable[[date, date], Iterable[int]]) -> Integrity:
    """The index on a day. `earned(from_on, until_on)`: points of what stands and was earned then; of each window it is read only until the cap is reached."""
    windows = tuple(
        Window(
            from_on=from_on,
            until_on=until_on,
            points=_up_to(policy.most_points, earned(from_on, until_on)),
            most_points=policy.most_points,
        )
        for from_on, until_on in _windows(as_of, policy)
    )
    points = sum(window.points for window in windows)
    return Integrity(
        as_of=as_of,
        points=points,
        most_points=policy.most_points * policy.windows,
        level=level_of(points, policy),
        windows=windows,
    )


def level_of(points: int, policy: Policy) -> Level | None:
    """The highest level that so many points reach."""
    reached: list[tuple[int, Level]] = [(least, level) for level, least in policy.levels.items() if least <= points]
    return max(reached)[1] if reached else None


def claims(
    issuer: str, member_id: str, shown: Integrity, *, as_of: datetime, signed_at: datetime, expires: datetime
) -> dict[str, Any]:
    """What the statement says, in whole seconds. `as_of` is business time; `iat` and `exp` are the wall's, as every verifier reads them."""
    return {
        "iss": issuer,
        "sub": member_id,
        "points": shown.points,
        "most_points": shown.most_points,
        "level": shown.level,
        "as_of": wire(as_of.replace(microsecond=0)),
        "iat": int(signed_at.timestamp()),
        "exp": int(expires.timestamp()),
    }


def _windows(as_of: date, policy: Policy) -> Iterator[tuple[date, date]]:
    """Each with the day after its last one; the first ends with today."""
    tomorrow = as_of + timedelta(days=1)
    for number in range(policy.windows):
        from_on, until_on = (months_before(tomorrow, policy.window_months * (number + far)) for far in (1, 0))
        yield from_on, until_on


def _up_to(most: int, points: Iterable[int]) -> int:
    total = 0
    for each in points:
        total += each
        if total >= most:
            return most
    return total
