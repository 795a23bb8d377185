"""A credit line, as its firm, its bank and officers see it, and what they send about one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import msgspec

from chalicelib.credit.rules.line import MOST_CHARACTERS, Actor, FrozenBy, Line, Status, Why
from chalicelib.credit.rules.line_timers import MACHINE
from chalicelib.credit.rules.procedure import Context
from chalicelib.credit.views.terms import TermsView, terms_view
from chalicelib.shared.money import Money
from chalicelib.shared.pages import Waiting
from chalicelib.shared.ranges import ContractDay
from chalicelib.shared.state_machine import Deadline
from chalicelib.shared.text import prose
from chalicelib.shared.views import view_of

Reason = Annotated[str, prose(MOST_CHARACTERS, least=1)]
MemberId = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
BankId = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class FreezeView(msgspec.Struct, frozen=True, kw_only=True):
    """Why the line takes no draws, and by whom; `until` is null where only a release ends it."""

    by: FrozenBy
    reason: str
    at: datetime
    until: datetime | None


class LineView(msgspec.Struct, frozen=True, kw_only=True):
    """`limit` = `available` + `pending` + `outstanding` + `withheld`, of `agreed` at most until the bank changes it.

    `pending` are draws that the bank has not disbursed yet, `withheld` is what was repaid on a line that does not revolve. `available` is
    below zero where the limit fell below what is drawn: nothing is called back for that. `group_id` is the group that stands for draws.
    """

    id: str
    version: int
    status: Status
    member_id: str
    bank_id: str
    product_id: str
    application_id: str
    agreement_id: str
    created_at: datetime
    updated_at: datetime
    allowed_actions: list[str]
    deadlines: list[Deadline]
    terms: TermsView
    revolves: bool
    group_id: str | None
    limit: Money
    available: Money
    pending: Money
    outstanding: Money
    withheld: Money
    freezes: list[FreezeView]
    activated_at: datetime | None
    expires_at: datetime | None
    statement_on: date | None
    """The day of the next statement."""
    renewal_offered_at: datetime | None
    renewal_requested_at: datetime | None
    closed_at: datetime | None
    why: Why | None
    """What ended it."""


def view(line: Line, context: Context, actor: Actor, now: datetime) -> LineView:
    position = line.position
    return view_of(
        LineView,
        line,
        **MACHINE.offer(line, actor, context, now),
        terms=terms_view(line.terms),
        group_id=line.guarantee.group_id if line.guarantee else None,
        limit=Money.of(position.limit_minor, line.currency),
        available=Money.of(position.available_minor, line.currency),
        pending=Money.of(position.pending_minor, line.currency),
        outstanding=Money.of(position.outstanding_minor, line.currency),
        withheld=Money.of(position.withheld_minor, line.currency),
    )


class FreezeRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """No new draws from now on, to the end of the day `until`, or until it is released. What is outstanding is repaid as agreed."""

    reason: Reason
    """Why, by code."""
    until: ContractDay | None = None


class ReasonRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reason: Reason
    """Why, by code."""


class LinesQuery(Waiting, frozen=True, kw_only=True):
    """A firm sees its own, a bank those it gave. Officers name a firm or a bank."""

    status: Status | None = None
    """Only those in this status."""
    member_id: MemberId | None = None
    """The member, by its id."""
    bank_id: BankId | None = None
    """The bank, by its id."""
