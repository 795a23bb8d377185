"""Risk pools through the API and the bank's signed events: opened, filled, drawn on, filled again, in the pool's own sequence."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from chalicelib.banks.rules import feed
from chalicelib.guarantees.declared import POOLS
from chalicelib.guarantees.examples import OPEN_POOL
from chalicelib.guarantees.service import pools
from chalicelib.shared.journal import JournalRow
from chalicelib.webhooks.service import parties
from tests.bank_events.conftest import Bank, books
from tests.guarantees.pooling import short
from tests.world import Reply, StandingClock, token

RISK = token("officer", "officer-1", "risk")
BOC, CMB = token("bank", "boc"), token("bank", "cmb")
CHAMBER = OPEN_POOL["contributors"][0]


@dataclass
class Pool:
    """One pool at the Bank of China, which tells of it."""

    bank: Bank
    time: StandingClock
    id: str = ""
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.id = self.bank.api.post("/v1/risk-pools", OPEN_POOL, RISK)["id"]

    def tell(self, kind: str, minor: int, seq: int = 0, **data: Any) -> tuple[str, str | None]:
        number = seq or next(self.numbers)
        fields = {
            "pool_id": self.id,
            "bank_ref": f"P-{number}",
            "seq": number,
            "occurred_at": "2026-03-02T02:00:00Z",
            "business_date": "2026-03-02",
            "currency": "CNY",
            "amount": minor,
        }
        event_id = self.bank.tell(kind, fields | data)
        self.bank.streams()
        event = self.bank.event(event_id)
        return event["status"], event["reason"]

    def see(self, by: str = RISK) -> Reply:
        return self.bank.api.get(f"/v1/risk-pools/{self.id}", by)

    def figures(self) -> list[str]:
        seen = self.see()
        return [seen[name]["amount"] for name in ("balance", "available", "contributed", "drawn", "recovered")]

    def ask(self, shortfall_minor: int, call_id: str = "gcl_1") -> None:
        pools.ask(self.id, short(shortfall_minor, call_id), self.time.at)


@pytest.fixture
def pool(bank: Bank, time: StandingClock) -> Pool:
    return Pool(bank, time)


def test_a_pool_is_filled_drawn_on_and_filled_again(pool: Pool) -> None:
    assert pool.tell("pool.replenished", 80_000_00, contributor=CHAMBER) == ("applied", None)
    pool.ask(100_000_00)
    pool.ask(100_000_00)
    assert pool.figures() == ["80000.00", "30000.00", "80000.00", "0.00", "0.00"]
    assert pool.tell("pool.draw_confirmed", 50_000_00, call_id="gcl_1") == ("applied", None)
    assert pool.tell("pool.replenished", 20_000_00, source="recovery") == ("applied", None)
    assert pool.figures() == ["50000.00", "50000.00", "80000.00", "50000.00", "20000.00"]
    assert books() == {
        f"pool_held:{pool.id}": 50_000_00,
        f"pool_drawn:{pool.id}": 50_000_00,
        f"pool_contributed:{pool.id}": -80_000_00,
        f"pool_recovered:{pool.id}": -20_000_00,
    }
    kinds = [each["kind"] for each in pool.bank.api.get(f"/v1/risk-pools/{pool.id}/timeline", BOC)["items"]]
    assert kinds == [
        "pool.opened",
        "pool.replenished",
        "pool.draw_requested",
        "pool.draw_confirmed",
        "pool.replenished",
    ]


def test_the_bank_is_asked_for_the_pools_share_in_a_message(pool: Pool) -> None:
    pool.tell("pool.replenished", 80_000_00)
    pool.ask(100_000_00)
    pool.bank.streams()
    feed_entries = [row.entry() for row in JournalRow.scan() if row.aggregate_id == feed.name_of("boc")]
    [asked] = [entry.event.payload for entry in feed_entries if entry.event.kind == "pool.draw_requested"]
    assert (asked["pool_id"], asked["call_id"], asked["amount_minor"]) == (pool.id, "gcl_1", 50_000_00)
    of_pool = [entry for row in JournalRow.scan() if (entry := row.entry()).aggregate_id == pool.id]
    assert len(of_pool) == 3
    assert [audience.sides for audience in parties.audiences(of_pool)] == [{}] * 3, "by its feed, and not twice"


def test_events_count_in_the_pools_own_sequence_once_and_what_cannot_be_is_refused(pool: Pool) -> None:
    assert pool.tell("pool.replenished", 10_000_00, seq=2) == ("parked", "too_early")
    assert pool.tell("pool.replenished", 80_000_00, seq=1) == ("applied", None)
    assert pool.figures()[0] == "90000.00"
    assert pool.tell("pool.draw_confirmed", 1, seq=3, call_id="gcl_9") == ("refused", "unknown_pool_draw")
    assert pool.tell("pool.replenished", 1, seq=4, contributor="Nobody") == ("refused", "unknown_contributor")
    assert pool.tell("pool.replenished", 5_00, seq=5) == ("applied", None), "what was refused has counted"


def test_a_draw_that_nobody_answers_is_free_again(pool: Pool) -> None:
    pool.tell("pool.replenished", 80_000_00)
    pool.ask(100_000_00)
    [deadline] = pool.see()["deadlines"]
    assert (deadline["owner"], deadline["name"]) == ("bank", "draws")
    pool.time.advance(days=10)
    swept = POOLS.sweep(pool.time.at)
    assert not swept.failed
    assert pool.figures()[:2] == ["80000.00", "80000.00"]


def test_a_pool_is_opened_and_closed_once_however_often_it_is_sent(bank: Bank) -> None:
    first, again = (bank.api.post("/v1/risk-pools", OPEN_POOL, RISK, key="open") for _ in range(2))
    assert (first.status, first.raw) == (201, again.raw)
    path = f"/v1/risk-pools/{first['id']}/close"
    closed, twice = (bank.api.post(path, None, RISK, key="close") for _ in range(2))
    assert (closed.status, closed["status"], closed.raw) == (200, "closed", twice.raw)


def test_a_pool_that_holds_money_is_given_back_and_closed(pool: Pool) -> None:
    """The chamber had paid in 80,000.00, another 20,000.00 under no name; 50,000.00 were drawn, of which 10,000.00 came back."""
    pool.tell("pool.replenished", 80_000_00, contributor=CHAMBER)
    pool.tell("pool.replenished", 20_000_00)
    pool.ask(100_000_00)
    close = f"/v1/risk-pools/{pool.id}/close"
    assert pool.bank.api.post(close, None, RISK)["code"] == "pool_not_empty"
    assert pool.tell("pool.paid_back", 50_000_01, contributor=CHAMBER) == ("refused", "more_than_the_pool_pays_back")
    assert pool.tell("pool.paid_back", 20_000_01) == ("refused", "more_than_the_pool_pays_back")
    assert pool.tell("pool.paid_back", 1, contributor="Nobody") == ("refused", "unknown_contributor")
    assert pool.tell("pool.paid_back", 1, currency="USD") == ("refused", "not_the_pools_currency")
    pool.tell("pool.draw_confirmed", 50_000_00, call_id="gcl_1")
    pool.tell("pool.replenished", 10_000_00, source="recovery")
    assert pool.tell("pool.paid_back", 48_000_00, contributor=CHAMBER) == ("applied", None)
    assert pool.tell("pool.paid_back", 12_000_00) == ("applied", None)
    assert pool.figures() == ["0.00", "0.00", "40000.00", "50000.00", "10000.00"]
    assert pool.see()["contributors"][0]["money"]["amount"] == "32000.00"
    assert books() == {
        f"pool_drawn:{pool.id}": 50_000_00,
        f"pool_contributed:{pool.id}": -40_000_00,
        f"pool_recovered:{pool.id}": -10_000_00,
    }
    closed = [pool.bank.api.post(close, None, RISK, key="close") for _ in range(2)]
    assert [(reply.status, reply["status"]) for reply in closed] == [(200, "closed")] * 2
    assert pool.tell("pool.replenished", 1) == ("refused", "pool_not_in_this_status")


def test_a_pool_that_holds_money_is_not_closed_and_bad_ones_are_not_opened(pool: Pool) -> None:
    pool.tell("pool.replenished", 80_000_00)
    api = pool.bank.api
    assert api.post(f"/v1/risk-pools/{pool.id}/close", None, RISK)["code"] == "pool_not_empty"
    for change, code in (
        ({"bank_id": "nobody"}, "not_a_partner_bank"),
        ({"currency": "BRL"}, "currency_not_payable"),
        ({"contributors": [CHAMBER, CHAMBER]}, "contributor_named_twice"),
        ({"contributors": []}, "bad_field"),
        ({"share_bp": 0}, "bad_field"),
    ):
        assert api.post("/v1/risk-pools", OPEN_POOL | change, RISK)["code"] == code


def test_a_pool_is_seen_by_its_bank_and_officers(pool: Pool) -> None:
    api = pool.bank.api
    assert (pool.see(BOC).status, pool.see(CMB).status) == (200, 404)
    assert pool.see(BOC)["allowed_actions"] == []
    for by, path, seen in (
        (RISK, "/v1/risk-pools", True),
        (RISK, "/v1/risk-pools?bank_id=cmb", False),
        (RISK, "/v1/risk-pools?status=closed", False),
        (BOC, "/v1/risk-pools", True),
        (CMB, "/v1/risk-pools", False),
        (CMB, "/v1/risk-pools?bank_id=boc", False),
    ):
        assert [each["id"] for each in api.get(path, by)["items"]] == ([pool.id] if seen else []), (by, path)
