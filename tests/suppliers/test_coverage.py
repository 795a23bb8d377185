"""Reserving and releasing cover: the guarded columns, on an engine."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.shared import journal
from chalicelib.shared.commit import Put, Update, commit
from chalicelib.shared.errors import WriteConflict
from chalicelib.shared.journal import Entry, Event
from chalicelib.shared.request import CLOCK, RequestContext
from chalicelib.suppliers import records
from chalicelib.suppliers.rules import coverage
from chalicelib.suppliers.rules.balance import Balance, Draw
from chalicelib.suppliers.rules.coverage import (
    ACTIVE,
    APPLIED,
    DISQUALIFIED,
    NOT_ENROLLED,
    SUSPENDED,
    CapacityExceeded,
    CoverChange,
    CoverPosition,
    SupplierNotActive,
)
from chalicelib.suppliers.rules.programme import Supplier
from chalicelib.suppliers.service import cover
from tests.suppliers import effects

NOW = datetime(2026, 3, 2, tzinfo=UTC)
SUPPLIER = Supplier(id="mem_S", version=1, status=ACTIVE, created_at=NOW, updated_at=NOW, limit_minor=100_000)
_numbers: Iterator[int] = itertools.count(1)


def entry(of: str = "mem_S", seq: int = 1) -> Entry:
    request = RequestContext(caller=CLOCK, now=NOW, request_id="r", key=f"k{next(_numbers)}", digest="d")
    return journal.entry(request, Event("test"), aggregate_id=of, seq=seq, prev="")


def write(*changes: Put | Update) -> None:
    commit(entry(), *changes)


@pytest.fixture
def supplier(aws: None) -> Supplier:
    written = entry()
    commit(written, records.create(SUPPLIER, written))
    loaded = records.load("mem_S")
    assert loaded is not None
    return loaded[0]


def test_reserving_moves_available_to_reserved_and_releasing_moves_it_back(supplier: Supplier) -> None:
    write(effects.reserve("mem_S", 30_000))
    assert cover.cover_position("mem_S") == CoverPosition(
        status="active", limit_minor=100_000, reserved_minor=30_000, available_minor=70_000
    )
    write(effects.change("mem_S", release=30_000))
    assert cover.cover_position("mem_S") == CoverPosition(status="active", limit_minor=100_000, available_minor=100_000)


def test_exactly_what_is_available_can_be_reserved_and_not_a_cent_more(supplier: Supplier) -> None:
    write(effects.reserve("mem_S", 99_999))
    with pytest.raises(CapacityExceeded) as raised:
        write(effects.reserve("mem_S", 2))
    assert raised.value.numbers == {
        "shortfall": {"amount": "0.01", "currency": "USD"},
        "maximum": {"amount": "0.01", "currency": "USD"},
    }
    write(effects.reserve("mem_S", 1))


def test_a_limit_cut_under_use_leaves_available_below_zero_and_offers_a_maximum_of_zero(supplier: Supplier) -> None:
    write(effects.reserve("mem_S", 80_000))
    cut = Supplier(id="mem_S", version=2, status=ACTIVE, created_at=NOW, updated_at=NOW, limit_minor=50_000)
    write(records.change(supplier, cut, entry(seq=2)))
    assert cover.cover_position("mem_S") == CoverPosition(
        status="active", limit_minor=50_000, reserved_minor=80_000, available_minor=-30_000
    )
    with pytest.raises(CapacityExceeded) as raised:
        write(effects.reserve("mem_S", 100))
    assert raised.value.numbers["maximum"] == {"amount": "0.00", "currency": "USD"}
    assert raised.value.numbers["shortfall"] == {"amount": "1.00", "currency": "USD"}
    write(effects.change("mem_S", release=80_000))
    assert cover.cover_position("mem_S") == CoverPosition(status="active", limit_minor=50_000, available_minor=50_000)


def test_a_change_of_standing_does_not_mind_orders_and_orders_do_not_mind_it(supplier: Supplier) -> None:
    write(effects.reserve("mem_S", 10_000))
    raised = Supplier(id="mem_S", version=2, status=ACTIVE, created_at=NOW, updated_at=NOW, limit_minor=120_000)
    write(records.change(supplier, raised, entry(seq=2)))
    with pytest.raises(WriteConflict):
        write(records.change(supplier, raised, entry(seq=2)))
    write(effects.reserve("mem_S", 110_000))
    assert cover.cover_position("mem_S") == CoverPosition(status="active", limit_minor=120_000, reserved_minor=120_000)


@pytest.mark.parametrize("status", [APPLIED, SUSPENDED, DISQUALIFIED, NOT_ENROLLED])
def test_only_an_active_supplier_takes_new_cover_while_old_cover_is_released_in_any_status(
    supplier: Supplier, status: str
) -> None:
    write(effects.reserve("mem_S", 10_000))
    left = Supplier(id="mem_S", version=2, status=status, created_at=NOW, updated_at=NOW, limit_minor=100_000)
    write(records.change(supplier, left, entry(seq=2)))
    with pytest.raises(SupplierNotActive) as raised:
        write(effects.reserve("mem_S", 1))
    assert raised.value.numbers == {"supplier_status": status}
    write(effects.change("mem_S", release=10_000))


def test_a_member_that_never_joined_is_not_active(aws: None) -> None:
    assert cover.cover_position("mem_X") is None
    with pytest.raises(SupplierNotActive) as raised:
        write(effects.reserve("mem_X", 1))
    assert raised.value.numbers == {"supplier_status": "not_enrolled"}


def test_giving_back_more_than_is_reserved_is_a_fault_and_writes_nothing(supplier: Supplier) -> None:
    with pytest.raises(AssertionError, match="less reserved or advanced"):
        write(effects.change("mem_S", release=1))
    assert cover.cover_position("mem_S") == CoverPosition(status="active", limit_minor=100_000, available_minor=100_000)


def test_postings_of_cover_balance_and_mirror_each_other() -> None:
    assert journal.imbalance(coverage.reserve_postings("mem_S", 5)) == {}
    assert journal.imbalance(coverage.reserve_postings("mem_S", 5) + coverage.release_postings("mem_S", 5)) == {}
    raised = coverage.limit_postings("mem_S", was_minor=0, now_minor=700)
    cut = coverage.limit_postings("mem_S", was_minor=700, now_minor=0)
    assert [(leg.account, leg.debit_minor, leg.credit_minor) for leg in raised] == [
        ("cover_available", 700, 0),
        ("cover_granted", 0, 700),
    ]
    assert [(leg.account, leg.debit_minor, leg.credit_minor) for leg in cut] == [
        ("cover_granted", 700, 0),
        ("cover_available", 0, 700),
    ]
    assert coverage.limit_postings("mem_S", was_minor=7, now_minor=7) == ()


def test_an_advance_is_lent_from_what_is_reserved_and_what_is_recovered_is_free_again(supplier: Supplier) -> None:
    write(effects.reserve("mem_S", 30_000))
    write(effects.change("mem_S", release=10_000, advance=15_000))
    assert cover.cover_position("mem_S") == CoverPosition(
        status="active", limit_minor=100_000, reserved_minor=5_000, advanced_minor=15_000, available_minor=80_000
    )
    write(effects.change("mem_S", repay=15_000))
    assert cover.cover_position("mem_S") == CoverPosition(
        status="active", limit_minor=100_000, reserved_minor=5_000, available_minor=95_000
    )


@pytest.mark.parametrize("change", [{"advance": 6}, {"release": 3, "advance": 3}, {"repay": 1}])
def test_neither_what_is_reserved_nor_what_is_advanced_ever_goes_below_zero(
    supplier: Supplier, change: dict[str, int]
) -> None:
    write(effects.reserve("mem_S", 5))
    with pytest.raises(AssertionError, match="less reserved or advanced"):
        write(effects.change("mem_S", **change))  # type: ignore[arg-type]
    assert cover.cover_position("mem_S") == CoverPosition(
        status="active", limit_minor=100_000, reserved_minor=5, available_minor=99_995
    )


def test_cover_of_a_member_that_never_joined_cannot_be_changed(aws: None) -> None:
    with pytest.raises(AssertionError):
        write(effects.change("mem_X", repay=0, draw=Draw("USD", 0, Balance(0, 0, 0))))
    assert cover.cover_position("mem_X") is None


def test_a_draw_and_a_change_of_cover_are_one_update_and_a_draw_on_an_older_balance_is_lost(supplier: Supplier) -> None:
    write(effects.reserve("mem_S", 500))
    write(effects.change("mem_S", release=500, draw=Draw("USD", 40, Balance(100, 0, 0))))
    assert records.drawn("mem_S") == (1, {"USD": 40})
    with pytest.raises(WriteConflict):
        write(effects.change("mem_S", draw=Draw("USD", 60, Balance(100, 0, 0))))
    write(effects.change("mem_S", draw=Draw("CNY", 7, Balance(7, 0, 1, {"USD": 40}))))
    assert records.drawn("mem_S") == (2, {"USD": 40, "CNY": 7})


def test_a_change_of_cover_is_never_below_zero() -> None:
    with pytest.raises(AssertionError, match="never below zero"):
        effects.change("mem_S", release=-1)


@given(st.lists(st.sampled_from(["release", "advance", "repay"]), max_size=8), st.integers(0, 10))
def test_whatever_is_done_the_limit_is_what_is_available_reserved_and_advanced(moves: list[str], minor: int) -> None:
    changes = [CoverChange(**{f"{move}_minor": minor}) for move in moves]
    assert all(each.available_minor + each.reserved_minor + each.advanced_minor == 0 for each in changes)
