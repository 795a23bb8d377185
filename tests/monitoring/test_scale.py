"""Fifty thousand invented loans through a day of the daily run, each held against the oracle: in the long part only."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.size import IS_FULL


@pytest.mark.slow
@pytest.mark.skipif(not IS_FULL, reason="takes a minute")
def test_a_day_of_many_loans_is_the_oracles() -> None:
    """What it takes is printed; whether that keeps the floors is the benchmark's to say, on a machine of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.daily", "LOANS=50000"], capture_output=True, text=True, check=False
    )
    assert done.stdout.count("each as the oracle has it") == 2, done.stderr
