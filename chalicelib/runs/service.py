"""Claiming, sharing out, finishing and showing runs."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from itertools import takewhile
from typing import Any

import msgspec

from chalicelib.runs import messages, records, rules
from chalicelib.runs.rules import Checkpoint, Run, ShardResult
from chalicelib.runs.views import RunsQuery, RunView, view
from chalicelib.shared import clock, files, journal, pages
from chalicelib.shared.commit import StoredResponse, commit
from chalicelib.shared.errors import Conflict, NotFound, WriteConflict
from chalicelib.shared.http import encode
from chalicelib.shared.journal import Entry, Event
from chalicelib.shared.pages import Page
from chalicelib.shared.request import RequestContext
from chalicelib.shared.texts import say, term


class RunIsOver(Conflict):
    code = "run_is_over"
    title = "That run is over; there is nothing left to work on."
    fix = "Read the run; for another period there is another run."


class RunIsWaiting(Conflict):
    code = "run_is_waiting"
    title = "That run waits for something from outside; there is nothing to work on yet."
    fix = "Give it what it waits for, for example the upload of an import."


def claim(job: str, period: str, as_of: date, shards: int, *, redrives: bool = False, **about: Any) -> Run | None:
    """The run of a job for a period, where nobody has claimed it before; else None."""
    run = rules.opened(job, period, as_of, shards, clock.now(), redrives=redrives, **about)
    event = Event("run.started", {"job": job, "period": period, "as_of": as_of.isoformat(), "shards": shards})
    entry = _entry(run, event, journal.GENESIS)
    try:
        response = commit(entry, records.create(run, entry))
    except WriteConflict:
        return None
    return None if response.replayed else records.load(run.id)


def begin(job: str, period: str, as_of: date, shards: int, *, redrives: bool = False, **about: Any) -> Run:
    """Claim the run and send its shards; of one that is claimed already, those that have not told a result. May be called twice."""
    claim(job, period, as_of, shards, redrives=redrives, **about)
    run = get(rules.id_of(job, period))
    start(run)
    return get(run.id)


def start(run: Run) -> None:
    """Send the shards that have not told a result yet; where none is missing, one of them, whose worker finishes the run as its job does. A run without
    any is finished at once.
    """
    results = _whole(run.id).results
    if run.is_over or run.status == "waiting":
        return
    if left := rules.to_send(run, results):
        messages.send(run.id, left)
    else:
        finish(run.id)


shard_done = records.tell_result
"""Keep what a shard came to. False where it has told its result before: that one stands."""


def results_if_complete(run_id: str) -> Mapping[int, ShardResult] | None:
    """The results of a run that goes on, when none is missing any more."""
    run, _, results, _ = _whole(run_id)
    return None if run.status != "running" or rules.missing(run, results) else results


def checkpoint_of(run_id: str, shard: int) -> Checkpoint:
    """How far a shard has come."""
    return records.load_checkpoint(run_id, shard) or Checkpoint()


def save_checkpoint(run_id: str, shard: int, checkpoint: Checkpoint) -> Checkpoint:
    """Keep how far a shard has come. Returns where to go on: at theirs where somebody was faster, for ours came to the same."""
    return checkpoint if records.keep_checkpoint(run_id, shard, checkpoint) else checkpoint_of(run_id, shard)


def finish(run_id: str, *, proof: str = "", **about: Any) -> Run:
    """Close a run whose shards have all told their results; one that is over, or not complete, stays as it is.

    `proof` is the certificate where the job has one of its own.
    """
    run, _, results, _ = _whole(run_id)
    if run.status != "running" or rules.missing(run, results):
        return run
    done = rules.finished(run, results, clock.now(), proof)
    return advance(done, Event("run.finished", {"counts": done.counts, "certificate": done.certificate}), about)


def advance(run: Run, event: Event, about: Mapping[str, Any] | None = None, *, at: datetime | None = None) -> Run:
    """Write a run in its next version, by the clock. Where somebody was faster, theirs stands and is returned."""
    if about:
        run = msgspec.structs.replace(run, about={**run.about, **about})
    entry = _entry(run, event, run.entry_hash, at)
    with contextlib.suppress(Conflict):
        commit(entry, records.replace(run, entry))
    return get(run.id)


def settled(run_id: str, now: datetime) -> Run:
    """The run with everything written that has fallen due: one that waited too long for its file has failed, one that stands still has
    what it waits for sent again."""
    run = get(run_id)
    if rules.stands_still(run, now):
        return _send_again(run, now)
    after = rules.as_of(run, now)
    return run if after is run else advance(after, Event("run.failed", {"reason": after.reason}), at=after.updated_at)


def _send_again(run: Run, now: datetime) -> Run:
    """Send first: shards look whether there is anything to do, so sending twice does no harm."""
    left = rules.to_send(run, _whole(run.id).results)
    messages.send(run.id, left)
    return advance(rules.looked_at(run, now), Event("run.sent_again", {"shards": len(left)}))


def due_at(run_id: str, now: datetime) -> datetime | None:
    """When something happens to the run by itself, as it is kept."""
    return rules.next_due(get(run_id))


creation = records.create
"""For use-cases above that open a run of their own, with their own answer."""


def report_progress(run_id: str, **progress: int) -> None:
    """How far the work before the shards has come, for whoever looks."""
    records.tell_progress(run_id, progress)


def get(run_id: str) -> Run:
    run = records.load(run_id)
    if run is None:
        raise NotFound(say("There is no run {run_id!r:.60}.", run_id=run_id))
    return run


def whole(run_id: str) -> tuple[Run, dict[str, int], dict[int, ShardResult]]:
    """The run, the progress before its shards, and the results told so far."""
    return _whole(run_id)[:3]


def latest(job: str) -> Run | None:
    """The run of a job that began last; of several that began at one moment, that of the latest day."""
    places = records.ids_of_job(job)
    if (first := next(places, None)) is None:
        return None
    together = (run_id for _, run_id in takewhile(lambda place: place[0] == first[0], places))
    return max(map(get, (first[1], *together)), key=lambda run: run.as_of)


def shown(run_id: str) -> RunView:
    stored, _, results, checkpoints = _whole(run_id)
    run = rules.as_of(stored, clock.now())
    links = [files.link(key) for shard in sorted(results) for key in results[shard].files]
    return view(run, results, links, checkpoints)


def listed(query: RunsQuery, request: RequestContext) -> Page[RunView]:
    """Runs of one job, latest first."""
    of = f"runs/{query.job}"
    after = pages.decode_cursor(query.cursor, request.caller, of) if query.cursor else None
    places = records.ids_of_job(query.job, after)
    seen = pages.isolated(shown)
    return pages.fill(
        ((place, place[1]) for place in places),
        seen,
        query.limit,
        caller=request.caller,
        of=of,
        most_looked_at=query.limit,
    )


def ids_of_job(job: str, after: list[Any] | None = None) -> Iterator[tuple[int, str]]:
    """When runs of a job began and their ids, latest first, from behind such a pair on. For slices above."""
    return records.ids_of_job(job, after)


def redrive(run_id: str, request: RequestContext) -> StoredResponse:
    """Send the shards that have not told a result once more; of a run that is done and redrives, those that set items aside."""
    stored, _, results, _ = _whole(run_id)
    run = rules.as_of(stored, request.now)
    request.expects(run.version)
    if run.is_over:
        if run.redrives and rules.with_failures(results):
            return _retry(run, results, request)
        raise RunIsOver(
            say("The run {run_id} is {status}.", run_id=run_id, status=term("status", run.status)),
            status_now=run.status,
        )
    if run.status == "waiting":
        raise RunIsWaiting(say("The run {run_id} waits for something from outside.", run_id=run_id))
    left = rules.to_send(run, results)
    messages.send(run_id, left)
    return _redriven(rules.changed(run, request.now), len(left), results, request)


def _retry(run: Run, results: Mapping[int, ShardResult], request: RequestContext) -> StoredResponse:
    """Open the run again before its shards are sent: they look whether there is anything to do. Whoever asks again sends them again."""
    again = rules.reopened(run, results, request.now)
    response = _redriven(again, len(again.retry_shards), results, request)
    start(get(run.id))
    return response


def _redriven(again: Run, shards: int, results: Mapping[int, ShardResult], request: RequestContext) -> StoredResponse:
    event = Event("run.redriven", {"shards": shards})
    body = encode(view(again, results))
    entry = journal.entry(
        request, event, aggregate_id=again.id, seq=again.version, prev=again.entry_hash, response=body
    )
    return commit(entry, records.replace(again, entry))


def _whole(run_id: str) -> records.Whole:
    rows = records.load_whole(run_id)
    if rows is None:
        raise NotFound(say("There is no run {run_id!r:.60}.", run_id=run_id))
    return rows


def _entry(run: Run, event: Event, prev: str, at: datetime | None = None) -> Entry:
    request = RequestContext.of_clock(run.id, run.version, clock.now())
    return journal.entry(request, event, aggregate_id=run.id, seq=run.version, prev=prev, at=at)
