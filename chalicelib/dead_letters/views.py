"""What officers see of dead letters, and how they ask for a redrive."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from chalicelib.dead_letters import rules
from chalicelib.dead_letters.rules import DeadLetter, Kind, Status
from chalicelib.shared.pages import Paging
from chalicelib.shared.ranges import PastMoment
from chalicelib.shared.views import view_of


class DeadLettersQuery(Paging, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Those that wait, by their next try."""


class DeadLetterDeadline(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    due_at: datetime
    owner: str
    default_outcome: str


class DeadLetterView(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    version: int
    status: Status
    consumer: str
    """Who could not take it."""
    kind: Kind
    key: str
    """What it is: a journal entry, a bank event or a member by id; a message by its digest; a schedule by its moment."""
    failures: int
    reason: str
    created_at: datetime
    updated_at: datetime
    allowed_actions: list[str]
    deadlines: list[DeadLetterDeadline]


class RedriveRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Without anything: every dead letter is tried at once, whatever its pause. With `since`: everything that was written in the window is
    handed to its consumers once more; what has had its effect has none again."""

    consumers: Annotated[
        list[Annotated[str, msgspec.Meta(min_length=1, max_length=60)]], msgspec.Meta(max_length=50)
    ] = []
    """Only these; all of them where the list is empty."""
    since: PastMoment | None = None
    until: PastMoment | None = None


def view(letter: DeadLetter) -> DeadLetterView:
    return view_of(
        DeadLetterView,
        letter,
        allowed_actions=[],
        deadlines=[
            DeadLetterDeadline(
                name="next_try", due_at=letter.due_at, owner=rules.OWNER, default_outcome=rules.DEFAULT_OUTCOME
            )
        ]
        if letter.due_at
        else [],
    )
