"""Where a loan stands on a day: its facts in the order of their value dates, worked out from the beginning. Pure.

Facts may be told in any order: the same facts come to the same position. On one day payments count before another schedule, and payments
among themselves in the order of their references.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import count

import msgspec
from msgspec.structs import replace

from chalicelib.credit.rules.products import Product
from chalicelib.loans.rules.allocation import allocate, allocate_as_split
from chalicelib.loans.rules.arrears import days_past_due, overdue_since, unpaid_minor
from chalicelib.loans.rules.interest import Bearing, merged
from chalicelib.loans.rules.loan import Charge, ChargeKind, Loan, Portion, Repayment, ScheduleChange, Split
from chalicelib.loans.rules.punctuality import due_dates, is_punctual
from chalicelib.loans.rules.rescheduling import rescheduled


class Position(msgspec.Struct, kw_only=True):
    """A loan on a day. Mutable while it is worked out; whoever gets one reads it.

    `punctual` instalments were paid by their due dates, where a group waits for that.
    `splits` are of the payments since the loan was folded, by the bank's reference. `worst_dpd` is of its whole life until that day.
    """

    on: date
    bearing: Bearing
    product: Product
    portions: list[Portion]
    splits: dict[str, Split] = {}
    surplus_folded_minor: int = 0
    worst_dpd: int = 0
    punctual: int = 0

    @property
    def principal_minor(self) -> int:
        """What is still lent."""
        return sum(each.unpaid_principal_minor for each in self.portions)

    @property
    def interest_minor(self) -> int:
        """Borne and not paid, be it due or not."""
        return sum(self.bearing.unpaid_interest_minor(each) for each in self.portions)

    @property
    def penalty_minor(self) -> int:
        return sum(self.bearing.unpaid_penalty_minor(each) for each in self.portions)

    @property
    def fee_minor(self) -> int:
        return sum(each.unpaid_fee_minor for each in self.portions)

    @property
    def payoff_minor(self) -> int:
        """What would pay the loan off on that day."""
        return self.principal_minor + self.interest_minor + self.penalty_minor + self.fee_minor

    @property
    def borne_interest_minor(self) -> int:
        """All interest so far: what the bank took ahead of its days among it."""
        return sum(max(self.bearing.interest_minor(each), each.interest_paid_minor) for each in self.portions)

    @property
    def borne_penalty_minor(self) -> int:
        return sum(max(self.bearing.penalty_minor(each), each.penalty_paid_minor) for each in self.portions)

    @property
    def borne_fee_minor(self) -> int:
        return sum(each.fee_minor for each in self.portions)

    @property
    def surplus_minor(self) -> int:
        """What was paid and nothing was owed for."""
        return self.surplus_folded_minor + sum(split.surplus_minor for split in self.splits.values())

    @property
    def overdue_since(self) -> date | None:
        return overdue_since(self.portions, self.on, self.bearing, self.product.materiality)

    @property
    def dpd(self) -> int:
        return days_past_due(self.overdue_since, self.on, self.bearing.pauses)

    @property
    def is_paused(self) -> bool:
        return any(pause.from_on <= self.on < pause.to_on for pause in self.bearing.pauses)

    @property
    def overdue_minor(self) -> int:
        """What was to be paid before that day and is not, penalty included."""
        return sum(self.owed_minor(each) for each in self.portions if each.due_on < self.on)

    @property
    def due_minor(self) -> int:
        """The same with what is to be paid on that day."""
        return sum(self.owed_minor(each) for each in self.portions if each.due_on <= self.on)

    def owed_minor(self, portion: Portion) -> int:
        return unpaid_minor(portion, self.bearing) + self.bearing.unpaid_penalty_minor(portion)

    def carry_to(self, day: date) -> None:
        """Let the days until then pass, in which nothing was paid."""
        self.bearing.advance(self.portions, self.on, day)
        self.on = day
        self.worst_dpd = max(self.worst_dpd, self.dpd)

    def pay(self, repayment: Repayment) -> None:
        """Spread a payment that has its value on that day."""
        self.splits[repayment.bank_ref] = (
            allocate_as_split(self.portions, repayment.split, self.on, self.bearing)
            if repayment.split
            else allocate(self.portions, repayment.kept_minor, self.on, self.product.allocation, self.bearing)
        )

    def charge(self, charge: Charge) -> None:
        """Let instalments bear what the bank charged over our figure: interest the one in whose period the days end, penalty the overdue ones.

        What it charged less is taken off what is unpaid, from the latest backwards.
        """
        ended = [each for each in self.portions if _is_charged(each, charge)] or self.portions[:1]
        paid, over = f"charged_{charge.kind}_minor", charge.over_minor
        for portion in reversed(ended):
            more = over if over > 0 else max(over, -self._unpaid_minor(portion, charge.kind))
            setattr(portion, paid, getattr(portion, paid) + more)
            over -= more

    def _unpaid_minor(self, portion: Portion, kind: ChargeKind) -> int:
        bearing = self.bearing
        return (bearing.unpaid_interest_minor if kind == "interest" else bearing.unpaid_penalty_minor)(portion)

    def reschedule(self, change: ScheduleChange) -> None:
        self.portions = rescheduled(self.portions, change, self.bearing)


def copied(position: Position) -> Position:
    """The same, to be carried on by itself."""
    return replace(position, portions=[replace(each) for each in position.portions], splits=dict(position.splits))


def position_on(loan: Loan, product: Product, on: date) -> Position:
    """Where the loan stands at the end of what is known of that day. It bears nothing after it was written off."""
    assert loan.folded_on is not None, f"{loan.id} has been disbursed"
    last = min(on, loan.written_off_on) if loan.written_off_on else on
    position = Position(
        on=loan.folded_on,
        bearing=Bearing.of(product, loan.rate_bp, merged(loan.pauses)),
        product=product,
        portions=[replace(each) for each in loan.portions],
        surplus_folded_minor=loan.surplus_folded_minor,
        worst_dpd=loan.worst_dpd,
        punctual=loan.punctual_folded,
    )
    return _carried(position, loan, last, from_on=loan.folded_on)


def carried_on(position: Position, loan: Loan, on: date) -> Position:
    """The same position on a later day of the loan."""
    return _carried(position, loan, on, from_on=position.on + timedelta(days=1))


def _carried(position: Position, loan: Loan, last: date, from_on: date) -> Position:
    """Let what happened on the days from one until another come to it."""
    facts, due = _by_day(loan), due_dates(loan)
    for day in sorted({*facts, *due}):
        if from_on <= day <= last:
            position.carry_to(day)
            for fact in facts.get(day, ()):
                _apply(position, fact)
            position.punctual += day in due and is_punctual(loan, position.portions, position.due_minor, day)
    if position.on < last:
        position.carry_to(last)
    return position


def _is_charged(portion: Portion, charge: Charge) -> bool:
    return (portion.from_on if charge.kind == "interest" else portion.due_on) < charge.until_on


Fact = Charge | Repayment | ScheduleChange


def _by_day(loan: Loan) -> dict[date, list[Fact]]:
    facts: dict[date, list[Fact]] = defaultdict(list)
    for charge in loan.charges:
        facts[charge.until_on].append(charge)
    for repayment in sorted(loan.repayments, key=lambda each: each.bank_ref):
        if repayment.kept_minor:
            facts[repayment.value_on].append(repayment)
    for change in loan.changes:
        facts[change.on].append(change)
    return facts


def _apply(position: Position, fact: Fact) -> None:
    match fact:
        case Charge():
            position.charge(fact)
        case Repayment():
            position.pay(fact)
        case ScheduleChange():
            position.reschedule(fact)


def arrears_on(position: Position) -> date | None:
    """The first day after that of the position on which it is a day past due, if nothing more is paid."""
    days = {each.due_on + timedelta(days=1) for each in position.portions} | {
        pause.to_on + timedelta(days=1) for pause in position.bearing.pauses
    }
    ahead = copied(position)
    for day in _after(days, position.on):
        ahead.carry_to(day)
        if ahead.dpd:
            return day
    return None


def next_punctual(loan: Loan, position: Position) -> date | None:
    """The next due date, if its instalment is paid already: the day on which it counts."""
    day = min((day for day in due_dates(loan) if day > position.on), default=None)
    if day is None:
        return None
    ahead = copied(position)
    ahead.carry_to(day)
    return day if is_punctual(loan, ahead.portions, ahead.due_minor, day) else None


def late_on(position: Position, days: int) -> date:
    """The day on which a loan in arrears is so many days past due, if nothing is paid."""
    since, pauses = position.overdue_since, position.bearing.pauses
    assert since is not None, "it is late"
    return next(
        day
        for day in (since + timedelta(days=days + paused) for paused in count())
        if days_past_due(since, day, pauses) == days
    )


def next_due(position: Position) -> Portion | None:
    """The next instalment of which something is unpaid, due that day or later."""
    return next(
        (
            each
            for each in position.portions
            if each.due_on >= position.on and (each.unpaid_principal_minor or each.interest_minor)
        ),
        None,
    )


def _after(days: Iterable[date], on: date) -> list[date]:
    return sorted(day for day in days if day > on)
