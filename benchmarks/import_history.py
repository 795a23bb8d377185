"""F7: imports of a trade history and of export declarations. Rows per CPU second with the network stubbed, and whether memory stays flat.

    python -m benchmarks.import_history            1,000,000 rows of each
    python -m benchmarks.import_history ROWS=50000
    python -m benchmarks.import_history KIND=exports

Measured with the transactions that the cloud takes (SURETY_BULK_ACTIONS as deployed), and once, at a tenth of the rows, with the ten actions of
DynamoDB Local. Rows are invented, always the same: one supplier or exporter for forty rows, some much larger than others, sixteen months, four currencies. Memory
is the peak of a process of its own, at a tenth of the rows and at all of them.
"""

from __future__ import annotations

import csv
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from benchmarks.memory import peak_mb

if TYPE_CHECKING:
    from chalicelib.daybook.rules.imports import Kind

ROWS: Final = 1_000_000
ROWS_PER_SUPPLIER: Final = 40
FLOOR_ROWS_PER_SECOND: Final = 5_000
MOST_GROWTH_MB: Final = 64
DEPLOYED_ACTIONS: Final = 50
LOCAL_ACTIONS: Final = 10
COLUMNS: Final = [
    "trade_id",
    "supplier_ref",
    "buyer_ref",
    "supplier_country",
    "buyer_country",
    "category",
    "currency",
    "amount",
    "ordered_at",
    "paid_at",
    "ship_by",
    "shipped_at",
    "promised_by",
    "delivered_at",
    "status",
]
DECLARATION_COLUMNS: Final = [
    "declaration_no",
    "exporter_ref",
    "order_ref",
    "buyer_ref",
    "buyer_country",
    "currency",
    "amount",
    "channel",
    "origin",
    "related_party",
    "status",
    "submitted_on",
    "released_on",
    "tax_refund_paid_on",
    "returned_on",
    "returned_amount",
]
BEGAN: Final = datetime(2016, 9, 1, tzinfo=UTC)


def rows(count: int) -> Iterator[tuple[str, ...]]:
    chance = random.Random(7)
    suppliers = max(1, count // ROWS_PER_SUPPLIER)
    for number in range(count):
        supplier = int(suppliers * chance.random() ** 2)
        placed = BEGAN + timedelta(minutes=chance.randrange(16 * 30 * 24 * 60))
        after = [
            placed + timedelta(hours=hours) for hours in (3, 24 * 7, 24 * chance.randrange(2, 12), 24 * 30, 24 * 14)
        ]
        paid, ship_by, shipped, promised, delivered = (moment.isoformat() for moment in after)
        status = "completed" if number % 8 else "cancelled" if number % 3 == 0 else "shipped"
        yield (
            f"{number:016x}",
            f"supplier-{supplier:08x}",
            f"buyer-{chance.randrange(count):010x}",
            "BR",
            "BR" if number % 5 else "DE",
            f"category_{supplier % 67:02d}",
            ("BRL", "BRL", "USD", "EUR")[supplier % 4],
            f"{chance.randrange(1, 2_000)}.{number % 100:02d}",
            placed.isoformat(),
            paid,
            ship_by,
            shipped,
            promised,
            delivered if status == "completed" else "",
            status,
        )


def declarations(count: int) -> Iterator[tuple[str, ...]]:
    """Most released, every eighth with goods that came back, every ninth cancelled."""
    chance = random.Random(11)
    exporters = max(1, count // ROWS_PER_SUPPLIER)
    for number in range(count):
        exporter = int(exporters * chance.random() ** 2)
        submitted = BEGAN + timedelta(days=chance.randrange(16 * 30))
        released, refunded, back = (submitted + timedelta(days=days) for days in (3, 45, chance.randrange(4, 90)))
        is_cancelled, is_returned = number % 9 == 0, number % 8 == 0
        yield (
            f"D{number:016x}",
            f"exporter-{exporter:08x}",
            f"order-{number // 2:010x}",
            f"buyer-{chance.randrange(count):010x}",
            "DE" if number % 5 else "US",
            ("USD", "EUR", "GBP", "USD")[exporter % 4],
            f"{chance.randrange(5_000, 200_000)}.{number % 100:02d}",
            "self_service" if number % 3 else "staff",
            "platform" if number % 11 else "elsewhere",
            "no" if number % 13 else "yes",
            "cancelled" if is_cancelled else "returned" if is_returned else "released",
            f"{submitted:%Y-%m-%d}",
            "" if is_cancelled else f"{released:%Y-%m-%d}",
            "" if is_cancelled else f"{refunded:%Y-%m-%d}",
            f"{back:%Y-%m-%d}" if is_returned and not is_cancelled else "",
            "1000.00" if is_returned and not is_cancelled else "",
        )


FILES: Final = {"trade_history": (COLUMNS, rows), "exports": (DECLARATION_COLUMNS, declarations)}
"""The header and the rows of each kind."""


def write(path: Path, count: int, kind: str) -> None:
    header, invented = FILES[kind]
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(header)
        out.writerows(invented(count))


def measure(count: int, actions: int, kind: Kind) -> dict[str, Any]:
    """Import `count` rows in this process: CPU seconds of each stage without the stub's own, calls, peak memory."""
    os.environ.update(
        AWS_DEFAULT_REGION="us-east-1",
        AWS_ACCESS_KEY_ID="bench",
        AWS_SECRET_ACCESS_KEY="bench",
        AWS_EC2_METADATA_DISABLED="true",
        POWERTOOLS_LOG_LEVEL="ERROR",
        SURETY_STAGE="bench",
        SURETY_BULK_ACTIONS=str(actions),
    )
    from benchmarks.stub_engine import StubEngine
    from chalicelib.daybook import jobs
    from chalicelib.daybook.rules import imports
    from chalicelib.daybook.service.imports import file_arrived, key_of
    from chalicelib.exports import jobs as export_jobs
    from chalicelib.runs import jobs as run_jobs
    from chalicelib.runs import messages, records
    from chalicelib.shared import ids, journal
    from chalicelib.shared.aws import client
    from chalicelib.shared.files import Arrived
    from chalicelib.shared.journal import Event
    from chalicelib.shared.request import Caller, RequestContext
    from chalicelib.shared.tables import engine

    with tempfile.TemporaryDirectory() as folder:
        stub = StubEngine(Path(folder))
        stub.attach(engine().client, client("s3"), client("sqs"))
        now = datetime.now(UTC)
        request = RequestContext(caller=Caller("officer-1", "officer"), now=now, request_id="bench", key="bench")
        run = imports.opened(ids.new_id("imp", now), kind, request.caller, now)
        entry = journal.entry(request, Event("import.opened"), aggregate_id=run.id, seq=1, prev=journal.GENESIS)
        records.create(run, entry).row.save()
        file = stub.file(key_of(run.id))
        write(file, count, kind)
        known: dict[str, run_jobs.Job] = {jobs.IMPORT: jobs.IMPORTING, export_jobs.IMPORT: export_jobs.IMPORTING}

        def spent(work: Callable[[], None]) -> float:
            began, stubbed = time.process_time(), stub.spent
            work()
            return time.process_time() - began - (stub.spent - stubbed)

        def part() -> None:
            message = stub.messages.pop(0)
            run_jobs.work_on(messages.Shard(message["run_id"], message["shard"]), known)

        size = file.stat().st_size
        file_arrived(Arrived(key_of(run.id), size, "e"))
        split = spent(part)
        record = 0.0
        while stub.messages:
            record += spent(part)
        done = records.load(run.id)
        stub.close()
    assert done is not None
    assert done.status == "done", done
    assert done.counts == {"new": count, "refused": 0}, done.counts
    assert stub.facts == count
    return {
        "rows": count,
        "bytes": size,
        "parts": done.shards,
        "split_s": split,
        "record_s": record,
        "calls": dict(stub.calls),
        "peak_mb": peak_mb(),
    }


def apart(count: int, actions: int, kind: str) -> dict[str, Any]:
    """The same in a process of its own, so that its peak of memory is its own too."""
    process = subprocess.run(
        [sys.executable, "-m", "benchmarks.import_history", f"MEASURE={count}", f"ACTIONS={actions}", f"KIND={kind}"],
        stdout=subprocess.PIPE,
        check=True,
    )
    figures: dict[str, Any] = json.loads(process.stdout)
    return figures


def speed(figures: dict[str, Any]) -> float:
    """Rows for each CPU second, both stages together."""
    return float(figures["rows"] / (figures["split_s"] + figures["record_s"]))


def main(given: dict[str, str]) -> int:
    if "MEASURE" in given:
        print(json.dumps(measure(int(given["MEASURE"]), int(given["ACTIONS"]), cast("Kind", given["KIND"]))))
        return 0
    count = int(given.get("ROWS", ROWS))
    kinds = [given["KIND"]] if "KIND" in given else list(FILES)
    kept = [report(count, kind) for kind in kinds]
    print("kept" if all(kept) else "BELOW THE FLOOR")
    return 0 if all(kept) else 1


def report(count: int, kind: str) -> bool:
    """Measure a kind of file and print what it took. Whether the floors are kept."""
    some = max(1, count // 10)
    local = apart(some, LOCAL_ACTIONS, kind)
    tenth, full = apart(some, DEPLOYED_ACTIONS, kind), apart(count, DEPLOYED_ACTIONS, kind)
    growth = full["peak_mb"] - tenth["peak_mb"]
    print(
        f"{kind}: {full['rows']:,} rows, {full['bytes'] / 1e6:,.0f} MB, {full['parts']} parts; CPU only, network stubbed"
    )
    for stage in ("split", "record"):
        print(f"  {stage:<8}{full[f'{stage}_s']:8.1f} s {full['rows'] / full[f'{stage}_s']:>10,.0f} rows/s")
    print(f"  both    {speed(full):>21,.0f} rows/s   floor {FLOOR_ROWS_PER_SECOND:,}")
    print(f"  with {LOCAL_ACTIONS} actions in a transaction {speed(local):,.0f} rows/s ({local['rows']:,} rows)")
    print(
        f"  peak memory {full['peak_mb']:,.0f} MB; {growth:+,.0f} MB over a tenth of the rows, floor +{MOST_GROWTH_MB} MB"
    )
    print("  calls   " + ", ".join(f"{name} {number:,}" for name, number in sorted(full["calls"].items())))
    return speed(full) >= FLOOR_ROWS_PER_SECOND and growth <= MOST_GROWTH_MB


if __name__ == "__main__":
    sys.exit(main(dict(argument.partition("=")[::2] for argument in sys.argv[1:])))
