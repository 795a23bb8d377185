"""What a recovery books: demands, receipts, set-off, giving up. To the cent, and never more than is owed."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.recoveries.rules import asking, receiving
from chalicelib.recoveries.rules.receiving import MoreThanOwed, OtherCurrency
from chalicelib.recoveries.rules.recovery import ENDS, Recovery, to_set_off_minor
from chalicelib.recoveries.rules.transitions import RecoveryChange
from chalicelib.shared.journal import credit, debit, imbalance
from chalicelib.shared.periods import instant
from chalicelib.suppliers.rules.effects import DrawBalance, RepayCover
from tests.recoveries.asking import (
    ACCOUNT,
    DAY,
    NOW,
    demanded,
    first_change,
    in_setoff,
    later,
    opened,
    suspended,
    with_balance,
    with_plan,
    written_off,
)


def repaid(change: RecoveryChange) -> int:
    """Cover that becomes free."""
    return sum(effect.usd_minor for effect in change.effects if isinstance(effect, RepayCover))


def drawn(change: RecoveryChange) -> int:
    """What is taken from the supplier's balance."""
    return sum(effect.draw.minor for effect in change.effects if isinstance(effect, DrawBalance))


def test_the_demand_tells_the_bank_to_debit_all_that_is_left() -> None:
    change = first_change(opened(), NOW)
    (payment_order,) = change.event.payment_orders
    assert (payment_order.kind, payment_order.bank_id, payment_order.account) == ("debit", "boc", "6222020200112233")
    assert (payment_order.aggregate_id, payment_order.party, payment_order.amount_minor, payment_order.currency) == (
        "mem_s",
        "mem_s",
        150_000,
        "USD",
    )
    assert change.state.debit_minor == 150_000


def test_without_an_account_it_is_demanded_all_the_same_and_set_off_at_once() -> None:
    change = first_change(opened(account=None), NOW)
    assert change.event.payment_orders == ()
    assert to_set_off_minor(change.state, NOW) == 150_000


def test_nothing_is_set_off_while_a_debit_of_all_is_under_way() -> None:
    assert receiving.set_off(demanded(), with_balance(1_000_000), NOW) is None


def test_a_debit_that_was_carried_out_pays_the_advance_and_frees_its_cover() -> None:
    change = receiving.collected(demanded(), "ins_1", 1, 150_000, NOW)
    assert change.state.status == "debited"
    assert change.event.postings == (
        debit("collected", "mem_s", "USD", 150_000),
        credit("advances_receivable", "mem_s", "USD", 150_000),
        debit("cover_available", "mem_s", "USD", 150_000),
        credit("cover_advanced", "mem_s", "USD", 150_000),
    )
    assert repaid(change) == 150_000


def test_what_was_collected_above_what_is_owed_goes_to_the_suppliers_balance() -> None:
    half = receiving.manual(demanded(), "boc", "R-1", 100_000, "USD", NOW).state
    change = receiving.collected(half, "ins_1", 1, 150_000, NOW + DAY)
    assert change.state.remaining_minor == 0
    assert credit("supplier_balance", "mem_s", "USD", 100_000) in change.event.postings
    assert change.event.payload["excess_minor"] == 100_000


def test_a_debit_carried_out_after_everything_was_paid_is_the_suppliers_in_whole() -> None:
    paid = receiving.manual(in_setoff(), "boc", "R-1", 150_000, "USD", NOW + 12 * DAY).state
    change = receiving.collected(paid, "ins_1", 1, 150_000, NOW + 13 * DAY)
    assert (change.state.status, repaid(change)) == ("recovered", 0)
    assert change.event.postings == (
        debit("collected", "mem_s", "USD", 150_000),
        credit("supplier_balance", "mem_s", "USD", 150_000),
    )


@pytest.mark.parametrize("tried_again", [True, False])
def test_what_was_collected_above_it_and_goes_back_is_owed_for_it_is_on_the_suppliers_balance(
    tried_again: bool,
) -> None:
    half = receiving.manual(demanded(), "boc", "R-1", 100_000, "USD", NOW).state
    ended = receiving.collected(half, "ins_1", 1, 150_000, NOW + DAY).state
    back = receiving.charged_back(ended, "ins_1", 2, NOW + 2 * DAY, tried_again=tried_again, debit_due_at=NOW + 9 * DAY)
    assert back.event.postings == (
        debit("advances_receivable", "mem_s", "USD", 150_000),
        credit("collected", "mem_s", "USD", 150_000),
    )
    assert (back.state.status, back.state.remaining_minor) == ("demanded", 150_000)
    assert back.state.debit_minor == (150_000 if tried_again else 0)
    again = receiving.collected(back.state, "ins_1", 3, 150_000, NOW + 3 * DAY)
    assert (again.state.remaining_minor, again.state.debit_minor) == (0, 0)
    assert credit("supplier_balance", "mem_s", "USD", 100_000) not in again.event.postings


def test_what_was_collected_above_what_is_owed_reaches_the_suppliers_balance_once_however_often_it_comes_back() -> None:
    """A late debit came after a receipt, went back, and came again: the balance would have it twice, and the supplier could draw both."""
    recovery = receiving.manual(demanded(), "boc", "R-1", 100_000, "USD", NOW).state
    sums: Counter[str] = Counter()
    for seq in range(1, 6):
        at = NOW + seq * DAY
        if seq % 2:
            change = receiving.collected(recovery, "ins_1", seq, 150_000, at)
        else:
            change = receiving.charged_back(recovery, "ins_1", seq, at, tried_again=True, debit_due_at=at + 9 * DAY)
        assert not imbalance(change.event.postings)
        for leg in change.event.postings:
            sums[leg.account] += leg.debit_minor - leg.credit_minor
        recovery = change.state
        assert sums["supplier_balance"] == -100_000
        assert recovery.remaining_minor == (0 if seq % 2 else 150_000)
    assert "returned_receivable" not in sums


def test_set_off_takes_what_is_there_and_no_more_than_is_owed() -> None:
    part = receiving.set_off(in_setoff(), with_balance(40_000), NOW + 12 * DAY)
    assert part is not None
    assert (drawn(part), part.state.remaining_minor, part.state.status) == (40_000, 110_000, "setoff")
    assert debit("supplier_balance", "mem_s", "USD", 40_000) in part.event.postings
    rest = receiving.set_off(part.state, with_balance(900_000), NOW + 13 * DAY)
    assert rest is not None
    assert (drawn(rest), rest.state.status) == (110_000, "recovered")
    assert receiving.set_off(rest.state, with_balance(900_000), NOW + 14 * DAY) is None


def test_a_manual_receipt_is_refused_above_what_is_owed_and_in_another_currency() -> None:
    recovery = demanded()
    with pytest.raises(MoreThanOwed) as raised:
        receiving.manual(recovery, "boc", "R-1", 150_001, "USD", NOW)
    assert raised.value.numbers["maximum"] == {"amount": "1500.00", "currency": "USD"}
    with pytest.raises(OtherCurrency):
        receiving.manual(recovery, "boc", "R-1", 100, "EUR", NOW)


def test_writing_off_books_the_loss_and_frees_no_cover() -> None:
    change = asking.write_off(suspended(), "struck off", NOW + 90 * DAY)
    assert change.event.postings == (
        debit("written_off", "mem_s", "USD", 150_000),
        credit("advances_receivable", "mem_s", "USD", 150_000),
    )
    assert repaid(change) == 0
    assert change.state.is_overdue, "what was given up was not paid"


def test_money_that_comes_after_writing_off_makes_the_loss_smaller_and_frees_cover() -> None:
    change = receiving.manual(written_off(), "boc", "R-1", 50_000, "USD", NOW + 91 * DAY)
    assert (change.state.status, change.state.written_off_minor) == ("written_off", 100_000)
    assert credit("written_off", "mem_s", "USD", 50_000) in change.event.postings
    assert repaid(change) == 50_000
    rest = receiving.manual(change.state, "boc", "R-2", 100_000, "USD", NOW + 92 * DAY).state
    assert (rest.status, rest.written_off_minor, rest.is_overdue) == ("recovered", 0, False)


def test_a_debit_that_went_back_is_owed_and_demanded_again_and_frees_no_cover_twice() -> None:
    paid, due = receiving.collected(demanded(), "ins_1", 4, 150_000, NOW).state, NOW + 20 * DAY
    back = receiving.charged_back(paid, "ins_1", 5, NOW + 9 * DAY, tried_again=True, debit_due_at=due)
    assert back.event.postings == (
        debit("advances_receivable", "mem_s", "USD", 150_000),
        credit("collected", "mem_s", "USD", 150_000),
    )
    assert (back.state.status, back.state.remaining_minor) == ("demanded", 150_000)
    assert (back.state.debit_minor, back.state.debit_due_at) == (150_000, due)
    again = receiving.collected(back.state, "ins_1", 6, 150_000, NOW + 10 * DAY)
    assert (again.state.status, again.state.remaining_minor, repaid(again)) == ("debited", 0, 0)


def test_the_last_word_of_a_debit_counts_in_whatever_order_words_come() -> None:
    back = receiving.charged_back(demanded(), "ins_1", 5, NOW, tried_again=False, debit_due_at=NOW).state
    assert back.has_applied("ins_1", 4), "that it was settled before comes too late to count"
    assert not back.has_applied("ins_1", 6)
    assert (back.status, back.remaining_minor) == ("demanded", 150_000)


def test_a_debit_the_bank_gave_up_is_not_waited_for() -> None:
    change = asking.give_up_debit(demanded(), NOW + DAY, why="not_carried_out")
    assert (change.state.status, change.state.debit_minor) == ("setoff", 0)
    assert to_set_off_minor(change.state, NOW + DAY) == 150_000


def test_a_debit_that_the_bank_gave_up_leaves_another_one_under_way() -> None:
    """Else the balance would pay what the bank is just debiting, and the next call would ask for it again."""
    may = instant("2026-05-05T16:00:00Z")
    called = later(with_plan(opened_without_debit(), first=date(2026, 5, 4)), may)
    assert (called.debit_minor, called.status) == (150_000, "instalments")
    left = asking.give_up_debit(called, may, why="not_carried_out", minor=50_000).state
    assert (left.debit_minor, to_set_off_minor(left, may)) == (100_000, 50_000)


def opened_without_debit() -> Recovery:
    """The first debit was not carried out in time: none is under way."""
    return replace(in_setoff(), updated_at=NOW)


@given(
    amount=st.integers(1, 10**9),
    usd=st.integers(1, 10**9),
    parts=st.lists(st.tuples(st.sampled_from(["debit", "manual", "setoff"]), st.integers(1, 10**9)), max_size=12),
)
def test_whatever_comes_the_books_balance_and_cover_is_free_exactly_when_all_is_paid(
    amount: int, usd: int, parts: list[tuple[str, int]]
) -> None:
    recovery = later(opened(ACCOUNT, amount_minor=amount, usd_minor=usd, currency="EUR"), NOW + 12 * DAY)
    freed, now = 0, NOW + 12 * DAY
    for number, (by, minor) in enumerate(parts):
        now += timedelta(hours=1)
        change = _receive(recovery, by, minor, number, now)
        if change is None:
            continue
        assert imbalance(change.event.postings) == {}
        freed += repaid(change)
        recovery = change.state
        assert 0 <= recovery.remaining_minor <= amount
        assert 0 <= freed == recovery.repaid_usd_minor <= usd
        assert (freed == usd) or recovery.remaining_minor > 0
        assert (recovery.status in ENDS) == (recovery.remaining_minor == 0)
    assert sum(receipt.usd_minor for receipt in recovery.receipts) == freed


def _receive(recovery: Recovery, by: str, minor: int, number: int, now: datetime) -> RecoveryChange | None:
    if by == "debit":
        return receiving.collected(recovery, f"ins_{number}", 1, minor, now)
    if by == "setoff":
        return receiving.set_off(recovery, with_balance(minor), now)
    if recovery.remaining_minor == 0:
        return None
    taken = min(minor, recovery.remaining_minor)
    return receiving.manual(recovery, "boc", f"R-{number}", taken, "EUR", now)
