"""One shard of the run: a segment of the deposits' table, decided page after page.

A shard may be delivered twice, out of order, and die at any instruction. What it decides depends on nothing but what was true at the cut-off;
what it writes is guarded; and every so many sellers it puts the lines it came to into the bucket, under a name made of what they
say, and leaves a mark from which whoever comes next goes on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

import msgspec

from chalicelib.deposits import segments
from chalicelib.deposits.monthly import certificate, merkle
from chalicelib.deposits.monthly.outcome import Outcome
from chalicelib.deposits.monthly.writing import Change, FailedItem, Task, group_size, isolated, reload, write
from chalicelib.deposits.rulebooks import rulebook_repository
from chalicelib.deposits.rules.cut_offs import cut_off
from chalicelib.deposits.rules.decision import decide
from chalicelib.deposits.rules.deposit import Decision
from chalicelib.deposits.segments import Held
from chalicelib.runs import service as runs
from chalicelib.runs.rules import Checkpoint, Failure, Run, ShardResult
from chalicelib.shared import clock, files
from chalicelib.shared.table_pages import Binary, Text

LINES_A_MARK: Final = 20_000
"""After so many sellers a mark is left: that much is done again where a shard dies."""
MEDIA: Final = "application/x-ndjson"


def decide_shard(run: Run, shard: int, *, writes: bool = True) -> ShardResult:
    """Decide on every seller of a segment, from where whoever was here before has come to."""
    task = task_of(run, writes=writes)
    checkpoint = runs.checkpoint_of(run.id, shard)
    while not checkpoint.done:
        checkpoint = runs.save_checkpoint(run.id, shard, _further(task, run, shard, checkpoint))
    if checkpoint.round < run.round:
        checkpoint = runs.save_checkpoint(run.id, shard, _mended(task, run, shard, checkpoint))
    return _result(run, shard, checkpoint)


def task_of(run: Run, *, writes: bool) -> Task:
    """The month of a run, under the book that was in force at its cut-off."""
    now = clock.now()
    books = rulebook_repository.books(now)
    return Task(run.period, books.in_force(cut_off(run.period).at), books, now, writes)


class Batch:
    """What is decided between two marks."""

    def __init__(self, task: Task, counts: dict[str, int]) -> None:
        self.lines: list[bytes] = []
        self.aside: dict[str, str] = {}
        self._task, self._outcome, self._group_size = task, msgspec.convert(counts, Outcome), group_size()
        self._changes: list[Change] = []

    def take(self, page: Sequence[Held]) -> None:
        """Decide on a page of sellers. Those who change wait until there are enough for a transaction."""
        book, period = self._task.book, self._task.period
        for held in page:
            try:
                deposit = held.deposit
                decision = decide(deposit, book, period)
            except Exception as poison:
                self._tell(isolated(held.member_id.S, partial(_raise, poison)))
                continue
            if decision.skipped == "not_open_yet":
                continue
            if decision.changes and self._task.writes and deposit.adjusted < period:
                self._changes.append((deposit, decision))
                if len(self._changes) == self._group_size:
                    self._write()
            else:
                self.lines.append(certificate.line(decision))
                self._outcome.add(decision)

    def close(self) -> dict[str, int]:
        """Write what is still waiting. Returns the counts."""
        self._write()
        return msgspec.structs.asdict(self._outcome)

    def _write(self) -> None:
        due, self._changes = self._changes, []
        if due:
            for outcome in write(due, self._task):
                self._tell(outcome)

    def _tell(self, outcome: Decision | FailedItem) -> None:
        if isinstance(outcome, FailedItem):
            self.aside[outcome.seller_id] = outcome.reason
            return
        self.lines.append(certificate.line(outcome))
        self._outcome.add(outcome)


def lines_of(run_id: str, shard: int, bucket: int) -> list[bytes]:
    """The lines of a bucket, in their order."""
    return files.read(_bucket_key(run_id, shard, bucket)).splitlines()


def bucket_roots(run_id: str, shard: int) -> list[bytes]:
    """The roots of a shard's buckets."""
    content = files.read(_roots_key(run_id, shard))
    return [content[at : at + 32] for at in range(0, len(content), 32)]


def statements(run: Run, results: Mapping[int, ShardResult]) -> list[bytes]:
    """What the shards declare, in their order."""
    return [
        certificate.statement(run.id, shard, results[shard].digest, results[shard].counts) for shard in sorted(results)
    ]


def _further(task: Task, run: Run, shard: int, checkpoint: Checkpoint) -> Checkpoint:
    """Decide on some more sellers of the segment, and say so in the next mark."""
    batch, position = Batch(task, checkpoint.counts), checkpoint.position
    for page in segments.pages(shard, run.shards, checkpoint.position):
        batch.take(page.items)
        position = page.next
        if len(batch.lines) >= LINES_A_MARK:
            break
    return _next_mark(
        run, shard, checkpoint, batch, position, {failure.item: failure.reason for failure in checkpoint.failures}
    )


def _mended(task: Task, run: Run, shard: int, checkpoint: Checkpoint) -> Checkpoint:
    """Decide once more on the sellers that were set aside."""
    batch, gone = Batch(task, checkpoint.counts), dict[str, str]()
    for failure in checkpoint.failures:
        decided = isolated(failure.item, partial(_decided_again, failure.item, task))
        if isinstance(decided, FailedItem):
            gone[failure.item] = decided.reason
        else:
            batch.take([Held(Text(failure.item), Binary(msgspec.json.encode(reload(failure.item))))])
    return _next_mark(run, shard, checkpoint, batch, "", gone)


def _decided_again(seller_id: str, task: Task) -> Decision:
    return decide(reload(seller_id), task.book, task.period)


def _next_mark(
    run: Run, shard: int, checkpoint: Checkpoint, batch: Batch, position: str, aside: dict[str, str]
) -> Checkpoint:
    counts = batch.close()
    aside |= batch.aside
    return Checkpoint(
        number=checkpoint.number + 1,
        round=run.round,
        done=not position,
        position=position,
        counts=counts | {"set_aside": len(aside)},
        failures=tuple(Failure(item, aside[item]) for item in sorted(aside)),
        files=(*checkpoint.files, _part(run, shard, checkpoint.number + 1, batch.lines))
        if batch.lines
        else checkpoint.files,
    )


def _part(run: Run, shard: int, number: int, lines: list[bytes]) -> str:
    """Put lines into the bucket of files, under a name that is theirs alone."""
    content = b"\n".join(lines)
    key = f"runs/{run.id}/parts/{shard:03d}-{number:04d}-{hashlib.sha256(content).hexdigest()[:32]}.ndjson"
    files.put(key, content, MEDIA)
    return key


def _result(run: Run, shard: int, checkpoint: Checkpoint) -> ShardResult:
    """The shard's result, after its lines are in their buckets. The same decisions make the same files."""
    lines = [line for key in checkpoint.files for line in files.read(key).splitlines()]
    roots = []
    for number, bucket in enumerate(certificate.bucketed(lines)):
        roots.append(certificate.bucket_root(bucket))
        files.put(_bucket_key(run.id, shard, number), b"\n".join(bucket), MEDIA)
    files.put(_roots_key(run.id, shard), b"".join(roots), "application/octet-stream")
    root = merkle.root(roots).hex()
    return ShardResult(counts=checkpoint.counts, failures=checkpoint.failures, digest=root, round=run.round)


def _bucket_key(run_id: str, shard: int, bucket: int) -> str:
    return f"runs/{run_id}/lines/{shard:03d}/{bucket:05d}.ndjson"


def _roots_key(run_id: str, shard: int) -> str:
    return f"runs/{run_id}/lines/{shard:03d}/roots"


def _raise(fault: Exception) -> Decision:
    raise fault
