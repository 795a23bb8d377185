"""Every deadline of a recovery, whose it is, and what happens by itself when it passes. Pure.

A deadline is met iff `now < due_at`. What fell due is applied before every read and write, with the instant it fell due, so a
late sweep changes nothing but the moment it becomes visible.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from chalicelib.recoveries.rules import asking, instalments
from chalicelib.recoveries.rules.moves import write_off_from
from chalicelib.recoveries.rules.recovery import ASKED, Policy, Recovery
from chalicelib.recoveries.rules.step import Step


class RecoveryDeadline(msgspec.Struct, frozen=True, kw_only=True):
    """`owner` can meet it; `default_outcome` is what comes of it otherwise. `by_clock`: that comes by itself."""

    name: str
    due_at: datetime
    owner: str
    default_outcome: str
    by_clock: bool = True


def deadlines(recovery: Recovery, policy: Policy) -> list[RecoveryDeadline]:
    """All that run now, the earliest first."""
    return sorted(_of(recovery, policy), key=lambda deadline: deadline.due_at)


def next_due(recovery: Recovery, policy: Policy) -> datetime | None:
    """The instant at which something happens to this recovery by itself, or None."""
    first = _first_by_clock(recovery, policy)
    return first.due_at if first else None


def fallen_due(recovery: Recovery, policy: Policy, now: datetime) -> Iterator[Step]:
    """The steps the clock takes until `now`, in order, each with the instant it took effect."""
    while (deadline := _first_by_clock(recovery, policy)) and deadline.due_at <= now:
        step = _take(deadline, recovery, policy)
        yield step
        recovery = step.recovery


def _first_by_clock(recovery: Recovery, policy: Policy) -> RecoveryDeadline | None:
    return next((deadline for deadline in deadlines(recovery, policy) if deadline.by_clock), None)


def _of(recovery: Recovery, policy: Policy) -> Iterator[RecoveryDeadline]:
    if recovery.proposed and recovery.status in ASKED:
        yield _deadline("answer_to_plan", recovery.proposed.answer_due_at, "officer", "plan_lapses")
    match recovery.status:
        case "open":
            yield _deadline("demand", recovery.created_at, "platform", "demanded")
        case "demanded":
            yield _deadline("debit", recovery.debit_due_at, "supplier", "setoff")
        case "setoff":
            due = recovery.created_at + timedelta(days=policy.suspend_after_days)
            yield _deadline("payment", max(due, recovery.debit_due_at), "supplier", "suspended")
        case "suspended":
            due = write_off_from(recovery, policy)
            yield RecoveryDeadline(
                name="write_off", due_at=due, owner="officer", default_outcome="stays_suspended", by_clock=False
            )
        case "instalments":
            yield from _of_plan(recovery)


def _of_plan(recovery: Recovery) -> Iterator[RecoveryDeadline]:
    if part := instalments.first_unpaid(recovery):
        yield _deadline("instalment_payment", part.missed_at, "supplier", "plan_ends")
    if part := instalments.next_to_call(instalments.must_have_plan(recovery)):
        yield _deadline("instalment", part.due_at, "supplier", "called")


def _deadline(name: str, due_at: datetime, owner: str, outcome: str) -> RecoveryDeadline:
    return RecoveryDeadline(name=name, due_at=due_at, owner=owner, default_outcome=outcome)


def _take(deadline: RecoveryDeadline, recovery: Recovery, policy: Policy) -> Step:
    at = max(deadline.due_at, recovery.updated_at)  # a debit that went back reopens what was due long ago
    match deadline.name:
        case "demand":
            return asking.demand(recovery, at)
        case "debit":
            return asking.give_up_debit(recovery, at, why="not_in_time")
        case "payment":
            return asking.suspend(recovery, at)
        case "answer_to_plan":
            return instalments.let_lapse(recovery, at)
        case "instalment":
            return instalments.call(recovery, at)
        case "instalment_payment":
            return instalments.end_plan(recovery, policy, at)
    raise AssertionError(f"nothing comes of {deadline.name} by itself")
