"""The programme: who is in it, on what standing, and the points that count against a supplier. Pure."""

from __future__ import annotations

from datetime import date, datetime

import msgspec


class Penalty(msgspec.Struct, frozen=True, kw_only=True):
    """Points given for a reason. They count while `given_at <= now < expires_at`."""

    id: str
    reason: str
    points: int
    given_at: datetime
    expires_at: datetime


class Supplier(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What only a change of standing alters; what orders alter is in `Standing`. `limit_minor` is in US cents."""

    id: str
    version: int
    status: str
    created_at: datetime
    updated_at: datetime
    head: str = ""
    limit_minor: int = 0
    penalties: tuple[Penalty, ...] = ()
    enrolled_at: datetime | None = None
    evaluated_for: date | None = None
    suspended_for: str | None = None
    disqualified_at: datetime | None = None
