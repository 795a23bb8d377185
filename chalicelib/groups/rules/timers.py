"""Every deadline of a group, whose it is, and what comes of it when it passes. Pure.

A deadline is met iff `now < due_at`; each was worked out and kept by the change that began it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from chalicelib.groups.rules import forming, living, proposing, vetting
from chalicelib.groups.rules.group import Context, Group
from chalicelib.groups.rules.transitions import TABLE
from chalicelib.shared.state_machine import StateMachine, Timer, kept

_AT_EASE: Final = frozenset({"sealed", "active", "suspended"})


_due = kept("due_at")


def _invitation(group: Group, context: Context) -> datetime | None:
    return min((seat.due_at for seat in group.seats if seat.status == "invited" and seat.due_at), default=None)


def _proposal(group: Group, context: Context) -> datetime | None:
    return group.proposal.due_at if group.proposal else None


def _awaited(group: Group) -> str:
    """Whose the proposal is now."""
    stage = group.proposal.stage if group.proposal else "voting"
    return {"joining": "invitee", "voting": "member", "with_bank": "bank"}[stage]


MACHINE: Final = StateMachine[Group, Context](
    table=TABLE,
    timers=(
        Timer(
            "invitation",
            frozenset({"forming"}),
            _invitation,
            "invitee",
            "invitation_ended",
            forming.let_invitations_end,
        ),
        Timer("list", frozenset({"forming"}), _due, "founder", "lapsed", forming.lapse),
        Timer("vetting", frozenset({"vetting"}), _due, "member", "timed_out_and_list_open_again", vetting.time_out),
        Timer("proposal", _AT_EASE, _proposal, _awaited, "proposal_lapsed", proposing.drop),
        Timer("first_draw", frozenset({"sealed"}), _due, "member", "dissolved", living.dissolve_unused, funded=True),
        Timer(
            "end",
            frozenset({"winding_down"}),
            _due,
            "platform",
            "dissolved_once_all_is_over",
            living.dissolve,
            funded=True,
        ),
    ),
)
