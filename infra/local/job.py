"""`make job NAME=deposits-monthly AS_OF=2023-03-06`: runs a job in a running Surety, with a progress bar.

SURETY_URL=https://… python -m infra.local.job deposits-monthly 2023-03-06     another service than 127.0.0.1:$PORT
"""

from __future__ import annotations

import sys
import threading
import time
from datetime import date
from typing import Any, Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from infra.local.client import Client, from_terminal

POLL_SECONDS: Final = 0.3
MOST_FAILURES_SHOWN: Final = 10
COUNTED: Final = ("sellers", "loans", "firms")
"""What a run goes over, by which one sees how far it has come."""

say: Final = Console(highlight=False, soft_wrap=True)


def main(arguments: list[str]) -> int:
    if not arguments or len(arguments) > 2 or not all(_is_date(argument) for argument in arguments[1:]):
        say.print("Which job, and for which day? make job NAME=deposits-monthly AS_OF=2023-03-06")
        return 2
    as_of = arguments[1] if len(arguments) == 2 else None
    return from_terminal(lambda client: job(client, arguments[0], as_of), say)


def job(client: Client, name: str, as_of: str | None) -> bool:
    """Run a job, and tell what came of it. Whether it was done."""
    done = run_job(client, name, as_of)
    tell(done)
    return bool(done["status"] == "done")


def run_job(client: Client, name: str, as_of: str | None) -> dict[str, Any]:
    """Ask for a job and watch its run to the end. Returns the run as it then is; Refused where the service says no."""
    officer = client.token("officer", "job-runner", "admin")
    asking = _Asking(client, name, {"as_of": as_of} if as_of else {}, officer)
    with progress() as bars:
        task = bars.add_task(name, total=None, status="")
        asking.start()
        while asking.is_alive():
            _show(bars, task, _latest(client, name, officer, as_of))
            time.sleep(POLL_SECONDS)
        return watch(client, asking.answer()["id"], officer, bars, task)


def progress() -> Progress:
    """A bar for a run."""
    columns = (
        TextColumn("  {task.description}"),
        BarColumn(),
        TextColumn("{task.fields[status]}"),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=say, disable=not say.is_terminal)


class _Asking(threading.Thread):
    """The request for the job: the sandbox works on it while it answers, so the run is looked at meanwhile."""

    def __init__(self, client: Client, name: str, body: dict[str, Any], officer: str) -> None:
        super().__init__(daemon=True)
        self._client, self._path, self._body, self._by = client, f"/v1/sandbox/jobs/{name}", body, officer
        self._told: dict[str, Any] = {}
        self._failed: Exception | None = None

    def run(self) -> None:
        try:
            self._told = self._client.post(self._path, self._body, self._by)
        except Exception as failed:
            self._failed = failed

    def answer(self) -> dict[str, Any]:
        self.join()
        if self._failed:
            raise self._failed
        return self._told


def _latest(client: Client, name: str, officer: str, as_of: str | None) -> dict[str, Any] | None:
    """The run that was asked for, once it has begun."""
    runs = client.get(f"/v1/runs?job={name}&limit=5", officer)["items"]
    return next((run for run in runs if as_of in (None, run["as_of"])), None)


def watch(client: Client, run_id: str, officer: str, bars: Progress, task: TaskID) -> dict[str, Any]:
    """Show how a run goes until it is over. Returns it as it then is."""
    while True:
        run: dict[str, Any] = client.get(f"/v1/runs/{run_id}", officer)
        _show(bars, task, run)
        if run["status"] in ("done", "failed"):
            return run
        time.sleep(POLL_SECONDS)


def _show(bars: Progress, task: TaskID, run: dict[str, Any] | None) -> None:
    if run is not None:
        bars.update(task, total=run["shards"] or None, completed=run["shards_done"], status=how_far(run))


def how_far(run: dict[str, Any]) -> str:
    """How far a run has come, in words beside its bar."""
    if not run["shards"]:
        return str(run["status"])
    done = next((f", {count:,} {name}" for name, count in run["counts"].items() if name in COUNTED), "")
    return f"shard {run['shards_done']} of {run['shards']}{done}"


def tell(run: dict[str, Any]) -> None:
    """Say what came of a run."""
    say.print(f"  {run['job']} of {run['period']}: {run['status']}, as of {run['as_of']}, {run['id']}")
    for name, count in run["counts"].items():
        say.print(f"    {name:<24}{count:>16,}")
    if run["certificate"]:
        say.print(f"  certificate {run['certificate']}")
    for failure in run["failures"][:MOST_FAILURES_SHOWN]:
        say.print(f"  set aside {failure['item']}: {failure['reason']}")


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
