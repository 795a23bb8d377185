"""What follows for a group from loans of its members: for slices above, once or many times, and whichever comes first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from chalicelib.groups.aggregate import GROUPS
from chalicelib.groups.rules import living
from chalicelib.groups.rules.group import ENDS, Context, Group
from chalicelib.groups.rules.transitions import TABLE, GroupChange
from chalicelib.shared.commit import retry_on_conflict
from chalicelib.shared.journal import Entry
from chalicelib.shared.request import CLOCK, RequestContext


def activate(group_id: str, now: datetime) -> None:
    """The first draw of any member was paid out."""
    _follow(group_id, "activate", "bank", lambda was, context: living.activate(was, now), now)


def suspend(group_id: str, reason: str, now: datetime) -> None:
    """A member is so late that nobody draws, until an officer resumes."""
    _follow(group_id, "suspend", "clock", lambda was, context: living.suspend(was, "clock", reason, now), now)


@retry_on_conflict
def tell(group_id: str, event: str, payload: Mapping[str, Any], of: Entry, now: datetime) -> None:
    """Let the members of a group that has not ended hear of something that concerns them all, in its timeline: once for each entry it comes of.

    Never an amount, and of a member's own matters no more than its seat.
    """

    def decide(was: Group, context: Context) -> GroupChange | None:
        return TABLE.note(was, event, now, payload=payload) if was.status not in ENDS else None

    key = f"{group_id}:{event}:{of.entry_id}"
    request = RequestContext(caller=CLOCK, now=now, request_id=of.request_id, key=key, digest="followed")
    GROUPS.apply(group_id, request, decide)


@retry_on_conflict
def _follow(
    group_id: str,
    action: str,
    actor: str,
    rule: Callable[[Group, Context], GroupChange | None],
    now: datetime,
) -> None:
    """Where the group's status does not allow it any more, nothing."""

    def decide(was: Group, context: Context) -> GroupChange | None:
        return rule(was, context) if action in TABLE.allowed(was, actor, context, now) else None

    request = RequestContext(caller=CLOCK, now=now, request_id=f"group:{group_id}:{action}")
    GROUPS.apply(group_id, request, decide)
