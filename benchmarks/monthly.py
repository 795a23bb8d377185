"""F4, F5, F8: the monthly run of seller deposits. How long so many sellers take, whether it grows linearly, what it costs.

    python -m benchmarks.monthly                       1,000,000 sellers, and a tenth of them
    python -m benchmarks.monthly SELLERS=10000000      the floor's own number
    python -m benchmarks.monthly AFTER_MS=50           an engine that takes so long for a transaction

The engine, the bucket and the queue are answered at botocore's `before-send`: pages of sellers are made on the fly (`monthly_sellers.py`), what is
written is read, counted and held against the oracle (`oracle.py`), files go to disk. The shards are worked on by two processes, as deployed: with the
group size of the cloud. Every line of every shard is compared with the oracle afterwards.

Time is the CPU time of the slower of the two processes without what the stub and the comparison take: nothing in the run waits here, so that is what it takes
on two cores of its own. The wall's time stands beside it; on a shared machine it says how busy the machine was.

With `AFTER_MS` something does wait. In the cloud each shard is a function's, so that a transaction of each is under way at a time: the time is then that of
the slowest shard, what it waited and its CPU.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from benchmarks.memory import peak_mb

SELLERS: Final = 1_000_000
WORKERS: Final = 2
SHARDS: Final = 16
DEPLOYED_ACTIONS: Final = 50
FLOOR_SELLERS: Final = 10_000_000
FLOOR_SECONDS: Final = 600
FLOOR_MB: Final = 2_048
FLOOR_GROWTH: Final = 10.5
FLOOR_USD: Final = 26.0
WRITE_USD, READ_USD, PUT_USD = 0.625e-6, 0.125e-6, 5e-6
"""On demand in us-east-1: a write unit, a read unit, a file put into the bucket."""
LAMBDA_USD: Final = 0.0000166667 * 1.73
"""A second of a function of 1,769 MB."""


def measure(sellers: int, worker: int, after_ms: int) -> dict[str, Any]:
    """Work on every second shard in this process, and hold all that comes of it against the oracle."""
    os.environ.update(
        AWS_DEFAULT_REGION="us-east-1",
        AWS_ACCESS_KEY_ID="bench",
        AWS_SECRET_ACCESS_KEY="bench",
        AWS_EC2_METADATA_DISABLED="true",
        POWERTOOLS_LOG_LEVEL="ERROR",
        SURETY_STAGE="bench",
        SURETY_BULK_ACTIONS=str(DEPLOYED_ACTIONS),
    )
    from benchmarks.monthly_stub import Stub

    with tempfile.TemporaryDirectory() as folder:
        stub = Stub(Path(folder), sellers, SHARDS, after_seconds=after_ms / 1000)
        wall = cpu = slowest = 0.0
        parts = []
        for shard in range(worker, SHARDS + 1, WORKERS):
            spent, burnt, waited, began, burning = (
                stub.wall,
                stub.cpu,
                stub.waited,
                time.monotonic(),
                time.process_time(),
            )
            result = stub.decide(shard)
            wall += time.monotonic() - began - (stub.wall - spent)
            used = time.process_time() - burning - (stub.cpu - burnt)
            cpu, slowest = cpu + used, max(slowest, used + stub.waited - waited)
            stub.must_equal_the_oracle(shard, result)
            parts.append((shard, result.digest, result.counts))
            shutil.rmtree(Path(folder) / "files")
        return {
            "wall": wall,
            "cpu": cpu,
            "slowest_shard": slowest,
            "peak_mb": peak_mb(),
            "results": parts,
            **stub.meter,
        }


def run(sellers: int, after_ms: int = 0) -> dict[str, Any]:
    """All shards, in two processes."""
    command = [sys.executable, "-m", "benchmarks.monthly", f"SELLERS={sellers}", f"AFTER_MS={after_ms}"]
    began = time.monotonic()
    started = [
        subprocess.Popen([*command, f"WORKER={worker}"], stdout=subprocess.PIPE) for worker in range(1, WORKERS + 1)
    ]
    parts = []
    for process in started:
        out, _ = process.communicate()
        if process.returncode:
            raise SystemExit(process.returncode)
        parts.append(json.loads(out))
    results = sorted(tuple(result) for each in parts for result in each["results"])
    sums = {key: sum(each[key] for each in parts) for key in parts[0] if key != "results"}
    certificate = hashlib.sha256(json.dumps(results).encode()).hexdigest()
    timed, called = ("slowest_shard", "slowest shard") if after_ms else ("cpu", "CPU of the slower one")
    slowest = {name: max(each[of] for each in parts) for name, of in (("seconds", timed), ("wall", "wall"))}
    took = {"sellers": sellers, "timed": called, "with_stub": time.monotonic() - began, "certificate": certificate}
    return sums | slowest | took


def usd(figures: dict[str, Any]) -> float:
    """What the run costs: units written and read, files, and seconds of functions."""
    units = figures["write_units"] * WRITE_USD + figures["half_reads"] / 2 * READ_USD
    return float(units + figures["files"] * PUT_USD + figures["cpu"] * LAMBDA_USD)


def show(figures: dict[str, Any]) -> None:
    sellers = figures["sellers"]
    print(f"{sellers:,} sellers, {figures['written'] / sellers:.1%} changed, every decision equal to the oracle's")
    print(f"  {figures['timed']:21} {figures['seconds']:8.1f} s  {sellers / figures['seconds']:>9,.0f} sellers/s")
    print(
        f"  wall of two processes {figures['wall']:8.1f} s  {sellers / figures['wall']:>9,.0f} sellers/s  ({figures['with_stub']:.0f} s with the stub)"
    )
    print(f"  CPU of both           {figures['cpu']:8.1f} s  {figures['cpu'] / sellers * 1e6:>9.1f} µs a seller")
    print(f"  peak memory of both   {figures['peak_mb']:8,.0f} MB")
    print(
        f"  write units {figures['write_units']:,}, read units {figures['half_reads'] / 2:,.0f}, transactions {figures['transactions']:,}, files {figures['files']:,}: {usd(figures):.2f} USD"
    )
    print(f"  results {figures['certificate'][:16]}, writes {figures['written_hash']:016x}")


def verdict(small: dict[str, Any], large: dict[str, Any]) -> bool:
    """Whether the floors are kept. What was not measured at ten million is said to be so."""
    scale = FLOOR_SELLERS / large["sellers"]
    scaled = "" if scale == 1 else f" ({large['sellers']:,} measured, times {scale:.0f})"
    seconds, cost = large["seconds"] * scale, usd(large) * scale
    growth = large["cpu"] / small["cpu"] / (large["sellers"] / small["sellers"]) * 10
    print(f"F4 {FLOOR_SELLERS:,} sellers   {seconds:8.0f} s     at most {FLOOR_SECONDS}{scaled}")
    print(
        f"F4 memory             {large['peak_mb']:8,.0f} MB    at most {FLOOR_MB:,}, with {large['sellers']:,} sellers"
    )
    print(
        f"F5 time(10n)/time(n)  {growth:8.2f}       at most {FLOOR_GROWTH}, by CPU, {small['sellers']:,} to {large['sellers']:,}"
    )
    print(f"F8 cost               {cost:8.2f} USD   at most {FLOOR_USD}{scaled}")
    return all((seconds <= FLOOR_SECONDS, large["peak_mb"] <= FLOOR_MB, growth <= FLOOR_GROWTH, cost <= FLOOR_USD))


def main(given: dict[str, str]) -> int:
    sellers, after_ms = int(given.get("SELLERS", SELLERS)), int(given.get("AFTER_MS", 0))
    if "WORKER" in given:
        print(json.dumps(measure(sellers, int(given["WORKER"]), after_ms)))
        return 0
    small, large = run(max(1_000, sellers // 10), after_ms), run(sellers, after_ms)
    show(small)
    show(large)
    kept = verdict(small, large)
    print("kept" if kept else "BELOW THE FLOOR")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(dict(argument.partition("=")[::2] for argument in sys.argv[1:])))
