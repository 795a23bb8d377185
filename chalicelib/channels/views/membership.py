"""A membership as its supplier, its issuer and officers see it, and what they send."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.channels.rules.membership import MOST_CHARACTERS, Actor, Membership, Outcome, Reason, Side, Status
from chalicelib.channels.rules.membership_machine import MACHINE, renewable_from
from chalicelib.channels.rules.policy import Context
from chalicelib.shared.pages import Waiting
from chalicelib.shared.state_machine import Deadline
from chalicelib.shared.text import prose
from chalicelib.shared.views import view_of

Text = Annotated[str, prose(MOST_CHARACTERS, least=1)]
Id = Annotated[str, Meta(min_length=1, max_length=64)]


class MeasureRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Why it is suspended or revoked, in words that the supplier reads."""

    reason: Reason
    """Why, by code."""
    text: Text
    """What happened, in words that the supplier reads."""


class TextRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    text: Text
    """Why, in words."""


class DecideAppealRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    outcome: Outcome
    """Whether the measure stands."""
    text: Text
    """The decision in words that the supplier reads."""


class MembershipsQuery(Waiting, frozen=True, kw_only=True):
    """A supplier sees its own, an agency those it issued; officers name one or the other, or a channel."""

    channel_id: Id | None = None
    """The channel, by its id."""
    member_id: Id | None = None
    """The member, by its id."""
    agency_id: Id | None = None
    """The agency, by its id."""
    status: Status | None = None
    """Only those in this status."""


class MeasureView(msgspec.Struct, frozen=True, kw_only=True):
    """A suspension or revocation. `officer` is who did it, where the platform did, and for officers only."""

    by: Side
    officer: str | None
    reason: Reason
    text: str
    at: datetime


class AppealView(msgspec.Struct, frozen=True, kw_only=True):
    text: str
    at: datetime
    due_at: datetime
    escalated_at: datetime | None
    outcome: Outcome | None
    decision: str | None
    decided_at: datetime | None


class MembershipView(msgspec.Struct, frozen=True, kw_only=True):
    """A supplier's membership of a channel. `is_valid`: new orders may be placed with it now.

    It ends at `expires_at`, the end of the anniversary's day in the issuer's zone, and may be renewed from `renewable_from` on.
    """

    id: str
    version: int
    channel_id: str
    member_id: str
    agency_id: str
    nomination_id: str
    country: str
    zone: str
    legal_name: str
    romanised_name: str
    status: Status
    is_valid: bool
    created_at: datetime
    updated_at: datetime
    issued_at: datetime
    expires_at: datetime
    renewable_from: datetime
    renewals: int
    measure: MeasureView | None
    appeal_until: datetime | None
    appeal: AppealView | None
    payouts_frozen: bool
    allowed_actions: list[str]
    deadlines: list[Deadline]


def view(membership: Membership, context: Context, actor: Actor, now: datetime) -> MembershipView:
    own = {} if actor == "officer" else {"officer": None}
    return view_of(
        MembershipView,
        membership,
        is_valid=membership.is_valid(now),
        renewable_from=renewable_from(membership, context),
        measure=view_of(MeasureView, membership.measure, **own) if membership.measure else None,
        payouts_frozen=membership.freezes_payouts,
        **MACHINE.offer(membership, actor, context, now),
    )
