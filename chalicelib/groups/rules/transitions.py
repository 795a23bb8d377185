"""Which action on a group, from where, by whom, to where. Pure. The clock's moments are in `timers.py`.

The whole table of credit.md 3.4. Of those who act, `bank` is also whatever follows from loans and calls, of which banks tell.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from chalicelib.groups.rules.group import ENDS, Context, Group, Proposal, SeatStatus, Status
from chalicelib.groups.rules.position import changed_terms
from chalicelib.shared.state_machine import STAYS, Among, Change, InvalidTransition, Table, Transition

GroupChange = Change[Group]


class GroupNotInThisStatus(InvalidTransition):
    code = "group_not_in_this_status"
    title = "The group does not allow that now."


def _has_no_proposal(group: Group, context: Context, actor: str, now: datetime) -> bool:
    return group.proposal is None


def _is_voting(group: Group, context: Context, actor: str, now: datetime) -> bool:
    return group.proposal is not None and group.proposal.stage == "voting"


def _is_invited(group: Group, context: Context, actor: str, now: datetime) -> bool:
    """Whoever has accepted, or has left, may no more."""
    return actor == "invitee"


def _is_joining(group: Group, context: Context, actor: str, now: datetime) -> bool:
    is_awaited = group.proposal is not None and group.proposal.stage == "joining"
    return is_awaited and _is_invited(group, context, actor, now)


def _is_replacing(group: Group, context: Context, actor: str, now: datetime) -> bool:
    return _is_voting(group, context, actor, now) and group.proposal is not None and group.proposal.kind == "replace"


def _may_be_stopped(group: Group, context: Context, actor: str, now: datetime) -> bool:
    """A group is wound down by more than half, whatever the others say."""
    return _is_voting(group, context, actor, now) and group.proposal is not None and group.proposal.kind != "wind_down"


def _is_with_bank(group: Group, context: Context, actor: str, now: datetime) -> bool:
    return group.proposal is not None and group.proposal.stage == "with_bank"


def _has_proposal(group: Group, context: Context, actor: str, now: datetime) -> bool:
    return group.proposal is not None


def _is_enough(group: Group, context: Context, actor: str, now: datetime) -> bool:
    return len(group.standing) >= context.policy.least_members


_in: Final = Among[Status]()
_FORMING: Final = _in("forming")
_VETTING: Final = _in("vetting")
_AT_EASE: Final = _in("sealed", "active", "suspended")
"""Members may come and go: no call is open, and the group goes on."""
_DRAWN: Final = _in("active", "suspended", "called", "winding_down")
_BOUND: Final = _AT_EASE | _DRAWN
_FOUNDER: Final = frozenset({"founder"})
_ANYBODY: Final = frozenset({"founder", "member", "invitee", "former"})
_MEMBERS: Final = frozenset({"founder", "member"})
_OFFICER: Final = frozenset({"officer"})
_BANK: Final = frozenset({"bank"})
_CLOCK: Final = frozenset({"clock"})

TABLE: Final = Table[Group, Context](
    kind="group",
    error=GroupNotInThisStatus,
    ends=ENDS,
    effects=changed_terms,
    payload=lambda was, group: {
        "from": was.status,
        "to": group.status,
        "bank_id": group.bank_id,
        "product_id": group.product_id,
        "member_ids": concerned(was, group),
    },
    transitions=(
        # finding each other
        Transition("invite", _FORMING, _FOUNDER, STAYS),
        Transition("accept", _FORMING, _ANYBODY, STAYS, _is_invited),
        Transition("accept", _AT_EASE, _ANYBODY, STAYS, _is_joining),
        Transition("decline", _FORMING, _ANYBODY, STAYS, _is_invited),
        Transition("decline", _AT_EASE, _ANYBODY, STAYS, _is_joining),
        Transition("freeze", _FORMING, _FOUNDER, _VETTING, _is_enough),
        # vetting each other
        Transition("attest", _VETTING, _MEMBERS, _in("vetting", "sealed")),
        Transition("attest", _AT_EASE, _MEMBERS, STAYS, _is_replacing),
        Transition("refuse", _VETTING, _MEMBERS, _FORMING),
        Transition("draft", _VETTING, _MEMBERS, STAYS),
        Transition("brief", _VETTING, _MEMBERS, STAYS),
        Transition("override", _VETTING, _BANK, STAYS),
        Transition("sign", _VETTING, _MEMBERS, _in("vetting", "sealed")),
        Transition("time_out", _FORMING, _CLOCK, STAYS),
        Transition("time_out", _VETTING, _CLOCK, _in("forming", "lapsed")),
        Transition("lapse", _FORMING, _CLOCK, _in("lapsed")),
        # living with each other
        Transition("draft", _AT_EASE, _MEMBERS, STAYS),
        Transition("brief", _AT_EASE, _MEMBERS, STAYS),
        Transition("override", _AT_EASE, _BANK, STAYS),
        Transition("sign", _AT_EASE, _MEMBERS, STAYS),
        Transition("activate", _in("sealed"), _BANK, _in("active")),
        Transition("suspend", _in("active"), _OFFICER | _CLOCK, _in("suspended")),
        Transition("resume", _in("suspended"), _OFFICER, _in("active")),
        Transition("note_seat", _BOUND, _BANK, STAYS),
        Transition("call", _DRAWN, _BANK, _in("called", "winding_down")),
        Transition("settle", _in("called"), _BANK, _in("called", "active", "suspended", "winding_down")),
        Transition("settle", _in("winding_down"), _BANK, STAYS),
        # leaving each other
        Transition("leave", _FORMING | _VETTING, _MEMBERS, _in("forming", "lapsed")),
        Transition("leave", _AT_EASE, _MEMBERS, STAYS, _has_no_proposal),
        Transition("replace", _AT_EASE, _MEMBERS, STAYS, _has_no_proposal),
        Transition("wind_down", _AT_EASE, _MEMBERS, STAYS, _has_no_proposal),
        Transition("consent", _AT_EASE, _MEMBERS, _AT_EASE | _in("winding_down"), _is_voting),
        Transition("object", _AT_EASE, _MEMBERS, STAYS, _may_be_stopped),
        Transition("approve_change", _AT_EASE, _BANK, _AT_EASE | _in("winding_down"), _is_with_bank),
        Transition("refuse_change", _AT_EASE, _BANK, STAYS, _is_with_bank),
        Transition("drop_proposal", _AT_EASE, _CLOCK, STAYS, _has_proposal),
        Transition("wait", _in("sealed", "winding_down"), _CLOCK, STAYS),
        Transition("dissolve", _in("sealed", "winding_down"), _CLOCK, _in("dissolved")),
    ),
)


def concerned(was: Group, group: Group) -> list[str]:
    """The members who may hear of a change: whoever stands before or after it; where it changes who stands, or how the group does, whoever is invited too."""
    is_shown = _standing(was) != _standing(group)
    seats = (
        seat
        for each in (was, group)
        for seat in each.seats
        if seat.is_standing or (is_shown and seat.status == "invited")
    )
    return list(dict.fromkeys(seat.member_id for seat in seats))


def _standing(group: Group) -> tuple[Status, Proposal | None, list[tuple[int, SeatStatus]]]:
    return group.status, group.proposal, [(seat.number, seat.status) for seat in group.seats]
