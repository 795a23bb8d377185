from __future__ import annotations

import random
from datetime import date

import pytest

from chalicelib.dead_letters import jobs as dead_letters
from chalicelib.ledger import jobs
from chalicelib.ledger.records import books, closes, evidence
from chalicelib.ledger.records.books import Leg, LineRow, TotalRow
from chalicelib.ledger.rules import accounts
from chalicelib.ledger.rules.accounts import Turnover
from chalicelib.ledger.service.statements import totals_on, turnovers
from chalicelib.shared import tables
from chalicelib.shared.journal import Entry, Posting, transfer
from chalicelib.shared.settings import settings
from tests.ledger.books import Chains, project, project_all, raw_journal, stream
from tests.letters import waiting
from tests.stopping import counted, try_every_stop
from tests.world import START, StandingClock

pytestmark = pytest.mark.usefixtures("aws")
TODAY = date(2026, 3, 2)


def pay(chains: Chains, order: str, minor: int, currency: str = "USD") -> None:
    chains.write(
        order,
        "payment.received",
        *transfer(minor, currency, debit_to=("bank_clearing", "citi"), credit_to=("held", order)),
    )


def release(chains: Chains, order: str, minor: int, *more: Posting) -> Entry:
    return chains.write(
        order,
        "order.completed",
        *transfer(minor, "USD", debit_to=("held", order), credit_to=("supplier_balance", "mem_1")),
        *transfer(minor, "USD", debit_to=("cover_available", "mem_1"), credit_to=("cover_reserved", "mem_1")),
        *more,
    )


def test_entries_become_lines_and_totals(time: StandingClock) -> None:
    chains = Chains()
    pay(chains, "ord_1", 1500)
    release(chains, "ord_1", 1500)
    project_all()
    assert totals_on(TODAY) == {
        ("bank_clearing", "USD"): Turnover(1500, 0),
        ("held", "USD"): Turnover(1500, 1500),
        ("supplier_balance", "USD"): Turnover(0, 1500),
        ("cover_available", "USD"): Turnover(1500, 0),
        ("cover_reserved", "USD"): Turnover(0, 1500),
    }
    assert totals_on(date(2026, 3, 1)) == {}


def test_every_record_may_come_twice_and_in_any_order(time: StandingClock) -> None:
    chains = Chains()
    for number in range(4):
        pay(chains, f"ord_{number}", 1000 + number)
        release(chains, f"ord_{number}", 1000 + number)
    written = stream(raw_journal())
    twice = written * 2
    random.Random(7).shuffle(twice)
    project(twice)
    assert totals_on(TODAY)["held", "USD"] == Turnover(4006, 4006)
    assert [place.seq for place in evidence.chain_of("ord_1")] == [1, 2]


def test_an_entry_half_booked_is_finished_and_not_booked_twice(time: StandingClock) -> None:
    fees = transfer(7, "USD", debit_to=("held", "ord_1"), credit_to=("channel_fees", "ch_1"))
    entry = release(Chains(), "ord_1", 1500, *fees)
    first, _ = accounts.legs(entry.event.postings)
    books._book([[Leg(entry, place) for place in first]])
    project_all()
    assert totals_on(TODAY)["supplier_balance", "USD"] == Turnover(0, 1500)
    assert totals_on(TODAY)["held", "USD"] == Turnover(1507, 0)
    assert len(list(LineRow.scan())) == 6


def test_a_batch_that_stops_between_two_transactions_is_finished_and_nothing_is_booked_twice(
    time: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "settings", lambda: settings()._replace(bulk_actions=12))
    chains = Chains()
    for number in range(6):
        pay(chains, f"ord_{number}", 1000 + number)
        release(chains, f"ord_{number}", 1000 + number)
    written = stream(raw_journal())

    def consume() -> None:
        dead_letters.consume(written, [jobs.BOOKS])

    calls = try_every_stop("book a batch", consume)
    assert calls.count("TransactWriteItems") > 2
    assert totals_on(TODAY)["held", "USD"] == Turnover(6015, 6015)
    assert totals_on(TODAY)["bank_clearing", "USD"] == Turnover(6015, 0)


def test_entries_some_of_which_are_booked_share_transactions_with_those_that_are_not(time: StandingClock) -> None:
    chains = Chains()
    for number in range(3):
        pay(chains, f"ord_{number}", 100)
    first = stream(raw_journal())
    project(first[1:2])
    for number in range(3, 6):
        pay(chains, f"ord_{number}", 100)
    later = stream(raw_journal())
    project([*first, *reversed(later), *later[:3]])
    assert totals_on(TODAY)["held", "USD"] == Turnover(0, 600)
    assert len(list(LineRow.scan())) == 12


def test_what_a_batch_adds_to_a_month_is_one_change(time: StandingClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "settings", lambda: settings()._replace(bulk_actions=50))
    chains = Chains()
    for number in range(8):
        pay(chains, f"ord_{number}", 100)
    with counted() as calls:
        project(stream(raw_journal()))
    assert calls.count("TransactWriteItems") == 1
    months = list(books.months_of_all("", "2026-03"))
    assert {month.code: month.until(TODAY) for month in months} == {
        "bank_clearing": Turnover(800, 0),
        "held": Turnover(0, 800),
    }
    assert len(months) == 2


def test_an_account_of_one_order_has_no_months_and_is_read_all_the_same(time: StandingClock) -> None:
    chains = Chains()
    pay(chains, "ord_1", 1500)
    time.at = START.replace(month=4)
    release(chains, "ord_1", 1400)
    project_all()
    assert not [row for row in TotalRow.scan() if row.account.startswith("held:")]
    assert turnovers("held", "ord_1") == {"USD": Turnover(1400, 1500)}
    march, april = sorted(books.months("held:ord_1"), key=lambda month: month.month)
    assert (march.month, march.until(TODAY), april.month) == ("2026-03", Turnover(0, 1500), "2026-04")
    assert april.until(TODAY) == Turnover()


def test_a_partys_accounts_of_one_family_share_an_item_and_are_read_apart(time: StandingClock) -> None:
    chains = Chains()
    release(chains, "ord_1", 1500)
    project_all()
    assert {row.account for row in TotalRow.scan() if "mem_1" in row.account} == {
        "cover:mem_1#0",
        "supplier_balance:mem_1#0",
    }
    assert turnovers("cover_available", "mem_1") == {"USD": Turnover(1500, 0)}
    assert turnovers("cover_reserved", "mem_1") == {"USD": Turnover(0, 1500)}
    assert turnovers("cover_granted", "mem_1") == {}


def test_one_poisoned_record_is_named_and_the_rest_is_booked(time: StandingClock) -> None:
    chains = Chains()
    pay(chains, "ord_1", 10)
    pay(chains, "ord_2", 20)
    written = stream(raw_journal())
    written[0]["dynamodb"]["NewImage"]["document"] = {"B": "AAAA"}
    project(written)
    assert [(letter.consumer, letter.key) for letter in waiting()] == [
        ("ledger.books", written[0]["dynamodb"]["Keys"]["entry_id"]["S"])
    ]
    assert len(list(evidence.chains())) == 1


def test_changes_of_the_journal_are_not_projected(time: StandingClock) -> None:
    pay(Chains(), "ord_1", 10)
    project(stream(raw_journal(), event_name="MODIFY"))
    assert totals_on(TODAY) == {}


def test_a_day_is_one_of_the_business_calendar(time: StandingClock) -> None:
    time.at = START.replace(hour=15, minute=59)
    pay(Chains(), "ord_1", 10)
    time.at = START.replace(hour=16, minute=0)
    pay(Chains(), "ord_2", 20)
    project_all()
    assert totals_on(date(2026, 3, 2))["held", "USD"] == Turnover(0, 10)
    assert totals_on(date(2026, 3, 3))["held", "USD"] == Turnover(0, 30)


def test_the_lag_of_the_last_batch_is_known(time: StandingClock) -> None:
    pay(Chains(), "ord_1", 10)
    project_all()
    lag = closes.lag()
    assert lag is not None
    assert lag.milliseconds >= 0
