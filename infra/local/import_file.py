"""`make import FILE=history.csv`: loads a trade history into a running Surety, with a progress bar.

SURETY_URL=https://… python -m infra.local.import_file history.csv     another service than 127.0.0.1:$PORT
"""

from __future__ import annotations

import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from infra.local.client import Client, Refused

POLL_SECONDS: Final = 0.3
CHUNK_BYTES: Final = 1 << 18
REJECTED_SHOWN: Final = 10

say: Final = Console(highlight=False, soft_wrap=True)


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or not Path(arguments[0]).is_file():
        say.print("Which file? make import FILE=history.csv")
        return 2
    url = os.environ.get("SURETY_URL") or f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
    client = Client(url.rstrip("/"))
    try:
        done = run_import(client, Path(arguments[0]), client.token("officer", "importer", "admin"))
    except Refused as refused:
        say.print(f"Refused: {refused}")
        return 1
    except urllib.error.URLError as silent:
        say.print(f"Nobody answers at {url} ({silent.reason}): is `make run` running?")
        return 1
    _tell(done)
    return 0 if done["status"] == "done" else 1


def run_import(client: Client, path: Path, officer: str) -> dict[str, Any]:
    """Import a file and watch it to its end. Returns the import as it then is; Refused where the service says no."""
    made = client.post("/v1/imports", {"kind": "trade_history"}, officer)
    columns = (
        TextColumn("  {task.description:<10}"),
        BarColumn(),
        TextColumn("{task.fields[told]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=say, transient=not say.is_terminal) as bars:
        sending = bars.add_task("upload", total=path.stat().st_size, told="")
        _upload(made["upload"], path, bars, sending)
        working = bars.add_task("import", total=None, told="")
        return _watch(client, made["id"], officer, bars, working)


def _upload(form: dict[str, Any], path: Path, bars: Progress, task: TaskID) -> None:
    """The presigned form, then the file, read as it is sent."""
    boundary = f"----surety{os.urandom(12).hex()}"
    fields = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in form["fields"].items()
    )
    head = f'{fields}--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="history.csv"\r\nContent-Type: text/csv\r\n\r\n'
    tail = f"\r\n--{boundary}--\r\n"
    length = len(head.encode()) + path.stat().st_size + len(tail.encode())
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}", "Content-Length": str(length)}

    def body(file: BinaryIO) -> Iterator[bytes]:
        yield head.encode()
        while chunk := file.read(CHUNK_BYTES):
            yield chunk
            bars.update(task, advance=len(chunk), told=f"{bars.tasks[task].percentage:.0f} %")
        yield tail.encode()

    with path.open("rb") as file:
        request = urllib.request.Request(form["url"], body(file), headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=600):
                pass
        except urllib.error.HTTPError as refused:
            raise Refused(refused.code, {"code": "upload_refused", "detail": refused.read().decode()[:300]}) from None


def _watch(client: Client, import_id: str, officer: str, bars: Progress, task: TaskID) -> dict[str, Any]:
    while True:
        told: dict[str, Any] = client.get(f"/v1/imports/{import_id}", officer)
        progress = told["progress"]
        done = sum(told["counts"].values())
        read = progress["rows_read"]
        bars.update(
            task,
            total=read or None,
            completed=done,
            told=f"{done:,} of {read:,} rows, part {progress['parts_done']} of {progress['parts']}",
        )
        if told["status"] in ("done", "failed"):
            return told
        time.sleep(POLL_SECONDS)


def _tell(done: dict[str, Any]) -> None:
    if done["status"] == "failed":
        column = f" ({done['column']})" if done["column"] else ""
        say.print(f"The import failed: {done['reason']}{column}. Nothing was changed.")
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
