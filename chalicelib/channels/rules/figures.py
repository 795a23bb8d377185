"""What a channel comes to, by Shanghai day: what each entry of the journal adds to which day. Pure.

Suppliers and listings are levels: a day adds what came less what went, and its figure is the sum of all days until then. The others are what
happened on the day. An entry counts on the day on which it took effect, a capture on that on which the acquirer made it, a refund on its
value date, however late each is told. What no order took was never paid for one, so that its return is no refund.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

import msgspec

from chalicelib.shared.journal import Entry
from chalicelib.shared.periods import business_date

Payload = Mapping[str, Any]


class Counts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is counted. Money is minor units of the currency of the channel's band."""

    suppliers: int = 0
    listings: int = 0
    orders: int = 0
    paid_minor: int = 0
    refunded_minor: int = 0
    claims: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(**{name: getattr(self, name) + getattr(other, name) for name in NAMES})


NAMES: Final = Counts.__struct_fields__
LEVELS: Final = frozenset({"suppliers", "listings"})


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """What an entry adds to a day of a channel: so many of `name`, in `currency` where that is money."""

    channel_id: str
    day: date
    name: str
    number: int
    currency: str = ""


class Day(msgspec.Struct, frozen=True, kw_only=True):
    """What the entries of a day add, and when the last of them was counted."""

    day: date
    counts: Counts
    changed_at: datetime | None = None


def fact_of(entry: Entry) -> Fact | None:
    """What an entry adds; None for most."""
    payload = entry.event.payload
    rule = _RULES.get(entry.event.kind) or _RULES.get(entry.event.kind.partition(".")[0])
    channel_id = payload.get("channel_id")
    if rule is None or not channel_id:
        return None
    name, number, currency = rule(payload)
    return (
        Fact(channel_id=channel_id, day=_day_of(entry), name=name, number=number, currency=currency) if number else None
    )


def _day_of(entry: Entry) -> date:
    payload = entry.event.payload
    if "refunded_on" in payload:
        return date.fromisoformat(payload["refunded_on"])
    return business_date(datetime.fromisoformat(payload["captured_at"]) if "captured_at" in payload else entry.at)


def through(before: Counts, days: Iterable[Day], since: date, until: date) -> Iterator[Day]:
    """Each day of a window, `until` not included, with levels as they stood at its end. `before` is what they were when `days` begin."""
    known = {each.day: each for each in days}
    level = sum((each.counts for day, each in known.items() if day < since), before)
    day, suppliers, listings = since, level.suppliers, level.listings
    while day < until:
        there = known.get(day)
        own = there.counts if there else Counts()
        suppliers, listings = suppliers + own.suppliers, listings + own.listings
        counts = msgspec.structs.replace(own, suppliers=suppliers, listings=listings)
        yield Day(day=day, counts=counts, changed_at=there.changed_at if there else None)
        day += timedelta(days=1)


def _of_status(name: str, status: str) -> Callable[[Payload], tuple[str, int, str]]:
    """One more where something comes to a status, one less where it leaves it."""
    return lambda payload: (name, (payload.get("to") == status) - (payload.get("from") == status), "")


def _of_money(name: str) -> Callable[[Payload], tuple[str, int, str]]:
    return lambda payload: (name, payload["amount_minor"], payload["currency"])


_RULES: Final[Mapping[str, Callable[[Payload], tuple[str, int, str]]]] = {
    "nomination.joined": lambda payload: ("suppliers", 1, ""),
    "channel_membership": _of_status("suppliers", "active"),
    "listing": _of_status("listings", "published"),
    "order.placed": lambda payload: ("orders", 1, ""),
    "acquirer_payment.captured": _of_money("paid_minor"),
    "acquirer_payment.refunded": lambda payload: (
        ("refunded_minor", 0, "") if payload.get("is_aside") else _of_money("refunded_minor")(payload)
    ),
    "claim.filed": lambda payload: ("claims", 1, ""),
}
"""By the kind of an entry, or of all entries of an aggregate."""
