"""A risk pool, as its bank and officers see it, and what they send about it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.guarantees.rules.pool import MOST_CONTRIBUTORS, Actor, Context, RiskPool, Status, Why
from chalicelib.guarantees.rules.pool_handling import MACHINE
from chalicelib.shared.money import Money
from chalicelib.shared.pages import Waiting
from chalicelib.shared.state_machine import Deadline
from chalicelib.shared.text import one_line
from chalicelib.shared.views import view_of

BankId = Annotated[str, Meta(pattern="^[a-z][a-z0-9-]{0,29}$")]


class ContributorView(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    money: Money


class DrawView(msgspec.Struct, frozen=True, kw_only=True):
    """What the bank is asked to pay of the shortfall of a call. It answers until `due_at`."""

    call_id: str
    loan_id: str
    money: Money
    asked_at: datetime
    due_at: datetime


class RiskPoolView(msgspec.Struct, frozen=True, kw_only=True):
    """Money put aside with a bank for what no guarantor can be made to pay: of each shortfall the
    loan's product's share, and `share_bp` hundredths of a per cent at most.

    `balance` = `contributed` + `recovered` - `drawn`; `available` = `balance` less what open draws ask for. What went back to contributors is
    `contributed` no more.
    """

    id: str
    version: int
    name: str
    bank_id: str
    share_bp: int
    status: Status
    balance: Money
    available: Money
    contributed: Money
    recovered: Money
    drawn: Money
    contributors: list[ContributorView]
    draws: list[DrawView]
    created_at: datetime
    updated_at: datetime
    allowed_actions: list[str]
    deadlines: list[Deadline]
    policy: str
    ended_at: datetime | None
    why: Why | None


def view(pool: RiskPool, context: Context, actor: Actor, now: datetime) -> RiskPoolView:
    return view_of(
        RiskPoolView,
        pool,
        contributors=[view_of(ContributorView, each, pool.currency) for each in pool.contributors],
        draws=[view_of(DrawView, each, pool.currency) for each in pool.draws],
        **MACHINE.offer(pool, actor, context, now),
    )


class OpenPoolRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A pool that a bank keeps. Contributors are named as the bank is to name them when they pay in: a member by its id."""

    name: Annotated[str, one_line(100)]
    """What the pool is called."""
    bank_id: BankId
    """The bank that keeps it."""
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")]
    """The currency, as ISO 4217 has it, such as `USD`."""
    share_bp: Annotated[int, Meta(ge=1, le=10_000)]
    """The most that it bears of a shortfall, in hundredths of a percent."""
    contributors: Annotated[list[Annotated[str, one_line(100)]], Meta(min_length=1, max_length=MOST_CONTRIBUTORS)]
    """Who pays in, as the bank is to name them."""


class PoolsQuery(Waiting, frozen=True, kw_only=True):
    """A bank sees its own; officers name the bank, or see all."""

    bank_id: BankId | None = None
    """The bank, by its id."""
    status: Status | None = None
    """Only those in this status."""
