"""A seller's deposit: the record that everything is decided on. Pure.

Amounts are minor units of the rulebook's currency. What was true at a cut-off stays known however much later the month is decided:
`changes.change` keeps it in `snapshots`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal

import msgspec

from chalicelib.deposits.rules.account import MOST_MATTERS, Account
from chalicelib.shared import ids
from chalicelib.shared.bounds import most

PREFIX: Final = "dep"

Sold = tuple[str, int, int]
"""A level-1 category, how many orders, and their amount in fen, each converted once by the day-book."""
Days = tuple[tuple[int, tuple[Sold, ...]], ...]
"""Days on which orders were paid, by their ordinals, the oldest first."""
Totals = dict[str, tuple[int, int]]
"""Orders and amount by category over a window."""

Status = Literal["open", "closed"]
Clause = Literal["", "none", "floor", "ceiling"]
"""Which half of the clamp acted: neither, with arrears not lower, without arrears not higher."""
Skip = Literal["", "closed", "awaiting_first_trade", "not_open_yet", "later_decided"]
"""Why a month did not concern a deposit."""


class Risk(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a violation adds, until `ends_at` where that is known: some time after its case was closed."""

    id: str
    class_: str = msgspec.field(name="class")
    minor: int
    opened_at: datetime
    ends_at: datetime | None = None
    case: str = ""


class Special(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A market or service the shop is in."""

    id: str
    market: str
    minor: int
    entered_at: datetime


class Insurance(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Insurance that stands in for money while from <= now < until, as far as it has not paid for deductions."""

    id: str
    minor: int
    from_: datetime = msgspec.field(name="from")
    until: datetime
    insurer: str = ""
    used_minor: int = 0

    @property
    def remaining_minor(self) -> int:
        """What it still covers."""
        return self.minor - self.used_minor


class Snapshot(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What was true of a deposit at the cut-off of a period: all that a decision about it rests on."""

    period: str
    status: Status
    awaiting_first_trade: bool = False
    membership_period: int = 0
    base_minor: int = 0
    rest_minor: int = 0
    """What is required beside the base: risk, special, and what an earlier membership period left unpaid."""
    risks: Annotated[tuple[Risk, ...], most(MOST_MATTERS)] = ()
    """Violations of which that risk is made up."""
    cover_minor: int = 0
    """What insurances that were valid still covered."""
    available_minor: int = 0
    frozen_minor: int = 0
    due_at: datetime | None = None
    totals: Totals = {}


class Decision(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What a month came to for one seller, with all that it rests on, so that anybody can decide it again.

    It names the book it was decided under by id and hash. `in_debt` is the arrears of the old total as of T; `arrears_minor` and
    `releasable_minor` are those after the decision.
    """

    seller_id: str
    period: str
    book: str
    hash: str
    skipped: Skip = ""
    membership_period: int = 0
    prev_minor: int = 0
    orders: int = 0
    gmv_minor: int = 0
    category: str = ""
    unmapped: bool = False
    raw_minor: int = 0
    base_minor: int = 0
    in_debt: bool = False
    clause: Clause = ""
    awaits_first_trade_again: bool = False
    arrears_before_minor: int = 0
    arrears_minor: int = 0
    releasable_minor: int = 0
    rest_minor: int = 0
    cover_minor: int = 0
    available_minor: int = 0
    frozen_minor: int = 0
    due_at: datetime | None = None
    totals: Totals = {}

    @property
    def changes(self) -> bool:
        """Whether the deposit is another one afterwards."""
        return not self.skipped and (self.base_minor != self.prev_minor or self.awaits_first_trade_again)


class Deposit(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`id` is the seller's. `version` counts its changes, `seq` its own journal entries: claims change it too, and so do its days of trade.

    A shop is `awaiting_first_trade` until its first trading day; each time it awaits one anew a `membership_period` begins.
    """

    id: str
    status: Status = "open"
    version: int = 1
    seq: int = 0
    entry_hash: str = ""
    recent: Annotated[tuple[str, ...], most(4, why="the last ones")] = ()
    opened_at: datetime
    updated_at: datetime
    base_minor: int = 0
    awaiting_first_trade: bool = True
    awaiting_since: int = 0
    """The first day whose trade counts as a first trade."""
    membership_period: int = 1
    first_trade_day: int = 0
    owed_minor: int = 0
    """What an earlier membership period left unpaid: required until nothing is in arrears."""
    available_minor: int = 0
    frozen_minor: int = 0
    risks: Annotated[tuple[Risk, ...], most(MOST_MATTERS)] = ()
    specials: Annotated[tuple[Special, ...], most(100, why="each of the rulebook once")] = ()
    insurances: Annotated[tuple[Insurance, ...], most(MOST_MATTERS)] = ()
    days: Annotated[Days, most(64, why="the days of the window, today and tomorrow")] = ()
    due_at: datetime | None = None
    due_book: str = ""
    """The version whose time to pay the bill has, and through whose dunning stages it goes."""
    dunning_stage: int = 0
    """How many of the dunning stages have been reached."""
    adjustment: Decision | None = None
    """The last month that changed it."""
    snapshots: Annotated[tuple[Snapshot, ...], most(3, why="the last ones")] = ()
    account: Account = Account()

    @property
    def held_minor(self) -> int:
        return self.available_minor + self.frozen_minor

    @property
    def policy(self) -> str:
        """None is pinned: what is in force at an instant rules it."""
        return ""

    @property
    def adjusted(self) -> str:
        """The last period that changed it, or an empty one."""
        return self.adjustment.period if self.adjustment else ""


MOST_SNAPSHOTS: Final = 3


def chain_of(seller_id: str) -> str:
    """The name a deposit's entries are chained under."""
    return ids.derived_id(PREFIX, seller_id)
