"""How firms find each other: a group is founded, firms are invited, accept or decline, and the list is frozen. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from chalicelib.groups.rules import group as rules
from chalicelib.groups.rules.transitions import TABLE, GroupChange
from chalicelib.shared.bounds import must_have_room
from chalicelib.shared.errors import Conflict, NotFound
from chalicelib.shared.journal import Event
from chalicelib.shared.texts import say


class AlreadySeated(Conflict):
    code = "already_in_group"
    title = "That firm is in the group already, or has an open invitation."
    fix = "Invite another firm, or wait until the invitation is answered."


def founded(
    group_id: str,
    bank_id: str,
    product_id: str,
    name: str,
    founder_id: str,
    context: rules.Context,
    policy_hash: str,
    now: datetime,
) -> GroupChange:
    """The first version: its founder has the first seat."""
    group = rules.Group(
        id=group_id,
        bank_id=bank_id,
        product_id=product_id,
        name=name,
        status="forming",
        version=1,
        created_at=now,
        updated_at=now,
        policy=policy_hash,
        seats=(rules.Seat(number=1, member_id=founder_id, status="accepted", invited_at=now, joined_at=now),),
        due_at=now + timedelta(days=context.policy.form_days),
    )
    payload = {
        "to": "forming",
        "bank_id": bank_id,
        "product_id": product_id,
        "member_ids": [founder_id],
        "name": name,
    }
    return GroupChange(state=group, event=Event("group.founded", payload, policy=policy_hash), at=now)


def invited(was: rules.Group, context: rules.Context, invitation_id: str, member_id: str, now: datetime) -> rules.Seat:
    """The seat of a firm that is invited. AlreadySeated, GroupFull and TooManySeats."""
    known = was.seat_of(member_id)
    if known and (known.is_standing or known.status == "invited"):
        raise AlreadySeated(
            say("{member_id} has seat {number}.", member_id=member_id, number=known.number),
            param="member_id",
            seat=known.number,
        )
    must_have_room(was.seats, rules.MOST_SEATS, rules.TooManySeats)
    return rules.Seat(
        number=was.seats[-1].number + 1,
        member_id=member_id,
        status="invited",
        invitation_id=invitation_id,
        invited_at=now,
        due_at=context.business_days_after(now, context.policy.invite_business_days),
    )


def invite(was: rules.Group, context: rules.Context, invitation_id: str, member_id: str, now: datetime) -> GroupChange:
    seat = invited(was, context, invitation_id, member_id, now)
    taken = [each for each in was.seats if each.is_standing or each.status == "invited"]
    must_have_room(taken, context.policy.most_members, rules.GroupFull)
    payload = {"seat": seat.number, "member_id": member_id, "invitation_id": invitation_id}
    return TABLE.change(was, "invite", now, event="invited", seats=(*was.seats, seat), payload=payload)


def accept(was: rules.Group, seat: rules.Seat, now: datetime) -> GroupChange:
    """An invited firm stands with the others from now on, while the list is open."""
    payload = {"seat": seat.number, "member_id": seat.member_id}
    return TABLE.change(was, "accept", now, event="accepted", seats=joined(was, seat, now), payload=payload)


def decline(was: rules.Group, seat: rules.Seat, now: datetime) -> GroupChange:
    """An invitation ends, and nothing else."""
    payload = {"seat": seat.number, "member_id": seat.member_id}
    return TABLE.change(
        was, "decline", now, event="declined", seats=ended(was, {seat.number}, "declined", now), payload=payload
    )


def freeze(was: rules.Group, context: rules.Context, now: datetime) -> GroupChange:
    """The list is closed; invitations that nobody has answered are over. Whoever attested another before and stands still has done so."""
    seats = ended(was, {seat.number for seat in was.seats if seat.status == "invited"}, "timed_out", now)
    frozen = rules.list_sha256(was.id, (seat for seat in seats if seat.is_standing))
    return TABLE.change(
        was,
        "freeze",
        now,
        event="list_frozen",
        status="vetting",
        seats=seats,
        list_sha256=frozen,
        due_at=context.business_days_after(now, context.policy.vet_business_days),
        payload={"list_sha256": frozen, "seats": [seat.number for seat in seats if seat.is_standing]},
    )


def let_invitations_end(was: rules.Group, context: rules.Context, at: datetime) -> GroupChange:
    """Nobody has answered them in time."""
    over = {seat.number for seat in was.seats if seat.status == "invited" and seat.due_at and seat.due_at <= at}
    return TABLE.change(
        was,
        "time_out",
        at,
        event="invitations_ended",
        seats=ended(was, over, "timed_out", at),
        payload={"seats": sorted(over)},
    )


def lapse(was: rules.Group, context: rules.Context, at: datetime) -> GroupChange:
    """The list was not frozen in time."""
    return without(was, "lapse", "lapsed", {}, at, context, why="not_formed")


def leave(was: rules.Group, context: rules.Context, seat: rules.Seat, now: datetime) -> GroupChange:
    """Before the seal a member leaves when it likes: the list is open again for the others."""
    payload = {"seat": seat.number, "member_id": seat.member_id}
    return without(was, "leave", "left", {seat.number: "exited"}, now, context, payload=payload)


def without(
    was: rules.Group,
    name: str,
    event: str,
    leaving: dict[int, rules.SeatStatus],
    at: datetime,
    context: rules.Context,
    *,
    why: rules.Why | None = None,
    payload: dict[str, Any] | None = None,
) -> GroupChange:
    """Back to an open list without some. What the others attested of each other stands; signatures fall with the list they were given for.

    A group in which nobody stands any more has lapsed, as one has for which there is a `why`.
    """
    seats = was.seats
    for number, status in leaving.items():
        seats = ended(replace(was, seats=seats), {number}, status, at)
    stay = {seat.number for seat in seats if seat.is_standing}
    why = why or (None if stay else "left_by_all")
    if why:
        seats = ended(
            replace(was, seats=seats), {each.number for each in seats if each.status == "invited"}, "timed_out", at
        )
    return TABLE.change(
        was,
        name,
        at,
        event=event,
        status="lapsed" if why else "forming",
        why=why,
        ended_at=at if why else None,
        seats=tuple(replace(seat, status="accepted") if seat.number in stay else seat for seat in seats),
        attestations=tuple(each for each in was.attestations if {each.by, each.of} <= stay),
        list_sha256="",
        draft_sha256="",
        due_at=None
        if why
        else (at + timedelta(days=context.policy.form_days) if was.status == "vetting" else was.due_at),
        payload={**({"why": why} if why else {}), **(payload or {})},
    )


def joined(was: rules.Group, seat: rules.Seat, now: datetime) -> tuple[rules.Seat, ...]:
    """The seats with one of which the firm has accepted."""
    return was.seats_with(replace(seat, status="accepted", joined_at=now, due_at=None))


def ended(was: rules.Group, numbers: set[int], status: rules.SeatStatus, at: datetime) -> tuple[rules.Seat, ...]:
    """The seats of which some have come to an end."""
    return tuple(
        replace(each, status=status, left_at=at, due_at=None) if each.number in numbers else each for each in was.seats
    )


def seat_of_invitation(group: rules.Group, invitation_id: str, member_id: str) -> rules.Seat:
    """The seat of a member's own open invitation. NotFound where it is not open, or another's."""
    seat = group.invitation(invitation_id)
    if seat is None or seat.member_id != member_id or seat.status != "invited":
        raise NotFound(say("You have no open invitation {invitation_id!r:.60}.", invitation_id=invitation_id))
    return seat
