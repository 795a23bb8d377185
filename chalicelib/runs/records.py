"""The table of runs: the run itself at shard 0, and one item for each shard that has told its result."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import msgspec
from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import PutError, UpdateError
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from chalicelib.runs.rules import Run, ShardResult
from chalicelib.shared.columns import Document, Instant, Packed, WholeNumber
from chalicelib.shared.commit import Put
from chalicelib.shared.journal import Entry
from chalicelib.shared.tables import Row, table_name

ITSELF: Final = 0


class ByJob(GlobalSecondaryIndex[Any]):
    """Runs of a job by the moment they began."""

    class Meta:
        index_name = "by_job"
        projection = KeysOnlyProjection()

    job = UnicodeAttribute(hash_key=True)
    started_at = Instant(range_key=True)


class RunRow(Row):
    class Meta:
        table_name = table_name("runs")

    run_id = UnicodeAttribute(hash_key=True)
    shard = WholeNumber(range_key=True)
    job = UnicodeAttribute(null=True)
    started_at = Instant(null=True)
    version = WholeNumber(null=True)
    body = Packed(Run, null=True)
    progress = Document[dict[str, int]](dict[str, int], null=True)
    result = Packed(ShardResult, null=True)

    by_job = ByJob()


def load(run_id: str) -> Run | None:
    row = RunRow.find(run_id, ITSELF)
    return row.body if row else None


def load_whole(run_id: str) -> tuple[Run, dict[str, int], dict[int, ShardResult]] | None:
    """The run, how far the work before its shards has come, and the results told so far: one query."""
    found = {row.shard: row for row in RunRow.query(run_id, consistent_read=True)}
    if ITSELF not in found:
        return None
    itself = found.pop(ITSELF)
    return itself.body, itself.progress or {}, {shard: row.result for shard, row in found.items()}


def of_job(job: str, after: dict[str, Any] | None) -> Iterator[Run]:
    """Runs of a job, latest first."""
    for row in RunRow.by_job.query(job, scan_index_forward=False, last_evaluated_key=after):
        run = load(row.run_id)
        if run is not None:
            yield run


def position(run: Run) -> dict[str, Any]:
    """Where `of_job` goes on after this run."""
    started_at = RunRow.started_at.serialize(run.created_at)
    return {
        "run_id": {"S": run.id},
        "shard": {"N": str(ITSELF)},
        "job": {"S": run.job},
        "started_at": {"N": started_at},
    }


def create(run: Run, made: Entry) -> Put:
    return Put(_row(run, made), guard=RunRow.run_id.does_not_exist())


def replace(run: Run, made: Entry) -> Put:
    """The run in its next version, if it is still at the one before."""
    return Put(_row(run, made), guard=RunRow.version == run.version - 1)


def tell_result(run_id: str, shard: int, result: ShardResult) -> bool:
    """Keep a shard's result; False where one was told before, which stands."""
    try:
        RunRow(run_id, shard, result=result).save(condition=RunRow.run_id.does_not_exist())
    except PutError as failure:
        if failure.cause_response_code == "ConditionalCheckFailedException":
            return False
        raise
    return True


def tell_progress(run_id: str, progress: dict[str, int]) -> None:
    """How far the work before the shards has come; of no consequence but to be looked at."""
    try:
        RunRow(run_id, ITSELF).update(actions=[RunRow.progress.set(progress)], condition=RunRow.run_id.exists())
    except UpdateError as failure:
        if failure.cause_response_code != "ConditionalCheckFailedException":
            raise


def _row(run: Run, made: Entry) -> RunRow:
    body = msgspec.structs.replace(run, head=made.head)
    return RunRow(run.id, ITSELF, job=run.job, started_at=run.created_at, version=run.version, body=body)
