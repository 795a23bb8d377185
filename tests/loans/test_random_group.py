"""Random draws of three members, what becomes of them, time that passes: the group's position is what its loans come to, after each step."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.groups.rules.position import SeatPosition
from chalicelib.loans.aggregate import LOANS
from chalicelib.loans.rules.loan import Loan
from tests.bank_events.conftest import bank, books
from tests.loans.grouped import Grouped, grouped
from tests.size import at_size

__all__ = ["bank", "grouped"]

WALKS, STEPS = at_size(40, 2), 25
REFUSED = {"draw_gate_not_reached", "group_limit_exceeded", "group_takes_no_draws", "seat_held"}


class Walk:
    def __init__(self, grouped: Grouped, seed: int) -> None:
        self.grouped, self.chance = grouped, random.Random(seed)
        self.loans: dict[str, int] = {}

    def state(self, loan_id: str) -> Loan:
        loaded = LOANS.load(loan_id, self.grouped.time.at)
        assert loaded is not None
        return loaded.state

    def step(self) -> None:
        known = [self.state(each) for each in self.loans]
        requested = [each for each in known if each.status == "draw_requested"]
        owing = [each for each in known if each.outstanding_minor and each.status != "defaulted"]
        paid = [each for each in known if any(repayment.kept_minor for repayment in each.repayments)]
        late = [each for each in known if each.status == "in_arrears"]
        moves: list[tuple[Callable[[Any], None], Sequence[Any]]] = [
            (self.draw, [1, 2, 3]),
            (self.cancel, requested),
            (self.disburse, requested),
            (self.repay, owing),
            (self.help, owing),
            (self.reverse, paid),
            (self.default, late),
            (self.wait, [5, 20]),
        ]
        move, among = self.chance.choice([each for each in moves if each[1]])
        move(self.chance.choice(among))

    def draw(self, seat: int) -> None:
        reply = self.grouped.draw(seat, f"{self.chance.randrange(10_000, 90_000)}.00")
        assert reply.status in (201, 409), reply.body
        if reply.status == 201:
            self.loans[reply["id"]] = seat
        else:
            assert reply["code"] in REFUSED

    def cancel(self, loan: Loan) -> None:
        assert self.grouped.firms[self.loans[loan.id]].post(f"/v1/loans/{loan.id}/cancel").status in (200, 409)

    def disburse(self, loan: Loan) -> None:
        due = self.grouped.time.at.date() + timedelta(days=20)
        half = loan.amount_minor // 2
        rows = ((due, half), (due + timedelta(days=20), loan.amount_minor - half))
        self.tell(
            "draw.disbursed",
            loan,
            amount=loan.amount_minor,
            value_date=self.grouped.time.at.date().isoformat(),
            rate_bp=1080,
            schedule=[
                {"number": number, "due_date": day.isoformat(), "principal": minor, "interest": 0}
                for number, (day, minor) in enumerate(rows, 1)
            ],
        )

    def repay(self, loan: Loan) -> None:
        self.tell("repayment.received", loan, amount=self.chance.choice((loan.outstanding_minor, 5_000_00)))

    def help(self, loan: Loan) -> None:
        assert loan.guarantee is not None
        payer = {"kind": "guarantor", "seat": self.chance.choice(loan.guarantee.seats)}
        self.tell("repayment.received", loan, amount=1_000_00, payer=payer)

    def reverse(self, loan: Loan) -> None:
        repayment = self.chance.choice([each for each in loan.repayments if each.kept_minor])
        about = {"original_bank_ref": repayment.bank_ref, "amount": repayment.kept_minor}
        self.tell("repayment.reversed", loan, **about)

    def default(self, loan: Loan) -> None:
        self.tell("default.declared", loan, cause="dpd", amount=loan.outstanding_minor)

    def wait(self, days: int) -> None:
        self.grouped.time.at += timedelta(days=days)
        self.grouped.lenders[1].sweep()
        self.grouped.bank.streams()

    def tell(self, kind: str, loan: Loan, **data: Any) -> None:
        """What the bank says counts, or is refused by name."""
        outcome, reason = self.grouped.lenders[self.loans[loan.id]].tell(kind, loan.id, **data)
        assert outcome == "applied" or reason, (kind, outcome)
        self.grouped.bank.streams()

    def must_add_up(self) -> None:
        position = self.grouped.position()
        known = [self.state(each) for each in self.loans]
        for seat in (1, 2, 3):
            own = [each for each in known if self.loans[each.id] == seat]
            assert position.seat(seat) == SeatPosition(
                number=seat,
                pending_minor=sum(each.pending_minor for each in own),
                outstanding_minor=sum(each.outstanding_minor for each in own),
                loans=sum(each.is_open for each in own),
                punctual=sum(each.punctual for each in own),
            )
        until = [each.guaranteed_until for each in known if each.guaranteed_until]
        assert position.guaranteed_until == max(until, default=None)


@pytest.mark.parametrize("seed", range(WALKS))
def test_a_groups_position_is_what_its_loans_come_to(grouped: Grouped, seed: int) -> None:
    walk = Walk(grouped, seed)
    for _ in range(STEPS):
        walk.step()
        walk.must_add_up()
    books()
