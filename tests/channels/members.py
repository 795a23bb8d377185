"""Memberships as values, for tests of rules."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from msgspec.structs import replace

from chalicelib.channels.rules import membership_machine as machine
from chalicelib.channels.rules.membership import Membership
from chalicelib.channels.rules.membership_machine import Context
from chalicelib.channels.rules.policy import Policy
from chalicelib.shared import calendars, policies

POLICY: Final = policies.versions("channels")[-1].read_as(Policy)
CONTEXT: Final = Context(policy=POLICY, calendar=calendars.calendar(POLICY.calendar))
NOW: Final = datetime(2026, 3, 2, 2, tzinfo=UTC)


def issued(now: datetime = NOW, zone: str = "Asia/Seoul", was: Membership | None = None) -> Membership:
    return machine.issued(
        was, "chn_1", "mem_1", "kotra", "nom_1", "KR", zone, "김철수", "Kim Cheolsu", CONTEXT, "hash", now
    )


def with_status(status: str) -> Membership:
    """A membership as it comes to a status by the platform's hand."""
    first = issued()
    if status == "suspended":
        return machine.suspend(first, "officer", "officer-1", "quality", "Look.", NOW).state
    if status in ("revoked", "appealed"):
        revoked = machine.revoke(first, CONTEXT, "officer", "officer-1", "fraud", "No.", NOW).state
        return revoked if status == "revoked" else machine.appeal(revoked, CONTEXT, "Why?", NOW).state
    return first if status == "active" else replace(first, status="expired", version=2)
