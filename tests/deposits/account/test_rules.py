"""The rules of a deposit's money, without an engine: whatever happens in whatever order, the ledger says what the deposit holds."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.deposits.rulebooks import rulebook_repository
from chalicelib.deposits.rules import book as books_rules
from chalicelib.deposits.rules import deducting, holds_and_releases, insuring, membership, payments, requirement_changes
from chalicelib.deposits.rules.account import Hold
from chalicelib.deposits.rules.amounts import Payee
from chalicelib.deposits.rules.deposit import Deposit, Insurance
from chalicelib.deposits.rules.membership import opened
from chalicelib.deposits.rules.requirement import requirement
from chalicelib.deposits.rules.timers import MACHINE
from chalicelib.deposits.rules.transitions import TABLE, DepositChange
from chalicelib.ledger.rules.chart import DEPOSIT_ADVANCES, DEPOSITS_FROZEN, DEPOSITS_HELD, INSURERS_RECEIVABLE
from chalicelib.shared.errors import DomainError
from chalicelib.shared.journal import Event, imbalance
from chalicelib.suppliers.rules.balance import BankAccount

BOOKS = books_rules.books(rulebook_repository.shipped()[0], rulebook_repository.shipped()[1:])
NOW = datetime(2023, 3, 1, 4, 0, tzinfo=UTC)
ACCOUNT = BankAccount("boc", "6222020200112233", "CNY", NOW)
PAYEE = Payee(member_id="mem_b", bank_id="boc", account="6217000010001234567")

MINOR = st.integers(1, 300_000)
TRANSITIONS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "pay",
                "hold",
                "lift",
                "deduct",
                "claim",
                "release",
                "risk",
                "back",
                "close",
                "reopen",
                "insure",
                "insurer",
            ]
        ),
        MINOR,
    ),
    max_size=25,
)


def test_a_debit_that_the_bank_gave_up_leaves_another_one_under_way() -> None:
    """One that came back and is tried again, beside one that was asked for meanwhile: a third would be asked for beside it."""
    was = opened("mem_s", (), BOOKS, NOW).state
    was = payments.debit_asked(was, 30_000, ACCOUNT, BOOKS, NOW).state
    was = payments.charged_back(was, payments.by_debit("mem_s", "ins_1", 2, 50_000), BOOKS, NOW, tried_again=True).state
    was = payments.debit_failed(was, 50_000, "account_closed", BOOKS, NOW, given_up=True).state
    assert was.account.debit_minor == 30_000


ACTIONS = {
    "hold": "holds",
    "lift": "lift-hold",
    "deduct": "deductions",
    "release": "releases",
    "risk": "risks",
    "close": "close",
    "reopen": "reopen",
    "insure": "substitutes",
    "insurer": "receipts",
}
"""What an officer does is asked of the table first; the rest comes of banks and claims."""


def made(what: str, minor: int, was: Deposit, number: int, now: datetime) -> DepositChange | None:
    if what in ACTIONS:
        TABLE.require(ACTIONS[what], was, "officer", BOOKS, now)
    match what:
        case "pay":
            return payments.paid(was, payments.by_bank("boc", f"D-{number}", minor), BOOKS, now)
        case "hold":
            hold = Hold(id=f"hld-{number}", minor=minor, case=f"C-{number}", reason="x", at=now)
            return holds_and_releases.held(was, hold, BOOKS, now)
        case "lift":
            return holds_and_releases.lifted(was, was.account.holds[0].id if was.account.holds else "none", BOOKS, now)
        case "deduct":
            case = was.account.holds[-1].case if was.account.holds and minor % 2 else f"X-{number}"
            return deducting.deducted(was, minor, case, "x", PAYEE, BOOKS, now)
        case "claim":
            gift = deducting.given(was, BOOKS, "CNY", minor, f"clm-{number}", ("refunds_payable", "ord"), now)
            if not gift.effects:
                return None
            [deduct] = gift.effects
            event = Event("claim.paid", {"cause": f"clm-{number}"}, deduct.postings)
            return DepositChange(state=deduct.deposit, event=event, at=now)
        case "release":
            return holds_and_releases.released(was, minor, ACCOUNT, BOOKS, now)
        case "risk":
            return requirement_changes.risk_opened(
                was, f"rsk-{number}", f"R{minor % 4 + 1}", f"C-{number}", "x", BOOKS, now
            )
        case "back":
            return payments.charged_back(was, payments.by_debit(was.id, f"ins-{number}", 2, minor), BOOKS, now)
        case "insure":
            until = now + timedelta(days=minor % 5 + 1)
            policy = Insurance(id=f"sub-{number}", minor=minor, from_=now, until=until, insurer="x")
            return requirement_changes.insurance_on(was, policy, BOOKS, now)
        case "insurer":
            owing = was.account.receivables[-1].id if was.account.receivables else "none"
            return insuring.received(was, owing, "boc", f"I-{number}", minor, BOOKS, now)
        case "close":
            return membership.closed(was, BOOKS, now)
        case _:
            return membership.reopened(was, BOOKS, now)


def others_of(case: str, deposit: Deposit) -> list[Hold]:
    return [hold for hold in deposit.account.holds if hold.case != case]


@settings(max_examples=300)
@given(TRANSITIONS, st.integers(0, 200_000))
def test_the_ledger_says_what_the_deposit_holds_after_every_step(moves: list[Any], base: int) -> None:
    deposit = replace(opened("mem_s", (), BOOKS, NOW).state, base_minor=base, awaiting_first_trade=False)
    sums: Counter[str] = Counter()
    now = NOW
    for number, (what, minor) in enumerate(moves):
        now += timedelta(hours=minor % 50)
        for due in MACHINE.overdue(deposit, BOOKS, now):
            deposit = due.state
        was = deposit
        try:
            step = made(what, minor, was, number, now)
        except DomainError:
            continue
        if step is None:
            continue
        deposit = step.state
        if what in ("deduct", "claim"):
            case = str(step.event.payload["cause"])
            assert others_of(case, deposit) == others_of(case, was), "what is held for another case stays its own"
        for leg in step.event.postings:
            sums[leg.account] += leg.credit_minor - leg.debit_minor
        assert not imbalance(step.event.postings)
        assert (deposit.version, deposit.seq) == (was.version + 1, was.seq + (what != "claim"))
        assert sums[DEPOSITS_HELD] == deposit.available_minor >= 0
        assert sums[DEPOSITS_FROZEN] == deposit.frozen_minor == sum(hold.minor for hold in deposit.account.holds) >= 0
        assert -sums[DEPOSIT_ADVANCES] == deposit.account.advance_minor >= 0
        assert -sums[INSURERS_RECEIVABLE] == sum(each.owed_minor for each in deposit.account.receivables)
        assert all(each.owed_minor >= 0 for each in deposit.account.receivables)
        assert all(each.remaining_minor >= 0 for each in deposit.insurances)
        needed = requirement(deposit, BOOKS.in_force(now), now)
        assert (deposit.due_at is None) == (needed.arrears_minor == 0)
        assert needed.arrears_minor == 0 or deposit.owed_minor >= deposit.account.advance_minor


@settings(max_examples=100)
@given(MINOR, st.lists(MINOR, max_size=5))
def test_closing_never_changes_what_is_missing_and_paying_it_ends_it(base: int, amounts: list[int]) -> None:
    deposit = replace(opened("mem_s", (), BOOKS, NOW).state, base_minor=base, awaiting_first_trade=False)
    for number, minor in enumerate(amounts):
        deposit = payments.paid(deposit, payments.by_bank("boc", str(number), minor), BOOKS, NOW).state
    before = requirement(deposit, BOOKS.in_force(NOW), NOW).arrears_minor
    shut = membership.closed(deposit, BOOKS, NOW).state
    assert requirement(shut, BOOKS.in_force(NOW), NOW).arrears_minor == before
    if before:
        done = payments.paid(shut, payments.by_bank("boc", "last", before), BOOKS, NOW).state
        assert (done.due_at, requirement(done, BOOKS.in_force(NOW), NOW).arrears_minor) == (None, 0)


def test_nothing_falls_due_on_a_deposit_with_nothing_to_pay() -> None:
    assert MACHINE.next_due(opened("mem_s", (), BOOKS, NOW).state, BOOKS) is None


def test_what_falls_due_is_the_same_step_by_step_and_all_at_once() -> None:
    deposit = replace(opened("mem_s", (), BOOKS, NOW).state, base_minor=50_000, awaiting_first_trade=False)
    owing = requirement_changes.risk_opened(deposit, "rsk-1", "R1", "C-1", "x", BOOKS, NOW).state
    late = NOW + timedelta(days=90)
    at_once = [step.state for step in MACHINE.overdue(owing, BOOKS, late)][-1]
    by_day = owing
    for day in range(91):
        for step in MACHINE.overdue(by_day, BOOKS, NOW + timedelta(days=day)):
            by_day = step.state
    assert (at_once, at_once.dunning_stage) == (by_day, 5)
