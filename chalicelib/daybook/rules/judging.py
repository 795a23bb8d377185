"""Whether what is told of a trade or an activity can be true: its values together, against now, and by who may trade with whom. Pure.

Orders, files and feeds are judged by this alone. It is lenient where carriers and marketplaces are late, and strict where a fact would
count for something that did not happen. Sources: protection.md 2.7, points 8 and 10.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from chalicelib.daybook.rules.activity import Inquiry, Login, OfferChange, ProfileChange, Reply
from chalicelib.daybook.rules.facts import Outcome
from chalicelib.daybook.rules.trades import TradeFact
from chalicelib.members.rules import OwnTrade, must_trade_apart
from chalicelib.shared.ranges import TEN_YEARS

SKEW: Final = timedelta(minutes=5)
"""So far a clock of the marketplace may be ahead of ours."""
LATE_SCAN: Final = timedelta(days=3)
"""A carrier's record of taking goods over may be entered after they have arrived, by so much."""
FARTHEST: Final = timedelta(days=TEN_YEARS)
"""No trade plans farther ahead than this."""
_HAPPENED: Final = ("ordered_at", "paid_at", "shipped_at", "delivered_at")
_AFTER_ORDER: Final = ("paid_at", "ship_by", "shipped_at", "promised_by", "delivered_at")
_PLANNED: Final = ("ship_by", "promised_by")
_NEEDS: Final = {"paid": "paid_at", "shipped": "shipped_at", "completed": "paid_at", "refunded": "paid_at"}
"""What a trade cannot have reached its status without: each telling holds it. A completed one without its day of delivery counts as due, not as completed."""


def wrong_with(
    fact: TradeFact | Login | ProfileChange | OfferChange | Inquiry | Reply, now: datetime
) -> Outcome | None:
    """The refusal of a fact that cannot be true, by its first reason; None where it can."""
    if isinstance(fact, TradeFact):
        return next(_wrong_with_trade(fact, now), None)
    return _refused("in_the_future", "at") if fact.at > now + SKEW else None


def _wrong_with_trade(fact: TradeFact, now: datetime) -> Iterator[Outcome]:
    if fact.amount_minor < 1:
        yield _refused("zero_amount", "amount")
    try:
        must_trade_apart(fact.member_id, fact.buyer_ref)
    except OwnTrade as own:
        yield _refused(own.code, "buyer_ref")
    needed = _NEEDS.get(fact.status, "ordered_at")
    if getattr(fact, needed) is None:
        yield _refused("missing_for_status", needed)
    yield from (
        _refused("in_the_future", name) for name in _HAPPENED if (at := getattr(fact, name)) and at > now + SKEW
    )
    yield from (
        _refused("before_the_order", name)
        for name in _AFTER_ORDER
        if (at := getattr(fact, name)) and at < fact.ordered_at
    )
    if fact.shipped_at and fact.delivered_at and fact.delivered_at < fact.shipped_at - LATE_SCAN:
        yield _refused("delivered_before_shipped", "delivered_at")
    yield from (
        _refused("too_far_ahead", name)
        for name in _PLANNED
        if (at := getattr(fact, name)) and at > fact.ordered_at + FARTHEST
    )


def _refused(reason: str, column: str) -> Outcome:
    return Outcome("refused", reason, column)
