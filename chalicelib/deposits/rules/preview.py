"""A dry run of a rulebook over all sellers: what its amounts would change, for whom, and whom the clamp shields. Pure.

Every seller is decided twice on what is known now, as if the cut-off were today: under the book in force and under the one that is
tried out. A `Tally` counts the difference; tallies of parts of the sellers add up to that of the whole.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import msgspec

from chalicelib.deposits.rules.book import Book
from chalicelib.deposits.rules.cut_offs import CutOff, ordinal, passed, start_of_day
from chalicelib.deposits.rules.decision import decide_on, size, tier_of
from chalicelib.deposits.rules.deposit import Decision, Deposit
from chalicelib.deposits.rules.snapshots import take_snapshot

MOST_AFFECTED: Final = 50
MOST_CATEGORIES: Final = 99
"""So many are told by their names, and the others together: marketplaces call categories what they like."""


class Moved(msgspec.Struct):
    """How many sellers' bases are higher or lower, and by how much together."""

    up: int = 0
    up_by_minor: int = 0
    down: int = 0
    down_by_minor: int = 0

    def add(self, change: int) -> None:
        if change > 0:
            self.up, self.up_by_minor = self.up + 1, self.up_by_minor + change
        elif change < 0:
            self.down, self.down_by_minor = self.down + 1, self.down_by_minor - change

    @property
    def by_minor(self) -> int:
        return self.up_by_minor + self.down_by_minor

    def merge(self, other: Moved) -> None:
        for name in self.__struct_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


class Affected(msgspec.Struct, frozen=True):
    """One seller: its base under the book in force and under the one tried out, and what it would be short of."""

    seller_id: str
    category: str
    orders: int
    base_now_minor: int
    base_then_minor: int
    arrears_then_minor: int

    @property
    def rank(self) -> tuple[int, str]:
        return -abs(self.base_then_minor - self.base_now_minor), self.seller_id


class Tally(msgspec.Struct):
    """What a book changes for some sellers. `skipped` are closed, or have not traded; `set_aside` could not be decided on.

    `shielded` would owe more by the tier amounts of the book tried out, and the clamp keeps them where they are: authors who expect
    that money will not see it. `new_arrears` are short of something then, and are not now.
    """

    sellers: int = 0
    skipped: int = 0
    set_aside: int = 0
    unchanged: int = 0
    moved: Moved = msgspec.field(default_factory=Moved)
    by_category: dict[str, Moved] = {}
    by_tier: dict[str, Moved] = {}
    new_arrears: int = 0
    new_arrears_sum_minor: int = 0
    shielded: int = 0
    shielded_by_minor: int = 0
    unmapped: int = 0
    base_now_minor: int = 0
    base_then_minor: int = 0
    most_affected: list[Affected] = []

    def add(self, now_is: Decision, then: Decision, tier: str) -> None:
        """Count one seller."""
        self.sellers += 1
        if then.skipped:
            self.skipped += 1
            return
        change = then.base_minor - now_is.base_minor
        self.base_now_minor += now_is.base_minor
        self.base_then_minor += then.base_minor
        self.unmapped += then.unmapped
        self._count_arrears(now_is, then)
        if then.raw_minor > now_is.raw_minor and then.clause == "ceiling":
            self.shielded += 1
            self.shielded_by_minor += then.raw_minor - then.base_minor
        if change == 0:
            self.unchanged += 1
            return
        category = then.category or now_is.category
        self.moved.add(change)
        self.by_category.setdefault(category, Moved()).add(change)
        self.by_tier.setdefault(tier, Moved()).add(change)
        self._keep(
            Affected(then.seller_id, category, then.orders, now_is.base_minor, then.base_minor, then.arrears_minor)
        )

    def merge(self, other: Tally) -> None:
        """Count what another tally has counted."""
        for name in self.__struct_fields__:
            if isinstance(mine := getattr(self, name), int):
                setattr(self, name, mine + getattr(other, name))
        self.moved.merge(other.moved)
        for known, theirs in ((self.by_category, other.by_category), (self.by_tier, other.by_tier)):
            for name, moved in theirs.items():
                known.setdefault(name, Moved()).merge(moved)
        for affected in other.most_affected:
            self._keep(affected)

    def closed(self) -> Tally:
        """The tally with its lists in their order."""
        return msgspec.structs.replace(
            self,
            by_category=_largest(self.by_category),
            by_tier=dict(sorted(self.by_tier.items())),
            most_affected=sorted(self.most_affected, key=lambda one: one.rank)[:MOST_AFFECTED],
        )

    def _count_arrears(self, now_is: Decision, then: Decision) -> None:
        if then.arrears_minor > 0 and now_is.arrears_minor == 0:
            self.new_arrears += 1
            self.new_arrears_sum_minor += then.arrears_minor

    def _keep(self, affected: Affected) -> None:
        self.most_affected.append(affected)
        if len(self.most_affected) >= 20 * MOST_AFFECTED:
            self.most_affected = sorted(self.most_affected, key=lambda one: one.rank)[:MOST_AFFECTED]


def _largest(by_category: dict[str, Moved]) -> dict[str, Moved]:
    """By category; of more than there is room for the largest, and the others together under no name."""
    kept: dict[str, Moved] = {}
    for category in sorted(by_category, key=lambda each: (-by_category[each].by_minor, each)):
        kept.setdefault(category if len(kept) < MOST_CATEGORIES else "", Moved()).merge(by_category[category])
    return dict(sorted(kept.items()))


def today(now: datetime) -> CutOff:
    """A cut-off at the beginning of the present day, for trying things out."""
    day = ordinal(now)
    at = start_of_day(day)
    last = passed(at - timedelta(days=31), at, 1)
    return CutOff("today", at, day, last[-1].day if last else day)


def try_out(deposit: Deposit, at: CutOff, in_force: Book, tried: Book, tally: Tally) -> None:
    """Decide on a seller under both books, and count the difference."""
    now_is = decide_on(deposit.id, take_snapshot(deposit, at, in_force), in_force, at)
    then = decide_on(deposit.id, take_snapshot(deposit, at, tried), tried, at)
    tally.add(now_is, then, tier_name(tried, then))


def tier_name(book: Book, decision: Decision) -> str:
    """The tier of a decision by its edges, "31-100"; "idle" where nothing was sold."""
    whole = size(decision.totals, book)
    if not whole:
        return "idle"
    tier = book.terms.tiers[tier_of(book, whole)]
    return f"{tier.least}-{tier.most}" if tier.most is not None else f"{tier.least} and more"
