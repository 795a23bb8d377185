"""A run tells what ended it: that every shard told its result, or what was wrong with the file it waited for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chalicelib.daybook.rules import imports
from chalicelib.runs import service
from chalicelib.runs.declared import RUNS
from chalicelib.shared.journal import JournalRow
from tests.daybook.importing import imported, lines, opened, row, upload
from tests.world import Api, Pump, StandingClock


def _every_row_was_read(api: Api, officer: str, pump: Pump, time: StandingClock) -> str:
    return str(imported(api, officer, pump, lines(row()))["id"])


def _no_file_came(api: Api, officer: str, pump: Pump, time: StandingClock) -> str:
    import_id = opened(api, officer)
    time.advance(hours=1)
    RUNS.sweep(time.at)
    return import_id


def _the_file_came_too_late(api: Api, officer: str, pump: Pump, time: StandingClock) -> str:
    """And it is no CSV file either: nobody has looked."""
    import_id = opened(api, officer)
    time.advance(hours=1)
    upload(import_id, b"PK\x03\x04 a workbook, renamed")
    pump()
    return import_id


def _the_file_was_too_large(api: Api, officer: str, pump: Pump, time: StandingClock) -> str:
    """And it is no CSV file either: nobody has looked."""
    import_id = opened(api, officer)
    upload(import_id, b"PK" * 200)
    pump()
    return import_id


def _the_file_was_unreadable(api: Api, officer: str, pump: Pump, time: StandingClock) -> str:
    return str(imported(api, officer, pump, b"PK\x03\x04 a workbook, renamed")["id"])


def _a_column_was_missing(api: Api, officer: str, pump: Pump, time: StandingClock) -> str:
    return str(imported(api, officer, pump, b"a,b,c\n1,2,3\n")["id"])


ENDED: list[tuple[Callable[[Api, str, Pump, StandingClock], str], str, str | None, str]] = [
    (_every_row_was_read, "done", None, "run.finished"),
    (_no_file_came, "failed", "never_uploaded", "run.failed"),
    (_the_file_came_too_late, "failed", "never_uploaded", "run.failed"),
    (_the_file_was_too_large, "failed", "too_large", "import.failed"),
    (_the_file_was_unreadable, "failed", "spreadsheet", "import.failed"),
    (_a_column_was_missing, "failed", "missing_column", "import.failed"),
]
"""What ends it, how it then stands and why, and the entry that says so."""


@pytest.mark.parametrize(("ends", "status", "reason", "event"), ENDED)
def test_the_reason_is_the_one_that_acted(
    api: Api,
    officer: str,
    pump: Pump,
    time: StandingClock,
    monkeypatch: pytest.MonkeyPatch,
    ends: Callable[[Api, str, Pump, StandingClock], str],
    status: str,
    reason: str | None,
    event: str,
) -> None:
    monkeypatch.setattr(imports, "MOST_BYTES", 399)
    run_id = ends(api, officer, pump, time)
    assert service.get(run_id).is_over
    for path in (f"/v1/runs/{run_id}", f"/v1/imports/{run_id}"):
        reply = api.get(path, officer)
        assert (reply["status"], reply["reason"], reply["deadlines"]) == (status, reason, [])
    last = max((row.entry() for row in JournalRow.scan() if row.aggregate_id == run_id), key=lambda entry: entry.seq)
    assert (last.event.kind, last.event.payload.get("reason")) == (event, reason)
    assert ("certificate" in last.event.payload) == (status == "done")
