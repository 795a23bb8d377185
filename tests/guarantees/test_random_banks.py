"""Calls in the tables while a bank tells of payments, refunds and interest, and what it told comes late, twice and in any order.

After every round the books balance, what is due, paid and short is what the bank certified less what the debtor paid, and what the mirror
holds is what the calls say.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.guarantees.aggregate.calls import CALLS
from chalicelib.guarantees.rules.call import Call
from tests.guarantees.calling import SEATS
from tests.guarantees.standing import CID, Standing, bank, standing
from tests.size import at_size

__all__ = ["bank", "standing"]

M = 100_000_000
NET = 300_000_00


class Telling:
    """Two loans in default, for which C, D and E stand, C up to a cap over both; and what the bank tells of them."""

    def __init__(self, standing: Standing, seed: int) -> None:
        self.standing, self.chance = standing, random.Random(seed)
        self.by_debtor: Counter[str] = Counter()
        self.paid: list[tuple[str, str, int]] = []
        self.numbers = iter(range(1_000))
        limits, caps = dict.fromkeys("CDE", M), {"C": 250_000_00}
        self.calls = {debtor: standing.called(debtor, NET, limits, caps) for debtor in "AB"}

    def round(self) -> None:
        for _ in range(self.chance.randint(1, 4)):
            self.chance.choice((self.pay, self.pay, self.debtor_pays, self.take_back, self.people))()
        self.standing.streams(self.chance)
        if self.chance.random() < 0.3:
            self.standing.bank.streams.forget()
            self.standing.streams(self.chance)
        self.standing.run(days=self.chance.choice((0, 1, 6, 12)))

    def tell(self, debtor: str, kind: str, **data: Any) -> None:
        """Nobody follows it yet."""
        loan_id = self.standing.loans[debtor]
        assert self.standing.lines[loan_id].tell(kind, loan_id, **data)[0] == "applied"

    def pay(self) -> None:
        debtor, letter, ref = self.chance.choice("AB"), self.chance.choice("CDE"), f"P-{next(self.numbers)}"
        minor = self.chance.choice((1, 10_000_00, 50_000_00, 100_000_00, 133_333_33))
        named = {"call_id": f"C-{debtor}"} if self.chance.random() < 0.5 else {}
        payer = {"kind": "guarantor", "seat": SEATS[letter]}
        self.tell(debtor, "repayment.received", amount=minor, payer=payer, bank_ref=ref, **named)
        self.paid.append((debtor, ref, minor))

    def debtor_pays(self) -> None:
        debtor, minor = self.chance.choice("AB"), self.chance.choice((1, 20_000_00, 90_000_00))
        if self.by_debtor[debtor] + minor < NET:
            self.by_debtor[debtor] += minor
            self.tell(debtor, "repayment.received", amount=minor, bank_ref=f"D-{next(self.numbers)}")

    def take_back(self) -> None:
        if self.paid:
            debtor, ref, minor = self.paid.pop(self.chance.randrange(len(self.paid)))
            self.tell(debtor, "repayment.reversed", original_bank_ref=ref, amount=minor, reason="bounced")

    def people(self) -> None:
        """An officer confirms that somebody has failed, where one is overdue; a guarantor objects, where it still may."""
        debtor, letter = self.chance.choice("AB"), self.chance.choice("CDE")
        share = f"/v1/guarantee-calls/{self.calls[debtor]}/shares/{SEATS[letter]}"
        api = self.standing.api
        if self.chance.random() < 0.5:
            assert api.post(f"{share}/fail", None, CID).status in (200, 404, 409)
        else:
            body = {"reason": "We had left before this loan was drawn."}
            assert api.post(f"{share}/objections", body, self.standing.token(letter)).status in (200, 409)

    def state(self, debtor: str) -> Call:
        call = CALLS.repository.load(self.calls[debtor])
        assert call is not None
        return call


@pytest.mark.parametrize("seed", range(at_size(12, 3)))
def test_after_each_round_the_books_balance_and_nothing_is_collected_twice(standing: Standing, seed: int) -> None:
    telling = Telling(standing, seed)
    for _ in range(6):
        telling.round()
        assert_everything_holds(telling)
    for _ in range(20):
        standing.run(days=timedelta(days=30).days)
    assert_everything_holds(telling)
    assert {telling.state(debtor).status for debtor in "AB"} == {"closed"}


def assert_everything_holds(telling: Telling) -> None:
    due, refunds = Counter[str](), Counter[str]()
    for debtor in "AB":
        call = telling.state(debtor)
        net, paid = call.net_minor, call.paid_minor
        assert net == NET - telling.by_debtor[debtor]
        assert paid == sum(minor for of, _, minor in telling.paid if of == debtor)
        assert call.due_minor + call.shortfall_minor + min(paid, net) == net
        assert call.refund_minor == max(0, paid - net)
        for share in call.shares:
            due[f"guarantor_due:{share.member_id}"] += share.due_minor
            refunds[f"guarantor_refunds:{share.member_id}"] -= share.refund_minor
    mirror = telling.standing.mirror()
    assert {account: minor for account, minor in mirror.items() if account.startswith("guarantor_due")} == +due
    owed_back = {account: minor for account, minor in mirror.items() if account.startswith("guarantor_refunds")}
    assert owed_back == {account: minor for account, minor in refunds.items() if minor}
