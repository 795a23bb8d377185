"""One execution of a job for one period: its shards, what they came to, and the proof that none is missing. Pure.

A run is claimed once for a job and a period, cut into shards 1 … n, and done when every shard has told its result. What a result says is
fixed when it is first told, so that a shard may be worked on twice.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal

import msgspec

from chalicelib.shared import ids
from chalicelib.shared.encoding import sha256_of
from chalicelib.shared.pauses import pause

PREFIX: Final = "run"
EXPECTED_WITHIN: Final = timedelta(hours=24)
"""A run that takes longer is somebody's to look at."""
FIRST_LOOK: Final = timedelta(hours=1)
"""A run that is not over is looked at after an hour, and after pauses that double up to a day: what is missing is sent again."""
SENT_AGAIN: Final = "sent_again"

WAITS_AT_MOST: Final = timedelta(hours=1)
"""So long a run waits for its file, which is all that one waits for."""
NEVER_UPLOADED: Final = "never_uploaded"

PREPARATION: Final = 0
"""The work before the shards, for jobs that find out what their shards are: it is asked for as shard 0."""

RunStatus = Literal["waiting", "preparing", "running", "done", "failed"]
"""Waiting for something from outside; being cut into shards; being worked on; over."""


class Failure(msgspec.Struct, frozen=True):
    """An item a shard had to set aside, and why."""

    item: str
    reason: str


class ShardResult(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a shard came to: counts by name, items set aside, a hash over its decisions where the job proves them, keys of files it wrote."""

    counts: dict[str, int] = {}
    failures: tuple[Failure, ...] = ()
    digest: str = ""
    files: tuple[str, ...] = ()
    round: int = 0


class Checkpoint(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How far a shard has come: whoever works on it next goes on from here.

    `number` counts the checkpoints of the shard, `position` is where to go on as the job understands it; `digest` is of the decisions so far where
    the job proves them; the rest is what the result will say.
    """

    number: int = 0
    round: int = 0
    done: bool = False
    position: str = ""
    counts: dict[str, int] = {}
    failures: tuple[Failure, ...] = ()
    files: tuple[str, ...] = ()
    digest: str = ""


class Run(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`about` holds what the job itself keeps with its run. `reason` is a stable code where the status is failed.

    A run that `redrives` may be gone over again when it is done: in its next `round` the shards in `retry_shards`, which had set items aside, are asked
    for those items once more.
    """

    id: str
    job: str
    period: str
    as_of: date
    status: RunStatus
    version: int
    created_at: datetime
    updated_at: datetime
    entry_hash: str = ""
    shards: int = 0
    counts: dict[str, int] = {}
    certificate: str = ""
    reason: str = ""
    about: dict[str, Any] = {}
    redrives: bool = False
    round: int = 0
    retry_shards: tuple[int, ...] = ()
    looks: int = 0

    @property
    def is_over(self) -> bool:
        return self.status in ("done", "failed")

    @property
    def due_at(self) -> datetime:
        return self.created_at + EXPECTED_WITHIN

    @property
    def upload_due(self) -> datetime:
        return self.created_at + WAITS_AT_MOST


def id_of(job: str, period: str) -> str:
    """A job runs once for a period: the run's id follows from the two."""
    return ids.derived_id(PREFIX, job, period)


def opened(
    job: str, period: str, as_of: date, shards: int, now: datetime, *, redrives: bool = False, **about: Any
) -> Run:
    return Run(
        id=id_of(job, period),
        job=job,
        period=period,
        as_of=as_of,
        status="running",
        version=1,
        shards=shards,
        created_at=now,
        updated_at=now,
        redrives=redrives,
        about=about,
    )


def changed(run: Run, now: datetime, **new: Any) -> Run:
    """The run in its next version."""
    return msgspec.structs.replace(run, version=run.version + 1, updated_at=now, **new)


def as_of(run: Run, now: datetime) -> Run:
    """The run as it is at that moment: one that waited too long has failed when its time was up."""
    if run.status == "waiting" and now >= run.upload_due:
        return changed(run, run.upload_due, status="failed", reason=NEVER_UPLOADED)
    return run


def next_due(run: Run) -> datetime | None:
    """When something happens to a run by itself."""
    if run.is_over:
        return None
    return run.upload_due if run.status == "waiting" else run.updated_at + pause(run.looks + 1, FIRST_LOOK)


def stands_still(run: Run, now: datetime) -> bool:
    """Whether it is time to send again what a run still waits for."""
    due_at = next_due(run)
    return run.status in ("preparing", "running") and due_at is not None and due_at <= now


def looked_at(run: Run, now: datetime) -> Run:
    """The run after what it waits for was sent again."""
    return changed(run, now, looks=run.looks + 1)


def to_send(run: Run, results: Mapping[int, ShardResult]) -> list[int]:
    """The shards to ask for: those that are missing; where none is and the run is not over, one of them, whose worker will finish it."""
    return missing(run, results) or list(range(1, min(run.shards, 1) + 1))


def finished(run: Run, results: Mapping[int, ShardResult], now: datetime, proof: str = "") -> Run:
    """The run when every shard has told its result: the counts of all, and the certificate over all, or the job's own proof."""
    return changed(run, now, status="done", counts=summed(run, results), certificate=proof or certificate(results))


def with_failures(results: Mapping[int, ShardResult]) -> list[int]:
    """The shards that set items aside."""
    return [shard for shard in sorted(results) if results[shard].failures]


def reopened(run: Run, results: Mapping[int, ShardResult], now: datetime) -> Run:
    """The run in its next round, in which shards try again what they had set aside."""
    again = tuple(with_failures(results))
    return changed(run, now, status="running", round=run.round + 1, retry_shards=again, counts={}, certificate="")


def missing(run: Run, results: Mapping[int, ShardResult]) -> list[int]:
    """The shards that have not told a result yet; while the run is being prepared, the preparation."""
    if run.status == "preparing":
        return [PREPARATION]
    return [shard for shard in range(1, run.shards + 1) if not has_told(run, shard, results)]


def has_told(run: Run, shard: int, results: Mapping[int, ShardResult]) -> bool:
    """Whether a shard has told the result that counts."""
    result = results.get(shard)
    return result is not None and (shard not in run.retry_shards or result.round >= run.round)


def summed(
    run: Run, results: Mapping[int, ShardResult], checkpoints: Mapping[int, Checkpoint] | None = None
) -> dict[str, int]:
    """Counts of the run itself and of its shards, by name; of shards under way, what their checkpoints say."""
    sums = Counter(run.counts)
    for shard_result in results.values():
        sums.update(shard_result.counts)
    for shard, checkpoint in (checkpoints or {}).items():
        sums.update(checkpoint.counts if shard not in results else {})
    return {name: sums[name] for name in sorted(sums)}


def certificate(results: Mapping[int, ShardResult]) -> str:
    """SHA-256 over the hash of each shard's result, in the order of the shards: the same results always give the same one."""
    leaves = (f"{shard}:{sha256_of(results[shard])}" for shard in sorted(results))
    return hashlib.sha256("\n".join(leaves).encode()).hexdigest()
