"""Groups as an aggregate: what ties their machine to their table and their view, and who is what to a group."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from msgspec.structs import replace

from chalicelib.groups.records import positions, sheets
from chalicelib.groups.records.groups import REPOSITORY
from chalicelib.groups.rules.group import Actor, Context, Group, Policy
from chalicelib.groups.rules.position import SetDrawTerms
from chalicelib.groups.rules.timers import MACHINE
from chalicelib.groups.views.groups import view
from chalicelib.shared import calendars, policies
from chalicelib.shared.aggregates import Aggregate
from chalicelib.shared.periods import end_of_business_date
from chalicelib.shared.request import Caller

POLICY: Final = "guarantee-groups"


def context_of(policy: str) -> Context:
    return Context(policy=policies.pinned(POLICY, policy).read_as(Policy), calendar=calendars.calendar("CN"))


def actor_of(group: Group, caller: Caller) -> Actor | None:
    """A group is seen by its members, whoever is invited, its bank and officers; and by who has left, since it still answers."""
    if caller.is_officer:
        return "officer"
    if caller.role == "bank":
        return "bank" if caller.sub == group.bank_id else None
    seat = group.seat_of(caller.member_id) if caller.member_id else None
    if seat is None:
        return None
    if seat.is_standing:
        return "founder" if caller.is_member(group.founder_id) else "member"
    if seat.status == "invited":
        return "invitee"
    return "former" if seat.status == "exited" and group.sealed_at else None


def _with_position(group: Group, context: Context, at: datetime) -> Context:
    """What is drawn and guaranteed in it now."""
    position = positions.load(group.id)
    until = position.guaranteed_until
    return replace(context, owed=position.owing, guaranteed_until=end_of_business_date(until) if until else None)


GROUPS: Final = Aggregate[Group, Context, Actor](
    name="groups",
    machine=MACHINE,
    repository=REPOSITORY,
    context=lambda states, now: [context_of(each.policy) for each in states],
    actor_of=actor_of,
    view=view,
    duty="risk",
    effects={SetDrawTerms: positions.write_effects, **sheets.EFFECTS},
    gather=_with_position,
)
