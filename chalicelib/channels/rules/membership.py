"""A supplier's membership of a channel, as a value. Pure.

Statuses:

    active     it may be ordered from, and its national badge is valid
    suspended  no new orders until it is reinstated
    revoked    by its issuer or by the platform; the supplier may appeal, once and in time
    appealed   revoked, and somebody else decides whether it stays so
    expired    its year is over and was not renewed

A supplier has one membership of a channel: its id is made of the two. Who joins again after an end goes on with the same one.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal, get_args

import msgspec

from chalicelib.shared import ids
from chalicelib.shared.bounds import characters, most

Status = Literal["active", "suspended", "revoked", "appealed", "expired"]
Actor = Literal["officer", "agency", "supplier"]
Side = Literal["officer", "agency"]
Reason = Literal["quality", "law", "fraud", "false_data", "left_agency", "other"]
Outcome = Literal["upheld", "overturned"]

STATUSES: Final[tuple[Status, ...]] = get_args(Status)
ENDS: Final[frozenset[Status]] = frozenset({"expired"})
REVOKED: Final[frozenset[Status]] = frozenset({"revoked", "appealed"})
MOST_CHARACTERS: Final = 1_000

Words = Annotated[str, characters(MOST_CHARACTERS)]


class Measure(msgspec.Struct, frozen=True, kw_only=True):
    """A suspension or revocation: whose it is, by which officer, and why."""

    by: Side
    officer: Annotated[str, characters(100)]
    reason: Reason
    text: Words
    at: datetime


class Appeal(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the supplier says against a revocation, and what somebody else decided."""

    text: Words
    at: datetime
    due_at: datetime
    escalated_at: datetime | None = None
    outcome: Outcome | None = None
    decided_by: Annotated[str, characters(100)] = ""
    decision: Words = ""
    decided_at: datetime | None = None


class Membership(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One membership. `agency_id` is its issuer; it ends at `expires_at`, the end of the anniversary's day in the issuer's `zone`."""

    id: str
    channel_id: str
    member_id: str
    agency_id: str
    nomination_id: str
    country: str
    zone: str
    legal_name: Annotated[str, characters(200)]
    romanised_name: Annotated[str, characters(200)]
    status: Status
    version: int
    seq: int = 0
    entry_hash: str = ""
    recent: Annotated[tuple[str, ...], most(4, why="the last ones")] = ()
    created_at: datetime
    updated_at: datetime
    policy: str
    issued_at: datetime
    expires_at: datetime
    renewals: int = 0
    measure: Measure | None = None
    appeal_until: datetime | None = None
    appeal: Appeal | None = None

    @property
    def is_live(self) -> bool:
        """Whether the supplier is in the channel, with or without orders at the moment."""
        return self.status in ("active", "suspended", "appealed")

    def is_valid(self, now: datetime) -> bool:
        """Whether new orders may be placed with the supplier."""
        return self.status == "active" and now < self.expires_at

    @property
    def freezes_payouts(self) -> bool:
        """Whether the supplier is paid out only what no open exposure needs: the platform revoked it for fraud."""
        return (
            self.status in REVOKED
            and self.measure is not None
            and (self.measure.by, self.measure.reason) == ("officer", "fraud")
        )


def membership_id(channel_id: str, member_id: str) -> str:
    return ids.derived_id("chm", channel_id, member_id)
