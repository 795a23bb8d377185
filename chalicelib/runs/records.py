"""The table of runs: the run itself at shard 0, one item for each shard that has told its result, and at its negative its checkpoint."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import msgspec
from pynamodb.attributes import UnicodeAttribute

from chalicelib.runs import rules
from chalicelib.runs.rules import Checkpoint, Run, ShardResult
from chalicelib.shared import due
from chalicelib.shared.columns import Document, Instant, Packed, WholeNumber
from chalicelib.shared.commit import Put
from chalicelib.shared.journal import Entry
from chalicelib.shared.periods import to_ms
from chalicelib.shared.tables import Row, guarded, index, table

ITSELF: Final = 0


class RunRow(Row):
    Meta = table("runs")
    run_id = UnicodeAttribute(hash_key=True)
    shard = WholeNumber(range_key=True)
    job = UnicodeAttribute(null=True)
    started_at = Instant(null=True)
    version = WholeNumber(null=True)
    body = Packed(Run, null=True)
    progress = Document[dict[str, int]](dict[str, int], null=True)
    result = Packed(ShardResult, null=True)
    round = WholeNumber(null=True)
    checkpoint = Packed(Checkpoint, null=True)
    due_shard = WholeNumber(null=True)
    due_at = Instant(null=True)

    by_job = index(job, started_at)
    """Runs of a job by the moment they began."""
    due = index(due_shard, due_at)


class Whole(NamedTuple):
    """A run, how far the work before its shards has come, the results told so far, and the checkpoints of shards."""

    run: Run
    progress: dict[str, int]
    results: dict[int, ShardResult]
    checkpoints: dict[int, Checkpoint]


def load(run_id: str) -> Run | None:
    row = RunRow.find(run_id, ITSELF)
    return row.body if row else None


def load_whole(run_id: str) -> Whole | None:
    """Everything that is known of a run: one query."""
    rows = {row.shard: row for row in RunRow.query(run_id, consistent_read=True)}
    if ITSELF not in rows:
        return None
    itself = rows.pop(ITSELF)
    results = {shard: row.result for shard, row in rows.items() if shard > ITSELF}
    checkpoints = {-shard: row.checkpoint for shard, row in rows.items() if shard < ITSELF}
    return Whole(itself.body, itself.progress or {}, results, checkpoints)


def ids_of_job(job: str, after: list[Any] | None = None) -> Iterator[tuple[int, str]]:
    """When runs of a job began and their ids, latest first, from behind such a pair on."""
    start: Any = after and {
        "run_id": {"S": after[1]},
        "shard": {"N": str(ITSELF)},
        "job": {"S": job},
        "started_at": {"N": str(after[0])},
    }
    for row in RunRow.by_job.query(job, scan_index_forward=False, last_evaluated_key=start, page_size=101):
        yield to_ms(row.started_at), row.run_id


def create(run: Run, entry: Entry) -> Put:
    return Put(_row(run, entry), guard=RunRow.run_id.does_not_exist())


def replace(run: Run, entry: Entry) -> Put:
    """The run in its next version, if it is still at the one before."""
    return Put(_row(run, entry), guard=RunRow.version == run.version - 1)


def tell_result(run_id: str, shard: int, result: ShardResult) -> bool:
    """Keep a shard's result; False where one was told before, in this round of the run or a later one, which stands."""
    guard = RunRow.run_id.does_not_exist()
    if result.round:
        guard |= RunRow.round.does_not_exist() | (RunRow.round < result.round)
    row = RunRow(run_id, shard, result=result, round=result.round or None)
    return guarded(lambda: row.save(condition=guard))


def load_checkpoint(run_id: str, shard: int) -> Checkpoint | None:
    row = RunRow.find(run_id, -shard)
    return row.checkpoint if row else None


def keep_checkpoint(run_id: str, shard: int, checkpoint: Checkpoint) -> bool:
    """Keep how far a shard has come; False where somebody else went on from the checkpoint before."""
    first = RunRow.run_id.does_not_exist()
    guard = RunRow.version == checkpoint.number - 1 if checkpoint.number > 1 else first
    row = RunRow(run_id, -shard, checkpoint=checkpoint, version=checkpoint.number)
    return guarded(lambda: row.save(condition=guard))


def tell_progress(run_id: str, progress: dict[str, int]) -> None:
    """How far the work before the shards has come; of no consequence but to be looked at."""
    row, is_there = RunRow(run_id, ITSELF), RunRow.run_id.exists()
    guarded(lambda: row.update(actions=[RunRow.progress.set(progress)], condition=is_there))


def _row(run: Run, entry: Entry) -> RunRow:
    body = msgspec.structs.replace(run, entry_hash=entry.entry_hash)
    return RunRow(
        run.id,
        ITSELF,
        job=run.job,
        started_at=run.created_at,
        version=run.version,
        **due.columns(run.id, rules.next_due(run)),
        body=body,
    )
