"""What draws, officers, calls and the clock do to a sealed group. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from chalicelib.groups.rules.group import ENDS, MOST_CALLS, Context, Group, SeatStatus, SuspendedBy, Why
from chalicelib.groups.rules.proposing import winding_down, without_proposal
from chalicelib.groups.rules.transitions import TABLE, GroupChange
from chalicelib.shared.bounds import NoRoom, must_have_room


class TooManyCalls(NoRoom):
    code = "too_many_open_calls"
    title = "So many calls cannot be open in one group."
    fix = "Close those that are paid."


def activate(was: Group, now: datetime) -> GroupChange:
    """The first draw of any member was paid out."""
    return TABLE.change(was, "activate", now, event="activated", status="active", activated_at=now, due_at=None)


def suspend(was: Group, by: SuspendedBy, reason: str, now: datetime) -> GroupChange:
    """No new draws."""
    return TABLE.change(
        was, "suspend", now, to="suspended", suspended_by=by, reason=reason, payload={"by": by, "reason": reason}
    )


def resume(was: Group, reason: str, now: datetime) -> GroupChange:
    """An officer has seen that what stood against it is over."""
    return TABLE.change(
        was,
        "resume",
        now,
        event="resumed",
        status="active",
        suspended_by=None,
        reason="",
        payload={"reason": reason},
    )


def note_seat(was: Group, number: int, status: SeatStatus, at: datetime) -> GroupChange | None:
    """A member's loan has defaulted, or it has failed a call, or either is cured. None where that is known, or the group has ended."""
    seat = was.seat(number)
    if was.status in ENDS or seat is None or seat not in was.bound or seat.status == status:
        return None
    return TABLE.change(
        was,
        "note_seat",
        at,
        event="seat_noted",
        seats=was.seats_with(replace(seat, status=status)),
        payload={"seat": number, "seat_status": status},
    )


def call(was: Group, call_id: str, at: datetime) -> GroupChange | None:
    """The bank calls on the guarantors: nobody leaves, and nothing is drawn. None where that call is known, or the group has ended."""
    if was.status in ENDS or call_id in was.calls:
        return None
    must_have_room(was.calls, MOST_CALLS, TooManyCalls)
    return TABLE.change(
        was,
        "call",
        at,
        event="called",
        status="winding_down" if was.status == "winding_down" else "called",
        calls=(*was.calls, call_id),
        payload={"call_id": call_id},
        **without_proposal(was, at),
    )


def settle(was: Group, context: Context, call_id: str, at: datetime) -> GroupChange | None:
    """A call is over. After the last one the group goes on with its good members, or is wound down with fewer than it needs. What an officer suspended
    stays so until an officer resumes it.
    """
    if call_id not in was.calls:
        return None
    calls = tuple(each for each in was.calls if each != call_id)
    event, payload, fields = "call_settled", {"call_id": call_id}, dict[str, Any]()
    if not calls and was.status == "called":
        if len(was.good) >= context.policy.least_members:
            by_officer = was.suspended_by == "officer"
            fields = {"status": "suspended"} if by_officer else {"status": "active", "suspended_by": None, "reason": ""}
        else:
            event, payload, fields = "winding_down", {**payload, "why": "too_few_members"}, winding_down(context, at)
    return TABLE.change(was, "settle", at, event=event, calls=calls, payload=payload, **fields)


def dissolve_unused(was: Group, context: Context, at: datetime) -> GroupChange:
    """Nothing was drawn in time; a draw that is under way is waited for."""
    return _wait(was, context, at) if context.owed else _dissolved(was, "never_drawn", at)


def dissolve(was: Group, context: Context, at: datetime) -> GroupChange:
    """Nothing is owed, no call is open, and the last guarantee period is over; else it is looked at again."""
    is_guaranteed = context.guaranteed_until is not None and context.guaranteed_until > at
    is_over = not (context.owed or was.calls or is_guaranteed)
    return _dissolved(was, "all_repaid", at) if is_over else _wait(was, context, at)


def _wait(was: Group, context: Context, at: datetime) -> GroupChange:
    due_at = max(at + timedelta(days=context.policy.look_days), context.guaranteed_until or at)
    return TABLE.change(was, "wait", at, event="not_over_yet", due_at=due_at)


def _dissolved(was: Group, why: Why, at: datetime) -> GroupChange:
    return TABLE.change(
        was,
        "dissolve",
        at,
        to="dissolved",
        why=why,
        ended_at=at,
        due_at=None,
        payload={"why": why},
        **without_proposal(was, at),
    )


def note_related(was: Group, pairs: tuple[tuple[int, int], ...], at: datetime) -> GroupChange | None:
    """Firms have become related since: officers are told, and members are not. None where they know."""
    related = {pair for pair in was.related if all(was.seat(number) in was.bound for number in pair)}
    if related >= set(pairs):
        return None
    private = {"private": {"related": [list(pair) for pair in pairs]}}
    return TABLE.note(was, "relation_noted", at, payload=private, related=tuple(sorted({*related, *pairs})))
