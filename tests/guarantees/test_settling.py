"""What members owe one another after a call, from the bank's events to the last transfer: J13, J15, J16 and what comes in between, to the fen."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.guarantees.aggregate.pools import POOLS
from chalicelib.guarantees.examples import OPEN_POOL
from chalicelib.guarantees.rules import pool_handling
from chalicelib.shared.request import CLOCK, RequestContext
from tests.bank_events.conftest import Bank, books
from tests.guarantees import pooling
from tests.guarantees.calling import SEATS
from tests.guarantees.standing import ANN, CID, Standing, minor_of, stand, standing
from tests.loans.lending import plant_draw
from tests.world import StandingClock

__all__ = ["standing"]

M = 100_000_000
"""A million of yuan in fen."""
LETTERS = {seat: letter for letter, seat in SEATS.items()}


@dataclass
class Settling:
    """Members that pay one another after a call."""

    standing: Standing
    names: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def claims(self, status: str = "") -> dict[str, tuple[str, int]]:
        """`CB`: what C is owed by B, of claims of a status or of all that run: kind and what is left."""
        seen: dict[str, tuple[str, int]] = {}
        for loan_id in self.standing.loans.values():
            items = self.standing.api.get(f"/v1/member-claims?loan_id={loan_id}&limit=100", ANN)["items"]
            for each in items:
                left = minor_of(each["remaining"])
                if left and status in ("", each["status"]):
                    pair = f"{LETTERS[each['creditor']['seat']]}{LETTERS[each['debtor']['seat']]}"
                    seen[pair] = (each["kind"], left)
        return seen

    def left(self, status: str = "") -> dict[str, int]:
        return {pair: minor for pair, (_, minor) in self.claims(status).items()}

    def id_of(self, pair: str) -> str:
        creditor, debtor = pair[0], pair[1]
        items = self.standing.api.get("/v1/member-claims?as=creditor&limit=100", self.standing.token(creditor))["items"]
        [claim] = [
            each
            for each in items
            if each["debtor"]["seat"] == SEATS[debtor] and minor_of(each["remaining"]) and each["status"] != "paid"
        ]
        return str(claim["id"])

    def settle(self, pair: str, minor: int, claim_id: str = "") -> tuple[str, str | None]:
        """The member pays what it owes into the bank's account of ours, which the bank reports."""
        data = {
            "member_claim_id": claim_id or self.id_of(pair),
            "bank_ref": f"T-{next(self.names)}",
            "account": "TA-CNY-01",
            "value_date": "2026-03-05",
            "money": {"amount": f"{minor / 100:.2f}", "currency": "CNY"},
        }
        event_id = self.standing.bank.tell("member_claim.received", data)
        self.standing.streams()
        event = self.standing.bank.event(event_id)
        return event["status"], event["reason"]

    def fail(self, call_id: str, letter: str) -> None:
        reply = self.standing.api.post(f"/v1/guarantee-calls/{call_id}/shares/{SEATS[letter]}/fail", {}, CID)
        assert reply.status == 200, reply.body
        self.standing.streams()

    def confirm(self) -> None:
        self.standing.tell(self.standing.loans["A"], "call.confirmed", call_id="C-A")


@pytest.fixture
def settling(standing: Standing) -> Settling:
    return Settling(standing)


def owed_by_books() -> int:
    """What all members owe one another by the memorandum accounts, which balance."""
    sums = {"member_claims_owed": 0, "member_claims_paid": 0, "member_claims_standing": 0}
    for account, minor in books().items():
        code = account.partition(":")[0]
        if code in sums:
            sums[code] += minor
    assert sums["member_claims_owed"] + sums["member_claims_paid"] == -sums["member_claims_standing"]
    return sums["member_claims_owed"]


def test_j13_who_paid_all_has_recourse_to_who_failed_and_to_the_debtor_and_gets_it_once(settling: Settling) -> None:
    standing = settling.standing
    call_id = standing.called("A", 300_000_00, {"B": M, "C": M})
    standing.pay("A", "C", 150_000_00)
    assert settling.left("held") == {"CA": 150_000_00}, "the bank comes first"
    standing.run(days=25)
    settling.fail(call_id, "B")
    standing.pay("A", "C", 150_000_00)
    assert settling.claims("payable") == {"CB": ("recourse", 150_000_00), "CA": ("debtor_recourse", 300_000_00)}
    assert settling.settle("CB", 150_000_00) == ("applied", None)
    assert settling.left() == {"BA": 150_000_00, "CA": 150_000_00}
    assert owed_by_books() == 300_000_00
    for pair in ("BA", "CA"):
        settling.settle(pair, 150_000_00)
    assert (settling.left(), owed_by_books()) == ({}, 0)
    paid_on = books()
    assert paid_on[f"payouts_payable:{standing.members['C']}"] == -300_000_00
    assert paid_on[f"payouts_payable:{standing.members['B']}"] == -150_000_00


def test_j15_a_contribution_is_held_until_the_bank_has_all_and_is_payable_then(settling: Settling) -> None:
    standing = settling.standing
    standing.called("A", 400_000_00, {"B": M, "C": M})
    standing.pay("A", "C", 200_000_00)
    standing.pay("A", "A", 50_000_00)
    assert settling.left("payable") == {}
    standing.pay("A", "B", 150_000_00)
    assert settling.claims("payable") == {
        "CB": ("contribution", 25_000_00),
        "BA": ("debtor_recourse", 150_000_00),
        "CA": ("debtor_recourse", 200_000_00),
    }
    settling.settle("CB", 25_000_00)
    assert settling.left() == {"BA": 175_000_00, "CA": 175_000_00}


def test_j16_one_that_paid_all_asks_the_other_for_half_and_the_debtor_for_all(settling: Settling) -> None:
    standing = settling.standing
    standing.called("A", 400_000_00, {"B": M, "C": M})
    standing.pay("A", "B", 400_000_00)
    assert settling.left("payable") == {"BC": 200_000_00, "BA": 400_000_00}


def test_what_the_debtor_pays_one_guarantor_is_asked_of_the_other_no_more(settling: Settling) -> None:
    standing = settling.standing
    standing.called("A", 400_000_00, {"B": M, "C": M})
    standing.pay("A", "B", 400_000_00)
    settling.settle("BA", 100_000_00)
    assert settling.left() == {"BC": 150_000_00, "BA": 300_000_00}
    settling.settle("BA", 300_000_00)
    assert settling.left() == {}


def test_too_little_stays_owed_too_much_goes_back_and_what_is_not_payable_waits(settling: Settling) -> None:
    standing = settling.standing
    standing.called("A", 400_000_00, {"B": M, "C": M})
    standing.pay("A", "B", 250_000_00)
    held = settling.id_of("BA")
    assert settling.settle("BA", 1_00) == ("suspense", "member_claim_not_payable_yet")
    standing.pay("A", "C", 150_000_00)
    assert settling.left("payable") == {"BC": 50_000_00, "BA": 250_000_00, "CA": 150_000_00}
    assert settling.settle("BC", 20_000_00) == ("applied", None)
    assert settling.left()["BC"] == 30_000_00
    contribution = settling.id_of("BC")
    assert settling.settle("BC", 40_000_00) == ("applied", None)
    assert "BC" not in settling.left()
    assert books()[f"refunds_payable:{contribution}"] == -10_000_00
    assert settling.settle("BC", 1_00, contribution) == ("suspense", "member_claim_not_in_this_status")
    assert held == settling.id_of("BA")


def test_a_payment_that_the_bank_takes_back_puts_the_bank_first_again(settling: Settling) -> None:
    standing = settling.standing
    standing.called("A", 400_000_00, {"B": M, "C": M})
    standing.pay("A", "B", 250_000_00, bank_ref="P-B")
    standing.pay("A", "C", 150_000_00, bank_ref="P-C")
    assert set(settling.left("payable")) == {"BC", "BA", "CA"}
    loan_id = standing.loans["A"]
    standing.tell(loan_id, "repayment.reversed", original_bank_ref="P-C", amount=150_000_00, reason="Recalled.")
    assert settling.left("payable") == {}
    assert settling.left("held") == {"BC": 50_000_00, "BA": 250_000_00}
    standing.pay("A", "C", 150_000_00)
    assert settling.left("payable") == {"BC": 50_000_00, "BA": 250_000_00, "CA": 150_000_00}


def test_a_call_that_is_withdrawn_leaves_no_claim(settling: Settling) -> None:
    standing = settling.standing
    standing.called("A", 400_000_00, {"B": M, "C": M})
    standing.pay("A", "B", 250_000_00)
    assert settling.left("held") == {"BC": 50_000_00, "BA": 250_000_00}
    standing.tell(standing.loans["A"], "call.withdrawn", call_id="C-A")
    assert (settling.left(), owed_by_books()) == ({}, 0)


def test_what_members_paid_one_another_is_owed_back_when_the_call_is_withdrawn(settling: Settling) -> None:
    standing = settling.standing
    standing.called("A", 400_000_00, {"B": M, "C": M})
    standing.pay("A", "B", 400_000_00)
    settling.settle("BC", 200_000_00)
    standing.tell(standing.loans["A"], "call.withdrawn", call_id="C-A")
    assert settling.left("payable") == {"CB": 200_000_00}, "the bank gives B 400,000.00 back"
    settling.settle("CB", 200_000_00)
    assert (settling.left(), owed_by_books()) == ({}, 0)


def test_the_call_is_closed_and_with_it_the_loan_when_all_claims_have_ended(settling: Settling) -> None:
    standing = settling.standing
    call_id = standing.called("A", 400_000_00, {"B": M, "C": M})
    for letter in "BC":
        standing.pay("A", letter, 200_000_00)
    settling.confirm()
    settling.settle("BA", 200_000_00)
    assert settling.left() == {"CB": 100_000_00, "CA": 200_000_00}, "what the debtor pays one of them is for both"
    standing.run(days=40)
    assert standing.see(call_id)["status"] == "paid", "C is owed something"
    settling.settle("CA", 200_000_00)
    assert settling.left() == {}
    standing.run(days=40)
    assert standing.see(call_id)["status"] == "closed"
    assert standing.status_of_loan("A") == "closed"


def test_entries_that_come_late_twice_and_in_disorder_make_each_claim_once(bank: Bank, time: StandingClock) -> None:
    standing = stand(bank, time, "ABCDE")
    settling = Settling(standing)
    standing.called("A", 400_000_00, dict.fromkeys("BCDE", M))
    payer = {"kind": "guarantor", "seat": SEATS["B"]}
    lender, loan_id = standing.lines[standing.loans["A"]], standing.loans["A"]
    assert lender.tell("repayment.received", loan_id, amount=400_000_00, payer=payer) == ("applied", None)
    standing.streams(random.Random(7))
    assert settling.left("payable") == {
        "BC": 100_000_00,
        "BD": 100_000_00,
        "BE": 100_000_00,
        "BA": 400_000_00,
    }


def test_a_member_sees_its_own_claims_and_nobody_elses(settling: Settling) -> None:
    standing = settling.standing
    standing.called("A", 400_000_00, dict.fromkeys("BCD", M))
    standing.pay("A", "B", 400_000_00)

    def seen(letter: str, side: str) -> int:
        return len(standing.api.get(f"/v1/member-claims?as={side}", standing.token(letter))["items"])

    assert [(seen(letter, "creditor"), seen(letter, "debtor")) for letter in "ABCDE"] == [
        (0, 1),
        (3, 0),
        (0, 1),
        (0, 1),
        (0, 0),
    ]


# --- the pool -----------------------------------------------------------------------------------------------------------


def filled_pool(standing: Standing, minor: int) -> str:
    pool_id = str(standing.api.post("/v1/risk-pools", OPEN_POOL, ANN)["id"])
    now = standing.time.at
    POOLS.apply(
        pool_id,
        RequestContext(caller=CLOCK, now=now, request_id="test"),
        lambda was, context: pool_handling.replenish(was, context, pooling.paid_in(minor, ""), "boc", now),
    )
    return pool_id


def pool_of(standing: Standing, pool_id: str) -> dict[str, Any]:
    return dict(standing.api.get(f"/v1/risk-pools/{pool_id}", ANN).body)


def test_j9_the_pool_is_asked_for_its_share_of_what_caps_leave_over(
    settling: Settling, monkeypatch: pytest.MonkeyPatch
) -> None:
    standing = settling.standing
    pool_id = filled_pool(standing, 80_000_00)
    terms = standing.guarantee
    monkeypatch.setattr(standing, "guarantee", lambda *args, **more: replace(terms(*args, **more), pool_id=pool_id))
    monkeypatch.setattr(
        "tests.guarantees.standing.plant_draw", partial(plant_draw, product_id="boc-joint", kind="term")
    )
    standing.called("A", 300_000_00, {"B": M, "C": M}, {"B": 100_000_00, "C": 100_000_00})
    standing.pay("A", "B", 100_000_00)
    standing.pay("A", "C", 100_000_00)
    [draw] = pool_of(standing, pool_id)["draws"]
    assert minor_of(draw["money"]) == 50_000_00, "half of the shortfall of 100,000.00"
    [asked] = standing.messages("pool.draw_requested")[:1]
    assert asked["amount_minor"] == 50_000_00
    assert settling.left("payable") == {}, "the bank is still owed something"
    event = pooling.paid_out(50_000_00, draw["call_id"])
    POOLS.apply(
        pool_id,
        RequestContext(caller=CLOCK, now=standing.time.at, request_id="test"),
        lambda was, context: pool_handling.confirm_draw(was, context, event, "boc", standing.time.at),
    )
    pay = {"amount": 50_000_00, "payer": {"kind": "pool"}}
    standing.tell(standing.loans["A"], "repayment.received", **pay)
    standing.pay("A", "A", 150_000_00)
    call = standing.see(draw["call_id"])
    refunds = {LETTERS[share["seat"]]: minor_of(share["refund"]) for share in call["shares"]}
    assert refunds == {"B": 50_000_00, "C": 50_000_00}, "the bank's last 50,000.00, then the members, then the pool"
    assert settling.left("payable") == {"BA": 50_000_00, "CA": 50_000_00}
