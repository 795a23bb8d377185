"""How many categories of a shop's days ride on its deposit. Pure.

A marketplace calls categories what it likes, each day anew, and a deposit has to take payments whatever it does: one item of the store holds its
days, three snapshots and the last decision. What a shop sells in more categories than there is room for counts with its largest.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

import msgspec

from chalicelib.deposits.rules.deposit import Days, Sold

MOST_DAYS_BYTES: Final = 90_000
"""Of all days as JSON: two dozen categories on each of them."""
MOST_TOTALS_BYTES: Final = 20_000
"""Of the sums of a window as JSON: two hundred categories and more."""
NUMBERS_BYTES: Final = 44
"""Of a category's numbers in them."""


def with_room(days: Days) -> Days:
    """The days as they are; of more categories than there is room for, those with the least amount counted with the largest, day by day.

    No order is lost, and the higher category of a window is found among those that are kept.
    """
    sizes = {
        category: len(msgspec.json.encode(category)) + NUMBERS_BYTES for _, sold in days for category, _, _ in sold
    }
    if sum(sizes.values()) <= MOST_TOTALS_BYTES and len(msgspec.json.encode(days)) <= MOST_DAYS_BYTES:
        return days
    kept = _ranked(days)
    while sum(sizes[each] for each in kept) > MOST_TOTALS_BYTES or _bytes(days, kept) > MOST_DAYS_BYTES:
        kept = kept[: len(kept) * 9 // 10]
    return _folded(days, kept)


def _ranked(days: Days) -> list[str]:
    """All categories, the largest first."""
    orders, amounts = Counter[str](), Counter[str]()
    for _, sold in days:
        for category, count, minor in sold:
            orders[category] += count
            amounts[category] += minor
    return sorted(orders, key=lambda category: (-amounts[category], -orders[category], category))


def _bytes(days: Days, kept: list[str]) -> int:
    return len(msgspec.json.encode(_folded(days, kept)))


def _folded(days: Days, kept: list[str]) -> Days:
    known = frozenset(kept)
    return tuple((day, _with_largest(sold, known, kept[0])) for day, sold in days)


def _with_largest(sold: tuple[Sold, ...], kept: frozenset[str], largest: str) -> tuple[Sold, ...]:
    sums: dict[str, tuple[int, int]] = {}
    for category, count, minor in sold:
        name = category if category in kept else largest
        had, had_minor = sums.get(name, (0, 0))
        sums[name] = had + count, had_minor + minor
    return tuple((category, *sums[category]) for category in sorted(sums))
