"""What follows from a loan's position: its status, what the books hold, when the clock looks at it next. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from msgspec.structs import asdict, replace

from chalicelib.credit.rules.history import Past
from chalicelib.loans.rules import mirror
from chalicelib.loans.rules.loan import OWING, Context, Loan, Status
from chalicelib.loans.rules.mirror import Booking
from chalicelib.loans.rules.position import Position, arrears_on, late_on, next_due, next_punctual, position_on
from chalicelib.loans.rules.transitions import TABLE, LoanChange
from chalicelib.shared.journal import Entry, Posting
from chalicelib.shared.periods import business_date, months_after, start_of

EVENTS: Final = {
    "draw.disbursed": "draw_disbursed",
    "schedule.changed": "schedule_changed",
    "repayment.received": "repayment_received",
    "repayment.reversed": "repayment_reversed",
    "interest.charged": "interest_charged",
    "penalty.charged": "penalty_charged",
    "loan.overdue": "overdue",
    "loan.cured": "cured",
    "hardship.granted": "hardship_granted",
    "hardship.ended": "hardship_ended",
    "default.declared": "default_declared",
    "default.revoked": "default_revoked",
    "call.requested": "call_requested",
    "call.confirmed": "call_confirmed",
    "call.withdrawn": "call_withdrawn",
    "exhaust_call": "call_exhausted",
    "recovery.received": "recovery_received",
    "loan.written_off": "written_off",
    "loan.closed": "closed",
}
"""What a loan's own event is called, by the bank's."""
KEPT: Final[Mapping[Status, bool]] = {
    "repaid": True,
    "settled_by_guarantors": False,
    "in_recovery": False,
    "written_off": False,
}
"""Statuses that decide whether a firm has repaid a loan itself."""
Difference = dict[str, Any]
"""What the bank has otherwise than this side: `of`, `ours_minor`, `theirs_minor`. An item of the reconciliation (credit.md 10.1)."""


def worked_out(
    was: Loan,
    loan: Loan,
    name: str,
    context: Context,
    now: datetime,
    *,
    payload: Mapping[str, Any],
    differences: Iterable[Difference] = (),
    postings: tuple[Posting, ...] = (),
    book: Callable[[Loan, Position], Booking] = mirror.booked,
) -> LoanChange:
    """The change by which `loan`, which has other facts than `was`, comes to its status, its books and its deadlines."""
    position = position_on(loan, context.product, business_date(now))
    booking = book(loan, position)
    facts = {**payload, **_figures(position)}
    if booking.moved:
        facts["payments"] = [{"bank_ref": ref, **asdict(split)} for ref, split in booking.moved.items()]
    if listed := list(differences):
        facts["differences"] = listed
    return TABLE.change(
        was,
        name,
        now,
        event=EVENTS[name],
        payload=facts,
        postings=(*postings, *booking.postings),
        state=standing(booking.loan, position, context, now),
    )


def standing(loan: Loan, position: Position, context: Context, now: datetime) -> Loan:
    """The loan with its status on the day of the position, and with when that changes by itself."""
    loan = _reopened(loan) if position.payoff_minor else loan
    status, on = status_of(loan, position), position.on
    is_repaid = status == "repaid" or (status == "closed" and not (loan.written_off_on or loan.call))
    is_cured = loan.status in ("in_arrears", "defaulted") and status == "current"
    return replace(
        loan,
        status=status,
        call=None if status == "repaid" else loan.call,
        punctual=position.punctual,
        cured_on=on if is_cured else loan.cured_on,
        repaid_on=(loan.repaid_on or on) if is_repaid else None,
        repaid_on_time=_is_on_time(loan, position, context) if is_repaid else None,
        arrears_at=_start(arrears_on(position)) if status == "current" else None,
        pause_at=_start(_pause_turns(position, status)),
        remind_at=_remind_at(status, position, context, now),
        counts_at=_start(next_punctual(loan, position)) if status == "current" else None,
        group_at=group_after(loan, status, position, context, now),
    )


def guaranteed_until(loan: Loan, last_due_on: date) -> date | None:
    """The last day of the guarantee period: so many months after the last instalment falls due (Civil Code, article 692)."""
    terms = loan.guarantee
    return months_after(last_due_on, terms.until_months) if terms and terms.binds else None


def status_of(loan: Loan, position: Position) -> Status:
    if loan.written_off_on or loan.value_on is None:
        return loan.status
    if not position.payoff_minor:
        return "closed" if loan.status == "closed" else _paid_off(loan)
    if loan.call:
        return "called" if loan.is_called else "in_recovery"
    if loan.defaulted_on:
        return "defaulted"
    if position.is_paused:
        return "paused"
    return "in_arrears" if position.dpd else "current"


def past_of(entry: Entry) -> Past:
    """What an entry of a loan says for the firm's score: how late it is and was, and whether it is over and the firm has repaid it itself."""
    payload, on = entry.event.payload, business_date(entry.at)
    return Past(
        kind="loan",
        subject_id=entry.aggregate_id,
        seq=entry.seq,
        on=on,
        is_over=payload["to"] not in OWING,
        is_kept=KEPT.get(payload["to"]),
        late_since=on - timedelta(days=payload["dpd"]) if payload["dpd"] else None,
        worst_dpd=payload["worst_dpd"],
    )


def _paid_off(loan: Loan) -> Status:
    """What a loan is of which nothing is owed: the debtor's own money may have paid it all, after the guarantors' did."""
    if loan.call is None:
        return "repaid"
    if loan.status == "settled_by_guarantors" or loan.call.outcome == "confirmed":
        return "settled_by_guarantors"
    if loan.booked.paid.surplus_minor >= sum(each.minor for each in loan.guarantor_payments):
        return "repaid"
    return "called" if loan.is_called else "settled_by_guarantors"


def _reopened(loan: Loan) -> Loan:
    """Something is owed again of a loan that the guarantors had settled: call and default are over, and its days count (credit.md 17)."""
    if loan.call and loan.call.outcome == "confirmed":
        return replace(loan, call=None, defaulted_on=None)
    return loan


def remind_after(position: Position, days_before: Iterable[int], now: datetime) -> datetime | None:
    """The next moment, so many days before something falls due, at which that is told."""
    due = (
        each.due_on
        for each in position.portions
        if each.due_on >= position.on and each.unpaid_principal_minor + each.interest_minor
    )
    for day in due:
        moments = (start_of(day - timedelta(days=days)) for days in sorted(days_before, reverse=True))
        if first := next((moment for moment in moments if moment > now), None):
            return first
    return None


def late_after(position: Position, days_late: Iterable[int], now: datetime) -> datetime | None:
    """The next moment at which a loan in arrears is so many days past due, if nothing is paid."""
    moments = (start_of(late_on(position, days)) for days in sorted(days_late))
    return next((moment for moment in moments if moment > now), None)


def _remind_at(status: Status, position: Position, context: Context, now: datetime) -> datetime | None:
    """When the borrower itself is reminded next."""
    if status == "current":
        return remind_after(position, context.policy.reminder_days, now)
    return late_after(position, context.policy.late_reminder_days, now) if status == "in_arrears" else None


def group_after(loan: Loan, status: Status, position: Position, context: Context, now: datetime) -> datetime | None:
    """The next moment at which a loan's group hears of it: with the first reminder, and when it has been late for some time."""
    if loan.guarantee is None:
        return None
    if status == "current":
        return remind_after(position, (max(context.policy.reminder_days),), now)
    if status != "in_arrears":
        return None
    return late_after(position, context.policy.group_told_days, now)


def _is_on_time(loan: Loan, position: Position, context: Context) -> bool:
    is_own = not (loan.defaulted_on or any(loan.guarantor_payments))
    return is_own and position.worst_dpd <= context.policy.on_time_days


def _pause_turns(position: Position, status: Status) -> date | None:
    """The day on which the pause that runs ends, or the next begins."""
    if status == "paused":
        return next(pause.to_on for pause in position.bearing.pauses if position.on < pause.to_on)
    if status not in ("current", "in_arrears"):
        return None
    return next((pause.from_on for pause in position.bearing.pauses if pause.from_on > position.on), None)


def _figures(position: Position) -> dict[str, Any]:
    due = next_due(position)
    return {
        "principal_minor": position.principal_minor,
        "payoff_minor": position.payoff_minor,
        "dpd": position.dpd,
        "worst_dpd": position.worst_dpd,
        "next_due_on": due.due_on if due else None,
    }


def _start(day: date | None) -> datetime | None:
    return start_of(day) if day else None
