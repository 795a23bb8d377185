"""Firms as an aggregate: what ties their machine to their table and their view, and who is what to a firm."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from chalicelib.firms.records import REPOSITORY
from chalicelib.firms.rules.firm import Actor, Context, Firm, Policy
from chalicelib.firms.rules.timers import MACHINE
from chalicelib.firms.views.firm import view
from chalicelib.shared import observe, policies
from chalicelib.shared.aggregates import Aggregate
from chalicelib.shared.journal import Entry
from chalicelib.shared.request import Caller


def _contexts(firms: Sequence[Firm], now: datetime) -> list[Context]:
    return [Context(policy=policies.pinned("firms", each.policy).read_as(Policy)) for each in firms]


def actor_of(firm: Firm, caller: Caller) -> Actor | None:
    """A profile is seen by the firm and by officers, and by no other member."""
    if caller.is_officer:
        return "officer"
    return "firm" if caller.is_member(firm.id) else None


def _ring_if_escalated(firm: Firm, entry: Entry, now: datetime) -> None:
    if entry.event.kind == "firm.escalated":
        observe.logger.error("nobody verified a firm", extra={"firm_id": firm.id})
        observe.count("FirmUnverified")


FIRMS: Final = Aggregate[Firm, Context, Actor](
    name="firms",
    machine=MACHINE,
    repository=REPOSITORY,
    context=_contexts,
    actor_of=actor_of,
    view=view,
    after=_ring_if_escalated,
)
