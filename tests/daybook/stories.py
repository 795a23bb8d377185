"""Invented facts for the tests of the day-book, and strategies that tell one story in many ways."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
from hypothesis import strategies as st

from chalicelib.daybook.rules import days as daybook_days
from chalicelib.daybook.rules import items as daybook_items
from chalicelib.daybook.rules import trades
from chalicelib.daybook.rules.activity import Activity, Flag, Inquiry, Login, OfferChange, Offered, ProfileChange, Reply
from chalicelib.daybook.rules.days import DayRow
from chalicelib.daybook.rules.items import Fact, Item
from chalicelib.daybook.rules.trades import TradeFact
from chalicelib.members.rules import id_of
from chalicelib.shared import fx

SUPPLIER = id_of("lantern-works")
AT = datetime(2017, 6, 10, 4, 0, tzinfo=UTC)
NOW = datetime(2018, 1, 1, tzinfo=UTC)
"""What is told has happened by now."""
STEPS = ("placed", "paid", "shipped", "completed")


def trade(**given: Any) -> TradeFact:
    """A trade that was placed, paid for, shipped in time and delivered, unless something else is given."""
    data = {
        "member_id": SUPPLIER,
        "trade_id": "t-1",
        "buyer_ref": "buyer-1",
        "supplier_country": "CN",
        "buyer_country": "CN",
        "category": "lanterns",
        "currency": "USD",
        "amount_minor": 10_000,
        "ordered_at": AT,
        "paid_at": AT + timedelta(days=1),
        "ship_by": AT + timedelta(days=10),
        "shipped_at": AT + timedelta(days=5),
        "promised_by": AT + timedelta(days=30),
        "delivered_at": AT + timedelta(days=25),
        "status": "completed",
        **given,
    }
    return TradeFact(**data)


def book(facts: list[Fact]) -> tuple[dict[str, Item], dict[date, DayRow]]:
    """Items and day rows after the facts, kept as the service keeps them but in memory."""
    items: dict[str, Item] = {}
    days: dict[date, DayRow] = {}
    for fact in facts:
        key = daybook_items.key_of(fact)
        before = items.get(key)
        after, _ = daybook_items.tell(before, fact, fx.quote, NOW)
        days = daybook_days.amended(days, daybook_items.days_of(before), daybook_items.days_of(after))
        if after is not None:
            items[key] = after
    return items, days


def recomputed(items: dict[str, Item]) -> dict[date, DayRow]:
    """Day rows from nothing but the items."""
    return daybook_days.amended({}, (), [part for item in items.values() for part in daybook_items.days_of(item)])


instants = st.integers(0, 120 * 24 * 60).map(lambda minutes: AT + timedelta(minutes=minutes))


@st.composite
def tellings_of_trades(draw: st.DrawFn) -> list[Fact]:
    """Tellings of up to three trades, each consistent with how that trade ended, in any order and number."""
    tellings: list[Fact] = []
    for number in range(draw(st.integers(1, 3))):
        shipped_at, delivered_at = sorted([draw(instants), draw(instants)])
        ended = trade(
            trade_id=f"t-{number}",
            category=draw(st.sampled_from(["lanterns", "kites"])),
            currency=draw(st.sampled_from(["USD", "BRL", "JPY"])),
            amount_minor=draw(st.integers(1, 5_000_000)),
            buyer_country=draw(st.sampled_from(["CN", "DE"])),
            paid_at=draw(instants),
            ship_by=draw(instants),
            shipped_at=shipped_at,
            delivered_at=delivered_at,
            protected=draw(st.booleans()),
            status=draw(st.sampled_from(["completed", "cancelled"])),
        )
        tellings += [draw(earlier(ended, telling)) for telling in range(draw(st.integers(1, 5)))]
    return draw(st.permutations(tellings))


@st.composite
def earlier(draw: st.DrawFn, ended: TradeFact, telling: int) -> TradeFact:
    """What somebody could have told of the trade before it ended."""
    status = draw(st.sampled_from([*STEPS[:3], ended.status]))
    needed = {"paid": "paid_at", "shipped": "shipped_at", "completed": "paid_at"}.get(status)
    kept = {name: getattr(ended, name) if name == needed or draw(st.booleans()) else None for name in trades._FILLED_IN}
    source = draw(st.sampled_from(["", f"{ended.trade_id}/{telling}"]))
    return msgspec.structs.replace(ended, status=status, source=source, **kept)


@st.composite
def tellings_of_activity(draw: st.DrawFn) -> list[Fact]:
    def one() -> Activity:
        thread = draw(st.sampled_from(["a", "b"]))
        number = draw(st.integers(1, 4))
        at = draw(instants)
        match draw(st.sampled_from(["login", "profile", "offer", "inquiry", "reply"])):
            case "login":
                return Login(member_id=SUPPLIER, activity_id=str(number), at=AT + timedelta(days=number))
            case "profile":
                return ProfileChange(member_id=SUPPLIER, activity_id=str(number), at=AT + timedelta(days=number))
            case "offer":
                change: Offered = "put_up" if number % 2 else "taken_down"
                at = AT + timedelta(days=number)
                return OfferChange(member_id=SUPPLIER, activity_id=str(number), change=change, at=at)
            case "inquiry":
                flags: tuple[Flag, ...] = draw(st.sampled_from([(), (), (), ("test",), ("blocked",)]))
                return Inquiry(member_id=SUPPLIER, thread_id=thread, buyer_ref=thread, at=at, flags=flags)
            case _:
                return Reply(member_id=SUPPLIER, thread_id=thread, at=at)

    return [one() for _ in range(draw(st.integers(1, 12)))]
