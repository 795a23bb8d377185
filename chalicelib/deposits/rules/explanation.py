"""Why a base amount is what it is: the inputs, the ranking, the tier and how far the next is, the clause that acted, the book. Pure.

Made from a decision alone, which remembers all it rests on: so it explains a month long past as it explains the coming one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

import msgspec

from chalicelib.deposits.rules.book import Book
from chalicelib.deposits.rules.cut_offs import cut_off
from chalicelib.deposits.rules.decision import amount, decide_on, ranking, rested_on, size, tier_of
from chalicelib.deposits.rules.deposit import Clause, Decision, Skip
from chalicelib.shared.money import Money
from chalicelib.shared.texts import NOTHING, Text, say
from chalicelib.shared.views import view_of

CLAUSES: Final[dict[Clause, Text]] = {
    "": NOTHING,
    "none": say("The tier amount applies as it is."),
    "floor": say("With arrears at the cut-off the new base is not lower than last month's."),
    "ceiling": say("Without arrears at the cut-off the new base is not higher than last month's."),
}
SKIPS: Final[dict[Skip, Text]] = {
    "": NOTHING,
    "closed": say("A closed shop is not adjusted."),
    "awaiting_first_trade": say(
        "A shop that has not traded since it was opened, or since it was idle, is not adjusted: its first trading day sets the base."
    ),
    "not_open_yet": say("The deposit was opened after the cut-off."),
    "later_decided": say("A later month had been decided before."),
}


class Ranked(msgspec.Struct, frozen=True):
    """A category of the window, with the amount the shop would owe were it the higher one."""

    category: str
    group: str
    orders: int
    gmv: Money
    amount: Money


class TierShown(msgspec.Struct, frozen=True):
    """A tier by its edges, both included, in orders (or minor units of the book's currency, where it counts those); `missing` is how far away it is."""

    least: int = msgspec.field(name="from")
    most: int | None = msgspec.field(name="to")
    amount: Money
    missing: int = 0


class Under(msgspec.Struct, frozen=True):
    """What another version of the rules would make of the same month."""

    book: str
    raw: Money
    base: Money


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """The whole working of one decision. `window` is the days that count, the second the first that does not."""

    period: str
    cut_off_at: datetime | None
    window: tuple[date, date]
    skipped: Skip
    orders: int
    gmv: Money
    ranking: list[Ranked]
    ranked_by: str
    tier: TierShown | None
    next_tier: TierShown | None
    raw: Money
    previous: Money
    base: Money
    in_debt: bool
    insurance: Money
    """What insurance that was valid at the cut-off still covered; how much of it counts is the book's to say."""
    arrears_before: Money
    clause: Clause
    clause_text: Text
    awaits_first_trade_again: bool
    book: str
    book_hash: str
    unmapped: bool
    under: list[Under]


def explain(decision: Decision, book: Book, others: Iterable[Book] = ()) -> Explanation:
    """The working of a decision under its own book, and what it would be under others."""
    currency = book.terms.currency
    tier, following = _tiers(decision, book)
    return view_of(
        Explanation,
        decision,
        currency,
        cut_off_at=cut_off(decision.period).at if _is_month(decision) else None,
        window=_window(decision, book),
        ranking=_ranking(decision, book),
        ranked_by=book.terms.category_rank,
        tier=tier,
        next_tier=following,
        previous=Money.of(decision.prev_minor, currency),
        insurance=Money.of(decision.cover_minor, currency),
        clause_text=_clause_text(decision),
        book_hash=decision.hash,
        under=[_under(decision, other) for other in others if other.hash != decision.hash],
    )


def _ranking(decision: Decision, book: Book) -> list[Ranked]:
    currency, whole = book.terms.currency, size(decision.totals, book)
    return [
        Ranked(
            category=category,
            group=book.terms.categories.get(category, book.terms.default_group),
            orders=decision.totals[category][0],
            gmv=Money.of(decision.totals[category][1], currency),
            amount=Money.of(amount(book, category, whole), currency),
        )
        for category in ranking(decision.totals, book)
    ]


def _tiers(decision: Decision, book: Book) -> tuple[TierShown | None, TierShown | None]:
    """The tier a shop is in and the next, with what is missing to it; for a shop that sold nothing, the first is the next."""
    whole = size(decision.totals, book)
    place = tier_of(book, whole) if whole else -1
    shown = _tier(decision, book, place, 0) if whole else None
    if place + 1 >= len(book.terms.tiers):
        return shown, None
    return shown, _tier(decision, book, place + 1, book.terms.tiers[place + 1].least - whole)


def _tier(decision: Decision, book: Book, place: int, missing: int) -> TierShown:
    tier = book.terms.tiers[place]
    minor = amount(book, decision.category or None, tier.least)
    return TierShown(tier.least, tier.most, Money.of(minor, book.terms.currency), missing)


def _under(decision: Decision, other: Book) -> Under:
    currency = other.terms.currency
    if not _is_month(decision):
        minor = amount(other, decision.category or None, size(decision.totals, other))
        return Under(other.id, Money.of(minor, currency), Money.of(minor, currency))
    decided = decide_on(decision.seller_id, rested_on(decision), other, cut_off(decision.period))
    return Under(other.id, Money.of(decided.raw_minor, currency), Money.of(decided.base_minor, currency))


def _window(decision: Decision, book: Book) -> tuple[date, date]:
    if not _is_month(decision):
        day = date.fromisoformat(decision.period)
        return day, date.fromordinal(day.toordinal() + 1)
    at = cut_off(decision.period)
    return date.fromordinal(at.first_day(book.terms.window)), date.fromordinal(at.day)


def _clause_text(decision: Decision) -> Text:
    if decision.skipped:
        return SKIPS[decision.skipped]
    if not _is_month(decision):
        return say("The first trading day sets the base: the tier amount of that day.")
    return CLAUSES[decision.clause]


def _is_month(decision: Decision) -> bool:
    """Or a first trading day, which is named by its date."""
    return len(decision.period) == len("2023-03")
