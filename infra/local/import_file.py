"""`make import FILE=history.csv`: loads a trade history into a running Surety, with a progress bar; `KIND=exports` loads export declarations.

make import FILE=examples/trade-history.csv
make import FILE=examples/export-declarations.csv KIND=exports          declarations of two invented exporters, some told twice

SURETY_URL=https://… python -m infra.local.import_file history.csv     another service than 127.0.0.1:$PORT
"""

from __future__ import annotations

import sys
import time
import urllib.request
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from infra.local.client import Client, from_terminal, upload

TRADE_HISTORY: Final = "trade_history"
POLL_SECONDS: Final = 0.3
REJECTED_SHOWN: Final = 10

say: Final = Console(highlight=False, soft_wrap=True)


def main(arguments: list[str]) -> int:
    if len(arguments) not in (1, 2) or not Path(arguments[0]).is_file():
        say.print("Which file? make import FILE=history.csv")
        return 2
    path, *kind = arguments
    return from_terminal(lambda client: import_file(client, Path(path), *kind), say)


def import_file(client: Client, path: Path, kind: str = TRADE_HISTORY) -> bool:
    """Import a file, and tell what came of it. Whether it was imported."""
    done = run_import(client, path, client.token("officer", "importer", "admin"), kind)
    _tell(done)
    return bool(done["status"] == "done")


def run_import(client: Client, path: Path, officer: str, kind: str = TRADE_HISTORY) -> dict[str, Any]:
    """Import a file and watch it to its end. Returns the import as it then is; Refused where the service says no."""
    opened = client.post("/v1/imports", {"kind": kind}, officer)
    columns = (
        TextColumn("  {task.description:<10}"),
        BarColumn(),
        TextColumn("{task.fields[status]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=say, disable=not say.is_terminal) as bars:
        sending = bars.add_task("upload", total=path.stat().st_size, status="")
        _upload(opened["upload"], path, bars, sending)
        working = bars.add_task("import", total=None, status="")
        return _watch(client, opened["id"], officer, bars, working)


def _upload(form: dict[str, Any], path: Path, bars: Progress, task: TaskID) -> None:
    def sent(count: int) -> None:
        bars.update(task, advance=count, status=f"{bars.tasks[task].percentage:.0f} %")

    with path.open("rb") as file:
        upload(form, file, path.stat().st_size, sent)


def _watch(client: Client, import_id: str, officer: str, bars: Progress, task: TaskID) -> dict[str, Any]:
    while True:
        import_run: dict[str, Any] = client.get(f"/v1/imports/{import_id}", officer)
        progress = import_run["progress"]
        done = sum(import_run["counts"].values())
        read = progress["rows_read"]
        bars.update(
            task,
            total=read or None,
            completed=done,
            status=f"{done:,} of {read:,} rows, part {progress['parts_done']} of {progress['parts']}",
        )
        if import_run["status"] in ("done", "failed"):
            return import_run
        time.sleep(POLL_SECONDS)


def _tell(done: dict[str, Any]) -> None:
    if done["status"] == "failed":
        column = f" ({done['column']})" if done["column"] else ""
        say.print(f"The import failed: {done['reason']}{column}. Nothing was changed.\n{done['detail']} {done['fix']}")
        return
    counts = done["counts"]
    say.print("  " + ", ".join(f"{counts[name]:,} {name}" for name in ("new", "updated", "known", "refused")))
    if done["rejected_rows"]:
        _tell_rejected(done["rejected_rows"]["url"])


def _tell_rejected(url: str) -> None:
    with urllib.request.urlopen(url, timeout=60) as answer:
        rows = answer.read().decode().splitlines()
    for row in rows[: REJECTED_SHOWN + 1]:
        say.print(f"  {row}")
    if len(rows) > REJECTED_SHOWN + 1:
        say.print(f"  … and {len(rows) - REJECTED_SHOWN - 1:,} more at {url}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
