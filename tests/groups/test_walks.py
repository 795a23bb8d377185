"""Random lives of groups: every change is declared, no seat is used twice, and whoever is left alone comes to an end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.groups.rules import forming, living, proposing, vetting
from chalicelib.groups.rules.group import ENDS, MOST_MEMBERS, Group, Seat
from chalicelib.groups.rules.timers import MACHINE
from chalicelib.groups.rules.transitions import TABLE, GroupChange
from chalicelib.shared.errors import DomainError
from tests.groups.grouping import CONTEXT, DAY, NOW, drafted, founded, later, signed
from tests.size import at_size

ACTORS = ("founder", "member", "invitee", "officer", "bank")
ACTIONS = sorted({each.name for each in TABLE.transitions if each.name not in ("draft", "brief", "override", "sign")})
STEPS = st.tuples(
    st.sampled_from(ACTORS), st.sampled_from(ACTIONS), st.integers(0, 30), st.integers(0, 12), st.integers(0, 5)
)


@given(walk=st.lists(STEPS, max_size=at_size(120, 60)))
def test_every_change_of_a_group_is_declared_and_what_must_hold_holds(
    walk: list[tuple[str, str, int, int, int]],
) -> None:
    group, now = founded(), NOW
    for actor, action, chosen, other, days in walk:
        now += timedelta(days=days)
        group = later(group, now)
        if group.status == "vetting" and not group.draft_sha256:
            group = signed(drafted(group, f"{group.version:064d}"), *(seat.number for seat in group.standing))
        if action not in TABLE.allowed(group, actor, CONTEXT, now):
            continue
        try:
            change = _change(group, action, _caller(group, actor, chosen), other, now)
        except DomainError:
            continue
        if change is None:
            continue
        _must_hold(group, change.state)
        group = change.state
    ended = later(group, now + 2_000 * DAY)
    assert ended.status in ENDS or ended.status in ("active", "suspended", "called")


def _must_hold(was: Group, group: Group) -> None:
    numbers = [seat.number for seat in group.seats]
    assert numbers == list(range(1, len(numbers) + 1)), "no number is used twice, and none is lost"
    assert [seat.member_id for seat in group.seats[: len(was.seats)]] == [seat.member_id for seat in was.seats]
    standing = {seat.number for seat in group.standing}
    assert len(standing) <= MOST_MEMBERS + bool(group.proposal and group.proposal.joins)
    assert len({seat.member_id for seat in group.standing}) == len(standing), "nobody stands twice"
    pairs = [(each.by, each.of) for each in group.attestations]
    assert len(set(pairs)) == len(pairs)
    assert all({by, of} <= standing and by != of for by, of in pairs), "of those who stand, and never of oneself"
    if group.status == "sealed" and was.status == "vetting":
        assert len(pairs) == len(standing) * (len(standing) - 1)
        assert group.sheet_sha256 == was.draft_sha256
    if group.status in ("sealed", "active", "suspended", "called"):
        assert group.bound
    assert MACHINE.deadlines(group, CONTEXT) or group.status in ENDS | {"active", "suspended", "called"}


def _caller(group: Group, actor: str, chosen: int) -> Seat | None:
    seats = [seat for seat in group.seats if seat.is_standing]
    if actor == "invitee":
        seats = [seat for seat in group.seats if seat.status == "invited"]
    if actor == "founder":
        return seats[0]
    return seats[chosen % len(seats)] if seats else None


def _change(was: Group, action: str, seat: Seat | None, other: int, now: Any) -> GroupChange | None:
    proposal_id = was.proposal.id if was.proposal else f"prp_{was.version}"
    invitation, member_id = f"inv_{was.version}", f"mem_{other}"
    match action:
        case "invite":
            return forming.invite(was, CONTEXT, invitation, member_id, now)
        case "freeze":
            return forming.freeze(was, CONTEXT, now)
        case "activate":
            return living.activate(was, now)
        case "suspend":
            return living.suspend(was, "officer", "A doubt.", now)
        case "resume":
            return living.resume(was, "None.", now)
        case "note_seat":
            return living.note_seat(was, other, "failed_call" if other % 2 else "cured", now)
        case "call":
            return living.call(was, f"gcl_{other}", now)
        case "settle":
            return living.settle(was, CONTEXT, f"gcl_{other}", now)
        case "approve_change":
            return proposing.approve(was, CONTEXT, proposal_id, now)
        case "refuse_change":
            return proposing.refuse(was, proposal_id, "No.", now)
    return _of_a_member(was, action, seat, other, proposal_id, now) if seat else None


def _of_a_member(was: Group, action: str, seat: Seat, other: int, proposal_id: str, now: Any) -> GroupChange | None:
    match action:
        case "accept":
            return proposing.accept(was, CONTEXT, seat, now) if was.proposal else forming.accept(was, seat, now)
        case "decline":
            return proposing.decline(was, seat, now) if was.proposal else forming.decline(was, seat, now)
        case "attest":
            rule = proposing.attest if was.proposal else vetting.attest
            return rule(was, CONTEXT, seat, other, ["books"], now)
        case "refuse":
            return vetting.refuse(was, CONTEXT, seat, other, now)
        case "leave":
            if was.is_sealed:
                return proposing.leave(was, CONTEXT, seat, proposal_id, now)
            return forming.leave(was, CONTEXT, seat, now)
        case "replace":
            joins = forming.invited(was, CONTEXT, f"inv_{was.version}", f"mem_{other}", now)
            return proposing.replace_member(was, CONTEXT, seat, seat.number, joins, proposal_id, now)
        case "wind_down":
            return proposing.wind_down(was, CONTEXT, seat, proposal_id, now)
        case "consent":
            return proposing.consent(was, CONTEXT, seat, proposal_id, ["goods"], now)
        case "object":
            return proposing.object_to(was, seat, proposal_id, now)
    return None
