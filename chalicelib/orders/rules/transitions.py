"""Which action on an order, from where, by whom, to where. Pure.

What depends on amounts, on dates or on who asked first is in the guards. The clock's moments are in `timers.py`; what claims do to their
order is in `claims.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final, Literal, get_args

from chalicelib.listings.rules.effects import ReturnStock, SendStock, TakeBackStock
from chalicelib.orders.rules import order as rules
from chalicelib.shared.errors import Conflict
from chalicelib.shared.state_machine import STAYS, Among, Change, Effect, InvalidTransition, Table, Transition
from chalicelib.shared.texts import say
from chalicelib.suppliers.rules.effects import ReleaseCover, ReserveCover

Actor = Literal["buyer", "supplier", "officer"]
"""Officers look, and tell what carriers said."""
OrderChange = Change[rules.Order]
Guard = Callable[[rules.Order, rules.Policy, str, datetime], bool]


class NotInThisState(InvalidTransition):
    code = "not_in_this_state"
    title = "The order does not allow that now."


class ShipmentNeedsConsent(Conflict):
    code = "shipment_needs_consent"
    title = "The buyer claims on the goods as they are: they leave only if it agrees."
    fix = "Ask the buyer to agree to the shipment: POST /v1/claims/{id}/agree-to-shipment, for each of `claims`; or settle them."


def _is_creator(order: rules.Order, policy: rules.Policy, actor: str, now: datetime) -> bool:
    return actor == order.created_by


def _did_not_propose(order: rules.Order, policy: rules.Policy, actor: str, now: datetime) -> bool:
    return actor != order.proposed_by


def _may_ask(order: rules.Order, policy: rules.Policy, actor: str, now: datetime) -> bool:
    return order.asked_by in (None, actor)


def _was_asked(order: rules.Order, policy: rules.Policy, actor: str, now: datetime) -> bool:
    return order.asked_by not in (None, actor)


def _has_no_claims(order: rules.Order, policy: rules.Policy, actor: str, now: datetime) -> bool:
    return order.holds == 0


def _has_not_asked_to_cancel(order: rules.Order, policy: rules.Policy, actor: str, now: datetime) -> bool:
    return order.cancel_requested_by != actor and order.holds == 0


def _is_short(order: rules.Order, policy: rules.Policy, actor: str, now: datetime) -> bool:
    return 0 < order.received_minor < order.due_minor


def _may_ship(order: rules.Order, policy: rules.Policy, actor: str, now: datetime) -> bool:
    if order.keeping_goods_back:
        return False
    return bool(rules.left_to_ship(order)) and (order.paid_at is not None or not rules.needs_balance(order))


def _goods_kept_back(order: rules.Order, policy: rules.Policy, now: datetime) -> ShipmentNeedsConsent | None:
    claims = order.status == "funded" and [claimed.claim_id for claimed in order.keeping_goods_back]
    return ShipmentNeedsConsent(say("Open: {claims}.", claims=", ".join(claims)), claims=claims) if claims else None


def _may_extend(order: rules.Order, policy: rules.Policy, actor: str, now: datetime) -> bool:
    if actor in order.extended_by or order.receipt_due_at is None:
        return False
    return now < order.receipt_due_at + order.stood_still(order.receipt_runs_since, now)


def _may_have_some(order: rules.Order, policy: rules.Policy, actor: str, now: datetime) -> bool:
    """An exporter of a channel is settled by itself, on the day that is due."""
    return order.early_minor > 0 and order.channel is None


def _is_of_channel(order: rules.Order, policy: rules.Policy, actor: str, now: datetime) -> bool:
    return order.channel is not None and bool(order.shipments)


def _has_goods_out(order: rules.Order, policy: rules.Policy, actor: str, now: datetime) -> bool:
    """Goods of a channel's order that were shipped, and are not back."""
    return order.channel is not None and rules.shipped(order).total() > sum(order.channel.goods_back.values())


def _cover_effects(was: rules.Order, order: rules.Order) -> tuple[Effect, ...]:
    """What the order takes of its supplier's cover, or gives back. How much is free is told to the supplier alone, where it is the one who accepts."""
    more = order.cover_usd_minor - was.cover_usd_minor
    if more > 0:
        is_supplier = (was.asked_by or was.proposed_by) == "buyer"
        return (ReserveCover(supplier_id=order.supplier_id, usd_minor=more, exactly=is_supplier),)
    return (ReleaseCover(supplier_id=order.supplier_id, usd_minor=-more),) if more else ()


def _stock_effects(was: rules.Order, order: rules.Order) -> Iterator[Effect]:
    """What its goods do to the stock of a channel's listings: what was reserved leaves with a shipment, or comes back once."""
    if order.channel is None or was.channel is None:
        return
    sent, held = rules.shipped(order) - rules.shipped(was), rules.reserving(was)
    free = held - sent - rules.reserving(order)
    for listing_id in held:
        if quantity := sent[listing_id]:
            yield SendStock(listing_id=listing_id, quantity=quantity)
        if quantity := free[listing_id]:
            yield ReturnStock(listing_id=listing_id, quantity=quantity)
    for line, quantity in order.channel.goods_back.items():
        if more := quantity - was.channel.goods_back.get(line, 0):
            yield TakeBackStock(listing_id=order.channel.listing_of(line), quantity=more)


def _effects(was: rules.Order, order: rules.Order) -> tuple[Effect, ...]:
    return (*_cover_effects(was, order), *_stock_effects(was, order))


_in: Final = Among[rules.Status]()


STATUSES: Final[tuple[rules.Status, ...]] = get_args(rules.Status)
_LIVE: Final = _in("agreed", "part_funded", "funded", "shipped", "delivered", "received")
"""Agreed, and not at an end."""
_UNPAYABLE: Final = frozenset(STATUSES) - rules.AWAITING_MONEY
"""Money that comes changes nothing of the status any more, or not yet."""
_UNDER_WAY: Final = _in("shipped", "delivered")
_PAID: Final = _in("funded", "shipped", "delivered", "received")
_SENT: Final = _in("funded", "shipped", "delivered", "received", "completed", "refunded")
"""Something may have left."""
_OFFICER: Final = frozenset({"officer"})
_BUYER: Final = frozenset({"buyer"})
_SUPPLIER: Final = frozenset({"supplier"})
_PARTIES: Final = _BUYER | _SUPPLIER
_BANK: Final = frozenset({"bank"})
_CLAIM: Final = frozenset({"claim"})
_CLOCK: Final = frozenset({"clock"})

TABLE: Final = Table[rules.Order, rules.Policy](
    kind="order",
    error=NotInThisState,
    ends=rules.ENDS,
    effects=_effects,
    transitions=(
        Transition("propose", _in("draft"), _PARTIES, _in("proposed"), _is_creator),
        Transition("amend", _in("draft"), _PARTIES, STAYS, _is_creator),
        Transition("amend", _in("proposed"), _PARTIES, STAYS),
        Transition("accept", _in("proposed"), _PARTIES, _in("agreed"), _did_not_propose),
        Transition("cancel", _in("draft"), _PARTIES, _in("cancelled"), _is_creator),
        Transition("cancel", _in("proposed"), _PARTIES, _in("cancelled")),
        # A bank may have taken all the money back while a claim is open.
        Transition("cancel", _in("agreed"), _PARTIES, _in("cancelled"), _has_no_claims),
        # Money has arrived: one side asks, the other side's cancel is its consent.
        Transition("cancel", _in("part_funded"), _PARTIES, _in("part_funded", "cancelled"), _has_not_asked_to_cancel),
        Transition("cancel", _in("funded"), _PARTIES, _in("funded", "refunded"), _has_not_asked_to_cancel),
        # A new day to ship by, or other terms: asked for by one side, accepted by the other while they can still be had.
        Transition("amend", rules.AWAITING_MONEY, _PARTIES, STAYS, _may_ask),
        Transition("accept", rules.AWAITING_MONEY, _PARTIES, rules.AWAITING_MONEY, _was_asked),
        Transition("accept-short-payment", _in("part_funded", "funded"), _SUPPLIER, _in("funded"), _is_short),
        Transition("ship", _in("funded"), _SUPPLIER, _in("funded", "shipped"), _may_ship, _goods_kept_back),
        Transition("deliver", _in("shipped"), _PARTIES, _in("delivered")),
        # What carriers tell of a channel's parcels, by the officers' feed; and goods that are back on the supplier's shelf.
        Transition("carrier-events", _in("shipped"), _OFFICER, _UNDER_WAY, _is_of_channel),
        Transition("carrier-events", _SENT - _in("shipped"), _OFFICER, STAYS, _is_of_channel),
        Transition("take-back", _SENT, _SUPPLIER, STAYS, _has_goods_out),
        Transition("extend-receipt", _UNDER_WAY, _PARTIES, STAYS, _may_extend),
        Transition("receive", _UNDER_WAY, _BUYER | _CLOCK, _in("received")),
        # Money before completion, for as much as the cover stands for.
        Transition("early-payout", _PAID, _SUPPLIER, STAYS, _may_have_some),
        Transition("payment.authorised", _in("agreed", "part_funded"), _BANK, STAYS),
        Transition("payment.received", _in("agreed"), _BANK, rules.AWAITING_MONEY),
        Transition("payment.received", _in("part_funded", "funded"), _BANK, _in("part_funded", "funded")),
        Transition("payment.received", _UNPAYABLE, _BANK, STAYS),
        Transition("payment.returned", rules.AWAITING_MONEY, _BANK, rules.AWAITING_MONEY),
        Transition("payment.returned", _UNPAYABLE, _BANK, STAYS),
        Transition("refund", _LIVE, _BANK, STAYS),
        Transition("refund", _LIVE, _BANK, _in("refunded")),
        Transition("attach_claim", _LIVE, _CLAIM, STAYS),
        Transition("change_claim", _LIVE, _CLAIM, STAYS),
        Transition("pay_claim", _LIVE, _CLAIM, STAYS),
        Transition("close_claim", _LIVE, _CLAIM, STAYS),
        Transition("close_claim", _LIVE, _CLAIM, _in("refunded")),
        Transition("lapse", _in("draft", "proposed", "agreed"), _CLOCK, _in("expired")),
        Transition("give-up", _in("part_funded"), _CLOCK, _in("cancelled")),
        Transition("give-up", _in("funded"), _CLOCK, _in("refunded", "shipped")),
        Transition("complete", _in("received"), _CLOCK, _in("completed")),
    ),
)
"""While a claim is open the clock does nothing: its timers stand still."""
