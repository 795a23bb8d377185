"""Every deadline of a call and its shares, whose it is, and what comes of it when it passes. Pure.

Business days were counted when they were decided; what is paused since only adds days. What is the clock's at once (that nobody can pay the
rest, that the bank has to give back) is due when it came about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

from chalicelib.guarantees.rules import call_handling as handling
from chalicelib.guarantees.rules.apportioning import is_exhausted
from chalicelib.guarantees.rules.call import STATUSES, Call, Context, Share, Status
from chalicelib.guarantees.rules.call_transitions import TABLE, CallChange
from chalicelib.shared.state_machine import Among, Deadline, StateMachine, Timer


def share_deadline(name: str, seat: int) -> str:
    """What a deadline of one share is called: that of seat 3 is its guarantor's and nobody else's to see."""
    return f"{name}_{seat}"


def is_of_seat(deadline: Deadline, seat: int) -> bool:
    """Whether a deadline is that of one share."""
    return deadline.name.rpartition("_")[2] == str(seat)


def _of_shares(
    name: str, owner: str, outcome: str, moment: Callable[[Call, Share], datetime | None], *, by_clock: bool = True
) -> Callable[[Call, Context], Iterator[Deadline]]:
    """One deadline for each share that has one, the earliest first."""

    def deadlines(call: Call, context: Context) -> Iterator[Deadline]:
        due = ((at, share.seat) for share in call.shares if (at := moment(call, share)))
        return (
            Deadline(
                name=share_deadline(name, seat), due_at=at, owner=owner, default_outcome=outcome, by_clock=by_clock
            )
            for at, seat in sorted(due)
        )

    return deadlines


def _grace_ends(call: Call, share: Share) -> datetime | None:
    return None if share.overdue_at else call.fails_at(share)


def _decision_due(call: Call, share: Share) -> datetime | None:
    objection = share.open_objection
    return objection.decide_by if objection else None


def _owes_refunds(call: Call, context: Context) -> datetime | None:
    is_due = any(share.refund_minor > share.refund_noticed_minor for share in call.shares)
    return call.updated_at if is_due else None


def _on_facts(rule: Callable[[Call, Context, datetime], CallChange]) -> Callable[[Call, Context, datetime], CallChange]:
    """A rule of the clock, after what the loan says meanwhile: nobody is late who has paid."""
    return lambda was, context, at: handling.recompute(was, context, at) or rule(was, context, at)


_in: Final = Among[Status]()
_OPENED: Final = _in("opened")
_RUNNING: Final = _in("noticed", "partly_paid")

MACHINE: Final = StateMachine[Call, Context](
    table=TABLE,
    timers=(
        Timer("refunds", frozenset(STATUSES), _owes_refunds, "clock", "refund_due", handling.ask_refunds),
        Timer(
            "exhaustion",
            _RUNNING,
            lambda call, context: call.updated_at if is_exhausted(call) else None,
            "clock",
            "exhausted",
            handling.exhaust,
        ),
        Timer(
            "check",
            _OPENED,
            lambda call, context: None if call.escalated_at else call.check_by,
            "officer",
            "escalated",
            handling.escalate,
        ),
        Timer(
            "notice",
            _OPENED,
            lambda call, context: call.notice_by,
            "officer",
            "noticed",
            _on_facts(handling.notice_by_clock),
            funded=True,
        ),
        Timer(
            "payment",
            _RUNNING,
            _of_shares("payment", "guarantor", "grace_begins", Call.due_at, by_clock=False),
            "guarantor",
            "grace_begins",
        ),
        Timer(
            "grace",
            _RUNNING,
            _of_shares("grace", "guarantor", "overdue", _grace_ends),
            "guarantor",
            "overdue",
            _on_facts(handling.fall_overdue),
            funded=True,
        ),
        Timer(
            "decision",
            _RUNNING,
            _of_shares("decision", "officer", "undecided", _decision_due),
            "officer",
            "undecided",
            _on_facts(handling.leave_undecided),
            funded=True,
        ),
        Timer(
            "confirmation",
            _RUNNING,
            _of_shares("confirmation", "officer", "failed", Call.confirm_by),
            "officer",
            "failed",
            _on_facts(handling.fail_by_clock),
            funded=True,
        ),
        Timer(
            "closing",
            _in("paid", "exhausted", "withdrawn"),
            lambda call, context: call.look_at,
            "bank",
            "closed",
            _on_facts(handling.look_or_close),
            funded=True,
        ),
    ),
)
