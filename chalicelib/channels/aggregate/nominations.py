"""Nominations as an aggregate: what ties their machine to their table, their view and the memberships they come to."""

from __future__ import annotations

from typing import Final

from chalicelib.channels.aggregate.memberships import MEMBERSHIPS, contexts
from chalicelib.channels.records import nominations as records
from chalicelib.channels.rules.membership import Membership
from chalicelib.channels.rules.nomination import Actor, Nomination
from chalicelib.channels.rules.nomination_machine import MACHINE
from chalicelib.channels.rules.policy import Context
from chalicelib.channels.views.nomination import view
from chalicelib.shared.access import CHANNELS as DUTY
from chalicelib.shared.aggregates import Aggregate, ringing
from chalicelib.shared.request import Caller


def actor_of(nomination: Nomination, caller: Caller) -> Actor | None:
    """Its agency, officers, and the supplier once it is invited. An agency of another country sees nothing of it."""
    if caller.is_officer:
        return "officer"
    if caller.agency_id == nomination.agency_id:
        return "agency"
    return "supplier" if nomination.member_id and caller.is_member(nomination.member_id) else None


NOMINATIONS: Final = Aggregate[Nomination, Context, Actor](
    name="nominations",
    machine=MACHINE,
    repository=records.REPOSITORY,
    context=contexts,
    actor_of=actor_of,
    view=view,
    duty=DUTY,
    others={Membership: MEMBERSHIPS},
    after=ringing(
        "nobody checked a nomination",
        "nomination_id",
        metric="NominationUnchecked",
        when=lambda nomination: nomination.status == "nominated" and nomination.escalated_at,
    ),
)
