"""How a run is told in the terminal while it goes."""

from __future__ import annotations

from infra.local.job import how_far


def test_a_run_says_how_many_of_its_shards_and_of_what_it_goes_over_are_done() -> None:
    run = {"status": "running", "shards": 16, "shards_done": 3, "counts": {"raised": 2, "loans": 12_345}}
    assert how_far(run) == "shard 3 of 16, 12,345 loans"
    assert how_far(run | {"counts": {"made": 7}}) == "shard 3 of 16"
    assert how_far(run | {"status": "preparing", "shards": 0}) == "preparing"
