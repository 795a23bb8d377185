"""What it takes to pay a loan off on a day, and what payments to come would change. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec
from msgspec.structs import replace

from chalicelib.credit.rules.products import Product
from chalicelib.loans.rules.loan import Loan, Repayment, Split
from chalicelib.loans.rules.position import Position, copied, position_on


class Outlook(msgspec.Struct, frozen=True, kw_only=True):
    """A loan paid as its schedule asks from a day on: interest and penalty of its whole life, what is still to be paid, until when."""

    interest_minor: int
    penalty_minor: int
    total_minor: int
    repaid_on: date


class Simulation(msgspec.Struct, frozen=True, kw_only=True):
    """What payments would go to, and what is then still to be paid; `saved_minor` is the interest and penalty they save."""

    splits: dict[str, Split]
    position: Position
    before: Outlook
    after: Outlook

    @property
    def saved_minor(self) -> int:
        before, after = self.before, self.after
        return before.interest_minor + before.penalty_minor - after.interest_minor - after.penalty_minor


def with_payments(loan: Loan, payments: Sequence[tuple[date, int]]) -> Loan:
    """The loan as if these payments had come, named `1`, `2` … in their order."""
    more = (
        Repayment(bank_ref=str(number), value_on=on, amount_minor=minor)
        for number, (on, minor) in enumerate(payments, 1)
    )
    return replace(loan, repayments=(*loan.repayments, *more))


def simulated(loan: Loan, product: Product, payments: Sequence[tuple[date, int]], today: date) -> Simulation:
    """What these payments would change, if all else is then paid when it is due. Nothing of the loan is changed."""
    last = max([today, *(on for on, _ in payments)])
    paid = with_payments(loan, payments)
    position = position_on(paid, product, last)
    names = [str(number) for number, _ in enumerate(payments, 1)]
    return Simulation(
        splits={name: position.splits[name] for name in names},
        position=position,
        before=outlook(position_on(loan, product, today)),
        after=outlook(position),
    )


def outlook(position: Position) -> Outlook:
    """Carry a position on to its end: what is overdue is paid at once, the rest when it is due."""
    ahead = copied(position)
    total, repaid_on = 0, ahead.on
    for portion in ahead.portions:
        if portion.due_on > ahead.on:
            ahead.carry_to(portion.due_on)
        unpaid = ahead.due_minor
        if unpaid:
            ahead.pay(Repayment(bank_ref="", value_on=ahead.on, amount_minor=unpaid))
            total, repaid_on = total + unpaid, ahead.on
    return Outlook(
        interest_minor=ahead.borne_interest_minor,
        penalty_minor=ahead.borne_penalty_minor,
        total_minor=total,
        repaid_on=repaid_on,
    )
