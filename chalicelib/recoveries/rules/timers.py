"""Every deadline of a recovery, whose it is, and what comes of it when it passes. Pure.

A deadline is met iff `now < due_at`. Before the supplier is asked for money (the demand, an instalment's day), what its balance holds is
taken: the timer then fires once more, for the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from chalicelib.recoveries.rules import asking, instalments, receiving
from chalicelib.recoveries.rules.recovery import ASKED, Context, Recovery
from chalicelib.recoveries.rules.transitions import TABLE, write_off_from
from chalicelib.shared.state_machine import Change, StateMachine, Timer, kept

Fire = Callable[[Recovery, Context, datetime], Change[Recovery]]


def _balance_first(fire: Fire) -> Fire:
    return lambda was, context, at: receiving.set_off(was, context, at) or fire(was, context, at)


def _answer_due(recovery: Recovery, context: Context) -> datetime | None:
    return recovery.proposed.answer_due_at if recovery.proposed else None


def _payment_due(recovery: Recovery, context: Context) -> datetime:
    due = recovery.created_at + timedelta(days=context.policy.suspend_after_days)
    return max(due, recovery.debit_due_at)


def _instalment_missed(recovery: Recovery, context: Context) -> datetime | None:
    part = instalments.first_unpaid(recovery)
    return part.missed_at if part else None


def _instalment_due(recovery: Recovery, context: Context) -> datetime | None:
    part = instalments.next_to_call(instalments.must_have_plan(recovery))
    return part.due_at if part else None


_opened = kept("created_at")
_debit_due = kept("debit_due_at")


_PLANNED: Final = frozenset({"instalments"})

MACHINE: Final = StateMachine[Recovery, Context](
    table=TABLE,
    timers=(
        Timer("answer_to_plan", ASKED, _answer_due, "officer", "plan_lapses", instalments.let_lapse),
        Timer(
            "demand", frozenset({"open"}), _opened, "platform", "demanded", _balance_first(asking.demand), funded=True
        ),
        Timer("debit", frozenset({"demanded"}), _debit_due, "supplier", "setoff", asking.debit_not_in_time),
        Timer("payment", frozenset({"setoff"}), _payment_due, "supplier", "suspended", asking.suspend),
        Timer("write_off", frozenset({"suspended"}), write_off_from, "officer", "stays_suspended"),
        Timer("instalment_payment", _PLANNED, _instalment_missed, "supplier", "plan_ends", instalments.end_plan),
        Timer(
            "instalment", _PLANNED, _instalment_due, "supplier", "called", _balance_first(instalments.call), funded=True
        ),
    ),
)
