"""Another schedule for a loan, as its bank reports it. Pure. One that asks for more than the one in force needs the borrower's signature."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from itertools import pairwise

from msgspec.structs import replace

from chalicelib.credit.rules.schedule import Instalment
from chalicelib.credit.rules.terms import require_agreed_rate
from chalicelib.loans.rules.events import ScheduleChanged
from chalicelib.loans.rules.folding import with_room
from chalicelib.loans.rules.loan import Context, Loan, PlannedInstalment, Release, ScheduleChange
from chalicelib.loans.rules.payoff import outlook
from chalicelib.loans.rules.position import Position, position_on
from chalicelib.loans.rules.reports import ValueDateTooFarBack, require_currency, require_value_date
from chalicelib.loans.rules.standing import guaranteed_until, worked_out
from chalicelib.loans.rules.transitions import TABLE, LoanChange
from chalicelib.shared.errors import Conflict, RuleViolation
from chalicelib.shared.periods import business_date
from chalicelib.shared.texts import say


class BadSchedule(RuleViolation):
    code = "bad_schedule"
    title = "That schedule cannot be."
    fix = "Send instalments in the order of their due dates that pay back exactly what is lent."


class ScheduleVersionTaken(Conflict):
    code = "schedule_version_not_next"
    title = "That is not the next version of the schedule."
    fix = "Number versions of a loan's schedule one after the other."


class BorrowerUnsigned(Conflict):
    code = "schedule_needs_consent"
    title = "The schedule is heavier than the one in force, and the borrower has not signed it."
    fix = "Propose it as a restructuring, and name that in consent_refs once it is signed."


def change_schedule(was: Loan, context: Context, event: ScheduleChanged, bank_id: str, now: datetime) -> LoanChange:
    """Another schedule for what is still to be paid. One that asks for more needs the borrower's signature."""
    TABLE.require("schedule.changed", was, "bank", context, now)
    require_currency(was, event.currency)
    require_value_date(was, context, event.business_date, now)
    require_agreed_rate(event.rate_bp, was.rate_bp)
    if event.version != was.schedule_version + 1:
        raise ScheduleVersionTaken(
            say("Version {version} is not the next.", version=event.version), expected=was.schedule_version + 1
        )
    loan, on = with_room(was, context, business_date(now)), event.business_date
    if any(change.on > on for change in was.changes):
        raise ValueDateTooFarBack("A later schedule is in force.", param="data.business_date", earliest=f"{on}")
    position = position_on(was, context.product, on)
    change = ScheduleChange(version=event.version, on=on, instalments=schedule_of(event.schedule, on, position))
    signed = _signed(was, event)
    change = _checked(change, position, is_signed=signed)
    released = _released(was) if signed else was.released
    if signed:
        loan = replace(
            loan,
            restructuring=None,
            restructured_on=on,
            released=released,
            guaranteed_until=_guaranteed_until(was, event.schedule[-1].due_date),
        )
    return worked_out(
        was,
        replace(loan, changes=(*loan.changes, change), schedule_version=event.version),
        "schedule.changed",
        context,
        now,
        payload={
            "version": event.version,
            "on": on,
            "restructures": change.restructures,
            "bank_ref": event.bank_ref,
            **({"released_seats": was.unconsented} if signed and was.unconsented else {}),
        },
    )


def schedule_of(rows: list[PlannedInstalment], on: date, position: Position | None = None) -> tuple[Instalment, ...]:
    """A bank's schedule as instalments: each bears interest from the due date before."""
    dates = [each.due_date for each in rows]
    if any(one >= other for one, other in pairwise([on, *dates])):
        raise BadSchedule("Due dates have to ascend, and to lie after the first day.", param="data.schedule")
    starts = [_unpaid_since(position, on) if position else on, *dates]
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
        for start, each in zip(starts, rows, strict=False)
    )


def _unpaid_since(position: Position, on: date) -> date:
    """From when the interest of the instalment that runs is unpaid: the first new one asks for it."""
    running = next((each for each in position.portions if each.due_on > on), None)
    return min(on, running.from_on) if running and position.bearing.unpaid_interest_minor(running) else on


def _signed(loan: Loan, event: ScheduleChanged) -> bool:
    """Whether the borrower has signed this very schedule, as the restructuring that the event names."""
    proposed = loan.restructuring
    if proposed is None or not proposed.signed_by or proposed.id not in event.consent_refs:
        return False
    return proposed.planned == tuple(event.schedule)


def _released(was: Loan) -> tuple[Release, ...]:
    """Guarantors that have not consented to what is heavier answer for so much less, beside what they were released of before."""
    more = was.restructuring.heavier.minor if was.restructuring and was.restructuring.heavier else 0
    sums = Counter({each.seat: each.minor for each in was.released})
    sums.update(dict.fromkeys(was.unconsented, more))
    return tuple(Release(seat=seat, minor=minor) for seat, minor in sorted(sums.items()))


def _guaranteed_until(was: Loan, last_due_on: date) -> date | None:
    """Another end of the loan moves the guarantee period where every guarantor has consented, and never to an earlier day."""
    if was.guaranteed_until is None or was.unconsented:
        return was.guaranteed_until
    return max(was.guaranteed_until, guaranteed_until(was, last_due_on) or was.guaranteed_until)


def _checked(change: ScheduleChange, position: Position, *, is_signed: bool) -> ScheduleChange:
    """BadSchedule where it does not pay back what is lent; BorrowerUnsigned where it asks for more than the one in force and is not signed."""
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
    in_force = outlook(position).total_minor - position.due_minor
    is_later = not ahead or change.instalments[-1].due_on > ahead[-1].due_on
    if principal != not_due or is_later or total > in_force + len(ahead):
        raise BorrowerUnsigned(
            "It asks for more than the schedule in force.", total_minor=total, in_force_minor=in_force
        )
    return change
