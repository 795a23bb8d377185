"""The books of a bank that works them out by itself, and ours: the same after every day, however its events come."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.shared.periods import business_date
from infra.local.fake_bank import mischief
from infra.local.fake_bank.books import Loan, plan
from infra.local.fake_bank.core import Core, Event
from infra.local.fake_bank.server import RULES
from tests.loans.lending import Lender, mirror, plant_draw
from tests.reconciliation.conftest import OFFICER
from tests.size import at_size

DRAWN = date(2026, 3, 2)
AT = datetime(2026, 3, 2, 2, 15, tzinfo=UTC)


@dataclass
class Pair:
    """A bank that reckons by itself, and our mirror of it."""

    lender: Lender
    core: Core = field(default_factory=lambda: Core("boc", json.loads(RULES.read_text())))

    def lend(self, minor: int, months: int, method: str) -> str:
        agreed: dict[str, Any] = {"months": months, "method": method, "rate_bp": self.core.rules["offers"]["rate_bp"]}
        agreed |= {"product_id": "boc-term", "kind": "term", "revolves": False}
        loan_id = plant_draw(self.lender.line_id, self.lender.firm_id, minor, **agreed)
        body = {"loan_id": loan_id, "amount_minor": minor, "months": months, "method": method}
        self.tell(self.core.hear("draw.requested", body, self.lender.time.at))
        return loan_id

    def tell(self, events: list[Event], ways: tuple[str, ...] = (), seed: int = 0) -> None:
        """What comes of events when they are sent in these ways, some of them together."""
        for name, event in mischief.order(events, ways, seed):
            self.lender.bank.tell(event.type, event.data, webhook_id=name)
            if seed % 2 == 0:
                self.lender.bank.streams(tables=["bank-events"])
        self.lender.bank.streams()

    def open_items(self) -> list[Any]:
        """What a snapshot of today finds to be otherwise."""
        self.tell(self.core.snapshot(business_date(self.lender.time.at), self.lender.time.at))
        items = self.lender.api.get("/v1/reconciliation-items", OFFICER)["items"]
        return [(item["aggregate_id"], item["differences"]) for item in items if item["status"] != "resolved"]


@pytest.fixture
def pair(lender: Lender) -> Pair:
    return Pair(lender)


@dataclass
class Days:
    """Random days of two loans at the bank: what its customers and its clock do, and how badly it tells of that."""

    pair: Pair
    lottery: random.Random
    loans: list[str] = field(default_factory=list)
    lost: list[Event] = field(default_factory=list)

    @property
    def core(self) -> Core:
        return self.pair.core

    def lend(self) -> None:
        method = self.lottery.choice(["bullet", "equal_principal", "annuity", "monthly_interest"])
        minor = self.lottery.randrange(1_000_00, 20_000_00)
        self.loans.append(self.pair.lend(minor, self.lottery.choice([3, 6]), method))

    def happened(self) -> list[Event]:
        """Payments, some of them with an earlier value date, what is taken back of them, and what was borne in periods that ended.

        No payment has its value before that of another, and the last one goes back: this bank never splits a payment anew.
        """
        now, today, events = self.pair.lender.time.at, business_date(self.pair.lender.time.at), list[Event]()
        for name in self.loans:
            loan = self.core.loans[name]
            for _ in range(self.lottery.randrange(3)):
                back = timedelta(days=self.lottery.choice([0, 0, self.lottery.randrange(10)]))
                on = max(today - back, loan.drawn, *(each.on for each in loan.payments))
                if owed := loan.owed(today):
                    events += self.core.repay(name, self.lottery.randrange(1, owed + 1), on, now)
            if (kept := [each.ref for each in loan.payments if each.kept]) and self.lottery.random() < 0.3:
                events += self.core.reverse(name, kept[-1], now)
        return events + self.core.charge_what_ended(now)

    def tell(self, events: list[Event]) -> set[str]:
        """Tell of what was lost before and of what happened now, in disorder, and lose some of that. Of which loans something is missing now."""
        found = self.lost
        self.lost = [event for event in events if self.lottery.random() < 0.25]
        sent = found + [event for event in events if event not in self.lost]
        ways = [way for way in ("late", "twice", "shuffled") if self.lottery.random() < 0.6]
        self.pair.tell(sent, tuple(ways), self.lottery.randrange(1_000))
        return {event.of for event in self.lost}


@pytest.mark.parametrize("seed", range(at_size(12, 2)))
def test_our_books_are_those_of_the_bank_after_every_random_day(pair: Pair, seed: int) -> None:
    """What is lost shows on the day itself, and of that loan alone; once it is told after all, nothing differs."""
    days = Days(pair, random.Random(seed))
    pair.lender.time.advance(days=days.lottery.randrange(28))
    for _ in range(2):
        days.lend()
    for _ in range(at_size(8, 4)):
        pair.lender.time.advance(days=days.lottery.randrange(1, 20))
        missing = days.tell(days.happened())
        found = pair.open_items()
        assert {about for about, _ in found} == missing, (seed, found)
    pair.tell(days.lost, ("shuffled",), seed)
    assert pair.open_items() == []
    today = business_date(pair.lender.time.at)
    for name in days.loans:
        assert mirror(name).get("loan_principal", 0) == pair.core.loans[name].balance(today)["principal"]


def test_a_lost_event_shows_until_the_bank_sends_it_again(pair: Pair) -> None:
    loan_id = pair.lend(10_000_00, 3, "bullet")
    pair.lender.time.advance(days=10)
    now, today = pair.lender.time.at, business_date(pair.lender.time.at)
    lost = pair.core.repay(loan_id, 1_000_00, today, now)
    [(about, [difference])] = pair.open_items()
    assert (about, difference["of"], difference["theirs"] - difference["ours"]) == (loan_id, "last_seq", 1)
    pair.tell(lost)
    assert pair.open_items() == []


def test_what_a_bank_contradicts_is_an_item_and_the_first_stands(pair: Pair) -> None:
    loan_id = pair.lend(10_000_00, 3, "bullet")
    now, today = pair.lender.time.at, business_date(pair.lender.time.at)
    paid = pair.core.repay(loan_id, 1_000_00, today, now)
    pair.tell(paid)
    pair.tell(paid, ("contradictory",), seed=1)
    [(about, differences)] = pair.open_items()
    assert (about, [each["of"] for each in differences]) == (loan_id, ["event repayment.received"])
    assert pair.lender.figures(loan_id)["principal"] == "9000.00"


def test_the_banks_own_reckoning_is_that_of_the_rows() -> None:
    """LN-3: nothing paid of three times 120,000.00, and what would pay it off on a day."""
    rows = [
        {"number": number, "due_date": f"2024-{7 + number:02}-10", "principal": 120_000_00, "interest": 0}
        for number in (1, 2, 3)
    ]
    loan = Loan("lon_1", 360_000_00, 1_200, date(2024, 7, 10), rows)
    assert loan.owed(date(2024, 8, 25)) == 365_820_00
    annuity = plan(1_000_000_00, 1_200, 12, "annuity", DRAWN)
    assert sum(row["principal"] for row in annuity) == 1_000_000_00
    assert [row["number"] for row in annuity] == list(range(1, 13))


def test_mischief_is_the_same_for_the_same_seed_and_loses_nothing_but_by_silence() -> None:
    core = Core("boc", json.loads(RULES.read_text()))
    body = {"review_id": "rvw_1", "product_id": "boc-term", "amount_minor": 50_000_000, "months": 6}
    events = core.hear("application.submitted", body | {"method": "annuity", "currency": "CNY"}, AT)
    assert [event.type for event in events] == [
        "application.received",
        "review.started",
        "review.approved",
        "offer.created",
    ]
    assert [event.data["seq"] for event in events] == [1, 2, 3, 4]
    ways = ("late", "shuffled", "twice")
    assert mischief.order(events, ways, 7) == mischief.order(events, ways, 7)
    assert {name for name, _ in mischief.order(events, ways, 7)} == {event.name for event in events}
    assert mischief.order(events, ("silent",), 7) == []
    with pytest.raises(ValueError, match="nowhere"):
        mischief.order(events, ("nowhere",), 7)


def test_a_review_follows_the_rules_of_the_file() -> None:
    core = Core("boc", json.loads(RULES.read_text()))
    body = {"product_id": "boc-term", "months": 6, "method": "bullet", "currency": "CNY"}

    def kinds(kind: str, review_id: str, minor: int) -> list[str]:
        return [event.type for event in core.hear(kind, body | {"review_id": review_id, "amount_minor": minor}, AT)]

    assert kinds("application.submitted", "rvw_1", 600_000_000)[-1] == "review.rejected"
    assert kinds("application.submitted", "rvw_2", 1_000_000)[-1] == "review.info_requested"
    assert kinds("application.info_supplied", "rvw_2", 0) == ["review.approved", "offer.created"]
    assert kinds("alert.raised", "rvw_2", 0) == []
