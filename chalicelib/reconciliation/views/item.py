"""An item, as officers and its bank see it, and what officers send."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import msgspec

from chalicelib.reconciliation.rules.item import Actor, Context, Decision, Item, Outcome, Status
from chalicelib.reconciliation.rules.timers import MACHINE
from chalicelib.shared.pages import Waiting
from chalicelib.shared.state_machine import Deadline
from chalicelib.shared.text import prose
from chalicelib.shared.views import view_of


class DifferenceView(msgspec.Struct, frozen=True, kw_only=True):
    """One thing of which the two say otherwise: whole minor units of the item's currency, days of `dpd`, a number of `last_seq`.

    `missing_here` and `missing_there`: one side does not know the loan. `rate_bp`, `planned_interest`, `last_due_on`, `agreed_fee`: the first schedule,
    or the fee, is not what the draw's terms come to. `event …`: the bank told of one happening in two ways.
    """

    of: str
    ours: int | None
    theirs: int | None
    detail: str


class ItemView(msgspec.Struct, frozen=True, kw_only=True):
    """What one bank has otherwise than we of one aggregate. The first of `deadlines` says who has to explain it until when.

    `outcome` says what resolved it: an officer's explanation, or that the books agree again (`agrees`). An item corrects nothing.
    """

    id: str
    version: int
    bank_id: str
    aggregate_id: str
    currency: str
    status: Status
    as_of: date
    differences: list[DifferenceView]
    created_at: datetime
    updated_at: datetime
    allowed_actions: list[str]
    deadlines: list[Deadline]
    outcome: Outcome | None
    resolved_at: datetime | None
    resolved_by: str | None
    note: str | None


class ItemsQuery(Waiting, frozen=True, kw_only=True):
    """A bank sees its own."""

    status: Status | None = None
    """Only those in this status."""
    bank_id: Annotated[str, msgspec.Meta(min_length=1, max_length=64)] | None = None
    """The bank, by its id."""


class ResolveRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How an officer explains a difference."""

    outcome: Decision
    """How the difference is explained."""
    note: Annotated[str, prose(1_000)]
    """What there is to add, in words."""


def view(item: Item, context: Context, actor: Actor, now: datetime) -> ItemView:
    own = {"note": None, "resolved_by": None} if actor == "bank" else {}
    return view_of(
        ItemView,
        item,
        **MACHINE.offer(item, actor, context, now),
        **own,
    )
