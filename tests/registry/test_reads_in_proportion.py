"""What looks back over a long life reads by what it returns: with ten years and thousands of trades as with few."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Final

import pytest
from msgspec.structs import replace

from benchmarks.trades import BEGAN, DAYS, SELLER, completed
from chalicelib.daybook.rules.claims import ClaimFact
from chalicelib.daybook.rules.facts import Outcome
from chalicelib.daybook.rules.items import Fact
from chalicelib.daybook.rules.trades import TradeFact
from chalicelib.daybook.service import recording
from chalicelib.shared.periods import business_date
from tests.registry.test_jobs_in_proportion import reading
from tests.size import at_size

MONTHS: Final = 120


def trade(number: int, many: int) -> TradeFact:
    """One of many completed trades, spread over ten years."""
    return completed(number, number * DAYS // many)


def claim(number: int) -> ClaimFact:
    filed_at = BEGAN + timedelta(days=number)
    return ClaimFact(
        member_id=SELLER,
        claim_id=f"clm_{number:026d}_01",
        order_id=f"ord_{number:026d}",
        reason="wrong_item",
        filed_at=filed_at,
        closed_at=filed_at + timedelta(days=3),
    )


def read_for_a_release(facts: list[Fact]) -> Counter[str]:
    """What it reads of a seller's business, of which nothing is left open."""
    assert set(recording.record(facts)) == {Outcome("new")}
    with reading() as read:
        left = recording.unfinished(SELLER)
    last = max(fact.delivered_at for fact in facts if isinstance(fact, TradeFact) and fact.delivered_at)
    assert (left.trades, left.claims, left.claimed_orders, left.last_completed) == (0, 0, (), business_date(last))
    return read


@pytest.mark.usefixtures("aws", "time")
@pytest.mark.parametrize("many", [300, at_size(10_000, 1_000)])
def test_a_release_reads_the_months_of_a_seller_and_none_of_its_trades_or_ended_claims(many: int) -> None:
    facts: list[Fact] = [*(trade(number, many) for number in range(many)), *map(claim, range(many // 10))]
    assert read_for_a_release(facts) == Counter(calls=4, items=MONTHS + 1), (
        "its months, and the first and the last of them"
    )


@pytest.mark.usefixtures("aws", "time")
def test_of_claims_it_reads_as_far_back_as_one_is_open() -> None:
    ended = [claim(number) for number in range(60)]
    recording.record([*ended, replace(claim(60), closed_at=None)])
    with reading() as read:
        left = recording.unfinished(SELLER)
    assert (left.claims, left.claimed_orders) == (1, (f"ord_{60:026d}",))
    assert read["items"] < 30
