"""Channels, nominations and memberships as values, for tests of rules."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from msgspec.structs import replace

from chalicelib.channels.rules import channel_machine, nomination_machine
from chalicelib.channels.rules import membership_machine as machine
from chalicelib.channels.rules.channel import Channel
from chalicelib.channels.rules.membership import Membership
from chalicelib.channels.rules.nomination import Details, Nomination, Office
from chalicelib.channels.rules.policy import Context, Policy
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


def channel() -> Channel:
    shipped = POLICY.shipped("KR")
    planned = channel_machine.planned("chn_1", "KR", shipped.name, shipped.terms, policy_hash="hash", now=NOW)
    return channel_machine.open_(planned.state, NOW).state


def nomination(status: str = "draft") -> Nomination:
    """A nomination in a status that waits for somebody."""
    details = Details(
        legal_name="김철수",
        romanised_name="Kim Cheolsu",
        registration_number="1",
        categories=("clothing",),
        office=Office(mailbox="export@kim.example"),
        vouching="Well known.",
    )
    drafted = nomination_machine.drafted(
        "nom_1",
        "chn_1",
        "kotra",
        "KR",
        details,
        categories=("clothing",),
        until=None,
        context=CONTEXT,
        policy_hash="hash",
        now=NOW,
    ).state
    if status == "draft":
        return drafted
    submitted = nomination_machine.submit(drafted, CONTEXT, NOW).state
    if status == "nominated":
        return submitted
    if status == "returned":
        return nomination_machine.return_(submitted, CONTEXT, "Mend it.", NOW).state
    member_id = "mem_1" if status == "invited" else ""
    return nomination_machine.check(submitted, CONTEXT, member_id, frozenset(), NOW).state
