"""A question, complaint or hardship about something of ours, as a value. Pure.

Statuses:

    open                  an officer has to answer
    waiting_for_customer  an officer has answered, and the customer may reply or escalate
    escalated             a supervisor has to answer: it was asked for, or nobody answered in time
    resolved              decided, or left by one side; it can be reopened for a while
    closed                that time is over

A case without a customer is officers' own, such as one about a bank event: it never waits for anybody else. A hardship about what a bank has
lent is that bank's to read and to reply to as well: it alone grants one.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Final, Literal, get_args

import msgspec

from chalicelib.shared.bounds import NoRoom, characters, most
from chalicelib.shared.state_machine import Versioned

Kind = Literal["question", "complaint", "hardship"]
Actor = Literal["customer", "officer", "supervisor", "lender"]
"""A supervisor is an officer with the duty `admin`, a lender the bank that a hardship is routed to."""
Status = Literal["open", "waiting_for_customer", "escalated", "resolved", "closed"]
Decision = Literal["answered", "upheld", "declined"]
Outcome = Literal["answered", "upheld", "declined", "no_reply", "unanswered"]
"""What resolved a case: an officer's decision, the customer's silence, ours."""
SubjectKind = Literal[
    "order",
    "claim",
    "recovery",
    "deposit",
    "supplier",
    "member",
    "firm",
    "declaration",
    "bank_instruction",
    "bank_event",
    "credit_application",
    "credit_line",
    "guarantee_group",
    "guarantee_call",
    "member_claim",
    "guarantee_seat",
    "loan",
    "alert",
    "payment",
    "settlement",
    "sanction",
    "reconciliation_item",
    "case",
]

STATUSES: Final[tuple[Status, ...]] = get_args(Status)
ENDS: Final[frozenset[Status]] = frozenset({"closed"})
MOST_CHARACTERS: Final = 2_000
MOST_MESSAGES: Final = 30
MOST_OF: Final[dict[Actor, int]] = {"customer": 20, "lender": 5}
"""Messages after which each writes no more: the rest is left for officers, who have to answer."""


class TooManyMessages(NoRoom):
    code = "too_many_messages"
    title = "A case holds no more messages."
    fix = "Let it be resolved, and open another one about the same."


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """The parameters of cases: `chalicelib/policies/cases/`. Hours and days by the clock, holidays among them."""

    answer_hours: dict[Kind, int]
    supervisor_hours: dict[Kind, int]
    customer_days: int
    reopen_days: int


class Subject(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a case is about. A deposit is named by its seller, a supplier by its member, a seat by its group and number: `grp_01JA…_04`."""

    kind: SubjectKind
    """What kind of thing it is."""
    id: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    """The thing, by its id."""


class Message(msgspec.Struct, frozen=True, kw_only=True):
    by: Actor
    at: datetime
    text: Annotated[str, characters(MOST_CHARACTERS)]


class Case(Versioned, frozen=True, kw_only=True, omit_defaults=True):
    """One case. `version` counts its changes, `entry_hash` is that of its last journal entry, `recent` names the last few.

    `owner` is the officer who sees to it, `bank_id` the bank that a hardship is routed to. `due_at` is when whoever has to do something has to have done it.
    """

    id: str
    kind: Kind
    about: Subject
    subject: Annotated[str, characters(200)]
    customer_id: str = ""
    bank_id: str = ""
    owner: Annotated[str, characters(100)] = ""
    status: Status
    version: int
    entry_hash: str = ""
    recent: Annotated[tuple[str, ...], most(4, why="the last ones")] = ()
    created_at: datetime
    updated_at: datetime
    policy: str
    due_at: datetime | None
    messages: Annotated[tuple[Message, ...], most(MOST_MESSAGES)] = ()
    escalated_at: datetime | None = None
    resolved_at: datetime | None = None
    outcome: Outcome | None = None

    @property
    def is_escalated(self) -> bool:
        """Once with a supervisor, it stays there."""
        return self.escalated_at is not None

    @property
    def dispute(self) -> str:
        """Under what a complaint or a hardship that is not resolved is found; empty for what is none, or none any more."""
        is_open = self.kind != "question" and self.status not in ("resolved", "closed")
        return dispute_of(self.customer_id, self.about.id) if is_open else ""


def dispute_of(customer_id: str, about: str) -> str:
    return f"{customer_id}#{about}"


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What a change of a case is decided on: the policy it pinned."""

    policy: Policy

    def answer_due(self, kind: Kind, start: datetime, *, is_escalated: bool) -> datetime:
        hours = self.policy.supervisor_hours if is_escalated else self.policy.answer_hours
        return start + timedelta(hours=hours[kind])
