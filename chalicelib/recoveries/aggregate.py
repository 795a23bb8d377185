"""Recoveries as an aggregate: what ties their machine to their table, their view, the supplier's cover and its balance."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from msgspec.structs import replace

from chalicelib.recoveries import programme_effects
from chalicelib.recoveries.records import REPOSITORY
from chalicelib.recoveries.rules.recovery import Context, Policy, Recovery, to_set_off_minor
from chalicelib.recoveries.rules.timers import MACHINE
from chalicelib.recoveries.rules.transitions import Actor
from chalicelib.recoveries.views.recovery import view
from chalicelib.shared.aggregates import Aggregate, pinning
from chalicelib.shared.request import Caller
from chalicelib.suppliers.service import cover as suppliers_cover
from chalicelib.suppliers.service import money as suppliers_money


def _actor(recovery: Recovery, caller: Caller) -> Actor | None:
    if caller.is_officer:
        return "officer"
    return "supplier" if caller.is_member(recovery.supplier_id) else None


def _with_balance(recovery: Recovery, context: Context, at: datetime) -> Context:
    """What the supplier's balance holds is read only where something may be taken from it."""
    if not to_set_off_minor(recovery, at):
        return context
    return replace(context, balance=suppliers_money.balance(recovery.supplier_id, recovery.currency))


RECOVERIES: Final = Aggregate[Recovery, Context, Actor](
    name="recoveries",
    machine=MACHINE,
    repository=REPOSITORY,
    context=pinning("recoveries", Policy, Context),
    actor_of=_actor,
    view=view,
    duty="claims",
    effects=suppliers_cover.EFFECTS,
    gather=_with_balance,
    after=lambda recovery, entry, now: programme_effects.follow(entry, now),
)
