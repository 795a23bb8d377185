"""What the queue of work calls. Each message may come twice, and the process may die at any instruction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import unquote_plus

import msgspec

from chalicelib.runs import messages, records, rules, service, sweeps
from chalicelib.runs.rules import Run, ShardResult
from chalicelib.shared import batches, clock
from chalicelib.shared.files import Arrived
from chalicelib.shared.machines import Machine
from chalicelib.shared.observe import logger


class Job(msgspec.Struct, frozen=True):
    """How a job works: `shard` decides one shard of a run; `prepare`, where there is one, cuts a run into shards and starts them;
    `finish`, where there is one, closes a run whose shards are all done.
    """

    shard: Callable[[Run, int], ShardResult]
    prepare: Callable[[Run], Any] | None = None
    finish: Callable[[Run, Mapping[int, ShardResult]], Any] | None = None


def work(event: Mapping[str, Any], jobs: Mapping[str, Job], machines: Sequence[Machine]) -> dict[str, Any]:
    """Serve the messages of the queue of work."""

    def one(body: str) -> None:
        message = messages.read(body)
        if isinstance(message, messages.Part):
            sweeps.go_on(message, machines, clock.now())
        else:
            work_on(message, jobs)

    return serve(event, one)


def serve(event: Mapping[str, Any], one: Callable[[str], Any]) -> dict[str, Any]:
    """Serve a batch of messages by their bodies. Those that failed are named, come again, and end in the dead-letter queue."""
    return batches.serve(event["Records"], lambda message: one(message["body"]), failure="a message failed")


def files_arrived(event: Mapping[str, Any], takers: Mapping[str, Callable[[Arrived], Any]]) -> dict[str, Any]:
    """Serve what the bucket tells, through the queue of uploads, of files put into it: each goes to the taker of the longest
    prefix of its key."""

    def one(body: str) -> None:
        for record in msgspec.json.decode(body).get("Records", []):  # the bucket's test message has none
            s3_object = record["s3"]["object"]
            arrived = Arrived(
                unquote_plus(s3_object["key"]),
                int(s3_object["size"]),
                s3_object["eTag"],
                s3_object.get("versionId") or "",
            )
            prefixes = [prefix for prefix in takers if arrived.key.startswith(prefix)]
            if prefixes:
                takers[max(prefixes, key=len)](arrived)

    return serve(event, one)


def work_on(shard: messages.Shard, jobs: Mapping[str, Job]) -> None:
    """Work on one shard, unless it has told its result; whoever tells the last one finishes the run."""
    rows = records.load_whole(shard.run_id)
    if rows is None:
        logger.warning("a shard of no run", extra={"run_id": shard.run_id})
        return
    run, results = rows.run, rows.results
    if run.is_over:
        return
    job = jobs[run.job]
    if shard.shard == rules.PREPARATION:
        _prepare(run, job)
        return
    if not rules.has_told(run, shard.shard, results):
        service.shard_done(run.id, shard.shard, job.shard(run, shard.shard))
    results_now = service.results_if_complete(run.id)
    if results_now is None:
        return
    if job.finish is not None:
        job.finish(run, results_now)
    else:
        service.finish(run.id)


def _prepare(run: Run, job: Job) -> None:
    """Cut the run into shards; where that has been done, whoever did it may have died before it sent them all."""
    if run.status == "preparing" and job.prepare is not None:
        job.prepare(run)
    elif run.status == "running":
        service.start(run)
