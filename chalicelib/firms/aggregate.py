"""Firms as an aggregate: what ties their machine to their table and their view, and who is what to a firm."""

from __future__ import annotations

from typing import Final

from chalicelib.firms.records import REPOSITORY
from chalicelib.firms.rules.firm import Actor, Context, Firm, Policy
from chalicelib.firms.rules.timers import MACHINE
from chalicelib.firms.views.firm import view
from chalicelib.shared.aggregates import Aggregate, pinning, ringing
from chalicelib.shared.request import Caller


def actor_of(firm: Firm, caller: Caller) -> Actor | None:
    """A profile is seen by the firm and by officers, and by no other member."""
    if caller.is_officer:
        return "officer"
    return "firm" if caller.is_member(firm.id) else None


FIRMS: Final = Aggregate[Firm, Context, Actor](
    name="firms",
    machine=MACHINE,
    repository=REPOSITORY,
    context=pinning("firms", Policy, Context),
    actor_of=actor_of,
    view=view,
    after=ringing("nobody verified a firm", "firm_id", metric="FirmUnverified", on=("firm.escalated",)),
)
