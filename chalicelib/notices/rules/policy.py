"""The numbers of outgoing webhooks: `chalicelib/policies/notices/`. Pure."""

from __future__ import annotations

from datetime import timedelta

import msgspec


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """How many endpoints an owner has, how long an old key lives on, and when a failed attempt is repeated.

    `retry_minutes` are the waits between attempts, together three days; `jitter_bp` is how much longer each may become, in
    basis points of itself.
    """

    most_endpoints: int
    most_replayed: int
    key_overlap_hours: int
    retry_minutes: tuple[int, ...]
    jitter_bp: int

    @property
    def key_overlap(self) -> timedelta:
        return timedelta(hours=self.key_overlap_hours)
