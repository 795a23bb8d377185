"""The invented firms, customs and banks of `benchmarks/firms.py`: always the same, and of every kind."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import chain, pairwise
from pathlib import Path

import pytest

from benchmarks import firms

MANY = 300


def test_they_follow_from_seed_and_number_alone() -> None:
    assert firms.firm(7) == firms.firm(7) != firms.firm(7, seed=1)
    assert list(firms.declarations(7)) == list(firms.declarations(7))
    assert list(chain.from_iterable(map(firms.loans, range(50)))) == [
        loan for number in range(50) for loan in firms.loans(number)
    ]


def test_customs_tells_the_life_of_each_declaration() -> None:
    tellings = defaultdict(list)
    for row in chain.from_iterable(map(firms.declarations, range(MANY))):
        assert tuple(row) == firms.COLUMNS
        tellings[row["declaration_no"]].append(row)
    for told in tellings.values():
        assert told[0]["status"] == "submitted"
        kept = ("exporter_ref", "order_ref", "buyer_ref", "currency", "amount", "submitted_on")
        assert len({tuple(row[name] for name in kept) for row in told}) == 1
    last = Counter(told[-1]["status"] for told in tellings.values())
    assert set(last) == {"cancelled", "released", "returned"}
    assert any(row == again for told in tellings.values() for row, again in pairwise(told))


def test_banks_tell_of_loans_of_every_kind_and_of_everything_that_happens_to_them() -> None:
    loans = list(chain.from_iterable(map(firms.loans, range(MANY))))
    assert {loan.bank_id for loan in loans} == set(firms.BANKS)
    assert {loan.method for loan in loans} == set(firms.METHODS)
    told = [each for loan in loans for each in loan.events]
    assert {each["type"] for each in told} == {"repayment.received", "repayment.reversed", "hardship.granted"}
    assert any(each["told_on"] > each["value_date"] for each in told if "value_date" in each)


def test_a_registration_number_ends_with_its_check_character() -> None:
    for number in range(MANY):
        values = [firms._CODE.index(each) for each in firms.firm(number).registration_no]
        assert len(values) == 18
        assert sum(value * 3**place for place, value in enumerate(values[:17])) % 31 == -values[17] % 31


def test_what_is_printed_says_that_it_is_invented(capsys: pytest.CaptureFixture[str]) -> None:
    firms.main(["firms", "FIRMS=2"])
    printed = capsys.readouterr()
    assert "Invented" in printed.err
    assert all('"invented": true' in line and "Invented Trading" in line for line in printed.out.splitlines())
    firms.main(["declarations", "FIRMS=2"])
    assert all("inv-" in line for line in capsys.readouterr().out.splitlines()[1:])


def test_nothing_of_ours_is_imported() -> None:
    assert "chalicelib" not in Path(firms.__file__).read_text()


@pytest.mark.parametrize("asked", [["--help"], ["firms", "FIRMS=many"], ["loans", "SEEDS=7"], ["loans", "7"]])
def test_what_it_does_not_know_is_answered_with_how_to_ask(asked: list[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        firms.main(asked)
    assert "python -m benchmarks.firms" in str(raised.value)
