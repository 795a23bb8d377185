"""A group, as its members, its bank and officers see it: who stands together, and what is left to do. No money, and nobody's people."""

from __future__ import annotations

from datetime import datetime

import msgspec

from chalicelib.firms.rules.firm import Size
from chalicelib.groups.rules import group as rules
from chalicelib.groups.rules.matching import MatchReason
from chalicelib.groups.rules.timers import MACHINE
from chalicelib.shared.state_machine import Deadline
from chalicelib.shared.views import view_of


class SeatView(msgspec.Struct, frozen=True, kw_only=True):
    """One firm's place. `unattested` are the seats it has still to attest; `is_briefed` and `has_signed`: for the rule sheet that is being signed.

    `due_at` is until when its invitation can be accepted.
    """

    number: int
    member_id: str
    status: rules.SeatStatus
    invitation_id: str | None
    invited_at: datetime
    due_at: datetime | None
    joined_at: datetime | None
    left_at: datetime | None
    unattested: list[int]
    is_briefed: bool
    has_signed: bool


class AttestationView(msgspec.Struct, frozen=True, kw_only=True):
    """Seat `by` vouches for seat `of`."""

    by: int
    of: int
    looked_at: list[rules.Looked]
    at: datetime


class ProposalView(msgspec.Struct, frozen=True, kw_only=True):
    """A change that not all have agreed to yet. `seat` proposes that seat `leaves`, that seat `joins`, or to wind down.

    `stage`: it waits for the firm that is to come (`joining`), for `awaited` seats (`voting`), or for the bank (`with_bank`).
    """

    id: str
    kind: rules.ProposalKind
    seat: int
    leaves: int | None
    joins: int | None
    stage: rules.Stage
    consents: list[int]
    awaited: list[int]
    proposed_at: datetime
    due_at: datetime


class GroupView(msgspec.Struct, frozen=True, kw_only=True):
    """A group. The first of `deadlines` says who has to do something until when.

    `list_sha256` is the hash of the frozen list; `draft_version` and `draft_sha256` name the rule sheet that is being signed, `sheet_version`
    and `sheet_sha256` the one in force. `takes_draws`: its members may draw. `calls` are those that are open. `related` are pairs of seats
    whose firms have become related since; for officers only.
    """

    id: str
    version: int
    bank_id: str
    product_id: str
    name: str
    status: rules.Status
    created_at: datetime
    updated_at: datetime
    allowed_actions: list[str]
    deadlines: list[Deadline]
    seats: list[SeatView]
    attestations: list[AttestationView]
    list_sha256: str | None
    draft_version: int
    draft_sha256: str | None
    sheet_version: int
    sheet_sha256: str | None
    takes_draws: bool
    proposal: ProposalView | None
    suspended_by: rules.SuspendedBy | None
    reason: str | None
    calls: list[str]
    related: list[tuple[int, int]] | None
    sealed_at: datetime | None
    activated_at: datetime | None
    ended_at: datetime | None
    why: rules.Why | None


def view(group: rules.Group, context: rules.Context, actor: rules.Actor, now: datetime) -> GroupView:
    """What members attest of each other is theirs, their bank's and officers'."""
    is_inside = actor not in ("invitee", "former")
    return view_of(
        GroupView,
        group,
        **MACHINE.offer(group, actor, context, now),
        seats=[seat_view(group, each) for each in group.seats],
        attestations=[view_of(AttestationView, each) for each in group.attestations] if is_inside else [],
        proposal=_proposal(group, group.proposal) if group.proposal else None,
        related=list(group.related) if actor == "officer" else None,
    )


def seat_view(group: rules.Group, seat: rules.Seat) -> SeatView:
    return view_of(
        SeatView,
        seat,
        unattested=list(group.unattested.get(seat.number, ())),
        is_briefed=bool(group.draft_sha256) and seat.is_briefed(group.draft_sha256),
        has_signed=bool(group.draft_sha256) and seat.has_signed(group.draft_sha256),
    )


def _proposal(group: rules.Group, proposal: rules.Proposal) -> ProposalView:
    awaited = [seat.number for seat in group.bound if seat.number not in proposal.consents]
    return view_of(
        ProposalView,
        proposal,
        leaves=proposal.leaves or None,
        joins=proposal.joins or None,
        awaited=awaited if proposal.stage == "voting" else [],
    )


class MatchView(msgspec.Struct, frozen=True, kw_only=True):
    """A firm that looks for a group, with what it has in common with yours. It let itself be found; nothing is shown of its people."""

    member_id: str
    name: str
    industry: str
    region: str
    size: Size
    reasons: list[MatchReason]


class MatchesView(msgspec.Struct, frozen=True, kw_only=True):
    """Firms that a member might invite or propose, the best first."""

    items: list[MatchView]
