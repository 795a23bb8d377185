"""A risk pool: money that several have put aside with a bank for what no guarantor can be made to pay, as a value. Pure.

    balance    = contributed + recovered - drawn     what the bank holds of it; its books are the books of record.
                                                     What contributors have been given back is contributed no more
    available  = balance - what draws that the bank has not answered ask for

Statuses:

    open     calls draw on it
    closed   nothing is left of it, and nobody asks for anything
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal, get_args

import msgspec

from chalicelib.shared.bounds import NoRoom, characters, most
from chalicelib.shared.periods import Calendar
from chalicelib.shared.state_machine import Versioned

Status = Literal["open", "closed"]
Actor = Literal["officer", "bank"]
Source = Literal["contribution", "recovery"]
"""Why money came into a pool: somebody put it aside, or the debtor of a loan paid back what the pool had paid."""
Why = Literal["closed_by_officer"]

STATUSES: Final[tuple[Status, ...]] = get_args(Status)
ENDS: Final[frozenset[Status]] = frozenset({"closed"})
MOST_CONTRIBUTORS: Final = 50
MOST_DRAWS: Final = 50
MOST_UNANSWERED: Final = 20


class TooManyDraws(NoRoom):
    code = "too_many_draws_on_a_pool"
    title = "The pool waits for the bank's answers to as many draws as it holds."
    fix = "Ask the bank to answer them: each answer, and each that is too late, makes room."


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """The parameters: `chalicelib/policies/risk-pools/`. The bank answers a draw in so many business days."""

    calendar: str
    answer_days: int
    longest_holidays_days: int


class Contributor(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who puts money aside, and how much of it came and did not go back. A member by its id, another by its name."""

    name: Annotated[str, characters(100)]
    minor: int = 0


class Shortfall(msgspec.Struct, frozen=True, kw_only=True):
    """What no guarantor of a call can be made to pay. A pool bears `share_bp` of it at most, as the loan's product says."""

    call_id: str
    loan_id: str
    bank_id: str
    currency: str
    minor: int
    share_bp: int


class Draw(msgspec.Struct, frozen=True, kw_only=True):
    """What a pool is to pay of the shortfall of a call. Until `due_at` the bank says that it did."""

    call_id: str
    loan_id: str
    minor: int
    asked_at: datetime
    due_at: datetime


class RiskPool(Versioned, frozen=True, kw_only=True, omit_defaults=True):
    """One pool. `share_bp` is the most that it bears of a shortfall, in hundredths of a per cent; `bank_seq` the bank's last number that counted.

    `draws` wait for the bank; the last that it did not answer in time are `unanswered`, and count if it says that it paid after all.
    """

    id: str
    name: Annotated[str, characters(100)]
    bank_id: str
    bank_seq: int = 0
    currency: str
    share_bp: int
    contributors: Annotated[tuple[Contributor, ...], most(MOST_CONTRIBUTORS)]
    status: Status
    version: int
    entry_hash: str = ""
    recent: Annotated[tuple[str, ...], most(4, why="the last ones")] = ()
    created_at: datetime
    updated_at: datetime
    policy: str
    contributed_minor: int = 0
    recovered_minor: int = 0
    drawn_minor: int = 0
    draws: Annotated[tuple[Draw, ...], most(MOST_DRAWS)] = ()
    unanswered: Annotated[tuple[Draw, ...], most(MOST_UNANSWERED, why="the last ones")] = ()
    why: Why | None = None
    ended_at: datetime | None = None

    @property
    def balance_minor(self) -> int:
        return self.contributed_minor + self.recovered_minor - self.drawn_minor

    def paid_in_minor(self, contributor: str) -> int:
        """What a contributor has paid in and not got back; without a name, what came under none."""
        paid_in = {each.name: each.minor for each in self.contributors}
        return paid_in[contributor] if contributor else self.contributed_minor - sum(paid_in.values())

    @property
    def asked_minor(self) -> int:
        return sum(draw.minor for draw in self.draws)

    @property
    def available_minor(self) -> int:
        return self.balance_minor - self.asked_minor


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What a change of a pool is decided on: the policy it pinned, and its calendar."""

    policy: Policy
    calendar: Calendar
