"""What a recovery books: demands, receipts, set-off, giving up. To the cent, and never more than is owed."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.recoveries.rules import asking, deadlines, receiving
from chalicelib.recoveries.rules import recovery as recoveries_recovery
from chalicelib.recoveries.rules.receiving import MoreThanOwed, OtherCurrency
from chalicelib.recoveries.rules.recovery import ENDS, Recovery
from chalicelib.recoveries.rules.step import Step
from chalicelib.shared.journal import credit, debit, imbalance
from tests.recoveries.asking import (
    ACCOUNT,
    DAY,
    NOW,
    POLICY,
    demanded,
    in_setoff,
    later,
    opened,
    suspended,
    written_off,
)


def first_step(recovery: Recovery) -> Step:
    return next(deadlines.fallen_due(recovery, POLICY, NOW))


def test_the_demand_tells_the_bank_to_debit_all_that_is_left() -> None:
    step = first_step(opened())
    (told,) = step.event.instructs
    assert (told.kind, told.bank_id, told.account) == ("debit", "boc", "6222020200112233")
    assert (told.of, told.party, told.amount_minor, told.currency) == ("mem_s", "mem_s", 150_000, "USD")
    assert step.recovery.debit_minor == 150_000


def test_without_an_account_it_is_demanded_all_the_same_and_set_off_at_once() -> None:
    step = first_step(opened(account=None))
    assert step.event.instructs == ()
    assert recoveries_recovery.to_set_off_minor(step.recovery, NOW) == 150_000


def test_nothing_is_set_off_while_a_debit_of_all_is_under_way() -> None:
    assert receiving.set_off(demanded(), 1_000_000, NOW) is None


def test_a_debit_that_was_carried_out_pays_the_advance_and_frees_its_cover() -> None:
    step = receiving.collected(demanded(), "ins_1", 1, 150_000, NOW)
    assert step.recovery.status == "debited"
    assert step.event.postings == (
        debit("collected", "mem_s", "USD", 150_000),
        credit("advances_receivable", "mem_s", "USD", 150_000),
        debit("cover_available", "mem_s", "USD", 150_000),
        credit("cover_advanced", "mem_s", "USD", 150_000),
    )
    assert step.repay_usd_minor == 150_000


def test_what_was_collected_above_what_is_owed_goes_to_the_suppliers_balance() -> None:
    half = receiving.by_hand(demanded(), POLICY, "boc", "R-1", 100_000, "USD", NOW).recovery
    step = receiving.collected(half, "ins_1", 1, 150_000, NOW + DAY)
    assert step.recovery.left_minor == 0
    assert credit("supplier_balance", "mem_s", "USD", 100_000) in step.event.postings
    assert step.event.facts["excess_minor"] == 100_000


def test_a_debit_carried_out_after_everything_was_paid_is_the_suppliers_in_whole() -> None:
    paid = receiving.by_hand(in_setoff(), POLICY, "boc", "R-1", 150_000, "USD", NOW + 12 * DAY).recovery
    step = receiving.collected(paid, "ins_1", 1, 150_000, NOW + 13 * DAY)
    assert (step.recovery.status, step.repay_usd_minor) == ("recovered", 0)
    assert step.event.postings == (
        debit("collected", "mem_s", "USD", 150_000),
        credit("supplier_balance", "mem_s", "USD", 150_000),
    )


def test_set_off_takes_what_is_there_and_no_more_than_is_owed() -> None:
    part = receiving.set_off(in_setoff(), 40_000, NOW + 12 * DAY)
    assert part is not None
    assert (part.draw_minor, part.recovery.left_minor, part.recovery.status) == (40_000, 110_000, "setoff")
    assert debit("supplier_balance", "mem_s", "USD", 40_000) in part.event.postings
    rest = receiving.set_off(part.recovery, 900_000, NOW + 13 * DAY)
    assert rest is not None
    assert (rest.draw_minor, rest.recovery.status) == (110_000, "recovered")
    assert receiving.set_off(rest.recovery, 900_000, NOW + 14 * DAY) is None


def test_a_receipt_by_hand_is_refused_above_what_is_owed_and_in_another_currency() -> None:
    recovery = demanded()
    with pytest.raises(MoreThanOwed) as refused:
        receiving.by_hand(recovery, POLICY, "boc", "R-1", 150_001, "USD", NOW)
    assert refused.value.numbers["maximum"] == {"amount": "1500.00", "currency": "USD"}
    with pytest.raises(OtherCurrency):
        receiving.by_hand(recovery, POLICY, "boc", "R-1", 100, "EUR", NOW)


def test_writing_off_books_the_loss_and_frees_no_cover() -> None:
    step = asking.write_off(suspended(), POLICY, "struck off", NOW + 90 * DAY)
    assert step.event.postings == (
        debit("written_off", "mem_s", "USD", 150_000),
        credit("advances_receivable", "mem_s", "USD", 150_000),
    )
    assert step.repay_usd_minor == 0
    assert step.recovery.is_overdue, "what was given up was not paid"


def test_money_that_comes_after_writing_off_makes_the_loss_smaller_and_frees_cover() -> None:
    step = receiving.by_hand(written_off(), POLICY, "boc", "R-1", 50_000, "USD", NOW + 91 * DAY)
    assert (step.recovery.status, step.recovery.written_off_minor) == ("written_off", 100_000)
    assert credit("written_off", "mem_s", "USD", 50_000) in step.event.postings
    assert step.repay_usd_minor == 50_000
    rest = receiving.by_hand(step.recovery, POLICY, "boc", "R-2", 100_000, "USD", NOW + 92 * DAY).recovery
    assert (rest.status, rest.written_off_minor, rest.is_overdue) == ("recovered", 0, False)


def test_a_debit_that_went_back_is_owed_and_demanded_again_and_frees_no_cover_twice() -> None:
    paid, due = receiving.collected(demanded(), "ins_1", 4, 150_000, NOW).recovery, NOW + 20 * DAY
    back = receiving.taken_back(paid, "ins_1", 5, NOW + 9 * DAY, tried_again=True, debit_due_at=due)
    assert back.event.postings == (
        debit("advances_receivable", "mem_s", "USD", 150_000),
        credit("collected", "mem_s", "USD", 150_000),
    )
    assert (back.recovery.status, back.recovery.left_minor) == ("demanded", 150_000)
    assert (back.recovery.debit_minor, back.recovery.debit_due_at) == (150_000, due)
    again = receiving.collected(back.recovery, "ins_1", 6, 150_000, NOW + 10 * DAY)
    assert (again.recovery.status, again.recovery.left_minor, again.repay_usd_minor) == ("debited", 0, 0)


def test_the_last_word_of_a_debit_counts_in_whatever_order_words_come() -> None:
    back = receiving.taken_back(demanded(), "ins_1", 5, NOW, tried_again=False, debit_due_at=NOW).recovery
    assert back.has_heard("ins_1", 4), "that it was settled before comes too late to count"
    assert not back.has_heard("ins_1", 6)
    assert (back.status, back.left_minor) == ("demanded", 150_000)


def test_a_debit_the_bank_gave_up_is_not_waited_for() -> None:
    step = asking.give_up_debit(demanded(), NOW + DAY, why="not_carried_out")
    assert (step.recovery.status, step.recovery.debit_minor) == ("setoff", 0)
    assert recoveries_recovery.to_set_off_minor(step.recovery, NOW + DAY) == 150_000


@given(
    amount=st.integers(1, 10**9),
    usd=st.integers(1, 10**9),
    parts=st.lists(st.tuples(st.sampled_from(["debit", "by_hand", "setoff"]), st.integers(1, 10**9)), max_size=12),
)
def test_whatever_comes_the_books_balance_and_cover_is_free_exactly_when_all_is_paid(
    amount: int, usd: int, parts: list[tuple[str, int]]
) -> None:
    recovery = later(opened(ACCOUNT, amount_minor=amount, usd_minor=usd, currency="EUR"), NOW + 12 * DAY)
    freed, now = 0, NOW + 12 * DAY
    for number, (by, minor) in enumerate(parts):
        now += timedelta(hours=1)
        step = _receive(recovery, by, minor, number, now)
        if step is None:
            continue
        assert imbalance(step.event.postings) == {}
        freed += step.repay_usd_minor
        recovery = step.recovery
        assert 0 <= recovery.left_minor <= amount
        assert 0 <= freed == recovery.repaid_usd_minor <= usd
        assert (freed == usd) or recovery.left_minor > 0
        assert (recovery.status in ENDS) == (recovery.left_minor == 0)
    assert sum(receipt.usd_minor for receipt in recovery.receipts) == freed


def _receive(recovery: Recovery, by: str, minor: int, number: int, now: datetime) -> Step | None:
    if by == "debit":
        return receiving.collected(recovery, f"ins_{number}", 1, minor, now)
    if by == "setoff":
        return receiving.set_off(recovery, minor, now)
    if recovery.left_minor == 0:
        return None
    taken = min(minor, recovery.left_minor)
    return receiving.by_hand(recovery, POLICY, "boc", f"R-{number}", taken, "EUR", now)
