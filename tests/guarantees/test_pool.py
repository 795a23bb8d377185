"""A risk pool as a machine: its share of a shortfall, what the bank reports of it, and a draw that nobody answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.guarantees.rules import pool_handling
from chalicelib.guarantees.rules.pool import MOST_DRAWS, RiskPool, TooManyDraws
from chalicelib.guarantees.rules.pool_handling import (
    MACHINE,
    MoreThanDrawn,
    MoreThanRequested,
    NotThePoolsCurrency,
    PoolNotEmpty,
    PoolNotInThisStatus,
    UnknownContributor,
    UnknownDraw,
)
from chalicelib.guarantees.views.pools import view
from chalicelib.shared.journal import imbalance
from tests.guarantees.pooling import CONTEXT, DAY, NOW, asked, closed, empty, filled, paid_in, paid_out, short

TICK = timedelta(milliseconds=1)
ENDED = [("close", "closed")]
"""By which transition it ends, and how it then stands."""


def confirmed(pool: RiskPool, minor: int) -> RiskPool:
    change = pool_handling.confirm_draw(pool, CONTEXT, paid_out(minor), "boc", NOW)
    assert not imbalance(change.event.postings)
    return change.state


@pytest.mark.parametrize(
    ("held", "shortfall", "share"),
    [(80_000_00, 100_000_00, 50_000_00), (30_000_00, 100_000_00, 30_000_00), (80_000_00, 3, 1), (80_000_00, 1, None)],
)
def test_a_pool_pays_its_share_of_a_shortfall_as_far_as_it_has_it(held: int, shortfall: int, share: int | None) -> None:
    change = pool_handling.ask(filled(held), short(shortfall), CONTEXT, NOW)
    assert (change.event.payload["amount_minor"] if change else None) == share


def test_two_calls_share_what_is_there_and_one_call_asks_once() -> None:
    first = asked(120_000_00)
    assert (first.balance_minor, first.available_minor) == (80_000_00, 20_000_00)
    assert pool_handling.ask(first, short(120_000_00), CONTEXT, NOW) is None
    second = asked(120_000_00, first, "gcl_2")
    assert [draw.minor for draw in second.draws] == [60_000_00, 20_000_00]
    assert pool_handling.ask(second, short(120_000_00, "gcl_3"), CONTEXT, NOW) is None, "nothing is left"


@pytest.mark.parametrize("other", [{"bank_id": "cmb"}, {"currency": "USD"}, {"share_bp": 0}])
def test_a_pool_pays_for_its_own_banks_loans_only_and_as_their_product_lets_it(other: dict[str, Any]) -> None:
    assert pool_handling.ask(filled(), short(100_000_00, **other), CONTEXT, NOW) is None
    change = pool_handling.ask(filled(), short(100_000_00, share_bp=2_000), CONTEXT, NOW)
    assert change is not None
    assert change.event.payload["amount_minor"] == 20_000_00


def test_what_the_bank_pays_leaves_the_pool_and_what_it_does_not_pay_is_free_again() -> None:
    after = confirmed(asked(), 40_000_00)
    assert (after.balance_minor, after.available_minor, after.drawn_minor) == (40_000_00, 40_000_00, 40_000_00)
    assert after.draws == ()
    with pytest.raises(UnknownDraw):
        confirmed(after, 1)


def test_a_bank_that_reports_what_cannot_be_is_told_so_by_name() -> None:
    with pytest.raises(MoreThanRequested):
        confirmed(asked(), 50_000_01)
    with pytest.raises(UnknownDraw):
        pool_handling.confirm_draw(asked(), CONTEXT, paid_out(1, "gcl_9"), "boc", NOW)
    with pytest.raises(NotThePoolsCurrency):
        pool_handling.confirm_draw(asked(), CONTEXT, paid_out(1, currency="USD"), "boc", NOW)
    with pytest.raises(UnknownContributor):
        pool_handling.replenish(empty(), CONTEXT, paid_in(1, "Nobody"), "boc", NOW)
    with pytest.raises(MoreThanDrawn):
        pool_handling.replenish(filled(), CONTEXT, paid_in(1, "", source="recovery"), "boc", NOW)
    with pytest.raises(PoolNotInThisStatus):
        pool_handling.replenish(closed(), CONTEXT, paid_in(1), "boc", NOW)


def test_what_a_debtor_pays_back_fills_the_pool_and_is_nobodys_contribution() -> None:
    drawn = confirmed(asked(), 50_000_00)
    back = pool_handling.replenish(drawn, CONTEXT, paid_in(30_000_00, "", source="recovery"), "boc", NOW)
    assert not imbalance(back.event.postings)
    pool = back.state
    assert (pool.balance_minor, pool.recovered_minor, pool.contributed_minor) == (60_000_00, 30_000_00, 80_000_00)
    assert [(each.name, each.minor) for each in pool.contributors] == [("Chamber", 80_000_00), ("Bank", 0)]
    with pytest.raises(MoreThanDrawn):
        pool_handling.replenish(pool, CONTEXT, paid_in(20_000_01, "", source="recovery"), "boc", NOW)


def test_a_draw_that_the_bank_does_not_answer_frees_what_it_asked_for_and_counts_if_it_was_paid_after_all() -> None:
    was = asked()
    [deadline] = MACHINE.deadlines(was, CONTEXT)
    assert (deadline.owner, deadline.default_outcome) == ("bank", "draw_unanswered")
    assert list(MACHINE.overdue(was, CONTEXT, deadline.due_at - TICK)) == []
    [change] = MACHINE.overdue(was, CONTEXT, deadline.due_at)
    after = change.state
    assert (after.available_minor, after.draws, len(after.unanswered)) == (80_000_00, (), 1)
    assert confirmed(after, 50_000_00).balance_minor == 30_000_00


def test_a_pool_holds_so_many_draws_at_a_time() -> None:
    pool = filled(10**12)
    for number in range(MOST_DRAWS):
        pool = asked(100_00, pool, f"gcl_{number}")
    with pytest.raises(TooManyDraws):
        asked(100_00, pool, "gcl_x")


def test_a_pool_is_closed_when_nothing_is_left_of_it() -> None:
    with pytest.raises(PoolNotEmpty):
        MACHINE.table.require("close", filled(), "officer", CONTEXT, NOW)
    assert "close" in MACHINE.table.allowed(empty(), "officer", CONTEXT, NOW)
    seen = view(closed(), CONTEXT, "officer", NOW + DAY)
    assert (seen.status, seen.why, seen.allowed_actions, seen.deadlines) == ("closed", "closed_by_officer", [], [])
