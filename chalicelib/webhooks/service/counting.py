"""Figures of what becomes of messages: kept as attempts are made, and read by day or month."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from chalicelib.shared.periods import business_date
from chalicelib.webhooks import records
from chalicelib.webhooks.rules import figures
from chalicelib.webhooks.rules.delivery import Delivery

Change = tuple[Delivery, Delivery]
"""A message before and after what was done with it, where that was written: so it is done once."""


def count(changes: Iterable[Change]) -> None:
    """Add what these changes come to: one write for each day and family of events among them."""
    sums: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for was, after in changes:
        day = business_date(after.updated_at).isoformat()
        sums[day, figures.family_of(after)].update(figures.added(was, after))
    for (day, family), numbers in sums.items():
        if numbers := +numbers:
            records.count(day, family, numbers)


def between(by: str, first: str, end: str) -> Mapping[tuple[str, str, str], int]:
    """Numbers by period, figure and family, from a period up to but not including another. A period is a day, or by `month` a month."""
    sums: dict[tuple[str, str, str], int] = defaultdict(int)
    for day, family, numbers in records.counted(first, end):
        for figure, number in numbers.items():
            sums[day[:7] if by == "month" else day, figure, family] += number
    return sums
