"""Orders as an aggregate: what ties their machine to their table, their view and the supplier's cover."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from chalicelib.banks.service import inbox as banks_inbox
from chalicelib.listings.effects import EFFECTS as STOCK_EFFECTS
from chalicelib.orders.records import REPOSITORY
from chalicelib.orders.rules.order import AWAITING_MONEY, Order, Policy
from chalicelib.orders.rules.timers import MACHINE
from chalicelib.orders.rules.transitions import Actor
from chalicelib.orders.views.order import OrderView, PayTo, order_view
from chalicelib.shared import policies
from chalicelib.shared.access import FEEDS
from chalicelib.shared.aggregates import Aggregate
from chalicelib.shared.request import Caller
from chalicelib.suppliers.service import cover as suppliers_cover


def pinned(order: Order) -> Policy:
    """The parameters that it was agreed under."""
    return policies.pinned("protection", order.policy).read_as(Policy)


def _actor(order: Order, caller: Caller) -> Actor | None:
    """A draft is its creator's alone."""
    side = order.side_of(caller.member_id)
    if order.status == "draft" and side != order.created_by:
        return None
    return side or ("officer" if caller.is_officer else None)


def _view(order: Order, policy: Policy, actor: Actor, now: datetime) -> OrderView:
    return order_view(order, policy, actor, now, _pay_to(order, now))


def _pay_to(order: Order, now: datetime) -> list[PayTo]:
    if order.status not in AWAITING_MONEY or order.channel is not None:
        return []
    partners = banks_inbox.policy(now).partners
    return [
        PayTo(partner.id, account) for partner in partners for account in partner.accounts.get(order.terms.currency, ())
    ]


ORDERS: Final = Aggregate[Order, Policy, Actor](
    name="orders",
    machine=MACHINE,
    repository=REPOSITORY,
    context=lambda orders, now: [*map(pinned, orders)],
    actor_of=_actor,
    view=_view,
    duty=FEEDS,
    effects={**suppliers_cover.EFFECTS, **STOCK_EFFECTS},
    carry=lambda policy, change: pinned(change.state),
)
