"""Another schedule for what is still to be paid. Pure.

The new instalments take over principal from the latest of the old ones backwards, so what the bank left out stays due as it was, and what was
meanwhile paid comes off the new ones, the oldest first. A restructuring takes over what was overdue too: its interest and penalty are then
to be paid with the first new instalment.
"""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.loans.rules.interest import Bearing
from chalicelib.loans.rules.loan import Portion, ScheduleChange, portions_of


def rescheduled(old: Sequence[Portion], change: ScheduleChange, bearing: Bearing) -> list[Portion]:
    """The instalments from the day of the change on, those of earlier days among them."""
    new = portions_of(change.instalments)
    _take_over_principal(old, new)
    kept = [each for each in old if each.due_on <= change.on]
    ahead = [each for each in old if each.due_on > change.on]
    first = new[0]
    if change.restructures:
        for portion in kept:
            _carry(portion, first, bearing)
    first.principal_days = bearing.elapsed(first, change.on) * (first.balance_minor or 1)
    return sorted([*kept, *_left_of(ahead, change), *new], key=lambda each: each.due_on)


def _take_over_principal(old: Sequence[Portion], new: Sequence[Portion]) -> None:
    """What the new schedule pays back, the old one no longer does."""
    wanted = sum(each.principal_minor for each in new)
    for portion in reversed(old):
        taken = min(wanted, portion.unpaid_principal_minor)
        portion.principal_minor -= taken
        wanted -= taken
    for portion in new:
        paid = min(wanted, portion.principal_minor)
        portion.principal_minor -= paid
        wanted -= paid


def _carry(portion: Portion, first: Portion, bearing: Bearing) -> None:
    """Move unpaid interest, penalty and fee of an old instalment to a new one."""
    interest, penalty = bearing.unpaid_interest_minor(portion), bearing.unpaid_penalty_minor(portion)
    first.carried_interest_minor += interest
    portion.carried_interest_minor -= interest
    first.carried_penalty_minor += penalty
    portion.carried_penalty_minor -= penalty
    first.fee_minor += portion.unpaid_fee_minor
    portion.fee_minor = portion.fee_paid_minor


def _left_of(ahead: Sequence[Portion], change: ScheduleChange) -> list[Portion]:
    """Old instalments that were still to come, without the interest which the new ones ask for: what of them is paid or left over."""
    left = []
    for portion in ahead:
        if portion.principal_minor or portion.fee_paid_minor or portion.interest_paid_minor:
            day = portion.due_on if portion.unpaid_principal_minor else change.on
            left.append(
                Portion(
                    number=portion.number,
                    from_on=day,
                    until_on=day,
                    due_on=day,
                    principal_minor=portion.principal_minor,
                    interest_minor=0,
                    fee_minor=portion.fee_paid_minor,
                    balance_minor=portion.balance_minor,
                    principal_paid_minor=portion.principal_paid_minor,
                    interest_paid_minor=portion.interest_paid_minor,
                    charged_interest_minor=portion.interest_paid_minor,
                    fee_paid_minor=portion.fee_paid_minor,
                )
            )
    return left
