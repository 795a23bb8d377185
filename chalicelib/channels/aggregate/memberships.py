"""Memberships as an aggregate: what ties their machine to their table and their view, and who is what to one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from chalicelib.channels.records import memberships as records
from chalicelib.channels.rules.membership import Actor, Membership
from chalicelib.channels.rules.membership_machine import MACHINE
from chalicelib.channels.rules.nomination import Nomination
from chalicelib.channels.rules.policy import Context, Policy
from chalicelib.channels.views.membership import view
from chalicelib.shared import calendars, policies
from chalicelib.shared.access import CHANNELS as DUTY
from chalicelib.shared.aggregates import Aggregate, ringing
from chalicelib.shared.request import Caller


def context_of(policy: Policy) -> Context:
    return Context(policy=policy, calendar=calendars.calendar(policy.calendar))


def contexts(pinned: Sequence[Membership] | Sequence[Nomination], now: datetime) -> list[Context]:
    return [context_of(policies.pinned("channels", each.policy).read_as(Policy)) for each in pinned]


def actor_of(membership: Membership, caller: Caller) -> Actor | None:
    """Its issuer, the supplier itself and officers. An agency of another country sees nothing of it."""
    if caller.is_officer:
        return "officer"
    if caller.agency_id == membership.agency_id:
        return "agency"
    return "supplier" if caller.is_member(membership.member_id) else None


MEMBERSHIPS: Final = Aggregate[Membership, Context, Actor](
    name="channel-memberships",
    machine=MACHINE,
    repository=records.REPOSITORY,
    context=contexts,
    actor_of=actor_of,
    view=view,
    duty=DUTY,
    after=ringing(
        "nobody decided an appeal",
        "membership_id",
        metric="ChannelAppealUndecided",
        when=lambda membership: (
            membership.status == "appealed" and membership.appeal and membership.appeal.escalated_at
        ),
    ),
)
