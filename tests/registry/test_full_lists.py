"""A list that is full is refused by name, with the number and what to do, and leaves room for those who must write."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.banks.rules import operations
from chalicelib.banks.rules.instruction import MOST_ATTEMPTS, MOST_MANUAL, Attempt, TooManyAttempts
from chalicelib.daybook import records
from chalicelib.daybook.rules.activity import Inquiry
from chalicelib.daybook.rules.days import MOST_CATEGORIES
from chalicelib.daybook.rules.trades import TradeFact
from chalicelib.daybook.service import recording as daybook_recording
from chalicelib.deposits.rules import holds_and_releases, requirement_changes
from chalicelib.deposits.rules.account import MOST_MATTERS, Correction, Hold, TooManyMatters
from chalicelib.deposits.rules.deposit import Deposit
from chalicelib.orders.aggregate import ORDERS, pinned
from chalicelib.orders.rules.order import MOST_PAYMENTS, Payment, TooManyPayments
from chalicelib.orders.rules.payments import PaymentReceived, apply
from chalicelib.recoveries.rules import receiving as recoveries_receiving
from chalicelib.recoveries.rules.recovery import MOST_MANUAL as MOST_RECORDED
from chalicelib.recoveries.rules.recovery import Receipt, TooManyReceipts
from chalicelib.shared import bounds, policies
from chalicelib.shared.bounds import NoRoom
from chalicelib.suppliers.rules import penalties
from chalicelib.suppliers.rules.penalties import MOST_PENALTIES, TooManyPenalties
from chalicelib.suppliers.rules.qualification import Terms
from tests.banks.factories import allowed, instruction
from tests.deposits.rules.sellers import BOOKS, seller
from tests.recoveries.asking import NOW, suspended, with_balance
from tests.trade import Trade


def test_every_refusal_of_one_more_says_what_to_do_instead() -> None:
    classes = NoRoom.__subclasses__()
    assert len(classes) >= 11
    assert len({error.code for error in classes}) == len(classes)
    assert all(error.fix != NoRoom.fix and error.title != NoRoom.title for error in classes)
    for error in classes:
        with pytest.raises(error) as raised:
            bounds.must_have_room(3, 3, error, param="x")
        assert raised.value.numbers["maximum"] == 3


def test_penalties_that_no_longer_count_make_room_and_those_that_count_do_not() -> None:
    terms = policies.versions("qualification")[-1].read_as(Terms).points
    known: penalties.Penalties = ()
    for number in range(MOST_PENALTIES):
        known = penalties.added(known, _penalty(number, terms, NOW), NOW)
    with pytest.raises(TooManyPenalties):
        penalties.added(known, _penalty(99, terms, NOW), NOW)
    later = NOW + timedelta(days=terms.expire_days)
    told = penalties.added(known, _penalty(99, terms, later), later)
    assert [each.id for each in told] == [*(f"pen_{n}" for n in range(1, MOST_PENALTIES)), "pen_99"]


def test_an_instruction_is_tried_so_often_and_then_settled_manually() -> None:
    tried = Attempt(id="att_1", amount_minor=1, sent_at=NOW, account=instruction().account)
    full = replace(instruction(), status="manual", attempts=(tried,) * MOST_MANUAL)
    assert MOST_MANUAL < MOST_ATTEMPTS, "banks have room to go on"
    with pytest.raises(TooManyAttempts):
        operations.retry(full, NOW)
    assert "settle-by-hand" in allowed(full)


def test_officers_record_so_many_receipts_and_what_is_set_off_has_its_own_room() -> None:
    manual = tuple(Receipt(by="manual", source=f"boc:R-{n}", amount_minor=1, at=NOW) for n in range(MOST_RECORDED))
    full = replace(suspended(), receipts=manual)
    with pytest.raises(TooManyReceipts):
        recoveries_receiving.manual(full, "boc", "R-X", 1, "USD", NOW + timedelta(days=40))
    assert recoveries_receiving.set_off(full, with_balance(1), NOW + timedelta(days=40)) is not None


def test_a_deposit_holds_so_many_matters_at_a_time() -> None:
    held = tuple(Hold(id=f"hld_{n}", minor=0, case=f"c{n}", reason="r", at=NOW) for n in range(MOST_MATTERS))
    was = seller(cash=100)
    full = replace(was, account=replace(was.account, holds=held))
    another = Hold(id="hld_x", minor=1, case="c", reason="r", at=NOW)
    with pytest.raises(TooManyMatters):
        holds_and_releases.held(full, another, BOOKS, NOW)
    lifted = holds_and_releases.lifted(full, "hld_0", BOOKS, NOW).state
    assert holds_and_releases.held(lifted, another, BOOKS, NOW).state.account.holds[-1] == another
    with pytest.raises(TooManyMatters):
        requirement_changes.correction_proposed(_with_corrections(was), _correction("cor_x"), BOOKS, NOW)


def test_a_payment_above_those_an_order_holds_is_refused_before_anything_is_booked(trade: Trade) -> None:
    order = ORDERS.repository.load(trade.agree())
    assert order is not None
    paid = Payment(
        bank_id="boc", bank_ref="R", amount_minor=1, currency="USD", value_date=NOW.date(), at=NOW, status="counted"
    )
    full = replace(order, payments=(paid,) * MOST_PAYMENTS)
    fact = PaymentReceived(
        bank_id="boc",
        bank_ref="R-NEW",
        seq=1,
        account="TA-USD-01",
        value_date=NOW.date(),
        amount_minor=1,
        currency="USD",
    )
    aside = apply(full, fact, designated=True, policy=pinned(order), now=NOW)
    assert (type(aside.aside), aside.state.payments) == (TooManyPayments, full.payments)
    assert not aside.event.postings
    with pytest.raises(TooManyPayments):
        apply(full, replace(fact, seq=0), designated=True, policy=pinned(order), now=NOW)


def test_inquiries_above_those_a_date_holds_are_refused_and_others_are_not(
    aws: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daybook_recording, "FACTS", dataclasses.replace(daybook_recording.FACTS, most=3))
    at = datetime(2026, 3, 2, 2, tzinfo=UTC)
    told = daybook_recording.record([_inquiry(number, at) for number in range(5)])
    assert [outcome.result for outcome in told] == ["new"] * 3 + ["refused"] * 2
    assert {outcome.reason for outcome in told[3:]} == {"too_many_inquiries"}
    assert daybook_recording.record([_inquiry(0, at)])[0].result == "known"
    assert daybook_recording.record([_inquiry(9, at + timedelta(days=1))])[0].result == "new"
    rows = records.rows("mem_1", at.date(), at.date() + timedelta(days=2))
    assert [len(row.inquiries) for row in rows] == [3, 1]


def test_categories_above_those_a_month_adds_up_are_refused_and_known_ones_are_not(aws: None) -> None:
    """They are the marketplace's words: three thousand of them in a month, and nothing of the member was counted any more."""
    first, second = (datetime(2026, 2, day, 2, tzinfo=UTC) for day in (2, 3))
    half = MOST_CATEGORIES // 2
    for at, known in ((first, half), (second, MOST_CATEGORIES - half)):
        told = daybook_recording.record([_trade(f"{at.day}-{n}", f"c{n}", at) for n in range(known)])
        assert {outcome.result for outcome in told} == {"new"}
    told = daybook_recording.record([_trade("one-more", "another", second), _trade("known", "c0", second)])
    assert [(outcome.result, outcome.reason) for outcome in told] == [("refused", "too_many_categories"), ("new", "")]
    assert daybook_recording.record([_trade("next", "another", datetime(2026, 3, 1, 2, tzinfo=UTC))])[0].result == "new"
    rows = records.rows("mem_1", first.date(), second.date() + timedelta(days=1))
    assert sum(count for row in rows for count, *_ in row.orders.values()) == MOST_CATEGORIES + 1


def _trade(name: str, category: str, at: datetime) -> TradeFact:
    return TradeFact(
        member_id="mem_1",
        trade_id=name,
        buyer_ref="B",
        supplier_country="CN",
        buyer_country="DE",
        category=category,
        currency="USD",
        amount_minor=100,
        ordered_at=at,
        paid_at=at,
        status="paid",
    )


def _correction(name: str) -> Correction:
    return Correction(id=name, base_minor=7, reason="r", by="officer-1", at=NOW)


def _with_corrections(was: Deposit) -> Deposit:
    return replace(
        was, account=replace(was.account, corrections=tuple(_correction(f"cor_{n}") for n in range(MOST_MATTERS)))
    )


def _inquiry(number: int, at: datetime) -> Inquiry:
    return Inquiry(member_id="mem_1", thread_id=f"T-{number}", buyer_ref="B", at=at + timedelta(seconds=number))


def _penalty(number: int, terms: Any, at: datetime) -> penalties.Penalty:
    return penalties.penalty(f"pen_{number}", "late", 1, "", terms, at)
