"""A claim between members as a machine: who may do what, what a transfer moves, and each deadline a moment before, at and after."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.guarantees.rules import member_claim_handling as handling
from chalicelib.guarantees.rules.member_claim import (
    MOST_RECEIPTS,
    STATUSES,
    MemberClaim,
    Receipt,
    TooManyReceipts,
)
from chalicelib.guarantees.rules.member_claim_handling import NotPayableYet, OtherCurrency
from chalicelib.guarantees.rules.member_claim_timers import MACHINE
from chalicelib.guarantees.rules.member_claim_transitions import TABLE, MemberClaimNotInThisStatus
from chalicelib.shared.journal import imbalance
from tests.guarantees.between import CONTEXT, DAY, NOW, claim, disputed, held, later, offered, overdue, payable

TICK = timedelta(milliseconds=1)


def receive(was: MemberClaim, minor: int, **other: Any) -> Any:
    data = {"bank_id": "boc", "bank_ref": "R-1", "currency": "CNY"} | other
    return handling.receive(was, minor=minor, context=CONTEXT, now=NOW + 2 * DAY, **data)


def moved(change: Any) -> dict[str, int]:
    """Debits less credits, by account; every change is balanced."""
    assert not imbalance(change.event.postings)
    sums: dict[str, int] = {}
    for posting in change.event.postings:
        sums[posting.account] = sums.get(posting.account, 0) + posting.debit_minor - posting.credit_minor
    return {account: minor for account, minor in sums.items() if minor}


def test_the_bank_comes_first_and_money_before_its_time_is_not_taken() -> None:
    assert held().status == "held"
    with pytest.raises(NotPayableYet):
        receive(held(), 1_00)
    released = handling.adjust(held(), 150_000_00, is_payable=True, context=CONTEXT, now=NOW + DAY)
    assert released is not None
    assert (released.state.status, released.event.kind) == ("payable", "member_claim.became_payable")
    again = handling.adjust(released.state, 150_000_00, is_payable=False, context=CONTEXT, now=NOW + DAY)
    assert again is not None
    assert again.state.status == "held", "the bank took a payment back"


def test_a_transfer_is_paid_on_in_the_same_entry_and_what_is_beyond_goes_back() -> None:
    change = receive(payable(), 150_001_00)
    assert (change.state.status, change.state.why, change.state.paid_minor) == ("paid", "paid", 150_000_00)
    assert moved(change) == {
        "bank_clearing": 150_001_00,
        "payouts_payable": -150_000_00,
        "refunds_payable": -1_00,
        "member_claims_paid": 150_000_00,
        "member_claims_owed": -150_000_00,
    }
    orders = [
        (each.kind, each.amount_minor, each.party, each.aggregate_id, each.bank_ref)
        for each in change.event.payment_orders
    ]
    assert orders == [
        ("payout", 150_000_00, "mem_C", "mem_C", ""),
        ("refund", 1_00, "mem_B", "mcl_1", "R-1"),
    ]


def test_too_little_lowers_what_is_left_and_starts_the_three_years_anew() -> None:
    late = overdue()
    change = receive(late, 50_000_00)
    after = change.state
    assert (after.status, after.remaining_minor) == ("overdue", 100_000_00)
    assert after.lapses_at == after.due_at == NOW + 2 * DAY + timedelta(days=1095)
    assert [each.kind for each in change.event.payment_orders] == ["payout"]


@pytest.mark.parametrize("state", [offered(), handling.waive(payable(), NOW).state])
def test_money_for_what_is_no_claim_is_refused_by_name(state: MemberClaim) -> None:
    with pytest.raises(MemberClaimNotInThisStatus):
        receive(state, 1_00)


def test_money_in_another_currency_or_beyond_the_list_is_refused_by_name() -> None:
    with pytest.raises(OtherCurrency):
        receive(payable(), 1_00, currency="USD")
    receipt = Receipt(bank_id="boc", bank_ref="R", amount_minor=1, at=NOW)
    with pytest.raises(TooManyReceipts):
        receive(replace(payable(), receipts=(receipt,) * MOST_RECEIPTS), 1)


def test_less_is_owed_when_the_one_who_owes_pays_the_bank_itself() -> None:
    lower = handling.adjust(payable(), 100_000_00, is_payable=True, context=CONTEXT, now=NOW + DAY)
    assert lower is not None
    assert (lower.state.minor, lower.state.status) == (100_000_00, "payable")
    assert moved(lower) == {"member_claims_standing": 50_000_00, "member_claims_owed": -50_000_00}
    none = handling.adjust(lower.state, 0, is_payable=True, context=CONTEXT, now=NOW + DAY)
    assert none is not None
    assert (none.state.status, none.state.why) == ("withdrawn", "nothing_owed")
    assert handling.adjust(none.state, 0, is_payable=True, context=CONTEXT, now=NOW + DAY) is None
    more = handling.adjust(none.state, 30_000_00, is_payable=True, context=CONTEXT, now=NOW + 2 * DAY)
    assert more is not None
    assert (more.state.status, more.state.remaining_minor, more.state.ended_at) == ("payable", 30_000_00, None)


def test_what_was_paid_stays_paid_whatever_is_owed_later() -> None:
    paid = receive(payable(), 150_000_00).state
    assert handling.adjust(paid, 0, is_payable=True, context=CONTEXT, now=NOW + 3 * DAY) is None
    again = handling.adjust(paid, 10_000_00, is_payable=True, context=CONTEXT, now=NOW + 3 * DAY)
    assert again is not None
    assert (again.state.minor, again.state.paid_minor, again.state.remaining_minor) == (
        160_000_00,
        150_000_00,
        10_000_00,
    )
    part = receive(payable(), 50_000_00).state
    rest = handling.adjust(part, 0, is_payable=True, context=CONTEXT, now=NOW + 3 * DAY)
    assert rest is not None
    assert (rest.state.status, rest.state.why, rest.state.minor) == ("paid", "paid", 50_000_00)


@pytest.mark.parametrize(
    "final",
    [
        handling.waive(payable(), NOW).state,
        handling.decide_dispute(disputed(), "not_owed", "Right.", "officer-1", CONTEXT, NOW + DAY).state,
        later(payable(), NOW + 1200 * DAY),
    ],
)
def test_what_ended_by_a_decision_or_by_time_is_not_opened_again(final: MemberClaim) -> None:
    assert handling.adjust(final, 1_000_00, is_payable=True, context=CONTEXT, now=NOW + 1300 * DAY) is None


def test_a_dispute_is_decided_once_and_the_days_begin_anew() -> None:
    stands = handling.decide_dispute(disputed(), "stands", "Booked otherwise.", "officer-1", CONTEXT, NOW + 8 * DAY)
    assert (stands.state.status, stands.state.decision) == ("payable", "stands")
    assert stands.state.due_at is not None
    assert stands.state.due_at > NOW + 20 * DAY
    assert "dispute" not in TABLE.allowed(stands.state, "debtor", CONTEXT, NOW + 8 * DAY)


def test_a_rescue_is_owed_by_what_the_bank_says_was_paid() -> None:
    change = handling.lend(offered(), 85_000_00, "R-9", CONTEXT, NOW + DAY)
    assert (change.state.status, change.state.minor, change.state.due_at) == (
        "payable",
        85_000_00,
        NOW + DAY + timedelta(days=30),
    )
    assert moved(change) == {"member_claims_owed": 85_000_00, "member_claims_standing": -85_000_00}
    assert moved(handling.offered(claim("rescue", 90_000_00), CONTEXT)) == {}


@pytest.mark.parametrize(
    ("state", "after", "owner"),
    [
        (offered, "lapsed", "creditor"),
        (held, "payable", "bank"),
        (payable, "overdue", "debtor"),
        (overdue, "lapsed", "debtor"),
        (disputed, "payable", "officer"),
    ],
)
def test_every_status_but_the_ends_has_an_owner_a_due_time_and_an_outcome(
    state: Callable[[], MemberClaim], after: str, owner: str
) -> None:
    was = state()
    [deadline] = MACHINE.deadlines(was, CONTEXT)
    assert (deadline.owner, deadline.due_at) == (owner, was.due_at)
    assert later(was, deadline.due_at - TICK).status == was.status
    assert later(was, deadline.due_at).status == after


def test_every_status_is_looked_at_here() -> None:
    shown = {each().status for each in (offered, held, payable, overdue, disputed)}
    assert shown | TABLE.ends == set(STATUSES)
