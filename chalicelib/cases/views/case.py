"""A case, as its customer and officers see it."""

from __future__ import annotations

from datetime import datetime

import msgspec

from chalicelib.cases.rules.case import Actor, Case, Context, Kind, Outcome, Status, Subject
from chalicelib.cases.rules.timers import MACHINE
from chalicelib.shared.state_machine import Deadline
from chalicelib.shared.views import view_of


class MessageView(msgspec.Struct, frozen=True, kw_only=True):
    by: Actor
    at: datetime
    text: str


class CaseView(msgspec.Struct, frozen=True, kw_only=True):
    """A question, complaint or hardship. The first of `deadlines` says who has to do something until when.

    `bank_id` is the bank that a hardship is routed to: it reads the case and may reply.
    `owner` is the officer who sees to it, and null for customer and bank. `outcome` says what resolved the case: a decision (`answered`,
    `upheld`, `declined`), or that one side did not answer (`no_reply` of the customer, `unanswered` by us).
    """

    id: str
    version: int
    kind: Kind
    about: Subject
    subject: str
    customer_id: str | None
    bank_id: str | None
    owner: str | None
    status: Status
    created_at: datetime
    updated_at: datetime
    allowed_actions: list[str]
    deadlines: list[Deadline]
    messages: list[MessageView]
    escalated_at: datetime | None
    resolved_at: datetime | None
    outcome: Outcome | None


def view(case: Case, context: Context, actor: Actor, now: datetime) -> CaseView:
    own = {"owner": None} if actor in ("customer", "lender") else {}
    return view_of(
        CaseView,
        case,
        **MACHINE.offer(case, actor, context, now),
        **own,
    )
