"""What officers see of runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Final

import msgspec

from chalicelib.runs import rules
from chalicelib.runs.rules import Checkpoint, Failure, Run, RunStatus, ShardResult
from chalicelib.shared.files import Link
from chalicelib.shared.pages import Paging
from chalicelib.shared.views import view_of

MOST_FAILURES_SHOWN: Final = 100


class RunsQuery(Paging, frozen=True, kw_only=True, forbid_unknown_fields=True):
    job: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    """The job whose runs are asked for, for example `qualification`."""


class RunDeadline(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    due_at: datetime
    owner: str
    default_outcome: str


class RunView(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    version: int
    status: RunStatus
    job: str
    period: str
    as_of: date
    """The day the job decided for, whenever it ran."""
    shards: int
    shards_done: int
    counts: dict[str, int]
    failures: list[Failure]
    """Items set aside, at most the first hundred."""
    files: list[Link]
    """What the run wrote, in the order of its shards. Links are made for each answer and soon expire.

    In CSV files a value that a spreadsheet would take for a formula has an apostrophe in front: take one leading apostrophe away.
    """
    reason: str | None
    certificate: str | None
    """SHA-256 over the results of all shards, once the run is done."""
    created_at: datetime
    updated_at: datetime
    allowed_actions: list[str]
    deadlines: list[RunDeadline]


def view(
    run: Run,
    results: Mapping[int, ShardResult],
    links: Sequence[Link] = (),
    checkpoints: Mapping[int, Checkpoint] | None = None,
) -> RunView:
    failures = [failure for shard in sorted(results) for failure in results[shard].failures]
    return view_of(
        RunView,
        run,
        shards_done=run.shards - len(rules.missing(run, results)) if run.status != "preparing" else 0,
        counts=run.counts if run.is_over else rules.summed(run, results, checkpoints),
        failures=failures[:MOST_FAILURES_SHOWN],
        files=list(links),
        allowed_actions=["redrive"] if _redrivable(run, results) else [],
        deadlines=[] if run.is_over else [_deadline(run)],
    )


def _deadline(run: Run) -> RunDeadline:
    if run.status == "waiting":
        return RunDeadline(name="upload", due_at=run.upload_due, owner="officer", default_outcome=rules.NEVER_UPLOADED)
    return RunDeadline(name="completion", due_at=run.due_at, owner="officer", default_outcome=rules.SENT_AGAIN)


def _redrivable(run: Run, results: Mapping[int, ShardResult]) -> bool:
    if run.is_over:
        return run.redrives and bool(rules.with_failures(results))
    return run.status != "waiting"
