"""What `make demo` shows is true: the same story on a running service, over HTTP, on a real engine."""

from __future__ import annotations

import subprocess
import sys

import pytest

PATIENCE_SECONDS = 600


@pytest.mark.engine
@pytest.mark.slow
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
    assert told.stdout.count("order completed") == 2
    assert "refund 140.00 USD (held 0.00, advanced 140.00, fee 0.00): settled" in told.stdout
    assert "refund of 140.00 USD: settled; attempts: failed, settled" in told.stdout
    assert "debited, left 0.00 USD" in told.stdout
    assert "limit 1100.00 USD = available 40.00 USD + reserved 1060.00 USD + advanced 0.00 USD" in told.stdout
    assert "refund 120.00 USD (held 75.00, advanced 0.00, fee 45.00): settled" in told.stdout
    assert "balanced True" in told.stdout
    assert "first bad entry: None" in told.stdout
