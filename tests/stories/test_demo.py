"""What `make demo` shows is true: the same story on a running service, over HTTP, on a real engine."""

from __future__ import annotations

import subprocess
import sys

import pytest

PATIENCE_SECONDS = 300


@pytest.mark.engine
def test_the_demo_ends_with_balanced_books_and_leaves_nothing_running() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "infra.local.demo", "--invented"],
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    assert "1 of 3 suppliers qualify, for 1,300.00 USD in all" in told.stdout
    assert "order completed" in told.stdout
    assert "balanced True" in told.stdout
    assert "first bad entry: None" in told.stdout
