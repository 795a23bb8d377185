"""A rulebook: what a deposit must be, in one version that is announced before it takes effect. Pure.

`Terms` is what an author writes; the questions the announcement of 2023 leaves open are keys with a default and alternatives.
A `Book` is a version: its terms, the instants it was announced and takes effect, the hash that names them, and two tables made
for looking up. Amounts are whole minor units of the book's currency.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated, Final, Literal

import msgspec

from chalicelib.shared.encoding import sha256_of
from chalicelib.shared.text import one_line, prose

Name = Annotated[str, one_line(64)]
Text = Annotated[str, prose(400)]
Minor = Annotated[int, msgspec.Meta(ge=0, le=10**13)]
Count = Annotated[int, msgspec.Meta(ge=0, le=10**13)]

NEVER: Final = 10**18
"""The upper edge of a tier that has none."""


class Tier(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"least": "from", "most": "to"}):
    """From how many orders to how many, both included; the last tier has no upper edge."""

    least: Count
    most: Count | None = None


class Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Categories that are treated alike: one amount for each tier."""

    amounts_minor: Annotated[tuple[Minor, ...], msgspec.Meta(max_length=100)]
    text: Text = ""


class RiskClass(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a violation adds, and for how long after its case was closed."""

    amount_minor: Minor
    ends_after_days: Annotated[int, msgspec.Meta(ge=0, le=3650)]
    text: Text = ""


class Market(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a market or service adds while a shop is in it."""

    amount_minor: Minor
    text: Text = ""


class DunningStage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A restriction, and how long after the assessment it comes where the deposit has not been paid."""

    after_hours: Annotated[int, msgspec.Meta(ge=0, le=87_600)]
    restriction: Name


CategoryRank = Literal["gmv", "orders"]
TierAxis = Literal["orders", "gmv"]
DebtScope = Literal["total", "base"]
DebtTest = Literal["shortfall", "overdue"]
CountBasis = Literal["kept", "paid"]
Window = Literal["days30", "since_last_run"]
IdlePolicy = Literal["rearm", "zero", "keep"]
InsuranceScope = Literal["base", "total"]
Clamp = Literal["asymmetric_2023", "none", "floor_only"]


class Terms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a rulebook says. The keys from `category_rank` on are the answers to the questions its announcement leaves open."""

    currency: Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$")] = "CNY"
    tiers: Annotated[tuple[Tier, ...], msgspec.Meta(min_length=1, max_length=100)]
    groups: Annotated[dict[Name, Group], msgspec.Meta(min_length=1, max_length=200)]
    default_group: Name
    """The group of a category that the book does not name."""
    categories: Annotated[dict[Name, Name], msgspec.Meta(max_length=5000)]
    """The group of each level-1 category."""
    risks: Annotated[dict[Name, RiskClass], msgspec.Meta(max_length=100)] = {}
    risk_cap_minor: Minor = 0
    """The most that all risk classes together add; of each class the highest counts."""
    specials: Annotated[dict[Name, Market], msgspec.Meta(max_length=100)] = {}
    pay_within_hours: Annotated[int, msgspec.Meta(ge=0, le=8760)] = 72
    dunning_stages: Annotated[tuple[DunningStage, ...], msgspec.Meta(max_length=20)] = ()
    category_rank: CategoryRank = "gmv"
    """Which category is the higher: by amount, or by number of orders."""
    tier_axis: TierAxis = "orders"
    """What the tiers count: orders, or their amount in minor units of the book's currency."""
    debt_scope: DebtScope = "total"
    """Arrears of what: of the whole total, or of the base amount alone."""
    debt_test: DebtTest = "shortfall"
    """Whether arrears count at once, or only when the time to pay them is over."""
    count_basis: CountBasis = "kept"
    """Orders paid in the window less those closed or fully refunded before the cut-off. `paid`, all that were paid, is refused by the
    check: the day-book forgets an order that is undone."""
    window: Window = "days30"
    """The 30 days before the 6th, or all days since the last 6th."""
    idle_policy: IdlePolicy = "rearm"
    """After a window without orders: raw 0, then the clamp, then awaiting the first trade again; the same without that; or the base is kept."""
    frozen_covers: bool = True
    """Whether frozen amounts still cover what is required, until they are deducted."""
    insurance_scope: InsuranceScope = "base"
    """What insurance stands in for: the base amount, or all that is required."""
    clamp: Clamp = "asymmetric_2023"
    """With arrears not lower and without arrears not higher than last month; no clamp; or the first half alone."""


class Book(msgspec.Struct, frozen=True):
    """One version of the rules. `rows` is the amounts of each named category, `edges` the upper edges of the tiers but the last."""

    id: str
    announced_at: datetime
    effective_at: datetime
    terms: Terms
    hash: str
    rows: dict[str, tuple[int, ...]]
    default_row: tuple[int, ...]
    edges: tuple[int, ...]

    @property
    def pay_within(self) -> timedelta:
        return timedelta(hours=self.terms.pay_within_hours)

    def knows(self, category: str) -> bool:
        return category in self.rows


class Books(msgspec.Struct, frozen=True):
    """The versions that are known, in the order in which they take effect; `first` rules the time before all of them."""

    first: Book
    others: tuple[Book, ...] = ()

    def in_force(self, at: datetime) -> Book:
        """The latest version that has taken effect at an instant. A later publication never changes the answer for the past."""
        return next((book for book in reversed(self.others) if book.effective_at <= at), self.first)

    def before(self, book: Book) -> Book:
        """The version that rules until this one takes effect; the first is before itself."""
        known = [each for each in self.others if each.effective_at < book.effective_at]
        return known[-1] if known else self.first

    def find(self, book_id: str) -> Book | None:
        return next((book for book in self.others if book.id == book_id), None)


def book(book_id: str, announced_at: datetime, effective_at: datetime, terms: Terms) -> Book:
    """The version, ready for looking up. What is wrong with its terms is `lint`'s to say; a group nobody described is the default."""
    default_row = _row(terms, terms.default_group)
    return Book(
        id=book_id,
        announced_at=announced_at,
        effective_at=effective_at,
        terms=terms,
        hash=hash_of(terms),
        rows={category: _row(terms, group) for category, group in terms.categories.items()},
        default_row=default_row,
        edges=tuple(NEVER if tier.most is None else tier.most for tier in terms.tiers[:-1]),
    )


def books(first: Book, others: Iterable[Book]) -> Books:
    """All versions; where two take effect at one instant, the one announced later rules."""
    known = {each.id: each for each in (first, *others)}
    return Books(first, tuple(sorted(known.values(), key=lambda each: (each.effective_at, each.announced_at, each.id))))


def hash_of(terms: Terms) -> str:
    """16 hexadecimal digits of the SHA-256 of the terms in canonical form, defaults written out."""
    return sha256_of(terms)[:16]


def _row(terms: Terms, group: str) -> tuple[int, ...]:
    row = terms.groups.get(group) or terms.groups.get(terms.default_group)
    return row.amounts_minor if row else (0,) * len(terms.tiers)
