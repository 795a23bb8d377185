"""A redrive: a run that tries every dead letter at once, and hands what was written in a window to its consumers once more.

Its first shards are those of the index of waiting letters; for each table of a window come as many as the table is cut into. The journal and the
inbox have no index by time, so a window reads the whole table: it is for what the streams do not hold any more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from chalicelib.dead_letters import records, registry, rules
from chalicelib.dead_letters.queues import Position
from chalicelib.dead_letters.service import letters
from chalicelib.dead_letters.views import RedriveRequest
from chalicelib.runs import rules as run_rules
from chalicelib.runs import service as runs
from chalicelib.runs import views as run_views
from chalicelib.runs.rules import Checkpoint, Failure, Run, ShardResult
from chalicelib.shared import clock, due, journal
from chalicelib.shared.commit import StoredResponse, commit
from chalicelib.shared.http import encode
from chalicelib.shared.journal import Event
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import RequestContext
from chalicelib.shared.stream import Consumer, Stream
from chalicelib.shared.texts import say

JOB: Final = "redrive"
SEGMENTS: Final = 8
MOST_NAMED: Final = 100
"""Failures that are named; all are counted."""


class Plan(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a redrive goes over: letters, or not; the tables of a window; and for which consumers, where not for all."""

    letters: bool = True
    consumers: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None

    @property
    def shards(self) -> int:
        return (due.SHARDS if self.letters else 0) + SEGMENTS * len(self.tables)

    def part(self, shard: int) -> tuple[str, int]:
        """What a shard goes over: a shard of the letters' index (of no table), or a segment of a table."""
        place = shard - 1
        if self.letters:
            if place < due.SHARDS:
                return "", place
            place -= due.SHARDS
        return self.tables[place // SEGMENTS], place % SEGMENTS


def ask(body: RedriveRequest, request: RequestContext) -> StoredResponse:
    """Begin a redrive. Whoever asks again under the same key is answered the same run, and has it sent once more."""
    plan = _plan(body, request.now)
    run = replace(_opened(request.entry_id, plan, request.now), status="preparing")
    answer = encode(run_views.view(run, {}))
    event = Event("redrive.asked", {"consumers": list(plan.consumers), "tables": list(plan.tables)})
    entry = journal.entry(request, event, aggregate_id=run.id, seq=1, prev=journal.GENESIS, response=answer, status=202)
    response = commit(entry, runs.creation(run, entry))
    runs.start(runs.get(run.id))
    return response


def begin_window(place: Position) -> Run:
    """Replay what was written to a table while the records of a position arrived, which its stream does not hold any more."""
    plan = Plan(
        letters=False,
        tables=(place.table,),
        since=clock.to_business_time(place.approximate_arrival_of_first_record),
        until=clock.to_business_time(place.approximate_arrival_of_last_record),
    )
    period = f"{place.shard_id}/{place.start_sequence_number}"
    return runs.begin(JOB, period, business_date(clock.now()), plan.shards, **_about(plan))


def prepare(run: Run) -> None:
    """Start the shards."""
    plan = plan_of(run)
    now = clock.now()
    ready = run_rules.changed(run, now, status="running", shards=plan.shards)
    runs.start(runs.advance(ready, Event("redrive.prepared", {"shards": plan.shards})))


def shard(run: Run, number: int) -> ShardResult:
    """One shard: what failed again is named, and goes on being tried."""
    plan = plan_of(run)
    table, part = plan.part(number)
    return _window(run, number, plan, table, part) if table else _letters(plan, part)


def plan_of(run: Run) -> Plan:
    return msgspec.convert(run.about, Plan)


def _letters(plan: Plan, part: int) -> ShardResult:
    counts, failures = Counter[str](letters=0, failed=0), []
    for letter_id in records.waiting_in(part):
        counts["letters"] += 1
        reason = letters.try_again(letter_id, only=plan.consumers)
        if reason is not None:
            counts["failed"] += 1
            failures.append(Failure(letter_id, reason))
    return ShardResult(counts=counts, failures=tuple(failures[:MOST_NAMED]))


def _window(run: Run, number: int, plan: Plan, table: str, part: int) -> ShardResult:
    """A segment of a table, page by page: whoever takes it over goes on from the last page that was done."""
    consumers = [one for one in registry.declared().of(table) if not plan.consumers or one.name in plan.consumers]
    checkpoint = runs.checkpoint_of(run.id, number)
    while not checkpoint.done:
        after = msgspec.json.decode(checkpoint.position) if checkpoint.position else None
        items, position = next(records.segment(table, part, SEGMENTS, after))
        counts = Counter(checkpoint.counts)
        counts.update(_replayed(items, plan, consumers))
        done = Checkpoint(
            number=checkpoint.number + 1,
            done=position is None,
            position=msgspec.json.encode(position).decode() if position else "",
            counts=dict(counts),
        )
        checkpoint = runs.save_checkpoint(run.id, number, done)
    return ShardResult(counts=checkpoint.counts)


def _replayed(items: Sequence[dict[str, Any]], plan: Plan, consumers: Sequence[Consumer]) -> Counter[str]:
    counts = Counter[str](replayed=0, failed=0)
    seen: set[str] = set()
    for item in items:
        if (
            not consumers
            or item[consumers[0].stream.key]["S"] in seen
            or not _is_within(item, plan, consumers[0].stream)
        ):
            continue
        seen.add(item[consumers[0].stream.key]["S"])
        counts["replayed"] += 1
        counts["failed"] += letters.replay(item, consumers, clock.real())
    return counts


def _is_within(item: dict[str, Any], plan: Plan, source: Stream) -> bool:
    """Whether an item was written in the window. One that cannot say when is handed over: its consumers will say what is wrong with it."""
    if source.written_at is None:
        return True
    try:
        written_at = source.written_at(item)
    except Exception:
        return True
    return (plan.since is None or plan.since <= written_at) and (plan.until is None or written_at <= plan.until)


def _plan(body: RedriveRequest, now: datetime) -> Plan:
    known = registry.declared()
    unknown = sorted(set(body.consumers) - set(known.names))
    if unknown:
        raise rules.UnknownConsumer(
            say("There is no consumer {unknown!r:.60}.", unknown=unknown[0]), param="consumers", known=known.names
        )
    if body.until is not None and body.since is None:
        raise rules.BadReplayWindow("`until` needs a `since`.", param="since")
    if body.since is None:
        return Plan(consumers=tuple(sorted(set(body.consumers))))
    until = body.until or now
    if not body.since < until <= now:
        raise rules.BadReplayWindow("`since` is not before `until`, or the window is not over yet.", param="since")
    wanted = [known.streams[name] for name in body.consumers if name in known.streams]
    tables = {one.stream.table for one in wanted} if body.consumers else set(known.tables())
    return Plan(
        consumers=tuple(sorted(set(body.consumers))), tables=tuple(sorted(tables)), since=body.since, until=until
    )


def _opened(period: str, plan: Plan, now: datetime) -> Run:
    return run_rules.opened(JOB, period, business_date(now), 0, now, **_about(plan))


def _about(plan: Plan) -> dict[str, Any]:
    about: dict[str, Any] = msgspec.to_builtins(plan)
    return about
