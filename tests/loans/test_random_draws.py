"""Random draws, cancellations, failures, disbursements, repayments and reversals on two lines: line and limit hold what the loans come to."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from chalicelib.loans.aggregate import LOANS
from chalicelib.loans.rules.loan import Loan
from tests.bank_events.conftest import Bank, bank, books
from tests.loans.drawing import MILLION, Drawer, drawer
from tests.size import at_size

__all__ = ["Bank", "bank", "drawer"]

WALKS, STEPS = at_size(40, 3), 25


class Walk:
    def __init__(self, drawer: Drawer, seed: int) -> None:
        self.drawer, self.chance = drawer, random.Random(seed)
        self.lines = [drawer.lender.line_id, drawer.line("boc-term", limit_of_firm=MILLION)]
        self.loans: list[str] = []

    def state(self, loan_id: str) -> Loan:
        loaded = LOANS.load(loan_id, self.drawer.lender.time.at)
        assert loaded is not None
        return loaded.state

    def step(self) -> None:
        known = [self.state(each) for each in self.loans]
        requested = [each for each in known if each.status == "draw_requested"]
        owing = [each for each in known if each.value_on and each.outstanding_minor]
        paid = [each for each in known if any(repayment.kept_minor for repayment in each.repayments)]
        moves: list[tuple[Callable[[Any], None], Sequence[Any]]] = [
            (self.draw, [None]),
            (self.cancel, requested),
            (self.fail, requested),
            (self.disburse, requested),
            (self.repay, owing),
            (self.reverse, paid),
        ]
        move, among = self.chance.choice([each for each in moves if each[1]])
        move(self.chance.choice(among))

    def draw(self, _: None) -> None:
        minor = self.chance.randrange(1_000_000, 60_000_000)
        reply = self.drawer.draw(f"{minor // 100}.{minor % 100:02d}", self.chance.choice(self.lines))
        assert reply.status in (201, 409), reply.body
        if reply.status == 201:
            self.loans.append(reply["id"])

    def cancel(self, loan: Loan) -> None:
        assert self.drawer.post(f"/v1/loans/{loan.id}/cancel").status == 200

    def fail(self, loan: Loan) -> None:
        assert self.drawer.of_draw("draw.failed", loan.id, reason="No.") == ("applied", None)

    def disburse(self, loan: Loan) -> None:
        self.drawer.disburse(loan.id, loan.amount_minor)

    def repay(self, loan: Loan) -> None:
        minor = self.chance.choice((loan.outstanding_minor, self.chance.randrange(1, loan.outstanding_minor + 1)))
        assert self.drawer.lender.pay(loan.id, minor) == ("applied", None)

    def reverse(self, loan: Loan) -> None:
        repayment = self.chance.choice([each for each in loan.repayments if each.kept_minor])
        data = {"original_bank_ref": repayment.bank_ref, "amount": repayment.kept_minor}
        assert self.drawer.lender.tell("repayment.reversed", loan.id, **data) == ("applied", None)

    def must_add_up(self) -> None:
        known = [self.state(each) for each in self.loans]
        pending, outstanding = sum(each.pending_minor for each in known), sum(each.outstanding_minor for each in known)
        assert self.drawer.exposed() == (MILLION - pending - outstanding, pending, outstanding)
        for line_id in self.lines:
            on_it = [each for each in known if each.line_id == line_id]
            seen = self.drawer.trade.api.get(f"/v1/credit-lines/{line_id}", self.drawer.trade.supplier)
            amounts = [int(seen[name]["amount"].replace(".", "")) for name in ("pending", "outstanding")]
            assert amounts == [sum(each.pending_minor for each in on_it), sum(each.outstanding_minor for each in on_it)]


@pytest.mark.parametrize("seed", range(WALKS))
def test_line_and_limit_hold_what_the_loans_come_to(drawer: Drawer, seed: int) -> None:
    walk = Walk(drawer, seed)
    for _ in range(STEPS):
        walk.step()
        walk.must_add_up()
    books()
