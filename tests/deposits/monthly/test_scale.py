"""Many sellers against the oracle, in the group size of the cloud: what `make bench-monthly` does with millions."""

from __future__ import annotations

from typing import Final

from benchmarks import monthly
from tests.size import at_size

SELLERS: Final = at_size(100_000, 25_000)
FLOOR_IS_FOR: Final = 10_000_000


def test_sellers_come_out_as_the_oracle_says_within_what_it_may_cost() -> None:
    figures = monthly.run(SELLERS)  # a decision or a write that differs from the oracle's ends it
    assert 0.25 * SELLERS < figures["written"] < 0.35 * SELLERS
    assert figures["transactions"] < figures["written"] / 24, "twenty-five sellers go together"
    assert figures["peak_mb"] < monthly.FLOOR_MB
    assert monthly.usd(figures) * FLOOR_IS_FOR / SELLERS < monthly.FLOOR_USD
