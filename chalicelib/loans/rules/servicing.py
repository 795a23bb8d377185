"""What a bank reports of a loan, as changes of it. Pure.

The bank's word stands: where its figure is another than ours the books follow it and the entry tells of the difference. What cannot be is
refused by name.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import Any

from msgspec.structs import asdict, replace

from chalicelib.credit.rules.schedule import Instalment
from chalicelib.loans.rules import mirror
from chalicelib.loans.rules.events import (
    AboutLoan,
    Charged,
    DefaultDeclared,
    Disbursed,
    Hardship,
    Overdue,
    RecoveryReceived,
    RepaymentReceived,
    RepaymentReversed,
    ScheduleChanged,
    WrittenOff,
)
from chalicelib.loans.rules.folding import with_room
from chalicelib.loans.rules.interest import merged
from chalicelib.loans.rules.loan import (
    MOST_PAUSES,
    Booked,
    Charge,
    ChargeKind,
    Context,
    Loan,
    Pause,
    Payer,
    PlannedInstalment,
    Portion,
    Repayment,
    ScheduleChange,
    Split,
    TooManyFacts,
    portions_of,
)
from chalicelib.loans.rules.position import Position, position_on
from chalicelib.loans.rules.standing import Difference, event_of, worked_out
from chalicelib.loans.rules.transitions import TABLE, LoanChange
from chalicelib.shared.bounds import must_have_room
from chalicelib.shared.errors import Conflict, RuleViolation
from chalicelib.shared.money import divide
from chalicelib.shared.periods import business_date

_RECOVERY = "recovery:"
"""Before the reference of a recovery: the bank may call a repayment the same."""


class WrongCurrency(RuleViolation):
    code = "loan_in_another_currency"
    title = "The loan is in another currency."
    fix = "Report amounts in the currency of the loan."


class ValueDateTooFarBack(RuleViolation):
    code = "value_date_too_far_back"
    title = "That day of the loan can no longer be changed."
    fix = "Report it with a value date from `earliest` on."


class ValueDateAhead(RuleViolation):
    code = "value_date_ahead"
    title = "That day has not come yet."
    fix = "Report it when it has happened."


class RepaymentNotKnown(Conflict):
    code = "repayment_not_known"
    title = "The loan has no such repayment that could be reversed."
    fix = "Name the bank_ref of a repayment of this loan."


class ReversedTooMuch(RuleViolation):
    code = "reversed_too_much"
    title = "So much of that repayment is not there."
    fix = "Reverse at most `left_minor`."


class SplitTooLarge(RuleViolation):
    code = "split_exceeds_the_amount"
    title = "The parts of the payment are more than the payment."
    fix = "Let the parts add up to the amount at most."


class BadSchedule(RuleViolation):
    code = "bad_schedule"
    title = "That schedule cannot be."
    fix = "Send instalments in the order of their due dates that pay back exactly what is lent."


class ScheduleVersionTaken(Conflict):
    code = "schedule_version_not_next"
    title = "That is not the next version of the schedule."
    fix = "Number versions of a loan's schedule one after the other."


class ConsentMissing(Conflict):
    code = "schedule_needs_consent"
    title = "The schedule is heavier than the one in force, and the borrower has not signed it."
    fix = "Propose it as a restructuring, and name that in consent_refs once it is signed."


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


def disburse(was: Loan, context: Context, event: Disbursed, bank_id: str, now: datetime) -> LoanChange:
    """The draw becomes a loan with the bank's schedule. The product's fee is taken at once."""
    TABLE.require("draw.disbursed", was, "bank", context, now)
    _require_currency(was, event.currency)
    if event.amount != was.amount_minor:
        raise AmountNotDisbursed("The bank disbursed another amount.", asked_minor=was.amount_minor)
    _require_past(event.value_date, business_date(now), context)
    schedule = _schedule(event.schedule, event.value_date)
    if sum(each.principal_minor for each in schedule) != event.amount:
        raise BadSchedule("The instalments do not pay back what was lent.", param="data.schedule")
    fee = divide(event.amount * context.product.fee_bp, 10_000, "half_up")
    first = Portion(
        number=0,
        from_on=event.value_date,
        until_on=event.value_date,
        due_on=event.value_date,
        principal_minor=0,
        interest_minor=0,
        fee_minor=fee,
        balance_minor=0,
        fee_paid_minor=fee,
    )
    loan = replace(
        was,
        value_on=event.value_date,
        folded_on=event.value_date,
        rate_bp=event.rate_bp,
        due_at=None,
        status="current",
        portions=(*((first,) if fee else ()), *portions_of(schedule)),
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
        postings=mirror.disbursed(loan, fee),
    )


def receive_repayment(was: Loan, context: Context, event: RepaymentReceived, bank_id: str, now: datetime) -> LoanChange:
    """A payment, in whatever order and of whatever size. What nothing is owed for is surplus."""
    TABLE.require("repayment.received", was, "bank", context, now)
    split = event.split.of(event.amount) if event.split else None
    if split and split.surplus_minor < 0:
        raise SplitTooLarge("The parts are more than the amount.", param="data.split", amount_minor=event.amount)
    return _received(
        was, context, "repayment.received", event, event.bank_ref, event.payer.kind, now, split, event.outstanding_after
    )


def receive_recovery(was: Loan, context: Context, event: RecoveryReceived, bank_id: str, now: datetime) -> LoanChange:
    """Money for a loan in default goes to what is owed; for one that was written off it stands by itself."""
    TABLE.require("recovery.received", was, "bank", context, now)
    if not was.written_off_on:
        reference = f"{_RECOVERY}{event.bank_ref}"
        return _received(was, context, "recovery.received", event, reference, event.source, now)
    _require_currency(was, event.currency)
    _require_value_date(was, context, event.business_date, now)
    return worked_out(
        was,
        was,
        "recovery.received",
        context,
        now,
        payload={"amount_minor": event.amount, "source": event.source, "bank_ref": event.bank_ref},
        book=lambda loan, position: mirror.recovered(loan, event.amount),
    )


def reverse_repayment(was: Loan, context: Context, event: RepaymentReversed, bank_id: str, now: datetime) -> LoanChange:
    """The bank takes back a payment, or part of it: the loan stands as if that had never come."""
    TABLE.require("repayment.reversed", was, "bank", context, now)
    _require_currency(was, event.currency)
    names = (event.original_bank_ref, f"{_RECOVERY}{event.original_bank_ref}")
    paid = next((each for each in was.repayments if each.bank_ref in names and each.kept_minor), None)
    if paid is None:
        raise RepaymentNotKnown(f"There is no repayment {event.original_bank_ref!r:.60}.")
    if event.amount > paid.kept_minor:
        raise ReversedTooMuch("More is taken back than is left.", left_minor=paid.kept_minor)
    must_have_room(paid.reversals, 4, TooManyFacts)
    after = paid.with_reversal(event.bank_ref, event.amount)
    loan = replace(was, repayments=tuple(after if each is paid else each for each in was.repayments))
    return worked_out(
        was,
        loan,
        "repayment.reversed",
        context,
        now,
        payload={
            "amount_minor": event.amount,
            "value_on": paid.value_on,
            "original_bank_ref": event.original_bank_ref,
            "bank_ref": event.bank_ref,
            "reason": event.reason,
            "was_repaid_on_time": was.repaid_on_time,
        },
    )


def _charge(kind: ChargeKind, was: Loan, context: Context, event: Charged, bank_id: str, now: datetime) -> LoanChange:
    """What the bank says the loan has borne on some days takes the place of what we have for them."""
    name, today = f"{kind}.charged", business_date(now)
    TABLE.require(name, was, "bank", context, now)
    _require_currency(was, event.currency)
    _require_value_date(was, context, event.to_on, now)
    if event.from_on >= event.to_on or (was.folded_on and event.from_on < was.folded_on):
        raise ValueDateTooFarBack("Those days cannot be told any more.", param="data.from", earliest=f"{was.folded_on}")
    loan = with_room(was, context, today)
    start, end = (position_on(was, context.product, day) for day in (event.from_on, event.to_on))
    borne = {"interest": end.borne_interest_minor - start.borne_interest_minor}
    borne["penalty"] = end.borne_penalty_minor - start.borne_penalty_minor
    over = event.amount - borne[kind]
    if over:
        loan = replace(loan, charges=(*loan.charges, Charge(kind=kind, until_on=event.to_on, over_minor=over)))
    periods = sum(1 for each in end.portions if event.from_on < each.until_on and each.from_on < event.to_on)
    return worked_out(
        was,
        loan,
        name,
        context,
        now,
        payload={
            "amount_minor": event.amount,
            "from_on": event.from_on,
            "to_on": event.to_on,
            "bank_ref": event.bank_ref,
        },
        differences=_differences(kind, borne[kind], event.amount, periods),
    )


charge_interest = partial(_charge, "interest")
charge_penalty = partial(_charge, "penalty")


def change_schedule(was: Loan, context: Context, event: ScheduleChanged, bank_id: str, now: datetime) -> LoanChange:
    """Another schedule for what is still to be paid. One that asks for more needs the borrower's signature."""
    TABLE.require("schedule.changed", was, "bank", context, now)
    _require_currency(was, event.currency)
    _require_value_date(was, context, event.business_date, now)
    if event.version != was.schedule_version + 1:
        raise ScheduleVersionTaken(f"Version {event.version} is not the next.", expected=was.schedule_version + 1)
    loan, on = with_room(was, context, business_date(now)), event.business_date
    if any(change.on > on for change in was.changes):
        raise ValueDateTooFarBack("A later schedule is in force.", param="data.business_date", earliest=f"{on}")
    position = position_on(was, context.product, on)
    change = ScheduleChange(version=event.version, on=on, instalments=_schedule(event.schedule, on, position))
    signed = _signed(was, event)
    change = _checked(change, position, is_signed=signed)
    if signed:
        loan = replace(loan, restructuring=None, restructured_on=on)
    return worked_out(
        was,
        replace(loan, changes=(*loan.changes, change), schedule_version=event.version),
        "schedule.changed",
        context,
        now,
        payload={"version": event.version, "on": on, "restructures": change.restructures, "bank_ref": event.bank_ref},
    )


def report_overdue(was: Loan, context: Context, event: Overdue, bank_id: str, now: datetime) -> LoanChange:
    """The bank's days past due beside ours."""
    TABLE.require("loan.overdue", was, "bank", context, now)
    _require_currency(was, event.currency)
    _require_value_date(was, context, event.business_date, now)
    position = position_on(was, context.product, event.business_date)
    differences = [
        *_differences("overdue", position.overdue_minor, event.amount, len(position.portions)),
        *_different_days(position, event.dpd),
    ]
    return _reported(was, "loan.overdue", now, {"dpd": event.dpd, "amount_minor": event.amount}, differences)


def report_cured(was: Loan, context: Context, event: AboutLoan, bank_id: str, now: datetime) -> LoanChange | None:
    """Nothing to do where the loan is cured by our figures too; else a difference."""
    TABLE.require("loan.cured", was, "bank", context, now)
    differences = _different_days(position_on(was, context.product, business_date(now)), 0)
    return _reported(was, "loan.cured", now, {"dpd": 0}, differences) if differences else None


def grant_hardship(was: Loan, context: Context, event: Hardship, bank_id: str, now: datetime) -> LoanChange:
    """A pause: its days neither count as overdue nor bear penalty. It answers what the borrower has asked for."""
    TABLE.require("hardship.granted", was, "bank", context, now)
    if event.from_on >= event.to_on or (was.folded_on and event.from_on < was.folded_on):
        raise ValueDateTooFarBack("The loan cannot be paused on those days.", earliest=f"{was.folded_on}")
    pauses = merged((*was.pauses, Pause(from_on=event.from_on, to_on=event.to_on)))
    days = sum((pause.to_on - pause.from_on).days for pause in pauses)
    if days > context.policy.pause_days:
        raise PauseTooLong(f"That would be {days} days.", days=days, most_days=context.policy.pause_days)
    must_have_room(len(pauses) - 1, MOST_PAUSES, TooManyFacts)
    return _paused(was, replace(was, hardship=None), pauses, "hardship.granted", context, event, now)


def end_hardship(was: Loan, context: Context, event: Hardship, bank_id: str, now: datetime) -> LoanChange:
    """The pause that has `from` among its days ends before `to`."""
    TABLE.require("hardship.ended", was, "bank", context, now)
    running = next((pause for pause in was.pauses if pause.from_on <= event.from_on < pause.to_on), None)
    if running is None or event.to_on > running.to_on:
        raise NoSuchPause(f"No pause has {event.from_on} to {event.to_on}.")
    cut = [replace(running, to_on=event.to_on)] if event.to_on > running.from_on else []
    pauses = merged((*(pause for pause in was.pauses if pause != running), *cut))
    return _paused(was, was, pauses, "hardship.ended", context, event, now)


def declare_default(was: Loan, context: Context, event: DefaultDeclared, bank_id: str, now: datetime) -> LoanChange:
    """Only the bank declares a default (credit.md P6)."""
    TABLE.require("default.declared", was, "bank", context, now)
    _require_currency(was, event.currency)
    _require_value_date(was, context, event.business_date, now)
    position = position_on(was, context.product, event.business_date)
    return worked_out(
        was,
        replace(was, defaulted_on=event.business_date),
        "default.declared",
        context,
        now,
        payload={"cause": event.cause, "amount_minor": event.amount, "bank_ref": event.bank_ref},
        differences=_differences("owed", position.payoff_minor, event.amount, len(position.portions)),
    )


def revoke_default(was: Loan, context: Context, event: AboutLoan, bank_id: str, now: datetime) -> LoanChange:
    TABLE.require("default.revoked", was, "bank", context, now)
    loan = replace(was, defaulted_on=None)
    return worked_out(was, loan, "default.revoked", context, now, payload={"bank_ref": event.bank_ref})


def write_off(was: Loan, context: Context, event: WrittenOff, bank_id: str, now: datetime) -> LoanChange:
    """The bank gives up all that is owed on that day. What still comes is a recovery."""
    TABLE.require("loan.written_off", was, "bank", context, now)
    _require_currency(was, event.currency)
    _require_value_date(was, context, event.business_date, now)
    loan = replace(was, written_off_on=event.business_date, status="written_off")
    owed = position_on(loan, context.product, event.business_date).payoff_minor
    return worked_out(
        was,
        loan,
        "loan.written_off",
        context,
        now,
        payload={"amount_minor": event.amount, "bank_ref": event.bank_ref},
        differences=_differences("owed", owed, event.amount, len(loan.portions)),
        book=mirror.written_off,
    )


def close(was: Loan, context: Context, event: AboutLoan, bank_id: str, now: datetime) -> LoanChange:
    """The bank closes its file of a loan of which nothing is owed any more."""
    TABLE.require("loan.closed", was, "bank", context, now)
    return TABLE.change(
        was,
        "loan.closed",
        now,
        event=event_of("loan.closed"),
        payload={"bank_ref": event.bank_ref, "repaid_on_time": was.repaid_on_time},
        status="closed",
    )


# --- parts of them ----------------------------------------------------------------------------------------------------


def _received(
    was: Loan,
    context: Context,
    name: str,
    event: RepaymentReceived | RecoveryReceived,
    reference: str,
    payer: Payer,
    now: datetime,
    split: Split | None = None,
    outstanding_after: int | None = None,
) -> LoanChange:
    _require_currency(was, event.currency)
    _require_value_date(was, context, event.business_date, now)
    loan = with_room(was, context, business_date(now))
    payment = Repayment(
        bank_ref=reference, value_on=event.business_date, amount_minor=event.amount, payer=payer, split=split
    )
    today = business_date(now)
    differences: list[Difference] = []
    if split:
        own = replace(loan, repayments=(*loan.repayments, replace(payment, split=None)))
        ours = position_on(own, context.product, today).splits[reference]
        differences += _different_split(ours, split, len(loan.portions))
    loan = replace(loan, repayments=(*loan.repayments, payment))
    if outstanding_after is not None:
        left = position_on(loan, context.product, today).principal_minor
        differences += _differences("outstanding", left, outstanding_after, 0)
    return worked_out(
        was,
        loan,
        name,
        context,
        now,
        payload={
            "amount_minor": event.amount,
            "value_on": event.business_date,
            "bank_ref": event.bank_ref,
            "payer": payer,
        },
        differences=differences,
    )


def _paused(
    was: Loan,
    loan: Loan,
    pauses: tuple[Pause, ...],
    name: str,
    context: Context,
    event: Hardship,
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
    return TABLE.change(was, name, now, event=event_of(name), payload=facts)


def _require_currency(loan: Loan, currency: str) -> None:
    if currency != loan.currency:
        raise WrongCurrency(f"The loan is in {loan.currency}.", param="data.currency", currency=loan.currency)


def _require_past(day: date, today: date, context: Context, earliest: date = date.min) -> None:
    earliest = max(earliest, today - timedelta(days=context.policy.backdated_days))
    if day < earliest:
        raise ValueDateTooFarBack(f"{day} is too far back.", earliest=earliest.isoformat())
    if day > today:
        raise ValueDateAhead(f"{day} is after {today}.", today=today.isoformat())


def _require_value_date(loan: Loan, context: Context, day: date, now: datetime) -> None:
    assert loan.folded_on is not None, "what has not been disbursed is refused by the table"
    _require_past(day, business_date(now), context, loan.folded_on)


def _schedule(told: list[PlannedInstalment], on: date, position: Position | None = None) -> tuple[Instalment, ...]:
    """A bank's schedule as instalments: each bears interest from the due date before, the first from that of the one that runs."""
    dates = [each.due_date for each in told]
    if any(one >= other for one, other in pairwise([on, *dates])):
        raise BadSchedule("Due dates have to ascend, and to lie after the first day.", param="data.schedule")
    running = next((each.from_on for each in position.portions if each.due_on > on), on) if position else on
    starts = [min(on, running), *dates]
    return tuple(
        Instalment(
            number=each.number,
            from_on=start,
            until_on=each.due_date,
            due_on=each.due_date,
            principal_minor=each.principal,
            interest_minor=each.interest,
            fee_minor=each.fee,
        )
        for start, each in zip(starts, told, strict=False)
    )


def _signed(loan: Loan, event: ScheduleChanged) -> bool:
    """Whether the borrower has signed this very schedule, as the restructuring that the event names."""
    proposed = loan.restructuring
    if proposed is None or not proposed.signed_by or proposed.id not in event.consent_refs:
        return False
    return proposed.planned == tuple(event.schedule)


def _checked(change: ScheduleChange, position: Position, *, is_signed: bool) -> ScheduleChange:
    """BadSchedule where it does not pay back what is lent; ConsentMissing where it asks for more than the one in force and is not signed."""
    principal = sum(each.principal_minor for each in change.instalments)
    ahead = [each for each in position.portions if each.due_on > change.on]
    not_due = sum(each.unpaid_principal_minor for each in ahead)
    if principal not in (not_due, position.principal_minor):
        raise BadSchedule(
            "The instalments do not pay back what is lent.",
            param="data.schedule",
            outstanding_minor=position.principal_minor,
        )
    if is_signed:
        return replace(change, restructures=True)
    total = sum(each.total_minor for each in change.instalments)
    in_force = sum(_still_to_pay(ahead))
    is_later = not ahead or change.instalments[-1].due_on > ahead[-1].due_on
    if principal != not_due or is_later or total > in_force + len(ahead):
        raise ConsentMissing("It asks for more than the schedule in force.", total_minor=total, in_force_minor=in_force)
    return change


def _still_to_pay(ahead: list[Portion]) -> list[int]:
    """What instalments to come will ask for if each is paid when it is due."""
    amounts, left = [], 0
    for portion in reversed(ahead):
        left += portion.unpaid_principal_minor
        interest = divide(portion.interest_minor * left, portion.balance_minor, "up") if portion.balance_minor else 0
        amounts.append(portion.unpaid_principal_minor + portion.unpaid_fee_minor + interest)
    return amounts


def _differences(of: str, ours: int, theirs: int, periods: int) -> list[Difference]:
    """What is more than a minor unit for each period."""
    return [{"of": of, "ours_minor": ours, "theirs_minor": theirs}] if abs(ours - theirs) > periods else []


def _different_split(ours: Split, theirs: Split, periods: int) -> list[Difference]:
    return [
        difference
        for part, minor in asdict(ours).items()
        for difference in _differences(part.removesuffix("_minor"), minor, getattr(theirs, part), periods)
    ]


def _different_days(position: Position, theirs: int) -> list[Difference]:
    return [{"of": "dpd", "ours": position.dpd, "theirs": theirs}] if position.dpd != theirs else []
