"""F9, F5, F8: a day of the daily run. What a million loans take, whether it grows linearly, what it costs; equal to the oracle, alert by alert.

    python -m benchmarks.daily                       1,000,000 loans, and a tenth of them
    python -m benchmarks.daily LOANS=50000           fewer

The engine is answered at botocore's `before-send` (`daily_stub.py`): what is read is made on the fly out of invented firms (`daily_loans.py`), what is written
is kept and held against the oracle. All parts are worked on by one process. Time is its CPU time without what the stub and the comparison take;
`reading` is the same walk with every loan asleep, `decisions` the rest.
"""

from __future__ import annotations

import gc
import hashlib
import os
import sys
import time
from datetime import date
from typing import Any, Final

from benchmarks.memory import peak_mb

LOANS: Final = 1_000_000
FLOOR_SECONDS: Final = 60
FLOOR_DECISIONS: Final = 30
FLOOR_MB: Final = 1_024
FLOOR_GROWTH: Final = 10.5
WRITE_USD, READ_USD = 0.625e-6, 0.125e-6
LAMBDA_USD: Final = 0.0000166667 * 1.73
"""A second of a function of 1,769 MB."""


def measure(stub: Any, loans: int) -> dict[str, Any]:
    """Decide a day of so many loans, and read the index once more with all of them asleep."""
    from chalicelib.monitoring.records.watches import PARTS

    stub.hold(loans)
    gc.collect()
    gc.freeze()  # the world that the stub holds is no part of the run: its collector would walk it again and again
    burning, spent = time.process_time(), stub.cpu
    results = [stub.decide(shard) for shard in range(1, PARTS + 1)]
    cpu = time.process_time() - burning - (stub.cpu - spent)
    meter, memory = dict(stub.meter), peak_mb()
    changed = stub.must_equal_the_oracle()
    assert sum(result.counts["loans"] for result in results) == changed, "only loans that wake are looked at"
    return {
        "loans": loans,
        "cpu": cpu,
        "reading": _reading(stub, PARTS),
        "peak_mb": memory,
        "changed": changed,
        "certificate": hashlib.sha256("".join(result.digest for result in results).encode()).hexdigest(),
        **meter,
    }


def _reading(stub: Any, parts: int) -> float:
    """What reading the index takes, without the stub."""
    from chalicelib.monitoring.records import watches

    burning, spent = time.process_time(), stub.cpu
    awake = sum(1 for part in range(parts) for _ in watches.waiting(part, date(2000, 1, 1), ""))
    assert awake == 0, "all sleep"
    return float(time.process_time() - burning - (stub.cpu - spent))


def show(figures: dict[str, Any]) -> None:
    loans = figures["loans"]
    print(
        f"{loans:,} loans, {figures['changed']:,} of them with news ({figures['changed'] / loans:.2%}), each as the oracle has it"
    )
    print(f"  CPU in all            {figures['cpu']:8.1f} s  {figures['cpu'] / loans * 1e6:>9.1f} µs a loan")
    print(f"  of that reading       {figures['reading']:8.1f} s")
    print(f"  peak memory           {figures['peak_mb']:8,.0f} MB")
    written = ", ".join(f"{name[8:]} {figures[name]:,}" for name in sorted(figures) if name.startswith("written_"))
    print(f"  written: {written}; {usd(figures):.3f} USD")
    print(f"  digests of all parts {figures['certificate'][:16]}")


def usd(figures: dict[str, Any]) -> float:
    """What the run costs: units written and read, and seconds of functions."""
    units = figures["write_units"] + 2 * figures.get("written_watches", 0)
    return float(units * WRITE_USD + figures["half_reads"] / 2 * READ_USD + figures["cpu"] * LAMBDA_USD)


def verdict(small: dict[str, Any], large: dict[str, Any]) -> bool:
    """Whether the floors are kept. What was not measured at a million is said to be so."""
    scale = LOANS / large["loans"]
    scaled = "" if scale == 1 else f" ({large['loans']:,} measured, times {scale:.0f})"
    seconds, decisions = large["cpu"] * scale, (large["cpu"] - large["reading"]) * scale
    growth = large["cpu"] / small["cpu"] / (large["loans"] / small["loans"]) * 10
    print(f"F9 {LOANS:,} loans     {seconds:8.1f} s     at most {FLOOR_SECONDS}{scaled}")
    print(f"F9 decisions          {decisions:8.1f} s     at most {FLOOR_DECISIONS}, beyond reading pages{scaled}")
    print(f"F9 memory             {large['peak_mb']:8,.0f} MB    at most {FLOOR_MB:,}, with {large['loans']:,} loans")
    print(f"F5 time(10n)/time(n)  {growth:8.2f}       at most {FLOOR_GROWTH}, {small['loans']:,} to {large['loans']:,}")
    kept = (
        seconds <= FLOOR_SECONDS,
        decisions <= FLOOR_DECISIONS,
        large["peak_mb"] <= FLOOR_MB,
        growth <= FLOOR_GROWTH,
    )
    return all(kept)


def main(given: dict[str, str]) -> int:
    os.environ.update(
        AWS_DEFAULT_REGION="us-east-1",
        AWS_ACCESS_KEY_ID="bench",
        AWS_SECRET_ACCESS_KEY="bench",
        AWS_EC2_METADATA_DISABLED="true",
        POWERTOOLS_LOG_LEVEL="ERROR",
        POWERTOOLS_METRICS_DISABLED="true",
        SURETY_STAGE="bench",
    )
    loans = int(given.get("LOANS", LOANS))
    from benchmarks.daily_stub import Stub

    stub = Stub()
    small, large = measure(stub, max(1_000, loans // 10)), measure(stub, loans)
    show(small)
    show(large)
    kept = verdict(small, large)
    print("kept" if kept else "BELOW THE FLOOR")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(dict(argument.partition("=")[::2] for argument in sys.argv[1:])))
