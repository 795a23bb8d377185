"""What one bank's books say otherwise than ours about one aggregate: an item that somebody has to explain. Pure.

Statuses:

    open       an officer has to explain it
    escalated  no officer did in time: a supervisor has to
    resolved   explained by an officer, or gone: the bank's next snapshot says the same as we do

Nothing is corrected by an item. What was wrong is put right by the bank's events, or by an officer where the aggregate is; then the books agree.
An aggregate has one item with each bank, which is opened again when the books differ anew.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Final, Literal, get_args

import msgspec

from chalicelib.shared import ids
from chalicelib.shared.bounds import characters, most
from chalicelib.shared.state_machine import Versioned

PREFIX: Final = "rci"
Status = Literal["open", "escalated", "resolved"]
Actor = Literal["officer", "supervisor", "bank"]
"""A supervisor is an officer with the duty `admin`. A bank looks, and answers by events."""
Decision = Literal["bank_corrects", "corrected_here", "timing", "accepted"]
Outcome = Literal["bank_corrects", "corrected_here", "timing", "accepted", "agrees"]
"""What resolved it: an officer's explanation, or that the books agree again."""

STATUSES: Final[tuple[Status, ...]] = get_args(Status)
FIGURES: Final = frozenset(
    {
        *("principal", "interest", "penalty", "dpd", "last_seq", "missing_here", "missing_there"),
        *("received", "paid", "balance"),
    }
)
"""What a bank's snapshot or an acquirer's report compares: what it does not find to differ any more has gone."""
MOST_DIFFERENCES: Final = 12


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """The parameters of reconciliation: `chalicelib/policies/reconciliation/`.

    What an officer has resolved is opened again where it still differs `grace_days` later. Interest and penalty may differ by
    `tolerance_minor`: each side rounds by itself.
    """

    officer_hours: int
    supervisor_hours: int
    grace_days: int
    tolerance_minor: int

    def due(self, status: Status, now: datetime) -> datetime | None:
        match status:
            case "open":
                return now + timedelta(hours=self.officer_hours)
            case "escalated":
                return now + timedelta(hours=self.supervisor_hours)
            case "resolved":
                return None


class Difference(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing of which the two say otherwise. Amounts are minor units of the item's currency; `dpd` is days, `last_seq` a number."""

    of: Annotated[str, characters(60)]
    ours: int | None = None
    theirs: int | None = None
    detail: Annotated[str, characters(200)] = ""


class Item(Versioned, frozen=True, kw_only=True, omit_defaults=True):
    """One item. `as_of` is the day of the bank's figures; `due_at` is when whoever has to explain it has to have done so."""

    id: str
    bank_id: str
    aggregate_id: str
    currency: str = ""
    status: Status
    version: int
    entry_hash: str = ""
    recent: Annotated[tuple[str, ...], most(4, why="the last ones")] = ()
    created_at: datetime
    updated_at: datetime
    policy: str
    due_at: datetime | None
    reminders: int = 0
    """So often it has rung since it is a supervisor's."""
    as_of: date
    differences: Annotated[tuple[Difference, ...], most(MOST_DIFFERENCES, why="the last ones")]
    resolved_at: datetime | None = None
    resolved_by: str = ""
    outcome: Outcome | None = None
    note: Annotated[str, characters(1_000)] = ""


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What a change of an item is decided on: the policy it pinned."""

    policy: Policy


def name_of(bank_id: str, aggregate_id: str) -> str:
    """One item for each aggregate and bank."""
    return ids.derived_id(PREFIX, bank_id, aggregate_id)
