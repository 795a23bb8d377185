"""Sellers of all kinds, as their deposits stood before the cut-off of 6 March 2023."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Final

import pytest

from chalicelib import consumers
from chalicelib.deposits import records
from chalicelib.deposits.monthly import jobs
from chalicelib.deposits.rulebooks import rulebook_repository
from chalicelib.deposits.rules.deposit import Deposit
from chalicelib.deposits.rules.timers import MACHINE
from chalicelib.runs import service as runs
from chalicelib.runs.rules import ShardResult

PERIOD: Final = "2023-03"
T: Final = datetime(2023, 3, 5, 16, 0, tzinfo=UTC)
FIRST_RUN: Final = datetime(2023, 3, 5, 16, 30, tzinfo=UTC)
BEFORE: Final = datetime(2023, 2, 20, 4, 0, tzinfo=UTC)
DAY: Final = date(2023, 3, 1).toordinal()
KNOWN: Final = ("furniture_decor", "computers_accessories", "watches_gifts")
"""Categories of the example books; the tests look up what they are worth there."""


def traded(orders: int, category: str = KNOWN[0], gmv_minor: int | None = None, day: int = DAY) -> Any:
    return ((day, ((category, orders, gmv_minor if gmv_minor is not None else orders * 2_000),)),)


def seller(number: int, **known: Any) -> Deposit:
    """Someone who traded long ago and has nothing open."""
    usual: dict[str, Any] = {
        "id": f"mem_{number:026d}",
        "awaiting_first_trade": False,
        "first_trade_day": DAY - 100,
        "opened_at": datetime(2022, 1, 1, tzinfo=UTC),
        "updated_at": BEFORE,
        "base_minor": 10_000,
        "available_minor": 10_000,
    }
    return Deposit(**usual | known)


def some(count: int) -> list[Deposit]:
    """Sellers who keep, raise, lower, lose and never had a base, with and without arrears."""
    kinds: list[dict[str, Any]] = [
        {"awaiting_first_trade": True, "base_minor": 0, "available_minor": 0},
        {"days": traded(40), "base_minor": 5_000, "available_minor": 5_000},
        {"days": traded(12), "base_minor": 50_000, "available_minor": 20_000},
        {"days": traded(12), "base_minor": 50_000, "available_minor": 50_000},
        {"days": ()},
        {"days": (), "available_minor": 0},
        {"status": "closed", "days": traded(9)},
        {"days": traded(700, KNOWN[1]), "base_minor": 1_000, "available_minor": 0},
    ]
    return [seller(number, **kinds[number % len(kinds)]) for number in range(count)]


def keep(*deposits: Deposit) -> None:
    """Put deposits into the table as they are."""
    books = rulebook_repository.books(FIRST_RUN)
    for deposit in deposits:
        records.REPOSITORY.put(deposit, MACHINE.next_due(deposit, books)).row.save()


def first_trades_are_in(period: str = PERIOD) -> None:
    """The daily job of the fifth has run."""
    fifth = date.fromisoformat(f"{period}-05")
    run = runs.claim("deposits-daily", fifth.isoformat(), fifth, 1)
    assert run is not None
    runs.shard_done(run.id, 1, ShardResult())
    runs.finish(run.id)


def world() -> dict[str, Any]:
    """Every deposit as it stands, by seller."""
    return {row.member_id: row.body for row in records.DepositRow.scan(consistent_read=True)}


@pytest.fixture
def month(api: Any, time: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The morning of 6 March 2023: the fifth is done, the jobs are known."""
    rulebook_repository.forget()
    time.at = FIRST_RUN
    for name, job in jobs.JOBS.items():
        monkeypatch.setitem(consumers.JOBS, name, job)
    first_trades_are_in()
    yield time
    rulebook_repository.forget()
