"""Everything of a member on one page."""

from __future__ import annotations

from datetime import datetime

import msgspec

from chalicelib.members.views import MemberView
from chalicelib.shared.money import Money


class CoverSummary(msgspec.Struct, frozen=True, kw_only=True):
    """What its orders are protected for: `limit = available + reserved + advanced`, and the points that count against it."""

    status: str
    limit: Money
    reserved: Money
    advanced: Money
    available: Money
    points: int
    href: str


class DepositSummary(msgspec.Struct, frozen=True, kw_only=True):
    """What it leaves with us: what is asked for, held and missing."""

    status: str
    required: Money
    held: Money
    arrears: Money
    due_at: datetime | None
    href: str


class OverviewItem(msgspec.Struct, frozen=True, kw_only=True):
    """A thing of the member: `label` tells it from others to people, `amount` is what it is about; null where a thing has none."""

    id: str
    kind: str
    label: str | None
    amount: Money | None
    status: str
    created_at: datetime
    href: str


class OverviewSection(msgspec.Struct, frozen=True, kw_only=True):
    """The first few of a list, which is at `href`."""

    name: str
    href: str
    items: list[OverviewItem]
    has_more: bool


class OverviewView(msgspec.Struct, frozen=True, kw_only=True):
    """A member as officers see it: only the parts that one of your duties opens. `cover` and `deposit` are null where it has none, or you may not see it."""

    id: str
    member: MemberView
    cover: CoverSummary | None
    deposit: DepositSummary | None
    sections: list[OverviewSection]
    as_of: datetime
