"""A hundred thousand sellers against the oracle, in the group size of the cloud: what `make bench-monthly` does with millions."""

from __future__ import annotations

from benchmarks import monthly


def test_a_hundred_thousand_sellers_come_out_as_the_oracle_says_within_what_it_may_cost() -> None:
    figures = monthly.run(100_000)  # a decision or a write that differs from the oracle's ends it
    assert 25_000 < figures["written"] < 35_000
    assert figures["transactions"] < figures["written"] / 24, "twenty-five sellers go together"
    assert figures["peak_mb"] < monthly.FLOOR_MB
    assert monthly.usd(figures) * 100 < monthly.FLOOR_USD
