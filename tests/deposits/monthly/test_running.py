"""The monthly run from its beginning to its certificate."""

from __future__ import annotations

from typing import Any

from chalicelib.deposits.monthly import service
from chalicelib.deposits.rulebooks import shelf
from chalicelib.deposits.rules.decision import decide
from chalicelib.runs import service as runs
from tests.deposits.monthly.sellers import FIRST_RUN, PERIOD, T, keep, month, some, world
from tests.world import Api, Pump

__all__ = ["month"]


def test_every_seller_is_decided_and_those_that_change_are_written(
    month: Any, api: Api, officer: str, pump: Pump
) -> None:
    was = some(40)
    keep(*was)
    run = service.begin(PERIOD)
    pump()
    done = api.get(f"/v1/runs/{run.id}", officer)
    assert (done["status"], done["counts"]["sellers"], done["counts"]["set_aside"]) == ("done", 40, 0)
    book = shelf.books(FIRST_RUN).in_force(T)
    now = world()
    for deposit in was:
        decision = decide(deposit, book, PERIOD)
        assert now[deposit.id].base_minor == decision.base_minor
        assert now[deposit.id].version == deposit.version + decision.changes
        assert now[deposit.id].adjusted == (PERIOD if decision.changes else "")


def test_deciding_a_month_again_changes_nothing_and_answers_the_same(month: Any, api: Api, pump: Pump) -> None:
    keep(*some(24))
    run = service.begin(PERIOD)
    pump()
    first, then = runs.get(run.id), world()
    month.advance(hours=5)
    assert service.begin(PERIOD) == first
    assert pump() == 0
    assert world() == then
