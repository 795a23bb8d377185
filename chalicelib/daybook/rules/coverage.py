"""Of which days the feeds of the day-book have told: what nobody told of a day is not known, and not nothing. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final, Literal

from chalicelib.daybook.rules.activity import Login
from chalicelib.daybook.rules.items import Fact
from chalicelib.daybook.rules.trades import TradeFact
from chalicelib.shared.errors import RuleViolation
from chalicelib.shared.periods import business_date
from chalicelib.shared.texts import say

Feed = Literal["logins", "trade"]
MOST_DAYS_BACK: Final = 31
"""Who says that all has been told until a day says it of so many days."""

FeedDay = tuple[Feed, date]


class DayNotOver(RuleViolation):
    code = "day_not_over"
    title = "Nobody knows yet all that happens on that day."
    fix = "Name yesterday or an earlier day as told_until."


def told_by(facts: Iterable[Fact]) -> Iterator[FeedDay]:
    """The days that facts tell of."""
    for fact in facts:
        if isinstance(fact, Login):
            yield "logins", business_date(fact.at)
        elif isinstance(fact, TradeFact):
            yield from (("trade", business_date(at)) for at in (fact.ordered_at, fact.paid_at, fact.delivered_at) if at)


def told_until(feed: Feed, last: date, today: date) -> list[FeedDay]:
    """The days of which all has been told, be it nothing. DayNotOver."""
    if last >= today:
        raise DayNotOver(
            say("{last} is not over on {today}.", last=last, today=today), param="told_until", today=today.isoformat()
        )
    return [(feed, last - timedelta(days=back)) for back in range(MOST_DAYS_BACK)]
