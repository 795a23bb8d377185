"""Work as officers see it, and what they send about it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

import msgspec

from chalicelib.dead_letters.rules import DeadLetter
from chalicelib.office.rules.task import NEXT_TRY, Work
from chalicelib.office.rules.things import THINGS, Thing
from chalicelib.office.rules.titles import title_of
from chalicelib.shared.pages import Paging
from chalicelib.shared.ranges import BookMoment
from chalicelib.shared.texts import Text
from chalicelib.shared.views import view_of

ME: Final = "me"
NOBODY: Final = "nobody"

Officer = Annotated[str, msgspec.Meta(pattern="^[!-~]{1,100}$")]


class WorkQuery(Paging, frozen=True, kw_only=True):
    """Work that one of your duties is for, the earliest due first. `counts` come with the first page."""

    kind: Annotated[str, msgspec.Meta(pattern="^[a-z_]{1,40}$")] | None = None
    """Of one kind, such as `claim` or `bank_event`."""
    due_before: BookMoment | None = None
    """Only what is due before this moment; what has no deadline counts from when it began to wait."""
    assignee: Officer | None = None
    """Only what this officer sees to: its `sub`, or `me`; `nobody` for what nobody sees to."""


class WorkItemView(msgspec.Struct, frozen=True, kw_only=True):
    """Something that waits for an officer: `deadline` says for what, `due_at` until when, `href` where it is done.

    `subject` is the name that people know it by: its own, such as a channel's, else that of the member it is about, else its bank's reference; null where it has none of them, and in
    answers to commands. `id` is the thing's, `version` the one this was worked out from. Without a deadline `due_at` is null. `allowed_actions`: `assignment` where
    it can be given to an officer here, `completion` where it ends by being looked at.
    """

    id: str
    kind: str
    title: Text
    subject: str | None
    status: str
    version: int
    since: datetime
    due_at: datetime | None
    deadline: str
    owner: str
    assignee: str | None
    is_overdue: bool
    href: str
    allowed_actions: list[str]


class WorkCount(msgspec.Struct, frozen=True, kw_only=True):
    """How much of a kind waits, and how much of that is overdue. Either ends at 1,000."""

    kind: str
    open: int
    overdue: int


class WorkPage(msgspec.Struct, frozen=True, kw_only=True):
    items: list[WorkItemView]
    counts: list[WorkCount]
    """Of every kind that you may work on, with the first page; empty with the others."""
    next_cursor: str | None = None


class AssignmentRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who sees to it: the `sub` of an officer, `me`, or null for nobody."""

    assignee: Officer | None = ME
    """The officer who sees to it from now on; whoever asks, where it is left out."""


def item_view(work: Work, thing: Thing, now: datetime, subject: str | None = None) -> WorkItemView:
    return view_of(
        WorkItemView,
        work,
        kind=thing.kind,
        title=title_of(thing.kind, work.deadline),
        subject=subject,
        is_overdue=work.is_overdue(now),
        href=thing.href(work.record),
        allowed_actions=_actions(thing),
    )


def letter_view(letter: DeadLetter) -> WorkItemView:
    """A dead letter: it is tried again by itself, and overdue once it has failed so often that somebody is called."""
    thing = THINGS["dlt"]
    return view_of(
        WorkItemView,
        letter,
        kind=thing.kind,
        title=title_of(thing.kind, NEXT_TRY),
        subject=None,
        since=letter.created_at,
        deadline=NEXT_TRY,
        owner="officer",
        assignee=None,
        is_overdue=letter.is_stuck,
        href=thing.path,
        allowed_actions=[],
    )


def _actions(thing: Thing) -> list[str]:
    return [*(() if thing.reviewer else ("assignment",)), *(("completion",) if thing.is_noted else ())]
