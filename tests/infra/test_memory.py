"""What the benchmarks tell of a process' memory is its own."""

from __future__ import annotations

import subprocess
import sys

from benchmarks.memory import peak_mb


def test_a_process_is_not_charged_for_the_one_that_started_it() -> None:
    held = bytearray(b"x") * (200 << 20)
    process = subprocess.run(
        [sys.executable, "-c", "from benchmarks.memory import peak_mb; print(peak_mb())"],
        capture_output=True,
        check=True,
    )
    assert len(held) >> 20 == 200
    assert float(process.stdout) < 100 < 200 < peak_mb()
