"""The numbers of outgoing webhooks: `chalicelib/policies/webhooks/`. Pure."""

from __future__ import annotations

from datetime import timedelta

import msgspec


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """How many endpoints an owner has, how long an old key lives on, when a failed attempt is repeated, and how long messages are kept.

    `retry_minutes` are the waits between attempts, together three days; `jitter_bp` is how much longer each may become, in
    basis points of itself. `kept_days` begin when a message waits for no attempt any more.
    """

    most_endpoints: int
    most_replayed: int
    key_overlap_hours: int
    retry_minutes: tuple[int, ...]
    jitter_bp: int
    kept_days: int

    @property
    def key_overlap(self) -> timedelta:
        return timedelta(hours=self.key_overlap_hours)

    @property
    def kept(self) -> timedelta:
        return timedelta(days=self.kept_days)
