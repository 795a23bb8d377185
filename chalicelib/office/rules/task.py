"""What an officer has to do about a thing, as its machine says. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import msgspec

from chalicelib.office.rules.terms import MOST_LETTERS, terms_of
from chalicelib.office.rules.things import THINGS, Thing, prefix_of
from chalicelib.shared.ids import MEMBER
from chalicelib.shared.state_machine import StateMachine

OFFICERS: Final = ("officer", "supervisor")
"""Whose deadlines are work. What `platform` has to do, the clock does."""
REDRIVE: Final = "redrive"
REJECTED_ROWS: Final = "rejected_rows"
APPEAL: Final = "appeal_decision"
NEXT_TRY: Final = "next_try"
_KNOWN_BY: Final = ("supplier_id", "member_id", "debtor_id", "customer_id", "bank_ref")
"""Fields of states that say whom a thing is about, the first that is there: a member's id, else the reference that a bank gave."""


def waiting_names() -> set[str]:
    """What is awaited where no machine has a deadline for it."""
    return {REDRIVE, REJECTED_ROWS, APPEAL, NEXT_TRY, *(name for thing in THINGS.values() for name in thing.awaits)}


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """`deadline` is the name of the deadline to meet, or of the action that is awaited where there is none: then `due_at` is None."""

    status: str
    deadline: str
    owner: str = "officer"
    due_at: datetime | None = None
    reviewer: str | None = None
    """Who has it, where the thing itself says so."""
    about: str = ""
    """What people know it by (`about`)."""


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """A task as it is kept, of a thing in a version: since when it waits, and who sees to it. `record` is what the thing is read by, `about` what people know it by."""

    id: str
    record: str
    version: int
    status: str
    deadline: str
    owner: str
    since: datetime
    due_at: datetime | None = None
    assignee: str = ""
    about: str = ""

    def is_overdue(self, now: datetime) -> bool:
        return self.due_at is not None and self.due_at <= now


def task_of(machine: StateMachine[Any, Any], state: Any, context: Any, thing: Thing, now: datetime) -> Task | None:
    """The first of the officers' deadlines, else the first action that awaits one of them; None where there is nothing to do."""
    reviewer = getattr(state, thing.reviewer) if thing.reviewer else None
    known_by = about(state)
    for deadline in machine.deadlines(state, context):
        if deadline.owner in OFFICERS:
            return Task(
                status=state.status,
                deadline=deadline.name,
                owner=deadline.owner,
                due_at=deadline.due_at,
                reviewer=reviewer,
                about=known_by,
            )
    allowed = machine.table.allowed(state, "officer", context, now) if thing.awaits else ()
    awaited = next((action for action in thing.awaits if action in allowed), None)
    return Task(status=state.status, deadline=awaited, reviewer=reviewer, about=known_by) if awaited else None


def about(state: Any) -> str:
    """What people know a thing by: its own name, else the id of the member that it is about, else its bank's reference; empty where it has none of them."""
    prefix = prefix_of(state.id)
    if prefix == MEMBER:
        return str(state.id)
    title = terms_of(prefix, state).title
    return title[:MOST_LETTERS] or next(filter(None, (getattr(state, name, "") for name in _KNOWN_BY)), "")
