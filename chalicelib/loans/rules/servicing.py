"""What a bank reports of a loan besides money and schedules: that it has begun, is late, paused, in default, written off, closed. Pure.

The bank's word stands: where its figure is another than ours the books follow it and the entry tells of the difference. What cannot be is
refused by name.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from msgspec.structs import replace

from chalicelib.loans.rules import events, mirror, reports
from chalicelib.loans.rules.interest import merged
from chalicelib.loans.rules.introductions import introduction
from chalicelib.loans.rules.loan import (
    MOST_PAUSES,
    Booked,
    Context,
    Loan,
    Pause,
    Portion,
    Split,
    TooManyFacts,
    portions_of,
)
from chalicelib.loans.rules.position import position_on
from chalicelib.loans.rules.schedule_changes import BadSchedule, schedule_of
from chalicelib.loans.rules.standing import EVENTS, Difference, guaranteed_until, worked_out
from chalicelib.loans.rules.transitions import TABLE, LoanChange
from chalicelib.shared.bounds import must_have_room
from chalicelib.shared.errors import Conflict, RuleViolation
from chalicelib.shared.money import divide
from chalicelib.shared.periods import business_date
from chalicelib.shared.texts import say


class PauseTooLong(RuleViolation):
    code = "pause_too_long"
    title = "Pauses of a loan may not be that long together."
    fix = "Grant `most_days` days in all at most."


class NoSuchPause(Conflict):
    code = "no_such_pause"
    title = "The loan has no pause on those days."
    fix = "Name days of a pause that was granted."


class AmountNotDisbursed(RuleViolation):
    code = "disbursed_otherwise"
    title = "That is not what was asked for."
    fix = "Disburse the amount of the draw, in its currency."


def disburse(was: Loan, context: Context, event: events.Disbursed, bank_id: str, now: datetime) -> LoanChange:
    """The draw becomes a loan with the bank's schedule, whatever the terms come to. The agreed fee is taken at once, or what the bank says it took."""
    TABLE.require("draw.disbursed", was, "bank", context, now)
    reports.require_currency(was, event.currency)
    if event.amount != was.amount_minor:
        raise AmountNotDisbursed("The bank disbursed another amount.", asked_minor=was.amount_minor)
    reports.require_past(event.value_date, business_date(now), context.policy)
    schedule = schedule_of(event.schedule, event.value_date)
    if sum(each.principal_minor for each in schedule) != event.amount:
        raise BadSchedule("The instalments do not pay back what was lent.", param="data.schedule")
    agreed, planned = agreed_fee(was, context), sum(each.fee_minor for each in schedule)
    fee = max(0, agreed - planned) if event.fee is None else event.fee
    loan = replace(
        was,
        value_on=event.value_date,
        told_at=now,
        folded_on=event.value_date,
        rate_bp=event.rate_bp,
        fee_minor=fee,
        introduced=introduction(event.amount, context.product, now),
        guaranteed_until=guaranteed_until(was, schedule[-1].due_on),
        due_at=None,
        closes_at=None,
        status="current",
        portions=(*taken_at_once(fee, event.value_date), *portions_of(schedule)),
        booked=Booked(fee_minor=fee, paid=Split(fee_minor=fee)),
    )
    return worked_out(
        was,
        loan,
        "draw.disbursed",
        context,
        now,
        payload={
            "amount_minor": event.amount,
            "fee_minor": fee,
            "value_on": event.value_date,
            "bank_ref": event.bank_ref,
        },
        differences=[
            *reports.different_plan(was, context.product, schedule, event.rate_bp),
            *reports.differing("agreed_fee", agreed, fee + planned, 0),
        ],
        postings=mirror.disbursed(loan, fee),
    )


def agreed_fee(loan: Loan, context: Context) -> int:
    """What is taken of a draw when it is disbursed."""
    if loan.fee_minor is None:
        return divide(loan.amount_minor * context.product.fee_bp, 10_000, "half_up")
    return loan.fee_minor


def taken_at_once(fee_minor: int, on: date) -> tuple[Portion, ...]:
    """A fee that is paid by being kept of what is disbursed."""
    if not fee_minor:
        return ()
    kept = Portion(
        number=0,
        from_on=on,
        until_on=on,
        due_on=on,
        principal_minor=0,
        interest_minor=0,
        fee_minor=fee_minor,
        balance_minor=0,
        fee_paid_minor=fee_minor,
    )
    return (kept,)


def report_overdue(was: Loan, context: Context, event: events.Overdue, bank_id: str, now: datetime) -> LoanChange:
    """The bank's days past due beside ours."""
    TABLE.require("loan.overdue", was, "bank", context, now)
    reports.require_currency(was, event.currency)
    reports.require_value_date(was, context, event.business_date, now)
    position = position_on(was, context.product, event.business_date)
    differences = [
        *reports.differing("overdue", position.overdue_minor, event.amount, len(position.portions)),
        *reports.different_days(position, event.dpd),
    ]
    return _reported(was, "loan.overdue", now, {"dpd": event.dpd, "amount_minor": event.amount}, differences)


def report_cured(
    was: Loan, context: Context, event: events.AboutLoan, bank_id: str, now: datetime
) -> LoanChange | None:
    """Nothing to do where the loan is cured by our figures too; else a difference."""
    TABLE.require("loan.cured", was, "bank", context, now)
    differences = reports.different_days(position_on(was, context.product, business_date(now)), 0)
    return _reported(was, "loan.cured", now, {"dpd": 0}, differences) if differences else None


def grant_hardship(was: Loan, context: Context, event: events.Hardship, bank_id: str, now: datetime) -> LoanChange:
    """A pause: its days neither count as overdue nor bear penalty. It answers what the borrower has asked for."""
    TABLE.require("hardship.granted", was, "bank", context, now)
    if event.from_on >= event.to_on or (was.folded_on and event.from_on < was.folded_on):
        raise reports.ValueDateTooFarBack("The loan cannot be paused on those days.", earliest=f"{was.folded_on}")
    pauses = merged((*was.pauses, Pause(from_on=event.from_on, to_on=event.to_on)))
    days = sum((pause.to_on - pause.from_on).days for pause in pauses)
    if days > context.policy.pause_days:
        raise PauseTooLong(say("That would be {days} days.", days=days), days=days, most_days=context.policy.pause_days)
    must_have_room(len(pauses) - 1, MOST_PAUSES, TooManyFacts)
    return _paused(was, replace(was, hardship=None), pauses, "hardship.granted", context, event, now)


def end_hardship(was: Loan, context: Context, event: events.Hardship, bank_id: str, now: datetime) -> LoanChange:
    """The pause that has `from` among its days ends before `to`."""
    TABLE.require("hardship.ended", was, "bank", context, now)
    running = next((pause for pause in was.pauses if pause.from_on <= event.from_on < pause.to_on), None)
    if running is None or event.to_on > running.to_on:
        raise NoSuchPause(say("No pause has {from_on} to {to_on}.", from_on=event.from_on, to_on=event.to_on))
    cut = [replace(running, to_on=event.to_on)] if event.to_on > running.from_on else []
    pauses = merged((*(pause for pause in was.pauses if pause != running), *cut))
    return _paused(was, was, pauses, "hardship.ended", context, event, now)


def declare_default(
    was: Loan, context: Context, event: events.DefaultDeclared, bank_id: str, now: datetime
) -> LoanChange:
    """Only the bank declares a default (credit.md P6)."""
    TABLE.require("default.declared", was, "bank", context, now)
    reports.require_currency(was, event.currency)
    reports.require_value_date(was, context, event.business_date, now)
    position = position_on(was, context.product, event.business_date)
    return worked_out(
        was,
        replace(was, defaulted_on=event.business_date),
        "default.declared",
        context,
        now,
        payload={"cause": event.cause, "amount_minor": event.amount, "bank_ref": event.bank_ref},
        differences=reports.differing("owed", position.payoff_minor, event.amount, len(position.portions)),
    )


def revoke_default(was: Loan, context: Context, event: events.AboutLoan, bank_id: str, now: datetime) -> LoanChange:
    TABLE.require("default.revoked", was, "bank", context, now)
    loan = replace(was, defaulted_on=None)
    return worked_out(was, loan, "default.revoked", context, now, payload={"bank_ref": event.bank_ref})


def write_off(was: Loan, context: Context, event: events.WrittenOff, bank_id: str, now: datetime) -> LoanChange:
    """The bank gives up all that is owed on that day. What still comes is a recovery."""
    TABLE.require("loan.written_off", was, "bank", context, now)
    reports.require_currency(was, event.currency)
    reports.require_value_date(was, context, event.business_date, now)
    loan = replace(was, written_off_on=event.business_date, written_off_told_at=now, status="written_off")
    owed = position_on(loan, context.product, event.business_date).payoff_minor
    return worked_out(
        was,
        loan,
        "loan.written_off",
        context,
        now,
        payload={"amount_minor": event.amount, "bank_ref": event.bank_ref},
        differences=reports.differing("owed", owed, event.amount, len(loan.portions)),
        book=mirror.written_off,
    )


def close(was: Loan, context: Context, event: events.AboutLoan, bank_id: str, now: datetime) -> LoanChange | None:
    """The bank closes its file of a loan of which nothing is owed any more. One that guarantors settled stays open for their claims."""
    TABLE.require("loan.closed", was, "bank", context, now)
    if was.status == "settled_by_guarantors":
        return None
    return TABLE.change(
        was,
        "loan.closed",
        now,
        event=EVENTS["loan.closed"],
        payload={"bank_ref": event.bank_ref, "repaid_on_time": was.repaid_on_time},
        status="closed",
    )


# --- parts of them ----------------------------------------------------------------------------------------------------


def _paused(
    was: Loan,
    loan: Loan,
    pauses: tuple[Pause, ...],
    name: str,
    context: Context,
    event: events.Hardship,
    now: datetime,
) -> LoanChange:
    return worked_out(
        was,
        replace(loan, pauses=pauses),
        name,
        context,
        now,
        payload={"from_on": event.from_on, "to_on": event.to_on, "bank_ref": event.bank_ref},
    )


def _reported(
    was: Loan, name: str, now: datetime, payload: dict[str, Any], differences: list[Difference]
) -> LoanChange:
    facts = {**payload, "differences": differences} if differences else payload
    return TABLE.change(was, name, now, event=EVENTS[name], payload=facts)
