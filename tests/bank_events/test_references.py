"""A partner's reference counts once, for ever, whatever it can be booked to; and nothing that must count once is remembered for a while only."""

from __future__ import annotations

import ast
import itertools
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import chalicelib
from chalicelib.banks.rules.references import ReferenceUsed
from chalicelib.banks.service import references as banks_references
from chalicelib.deposits.examples import DEDUCTION
from chalicelib.shared import ids, journal, observe, uniques
from chalicelib.shared.commit import commit
from chalicelib.shared.errors import Conflict
from chalicelib.shared.journal import Event
from chalicelib.shared.request import CLOCK, RequestContext
from chalicelib.shared.uses import Use
from tests import provoked
from tests.bank_events.conftest import Bank, books, payment
from tests.banks.conftest import Outbox, outbox
from tests.guarantees.rescuing import between, plant_claim
from tests.recoveries.owing import Debt, debt
from tests.size import at_size
from tests.trade import Trade
from tests.world import Reply, token

__all__ = ["debt", "outbox"]

OFFICER = token("officer", "officer-1", "admin")
NO_ORDER = "ord_00000000000000000000000000"
REFERENCES = at_size(3_000, 500)
NOW = datetime(2026, 3, 2, tzinfo=UTC)
USD = {"amount": "10.00", "currency": "USD"}
CNY = {"amount": "10.00", "currency": "CNY"}


@dataclass
class Ways:
    """Every way in which a bank's reference can be booked. Each is told of it and says how that ended."""

    bank: Bank
    trade: Trade
    debt: Debt
    outbox: Outbox
    seqs: dict[str, int] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def to_order(self, ref: str) -> str:
        return self.event("payment.received", payment(self.trade.agree(), "10.00", 1) | {"bank_ref": ref})

    def to_suspense(self, ref: str) -> str:
        return self.event("payment.received", payment(NO_ORDER, "10.00", 1) | {"bank_ref": ref})

    def to_deposit(self, ref: str) -> str:
        self.bank.api.post(f"/v1/deposits/{self.trade.buyer_id}", None, self.trade.buyer)
        data = {"seller_id": self.trade.buyer_id, "bank_ref": ref, "seq": 1, "account": "TA-CNY-01", "money": CNY}
        return self.event("deposit.received", data)

    def to_member_claim(self, ref: str) -> str:
        claim_id = plant_claim(between(self.trade.supplier_id, self.trade.buyer_id, next(self.numbers)))
        data = {"member_claim_id": claim_id, "bank_ref": ref, "account": "TA-CNY-01", "money": CNY}
        return self.event("member_claim.received", data | {"value_date": "2026-03-02"})

    def to_recovery(self, ref: str) -> str:
        recovery_id = self.debt.advance(claim=ref)
        body = {"money": USD, "bank_id": "boc", "bank_ref": ref}
        return self.said(self.bank.api.post(f"/v1/recoveries/{recovery_id}/receipts", body, OFFICER))

    def to_refund(self, ref: str) -> str:
        name = self.outbox.refund(aggregate_id=NO_ORDER)
        attempt = self.outbox.see(name)["attempts"][-1]["id"]
        data = {"attempt_id": attempt, "bank_ref": ref, "seq": 1, "money": {"amount": "1500.00", "currency": "USD"}}
        return self.event("refund.settled", data)

    def to_refund_manually(self, ref: str) -> str:
        self.outbox.bank({"does": "refuse", "reason": "account_closed"})
        name = self.outbox.refund(aggregate_id=NO_ORDER)
        return self.said(self.outbox.act(name, "settle-by-hand", OFFICER, {"bank_ref": ref}))

    def event(self, kind: str, data: dict[str, Any]) -> str:
        event_id = self.bank.tell(kind, data)
        self.bank.streams()
        shown = self.bank.event(event_id)
        return shown["reason"] or "booked"

    @staticmethod
    def said(reply: Reply) -> str:
        return "booked" if reply.status == 200 else reply["code"]


WAYS: dict[str, Callable[[Ways, str], str]] = {
    "order": Ways.to_order,
    "suspense": Ways.to_suspense,
    "deposit": Ways.to_deposit,
    "member claim": Ways.to_member_claim,
    "recovery": Ways.to_recovery,
    "refund": Ways.to_refund,
    "refund by hand": Ways.to_refund_manually,
}


@pytest.fixture
def ways(bank: Bank, trade: Trade, debt: Debt, outbox: Outbox) -> Ways:
    return Ways(bank, trade, debt, outbox)


@pytest.mark.parametrize("first", WAYS)
def test_whatever_a_reference_was_booked_to_it_is_booked_to_nothing_else(
    ways: Ways, first: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[str] = []
    monkeypatch.setattr(observe, "count", lambda name, *more: rung.append(name))
    assert WAYS[first](ways, "R-778") in ("booked", "not_found")
    for second, tell in WAYS.items():
        before, rung[:] = _booked(), []
        ended = tell(ways, "r-778")
        if second in ("recovery", "refund by hand"):
            assert ended == "bank_reference_used", second
        elif first == second and ended == "duplicate_notice":
            assert first in ("suspense", "deposit"), "the same money for the same thing"
        else:
            assert ended == "reference_reused", second
            assert "BankReferenceReused" in rung
        assert _booked() == before, f"{second} after {first}"


def test_one_transfer_told_of_for_two_orders_pays_the_first_and_waits_for_the_second(bank: Bank, trade: Trade) -> None:
    one, other = trade.agree(), trade.agree()
    bank.tell("payment.received", payment(one, "1500.00", 1) | {"bank_ref": "R-778"})
    bank.streams()
    event_id = bank.tell("payment.received", payment(other, "1500.00", 1) | {"bank_ref": "R-778"})
    bank.streams()
    assert (trade.see(one)["status"], trade.see(other)["status"]) == ("funded", "agreed")
    assert [paid["status"] for paid in trade.see(other, "/money")["payments"]] == ["reference_reused"]
    assert (bank.status(event_id), bank.event(event_id)["reason"]) == ("suspense", "reference_reused")
    later = bank.pay(other, "1500.00", 2)
    bank.streams()
    assert (bank.status(later), trade.see(other)["status"]) == ("applied", "funded"), "its number was used up"


def test_a_receipt_that_an_officer_records_is_refused_where_a_bank_told_of_the_transfer(ways: Ways) -> None:
    """The money lies in suspense: allocating it is what books it to the recovery, once."""
    recovery_id = ways.debt.advance()
    event_id = ways.bank.tell("payment.received", payment(NO_ORDER, "10.00", 1) | {"bank_ref": "R-778"})
    ways.bank.streams()
    body = {"money": USD, "bank_id": "boc", "bank_ref": "R-778"}
    refused = ways.bank.api.post(f"/v1/recoveries/{recovery_id}/receipts", body, OFFICER)
    assert (refused.status, refused["code"], refused["booked_as"]) == (409, "bank_reference_used", event_id)
    path, named = f"/v1/bank-events/{event_id}/allocate", {"recovery_id": recovery_id}
    first, again = (ways.bank.api.post(path, named, OFFICER, key="k") for _ in "12")
    assert (first.status, again.raw) == (200, first.raw), first.body
    assert ways.debt.see(recovery_id)["remaining"]["amount"] == "1490.00"
    above = ways.bank.tell("payment.received", payment(NO_ORDER, "1490.01", 2) | {"bank_ref": "R-779"})
    ways.bank.streams()
    reply = ways.bank.api.post(f"/v1/bank-events/{above}/allocate", named, OFFICER)
    assert (reply.status, reply["code"]) == (422, "more_than_owed")


def test_what_moved_for_an_unknown_attempt_is_allocated_to_its_instruction(ways: Ways) -> None:
    """Settling by hand would credit the bank a second time."""
    ways.outbox.bank({"does": "refuse", "reason": "account_closed"})
    name = ways.outbox.refund(aggregate_id=NO_ORDER)
    data = {"attempt_id": "att_00000000000000000000000000", "bank_ref": "B-1", "seq": 1}
    event_id = ways.bank.tell("refund.settled", data | {"money": {"amount": "1500.00", "currency": "USD"}})
    ways.bank.streams()
    manual = ways.outbox.act(name, "settle-by-hand", OFFICER, {"bank_ref": "B-1"})
    assert (manual.status, manual["code"]) == (409, "bank_reference_used")
    other = ways.bank.tell("payment.received", payment(NO_ORDER, "10.00", 1) | {"bank_ref": "R-778"})
    ways.bank.streams()
    provoked.given("Money has come in; the instruction is for money that goes out.")
    unfit = ways.bank.api.post(f"/v1/bank-events/{other}/allocate", {"instruction_id": name}, OFFICER)
    assert (unfit.status, unfit["code"]) == (422, "money_not_of_the_instruction")
    taken = ways.bank.api.post(f"/v1/bank-events/{event_id}/allocate", {"instruction_id": name}, OFFICER)
    assert (taken.status, taken["status"]) == (200, "allocated"), taken.body
    assert ways.outbox.see(name)["status"] == "settled"
    assert sum(total for account, total in books().items() if account.startswith("bank_clearing")) == 1_000 - 150_000


def test_a_deposits_payment_is_known_however_many_came_after_it(bank: Bank, trade: Trade) -> None:
    assert bank.api.post(f"/v1/deposits/{trade.buyer_id}", None, trade.buyer).status == 201
    for number in range(30):
        _deposit(bank, trade.buyer_id, f"D-{number}")
    for number in range(30):
        event_id = _deposit(bank, trade.buyer_id, f"D-{number}")
        assert bank.event(event_id)["reason"] == "duplicate_notice"
    assert bank.api.get(f"/v1/deposits/{trade.buyer_id}", trade.buyer)["balance"]["held"]["amount"] == "300.00"


def test_a_deductions_cause_is_known_however_many_came_after_it(bank: Bank, trade: Trade) -> None:
    assert bank.api.post(f"/v1/deposits/{trade.buyer_id}", None, trade.buyer).status == 201
    path = f"/v1/deposits/{trade.buyer_id}/deductions"
    body = DEDUCTION | {"payee_id": trade.supplier_id, "money": {"amount": "1.00", "currency": "CNY"}}
    for number in range(25):
        assert bank.api.post(path, body | {"cause": f"CASE-{number}"}, OFFICER).status == 200
    for cause in ("CASE-0", "case-0", "CASE-24"):
        reply = bank.api.post(path, body | {"cause": cause}, OFFICER)
        assert (reply.status, reply["code"]) == (409, "cause_known")
    assert bank.api.post(path, body | {"cause": "CASE-0\n"}, OFFICER).status == 400


def test_of_many_references_in_any_order_each_is_booked_once(aws: None) -> None:
    """However many others came between, and however much later: each is offered three times, by whoever."""
    chance, refused = random.Random(8), 0
    offered = [f"R-{number}" for number in range(REFERENCES)] * 3
    chance.shuffle(offered)
    for number, ref in enumerate(offered):
        use = Use(
            by=ids.derived_id("ord", str(chance.randrange(50))),
            at=NOW + timedelta(days=number),
            amount_minor=1,
            currency="USD",
        )
        try:
            _commit(f"{number}", banks_references.take_reference("boc", ref, use))
        except ReferenceUsed:
            refused += 1
    assert refused == 2 * REFERENCES
    assert banks_references.find_reference("boc", "R-0") != banks_references.find_reference("cmb", "R-0") is None


def test_a_name_is_given_up_by_nobody_and_used_again_by_its_owner_alone(aws: None) -> None:
    use = Use(by="att_1", at=NOW, amount_minor=1, currency="USD")
    _commit("1", uniques.take("n", use, lambda first: Conflict("no")))
    _commit("2", uniques.take("n", use, lambda first: Conflict("no"), again=True))
    other = Use(by="att_2", at=NOW, amount_minor=1, currency="USD")
    for number, again in enumerate((False, True)):
        with pytest.raises(Conflict, match="att_1"):
            _commit(f"3-{number}", uniques.take("n", other, lambda first: Conflict(first.by), again=again))


WINDOWS = {
    ("claims/rules/files.py", "most"): "the newest files of an earlier claim, which count again as evidence",
    (
        "daybook/rules/facts.py",
        "MOST_TELLINGS",
    ): "the answers to the last tellings; an older one is judged by the facts again",
    ("shared/journal.py", "RECENT"): "the names of the last entries, for whoever reads before the books have them",
    (
        "deposits/rules/snapshots.py",
        "MOST_SNAPSHOTS",
    ): "what was true at the last cut-offs; a run of an older one is refused by name",
    ("deposits/rulebooks/previews.py", "MOST_PREVIEWS"): "the last previews of a rulebook; the journal has told of all",
    (
        "exports/rules/subsidy.py",
        "MOST_MONTHS",
    ): "what was booked in the last months; a tax refund of an older one is told too late to bring a subsidy",
    (
        "reconciliation/rules/handling.py",
        "MOST_DIFFERENCES",
    ): "what is known last of what differs; the bank's next snapshot says again what still does",
    (
        "guarantees/rules/pool_handling.py",
        "MOST_UNANSWERED",
    ): "draws that the bank did not answer in time: a call asks once by its entry's name, and what the bank says of older ones is refused",
    ("firms/service/marks.py", "_PHONE_DIGITS"): "the last digits of a telephone number, by which two are compared",
    ("guarantees/views/cascade.py", "MOST_COLUMNS"): "the last steps of a picture; the statement lists all",
    (
        "loans/rules/lateness.py",
        "MOST_SPELLS",
    ): "when a loan was late, the last hundred times: only a few weeks are ever decided on anew",
    (
        "monitoring/rules/watch.py",
        "MOST_REPORTS",
    ): "the last reports and notices of a firm: two of them are grave already",
    (
        "monitoring/service/watching.py",
        "most",
    ): "the last changes of a profile and the last reports: two of them are grave already",
    (
        "suppliers/rules/figures.py",
        "least_sample",
    ): "the last inquiries of a wider time, where there are too few of the usual one: the figure is of so many",
    ("webhooks/rules/delivery.py", "MOST_SHOWN"): "the last attempts of a message, for people to read",
}
"""Every place that keeps the last so many of something, and why nothing is counted by it."""


def test_nothing_that_must_count_once_is_remembered_for_a_while_only() -> None:
    root, found = Path(chalicelib.__path__[0]), set()
    for file in sorted(root.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
                start = node.slice.lower
                if isinstance(start, ast.UnaryOp) and isinstance(start.operand, ast.Name | ast.Attribute):
                    found.add((str(file.relative_to(root)), ast.unparse(start.operand).rpartition(".")[2]))
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "deque":
                assert not any(word.arg == "maxlen" for word in node.keywords), file
    assert found == set(WINDOWS)


def _deposit(bank: Bank, seller_id: str, ref: str) -> str:
    data = {"seller_id": seller_id, "bank_ref": ref, "seq": 1, "account": "TA-CNY-01", "money": CNY}
    event_id = bank.tell("deposit.received", data)
    bank.streams(tables=["bank-events"])
    return event_id


def _booked() -> dict[str, int]:
    """What all accounts but those of suspense and of the bank stand at, where advances and claims of the test's own making are left out."""
    left_out = (
        "suspense",
        "bank_clearing",
        "advances_receivable",
        "refunds_payable",
        "held:ord_1",
        "cover",
        "member_claims",
    )
    return {name: total for name, total in books().items() if not name.startswith(left_out)}


def _commit(key: str, change: Any) -> None:
    request = RequestContext(caller=CLOCK, now=NOW, request_id=key, key=key)
    commit(journal.entry(request, Event("x.done"), aggregate_id="brk_1", seq=1, prev=journal.GENESIS), change)
