"""What clients send to the sandbox's levers and see of them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from chalicelib.shared.ranges import BookDay, TermMoment


class TokenRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who the token is to speak for."""

    role: Literal["member", "bank", "agency", "officer"]
    sub: Annotated[str, msgspec.Meta(pattern=r"^[!-~]{1,100}$(?!\n)")]
    """A member's id, a bank's id, or any name for an officer."""
    duties: tuple[
        Literal["claims", "deposits", "risk", "payments", "channels", "legal", "feeds", "act", "admin"], ...
    ] = ()
    """An officer's only."""


class TokenView(msgspec.Struct, frozen=True, kw_only=True):
    token: str
    expires_at: datetime


class ClockRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where to move business time: to a moment, or ahead by hours. Exactly one of the two."""

    now: TermMoment | None = None
    advance_hours: Annotated[float, msgspec.Meta(gt=0, le=18_000)] | None = None


class ClockView(msgspec.Struct, frozen=True, kw_only=True):
    now: datetime
    """Business time."""
    real_now: datetime
    """The wall's."""


class HappenedView(msgspec.Struct, frozen=True, kw_only=True):
    """Something that fell due on the way: deadlines of so many orders, or a job with its run."""

    at: datetime
    what: str
    count: int
    run_id: str | None = None
    left_to_queue: bool = False
    """Whether the run was not over when the time of the request was: the queue goes on with it."""


class ClockMovedView(msgspec.Struct, frozen=True, kw_only=True):
    """`arrived` is false where so much fell due that the time of one request ran out: ask again for the same `now`."""

    now: datetime
    arrived: bool
    counts: dict[str, int]
    happened: list[HappenedView]
    """At most the first hundred."""


class JobRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    as_of: BookDay | None = None
    """The business date the job decides for; today where it is left out."""
