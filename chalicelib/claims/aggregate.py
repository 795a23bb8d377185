"""Claims as an aggregate: what ties their machine to their table, their view, their order and what their supplier's own money holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from msgspec.structs import replace

from chalicelib.claims.records import REPOSITORY, ClaimRow
from chalicelib.claims.rules import refunds, representing
from chalicelib.claims.rules.claim import Claim, order_of
from chalicelib.claims.rules.context import Context
from chalicelib.claims.rules.policy import ClaimPolicy
from chalicelib.claims.rules.timers import MACHINE
from chalicelib.claims.rules.transitions import Actor, ClaimChange
from chalicelib.claims.views.claim import claim_view
from chalicelib.deposits.service import claims as deposits_claims
from chalicelib.orders import aggregate as orders_aggregate
from chalicelib.orders import records as orders_records
from chalicelib.orders.aggregate import ORDERS
from chalicelib.orders.rules.order import Order
from chalicelib.shared import policies
from chalicelib.shared.aggregates import Aggregate, Loaded
from chalicelib.shared.request import Caller
from chalicelib.suppliers.service import cover as suppliers_cover
from chalicelib.suppliers.service import money as suppliers_money


def pinned(claim: Claim) -> ClaimPolicy:
    return policies.pinned("claims", claim.policy).read_as(ClaimPolicy)


def context_of(claim: Claim, order: Order) -> Context:
    return Context(order=order, terms=orders_aggregate.pinned(order), policy=pinned(claim))


def _load(claim_id: str, now: datetime) -> Loaded[Claim, Context] | None:
    """The claim with its order: one round trip."""
    row, order = orders_records.load_beside(ClaimRow, claim_id, order_of(claim_id))
    return Loaded(row.body, context_of(row.body, order)) if row and order else None


def _contexts(claims: Sequence[Claim], now: datetime) -> list[Context | None]:
    """For lists: one more round trip for all orders. None where an order cannot be read."""
    orders = ORDERS.repository.load_many(claim.order_id for claim in claims)
    return [context_of(claim, orders[claim.order_id]) if claim.order_id in orders else None for claim in claims]


def _siblings(loaded: Loaded[Claim, Context], now: datetime) -> list[Loaded[Claim, Context]]:
    """Other claims that are open on the order: what one frees another gets, and the last one lets the order go."""
    names = [mark.claim_id for mark in loaded.context.order.open_claims if mark.claim_id != loaded.state.id]
    siblings = REPOSITORY.load_all(names) if names else {}
    return [Loaded(claim, context_of(claim, loaded.context.order)) for claim in siblings.values()]


def _with_order(context: Context, change: ClaimChange) -> Context:
    """The context that a change leaves: the order as it then is. What was read of sources of money counts for one change."""
    order = next((other for other in change.also if isinstance(other, Order)), context.order)
    return replace(context, order=order, balance=None, deposit=None)


def _with_sources(claim: Claim, context: Context, at: datetime) -> Context:
    """What the supplier's balance holds, and its deposit, each read only where what comes before it may not suffice."""
    most = _most_owed_minor(claim)
    if not refunds.lacking_minor(claim, context, most):
        return context
    context = replace(context, balance=suppliers_money.balance(claim.supplier_id, claim.currency))
    if not refunds.lacking_minor(claim, context, most):
        return context
    return replace(context, deposit=deposits_claims.source(claim.supplier_id, at))


def _most_owed_minor(claim: Claim) -> int:
    """The most that the next change can owe: what was agreed or determined, else what is asked for."""
    if claim.status == "agreed" and claim.settlement:
        return claim.settlement.amount_minor
    if claim.status == "determined" and claim.decision:
        return claim.decision.verdict.approved_minor
    return claim.requested_minor


def _actor(claim: Claim, caller: Caller) -> Actor | None:
    return "officer" if caller.is_officer else claim.side_of(caller.member_id)


def _acting(claim: Claim, actor: Actor, caller: Caller) -> Claim:
    """Where somebody acts for a party, that is on the claim from then on."""
    return claim if actor == "officer" else representing.represented(claim, actor, caller.actor)


CLAIMS: Final = Aggregate[Claim, Context, Actor](
    name="claims",
    machine=MACHINE,
    repository=REPOSITORY,
    context=_contexts,
    actor_of=_actor,
    view=claim_view,
    duty="claims",
    acting=_acting,
    effects={**suppliers_cover.EFFECTS, **deposits_claims.EFFECTS},
    others={Order: ORDERS},
    source=_load,
    family=_siblings,
    carry=_with_order,
    gather=_with_sources,
)
