"""What happens to a loan by itself: reminders, arrears, pauses, requests that nobody answered. Pure.

Nothing is written on days on which nothing changes: when a loan falls into arrears follows from its facts, and is worked out whenever
they change. The books move when the bank reports, not by the clock.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any, Final

from chalicelib.loans.rules import borrowing, draws, guarantee_period
from chalicelib.loans.rules.arrears import bucket
from chalicelib.loans.rules.loan import OWING, STATUSES, Context, Loan
from chalicelib.loans.rules.position import Position, next_due, position_on
from chalicelib.loans.rules.standing import group_after, late_after, remind_after, standing
from chalicelib.loans.rules.transitions import TABLE, LoanChange
from chalicelib.shared.periods import business_date
from chalicelib.shared.state_machine import StateMachine, Timer


def _position(loan: Loan, context: Context, at: datetime) -> Position:
    return position_on(loan, context.product, business_date(at))


def remind(was: Loan, context: Context, at: datetime) -> LoanChange:
    """Tell the borrower what falls due soon."""
    position = _position(was, context, at)
    due = next_due(position)
    facts = {"due_on": due.due_on, "days": (due.due_on - position.on).days} if due else {}
    return TABLE.change(
        was,
        "remind",
        at,
        event="reminded",
        payload=facts,
        remind_at=remind_after(position, context.policy.reminder_days, at),
    )


def remind_late(was: Loan, context: Context, at: datetime) -> LoanChange:
    """Tell the borrower, and nobody else, that it is still late: in these days a word often is enough."""
    position = _position(was, context, at)
    facts = {"dpd": position.dpd, "overdue_minor": position.overdue_minor, "overdue_since": position.overdue_since}
    remind_at = late_after(position, context.policy.late_reminder_days, at)
    return TABLE.change(was, "remind_late", at, event="reminded_late", payload=facts, remind_at=remind_at)


def remind_group(was: Loan, context: Context, at: datetime) -> LoanChange:
    """Tell the members of the group that an instalment falls due, never of what."""
    position = _position(was, context, at)
    due = next_due(position)
    facts = {"due_on": due.due_on, "days": (due.due_on - position.on).days} if due else {}
    return _told_group(was, "remind_group", "group_reminded", position, context, at, facts)


def tell_group(was: Loan, context: Context, at: datetime) -> LoanChange:
    """Tell them that the debtor is late: the band of days, never an amount (credit.md 17)."""
    position = _position(was, context, at)
    facts = {"days_late": bucket(position.dpd)}
    return _told_group(was, "tell_group", "group_told_of_arrears", position, context, at, facts)


def _told_group(
    was: Loan, name: str, event: str, position: Position, context: Context, at: datetime, facts: dict[str, Any]
) -> LoanChange:
    terms = was.guarantee
    assert terms is not None, "a group stands for it"
    facts["guarantor_ids"] = [each.member_id for each in terms.guarantors]
    group_at = group_after(was, was.status, position, context, at)
    return TABLE.change(was, name, at, event=event, payload=facts, group_at=group_at)


def count_instalment(was: Loan, context: Context, at: datetime) -> LoanChange:
    """An instalment that was paid ahead has come due: the next seat of the group may have waited for it."""
    loan = standing(was, _position(was, context, at), context, at)
    return TABLE.change(
        was, "count_instalment", at, event="instalment_counted", payload={"punctual": loan.punctual}, state=loan
    )


def _turn(name: str, event: str, was: Loan, context: Context, at: datetime) -> LoanChange:
    """The status that the day brings."""
    position = _position(was, context, at)
    facts = {
        "dpd": position.dpd,
        "worst_dpd": position.worst_dpd,
        "overdue_minor": position.overdue_minor,
        "overdue_since": position.overdue_since,
    }
    return TABLE.change(was, name, at, event=event, payload=facts, state=standing(was, position, context, at))


fall_into_arrears = partial(_turn, "fall_into_arrears", "fell_into_arrears")
begin_pause = partial(_turn, "begin_pause", "pause_began")
end_pause = partial(_turn, "end_pause", "pause_ended")

_REQUESTED: Final = frozenset({"draw_requested"})
_OPEN: Final = frozenset({"current", "in_arrears"})

MACHINE: Final = StateMachine[Loan, Context](
    table=TABLE,
    timers=(
        Timer("disbursement", _REQUESTED, lambda loan, context: loan.due_at, "bank", "draw_overdue"),
        Timer("draw", _REQUESTED, lambda loan, context: loan.closes_at, "bank", "draw_closed", draws.lapse),
        Timer(
            "hardship_request",
            OWING,
            lambda loan, context: loan.hardship.due_at if loan.hardship else None,
            "bank",
            "hardship_request_lapsed",
            borrowing.lapse_hardship_request,
        ),
        Timer(
            "restructuring",
            frozenset(STATUSES),
            lambda loan, context: loan.restructuring.due_at if loan.restructuring else None,
            "borrower",
            "restructuring_lapsed",
            borrowing.lapse_restructuring,
        ),
        Timer("pause_begins", _OPEN, lambda loan, context: loan.pause_at, "clock", "paused", begin_pause),
        Timer("pause_ends", frozenset({"paused"}), lambda loan, context: loan.pause_at, "clock", "current", end_pause),
        Timer(
            "instalment",
            frozenset({"current"}),
            lambda loan, context: loan.arrears_at,
            "borrower",
            "in_arrears",
            fall_into_arrears,
        ),
        Timer("reminder", frozenset({"current"}), lambda loan, context: loan.remind_at, "clock", "reminded", remind),
        Timer(
            "late_reminder",
            frozenset({"in_arrears"}),
            lambda loan, context: loan.remind_at,
            "borrower",
            "reminded_late",
            remind_late,
        ),
        Timer(
            "group_reminder",
            frozenset({"current"}),
            lambda loan, context: loan.group_at,
            "clock",
            "group_reminded",
            remind_group,
        ),
        Timer(
            "group_told",
            frozenset({"in_arrears"}),
            lambda loan, context: loan.group_at,
            "borrower",
            "group_told_of_arrears",
            tell_group,
        ),
        Timer(
            "guarantee_period",
            guarantee_period.UNCALLED,
            guarantee_period.next_notice,
            "bank",
            "guarantee_period_ending",
            guarantee_period.tell_period,
        ),
        Timer(
            "punctual_instalment",
            frozenset({"current"}),
            lambda loan, context: loan.counts_at,
            "clock",
            "instalment_counted",
            count_instalment,
        ),
    ),
)
