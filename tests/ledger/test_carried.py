"""Months that are over are added up once: what is said of any day is the same with and without, whatever is booked late."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.ledger import jobs
from chalicelib.ledger.records import books, carried
from chalicelib.ledger.rules.accounts import Turnover
from chalicelib.ledger.service.statements import carry, totals_on
from chalicelib.shared.journal import Entry, transfer
from chalicelib.shared.periods import business_date, month_of
from tests.ledger.books import Chains
from tests.round_trips import calls
from tests.size import at_size
from tests.world import START, Api, StandingClock, token

pytestmark = pytest.mark.usefixtures("aws")
OFFICER = token("officer", "officer-1", "payments")
HELD = ("held", "USD")


class Journal:
    """Payments, booked at once or later, and what they come to, added up by themselves."""

    def __init__(self, time: StandingClock) -> None:
        self.time, self.chains = time, Chains()
        self.entries: list[Entry] = []
        self.waiting: list[Entry] = []

    def pay(self, minor: int, currency: str = "USD", *, books: bool = True) -> None:
        both = transfer(minor, currency, debit_to=("bank_clearing", "citi"), credit_to=("held", "ord_1"))
        entry = self.chains.write(f"ord_{len(self.entries) + len(self.waiting)}", "payment.received", *both)
        if books:
            self.book(entry)
        else:
            self.waiting.append(entry)

    def book(self, entry: Entry) -> None:
        jobs.book(entry)
        self.entries.append(entry)

    def totals(self, on: date) -> dict[tuple[str, str], Turnover]:
        totals: dict[tuple[str, str], Turnover] = defaultdict(Turnover)
        for entry in self.entries:
            for posting in entry.event.postings if business_date(entry.at) <= on else ():
                key = (posting.account, posting.currency)
                totals[key] += Turnover(posting.debit_minor, posting.credit_minor)
        return dict(totals)


@pytest.fixture
def journal(time: StandingClock) -> Journal:
    return Journal(time)


def carried_months() -> list[str]:
    return [row.page for row in carried.CarriedRow.query(carried.CARRIED)]


def test_a_close_carries_the_months_that_are_over_for_a_month(journal: Journal) -> None:
    for _ in range(4):
        journal.pay(100)
        journal.time.advance(days=31)
    carry(business_date(journal.time.at))
    assert carried_months() == ["2026-03", "2026-04", "2026-05"]
    found = carried.last_before("2026-05")
    assert found is not None
    assert (found.month, found.totals[HELD]) == ("2026-04", Turnover(0, 200))
    with calls() as sent:
        carry(business_date(journal.time.at))
    assert set(sent) == {"Query"}, "nothing is written again"


def test_what_comes_late_for_a_month_that_is_carried_counts_and_the_month_is_carried_anew(journal: Journal) -> None:
    journal.pay(100)
    journal.pay(30, books=False)
    journal.time.advance(days=100)
    today = business_date(journal.time.at)
    carry(today)
    assert carried.last_before(month_of(today)) is not None
    journal.book(journal.waiting.pop())
    assert carried.last_before(month_of(today)) is None
    assert totals_on(today)[HELD] == Turnover(0, 130)
    carry(today)
    found = carried.last_before(month_of(today))
    assert found is not None
    assert (found.late, found.totals[HELD]) == (1, Turnover(0, 130))


@pytest.mark.parametrize("seed", range(at_size(20, 3)))
def test_every_day_comes_to_what_its_entries_come_to(journal: Journal, seed: int) -> None:
    lottery = random.Random(seed)
    for _ in range(40):
        journal.time.advance(days=lottery.choice([0, 3, 20, 45]), hours=lottery.randrange(24))
        for _ in range(lottery.randrange(3)):
            journal.pay(lottery.randrange(1, 999), lottery.choice(["USD", "USD", "CNY"]), books=lottery.random() < 0.7)
        if journal.waiting and lottery.random() < 0.4:
            journal.book(journal.waiting.pop(lottery.randrange(len(journal.waiting))))
        if lottery.random() < 0.4:
            carry(business_date(journal.time.at))
        on = business_date(journal.time.at) - timedelta(days=lottery.randrange(400))
        assert totals_on(on) == journal.totals(on)


@pytest.mark.parametrize("is_carried", [False, True])
def test_a_statement_of_a_whole_code_goes_through_its_days(api: Api, journal: Journal, is_carried: bool) -> None:
    for number in range(12):
        journal.pay(100 + number)
        journal.pay(7, "CNY")
        journal.time.advance(days=20)
    today = business_date(journal.time.at)
    if is_carried:
        carry(today)
    since = START.date() + timedelta(days=65)
    path = f"/v1/ledger/accounts/held?currency=USD&from={since}&limit=3"
    first = api.get(path, OFFICER)
    assert first.status == 200, first.body
    days, cursor = list(first["items"]), first["next_cursor"]
    while cursor:
        page = api.get(f"{path}&cursor={cursor}", OFFICER)
        days, cursor = [*days, *page["items"]], page["next_cursor"]
    opening, closing = journal.totals(since - timedelta(days=1))[HELD], journal.totals(today)[HELD]
    assert (minor(first["opening"]), minor(first["closing"])) == (opening.credit_minor, closing.credit_minor)
    assert [minor(day["credit"]) for day in days] == [100 + number for number in range(4, 12)]
    assert minor(days[-1]["balance"]) == closing.credit_minor
    assert api.get("/v1/ledger/accounts/held", OFFICER)["code"] == "currency_needed"


def test_a_trial_balance_reads_no_more_after_years(journal: Journal) -> None:
    def sent_after(months: int) -> tuple[int, int]:
        for _ in range(months):
            journal.pay(100)
            journal.time.advance(days=31)
        carry(business_date(journal.time.at))
        rows = 0
        was = books.months_of_all

        def counted(after: str, until: str) -> Any:
            nonlocal rows
            for row in was(after, until):
                rows += 1
                yield row

        with pytest.MonkeyPatch.context() as patch, calls() as sent:
            patch.setattr(books, "months_of_all", counted)
            totals_on(business_date(journal.time.at))
        return len(sent), rows

    few, many = sent_after(4), sent_after(36)
    assert many == few


def minor(money: dict[str, str]) -> int:
    return int(money["amount"].replace(".", ""))
