"""The integrity index, plain and as a signed statement."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from chalicelib.conduct.rules.incentive import Level


class WindowView(msgspec.Struct, frozen=True, kw_only=True):
    """Days in which points were earned, `until_on` not among them, and what counts of them: `most_points` at most."""

    from_on: date
    until_on: date
    points: int
    most_points: int


class IntegrityView(msgspec.Struct, frozen=True, kw_only=True):
    """What a firm's incentives come to: the sum of its windows. Without a level too little is known; that says nothing against the firm."""

    member_id: str
    as_of: date
    points: int
    most_points: int
    level: Level | None
    windows: list[WindowView]


class StatementView(msgspec.Struct, frozen=True, kw_only=True):
    """`statement` is a compact JWS (ES256, keys at /v1/badge-keys) that says the same as the plain fields, and proves it until `expires`."""

    member_id: str
    as_of: datetime
    expires: datetime
    points: int
    most_points: int
    level: Level | None
    kid: str
    statement: str


class IntegrityBadgeView(msgspec.Struct, frozen=True, kw_only=True):
    """The firm's level, with the statement that proves it. All null where the firm shows none, or has none."""

    member_id: str
    level: Level | None
    statement: str | None
    expires: datetime | None
