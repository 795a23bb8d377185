"""Recording facts, each once, and reading what they add up to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import islice
from typing import Final

from msgspec.structs import replace

from chalicelib.daybook import records
from chalicelib.daybook.rules import days as daybook_days
from chalicelib.daybook.rules import items as daybook_items
from chalicelib.daybook.rules.days import MOST_CATEGORIES, MOST_INQUIRIES, DayRow
from chalicelib.daybook.rules.facts import Outcome
from chalicelib.daybook.rules.items import Fact, Item
from chalicelib.daybook.rules.unfinished import Unfinished
from chalicelib.daybook.rules.unfinished import unfinished as find_unfinished
from chalicelib.daybook.service.recorder import Recorder
from chalicelib.shared import fx
from chalicelib.shared.kept import Key

DAYS: Final = records.STREAM
"""The stream of members' days."""
FULL: Final = Outcome("refused", "too_many_inquiries", "at")
TOO_VARIOUS: Final = Outcome("refused", "too_many_categories", "category")
Days = tuple[DayRow, ...]


def record(facts: Sequence[Fact]) -> list[Outcome]:
    """What became of each fact, in the order given: see `Recorder.record`."""
    return FACTS.record(facts)


record_claims = record
"""What became of each claim as it was told: telling it twice changes nothing, telling more of it moves it forward."""
rows = records.rows
"""The member's day rows from `start` up to but not including `end`, oldest first; days without anything have none."""


def offered_before(member_id: str, day: date) -> int:
    """How many listings a member had on offer when a day began, of those that anybody told of."""
    before = [row for row in records.months(member_id) if row.day < day]
    return sum(row.offers_put_up - row.offers_taken_down for row in before)


def unfinished(member_id: str) -> Unfinished:
    """What a supplier's trades and claims leave open: from its months, and from its claims as far back as one is open."""
    left = find_unfinished(records.months(member_id))
    claims = (claim.fact.order_id for claim in records.claims_latest_first(member_id) if claim.fact.closed_at is None)
    return replace(left, claimed_orders=tuple(dict.fromkeys(islice(claims, left.claims))))


has_history = records.has_trades
"""Whether any trade is known in which the member was the supplier."""


def _tell(item: Item | None, fact: Fact, now: datetime) -> tuple[Item | None, Outcome]:
    return daybook_items.tell(item, fact, fx.quote, now)


def _parts_of(key: Key, item: Item) -> tuple[tuple[Key, DayRow], ...]:
    return tuple(((key[0], daybook_days.page_of(part)), part) for part in daybook_items.days_of(item))


def _amended(page: Key, content: Days | None, before: Sequence[DayRow], after: Sequence[DayRow]) -> Days:
    days = daybook_days.amended({row.day: row for row in content or ()}, before, after)
    return tuple(days[day] for day in sorted(days))


FACTS: Final = Recorder[Fact, Item, DayRow, Days](
    items=records.ITEMS,
    pages=records.PAGES,
    key_of=lambda fact: (fact.member_id, daybook_items.key_of(fact)),
    tell=_tell,
    parts_of=_parts_of,
    amended=_amended,
    weight=lambda part: len(part.inquiries),
    size=lambda days: sum(len(row.inquiries) for row in days),
    most=MOST_INQUIRIES,
    full=FULL,
    kinds=lambda part: ((part.day, category) for category in part.orders),
    kinds_on=lambda days: ((row.day, category) for row in days for category in row.orders),
    most_kinds=MOST_CATEGORIES,
    too_various=TOO_VARIOUS,
)
"""Trades and activity by member; the sums of a month share a page, which its categories can fill, and the inquiries of a date have their own."""
