"""The order's state machine as a table: which move, from where, by whom, to where. Anything not drawn is refused.

The rules that a table cannot hold (amounts, dates, who asked first) are in `guard`, and in the functions that make the
moves. Moves of the clock have their instants in `deadlines.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final, Literal

import msgspec

from chalicelib.orders.rules.order import ENDS, Order, Side, Status, left_to_ship, needs_balance
from chalicelib.shared.periods import wire
from chalicelib.shared.refusal import Conflict

Actor = Literal["creator", "buyer", "supplier", "either", "bank", "clock"]


class NotInThisState(Conflict):
    code = "not_in_this_state"
    title = "The order does not allow that now."
    fix = "Choose one of allowed_actions."


class Move(msgspec.Struct, frozen=True):
    """`name` is the action on the wire, or the clock's or bank's event."""

    name: str
    sources: frozenset[Status]
    actor: Actor
    to: frozenset[Status]
    guard: Callable[[Order, Side | None, datetime], bool] = lambda order, side, now: True


def _from(*sources: Status) -> frozenset[Status]:
    return frozenset(sources)


def _did_not_propose(order: Order, side: Side | None, now: datetime) -> bool:
    return side != order.proposed_by


def _may_ask(order: Order, side: Side | None, now: datetime) -> bool:
    return order.asked_by in (None, side)


def _was_asked(order: Order, side: Side | None, now: datetime) -> bool:
    return order.asked_by not in (None, side)


def _has_not_asked_to_cancel(order: Order, side: Side | None, now: datetime) -> bool:
    return order.cancel_asked_by != side and order.holds == 0


def _is_short(order: Order, side: Side | None, now: datetime) -> bool:
    return 0 < order.received_minor < order.due_minor


def _may_ship(order: Order, side: Side | None, now: datetime) -> bool:
    if order.keeping_goods_back:
        return False
    return bool(left_to_ship(order)) and (order.paid_at is not None or not needs_balance(order))


def _may_extend(order: Order, side: Side | None, now: datetime) -> bool:
    return side not in order.extended_by and order.receipt_due_at is not None and now < order.receipt_due_at


def _may_have_some(order: Order, side: Side | None, now: datetime) -> bool:
    return order.early_minor > 0


def _no_holds(order: Order, side: Side | None, now: datetime) -> bool:
    return order.holds == 0


_LIVE: Final = _from("agreed", "part_funded", "funded", "shipped", "delivered", "received")
"""Agreed, and not at an end."""

_PAID: Final = _from("funded", "shipped", "delivered", "received")

MOVES: Final[tuple[Move, ...]] = (
    Move("propose", _from("draft"), "creator", _from("proposed")),
    Move("amend", _from("draft"), "creator", _from("draft")),
    Move("amend", _from("proposed"), "either", _from("proposed")),
    Move("accept", _from("proposed"), "either", _from("agreed"), _did_not_propose),
    Move("cancel", _from("draft"), "creator", _from("cancelled")),
    Move("cancel", _from("proposed"), "either", _from("cancelled")),
    # A bank may have taken all the money back while a claim is open.
    Move("cancel", _from("agreed"), "either", _from("cancelled"), _no_holds),
    # Money has arrived: one side asks, the other side's cancel is its consent.
    Move("cancel", _from("part_funded"), "either", _from("part_funded", "cancelled"), _has_not_asked_to_cancel),
    Move("cancel", _from("funded"), "either", _from("funded", "refunded"), _has_not_asked_to_cancel),
    # A new day to ship by, or other terms: asked for by one side, accepted by the other while they can still be had.
    Move(
        "amend",
        _from("agreed", "part_funded", "funded"),
        "either",
        _from("agreed", "part_funded", "funded"),
        _may_ask,
    ),
    Move(
        "accept",
        _from("agreed", "part_funded", "funded"),
        "either",
        _from("agreed", "part_funded", "funded"),
        _was_asked,
    ),
    Move("accept-short-payment", _from("part_funded", "funded"), "supplier", _from("funded"), _is_short),
    Move("ship", _from("funded"), "supplier", _from("funded", "shipped"), _may_ship),
    Move("deliver", _from("shipped"), "either", _from("delivered")),
    Move("extend-receipt", _from("shipped", "delivered"), "either", _from("shipped", "delivered"), _may_extend),
    Move("receive", _from("shipped", "delivered"), "buyer", _from("received")),
    # Money before completion, for as much as the cover stands for.
    Move("early-payout", _PAID, "supplier", _PAID, _may_have_some),
    Move("payment.received", _LIVE, "bank", _LIVE),
    Move("payment.returned", _LIVE | ENDS, "bank", _LIVE | ENDS),
    Move("lapse", _from("draft", "proposed", "agreed"), "clock", _from("expired")),
    Move("give-up", _from("part_funded"), "clock", _from("cancelled"), _no_holds),
    Move("give-up", _from("funded"), "clock", _from("refunded", "shipped"), _no_holds),
    Move("receive", _from("shipped", "delivered"), "clock", _from("received"), _no_holds),
    Move("complete", _from("received"), "clock", _from("completed"), _no_holds),
)


def allowed(order: Order, side: Side | None, now: datetime) -> list[str]:
    """The actions this side may take now, in the order of the table, each once."""
    names = (
        move.name
        for move in MOVES
        if order.status in move.sources and _acts(move, order, side) and move.guard(order, side, now)
    )
    return list(dict.fromkeys(names))


def must_be_allowed(name: str, order: Order, side: Side | None, now: datetime) -> None:
    if name in allowed(order, side, now):
        return
    told = "has ended" if order.status in ENDS else f"is {order.status.replace('_', ' ')}"
    raise NotInThisState(
        f"The order {told}; {name} by the {side or 'caller'} is not drawn from there at {wire(now)}.",
        order_status=order.status,
        version=order.version,
        allowed_actions=allowed(order, side, now),
    )


def _acts(move: Move, order: Order, side: Side | None) -> bool:
    if side is None or move.actor in ("bank", "clock"):
        return False
    return move.actor in ("either", side) or (move.actor == "creator" and order.created_by == side)
