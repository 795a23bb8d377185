"""Reserving and releasing cover: the guarded columns, on an engine."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from chalicelib.shared import journal
from chalicelib.shared.commit import Put, Update, commit
from chalicelib.shared.journal import Entry, Event
from chalicelib.shared.refusal import Raced
from chalicelib.shared.request import CLOCK, Request
from chalicelib.suppliers import records, rules, service
from chalicelib.suppliers.rules import CapacityExceeded, Standing, SupplierNotActive
from chalicelib.suppliers.rules.programme import Supplier

NOW = datetime(2026, 3, 2, tzinfo=UTC)
SUPPLIER = Supplier(id="mem_S", version=1, status=rules.ACTIVE, created_at=NOW, updated_at=NOW, limit_minor=100_000)
_numbers: Iterator[int] = itertools.count(1)


def entry(of: str = "mem_S", seq: int = 1) -> Entry:
    request = Request(caller=CLOCK, now=NOW, request_id="r", key=f"k{next(_numbers)}", digest="d")
    return journal.entry(request, Event("test"), of=of, seq=seq, prev="")


def write(*changes: Put | Update) -> None:
    commit(entry(), *changes)


@pytest.fixture
def supplier(aws: None) -> Supplier:
    made = entry()
    commit(made, records.create(SUPPLIER, made))
    found = records.load("mem_S")
    assert found is not None
    return found[0]


def test_reserving_moves_available_to_reserved_and_releasing_moves_it_back(supplier: Supplier) -> None:
    write(service.reserve("mem_S", 30_000))
    assert service.standing("mem_S") == Standing(
        status="active", limit_minor=100_000, reserved_minor=30_000, available_minor=70_000
    )
    write(service.release("mem_S", 30_000))
    assert service.standing("mem_S") == Standing(status="active", limit_minor=100_000, available_minor=100_000)


def test_exactly_what_is_available_can_be_reserved_and_not_a_cent_more(supplier: Supplier) -> None:
    write(service.reserve("mem_S", 99_999))
    with pytest.raises(CapacityExceeded) as refused:
        write(service.reserve("mem_S", 2))
    assert refused.value.numbers == {
        "shortfall": {"amount": "0.01", "currency": "USD"},
        "maximum": {"amount": "0.01", "currency": "USD"},
    }
    write(service.reserve("mem_S", 1))


def test_a_limit_cut_under_use_leaves_available_below_zero_and_offers_a_maximum_of_zero(supplier: Supplier) -> None:
    write(service.reserve("mem_S", 80_000))
    cut = Supplier(id="mem_S", version=2, status=rules.ACTIVE, created_at=NOW, updated_at=NOW, limit_minor=50_000)
    write(records.change(supplier, cut, entry(seq=2)))
    assert service.standing("mem_S") == Standing(
        status="active", limit_minor=50_000, reserved_minor=80_000, available_minor=-30_000
    )
    with pytest.raises(CapacityExceeded) as refused:
        write(service.reserve("mem_S", 100))
    assert refused.value.numbers["maximum"] == {"amount": "0.00", "currency": "USD"}
    assert refused.value.numbers["shortfall"] == {"amount": "1.00", "currency": "USD"}
    write(service.release("mem_S", 80_000))
    assert service.standing("mem_S") == Standing(status="active", limit_minor=50_000, available_minor=50_000)


def test_a_change_of_standing_does_not_mind_orders_and_orders_do_not_mind_it(supplier: Supplier) -> None:
    write(service.reserve("mem_S", 10_000))
    raised = Supplier(id="mem_S", version=2, status=rules.ACTIVE, created_at=NOW, updated_at=NOW, limit_minor=120_000)
    write(records.change(supplier, raised, entry(seq=2)))
    with pytest.raises(Raced):
        write(records.change(supplier, raised, entry(seq=2)))
    write(service.reserve("mem_S", 110_000))
    assert service.standing("mem_S") == Standing(status="active", limit_minor=120_000, reserved_minor=120_000)


@pytest.mark.parametrize("status", [rules.APPLIED, rules.SUSPENDED, rules.DISQUALIFIED, rules.NOT_ENROLLED])
def test_only_an_active_supplier_takes_new_cover_while_old_cover_is_released_in_any_status(
    supplier: Supplier, status: str
) -> None:
    write(service.reserve("mem_S", 10_000))
    left = Supplier(id="mem_S", version=2, status=status, created_at=NOW, updated_at=NOW, limit_minor=100_000)
    write(records.change(supplier, left, entry(seq=2)))
    with pytest.raises(SupplierNotActive) as refused:
        write(service.reserve("mem_S", 1))
    assert refused.value.numbers == {"supplier_status": status}
    write(service.release("mem_S", 10_000))


def test_a_member_that_never_joined_is_not_active(aws: None) -> None:
    assert service.standing("mem_X") is None
    with pytest.raises(SupplierNotActive) as refused:
        write(service.reserve("mem_X", 1))
    assert refused.value.numbers == {"supplier_status": "not_enrolled"}


def test_giving_back_more_than_is_reserved_is_a_fault_and_writes_nothing(supplier: Supplier) -> None:
    with pytest.raises(AssertionError, match="less reserved"):
        write(service.release("mem_S", 1))
    assert service.standing("mem_S") == Standing(status="active", limit_minor=100_000, available_minor=100_000)


def test_postings_of_cover_balance_and_mirror_each_other() -> None:
    assert journal.imbalance(rules.reserve_postings("mem_S", 5)) == {}
    assert journal.imbalance(rules.reserve_postings("mem_S", 5) + rules.release_postings("mem_S", 5)) == {}
    raised = rules.limit_postings("mem_S", was_minor=0, now_minor=700)
    cut = rules.limit_postings("mem_S", was_minor=700, now_minor=0)
    assert [(leg.account, leg.debit_minor, leg.credit_minor) for leg in raised] == [
        ("cover_available", 700, 0),
        ("cover_granted", 0, 700),
    ]
    assert [(leg.account, leg.debit_minor, leg.credit_minor) for leg in cut] == [
        ("cover_granted", 700, 0),
        ("cover_available", 0, 700),
    ]
    assert rules.limit_postings("mem_S", was_minor=7, now_minor=7) == ()
