"""The sandbox's levers: a clock that can be moved, and jobs that run when asked."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from time import monotonic
from typing import Any, Final

from msgspec import structs

from chalicelib.banks import jobs as bank_jobs
from chalicelib.credit import jobs as credit_jobs
from chalicelib.deposits import jobs as deposit_jobs
from chalicelib.deposits.monthly import jobs as monthly_jobs
from chalicelib.guarantees import jobs as guarantee_jobs
from chalicelib.ledger import jobs as ledger_jobs
from chalicelib.loans import jobs as loan_jobs
from chalicelib.monitoring import jobs as monitoring_jobs
from chalicelib.recoveries import jobs as recovery_jobs
from chalicelib.registry import MACHINES
from chalicelib.runs import jobs as run_jobs
from chalicelib.runs import service as runs
from chalicelib.runs.jobs import Job
from chalicelib.runs.messages import Shard
from chalicelib.runs.rules import Run, ShardResult
from chalicelib.runs.rules import id_of as run_id
from chalicelib.sandbox import clock_offset, hourglass, rules, views
from chalicelib.sandbox.agenda import Agenda
from chalicelib.sandbox.hourglass import TimeIsOver
from chalicelib.sandbox.rules import (
    BOOKS_CLOSE,
    CREDIT_LIMITS,
    DEADLINES,
    DEPOSITS_DAILY,
    DEPOSITS_MONTHLY,
    MONITORING,
    PRE_OFFERS,
    QUALIFICATION,
    SCHEDULES,
    SET_OFFS,
)
from chalicelib.sandbox.way import ARRIVAL, Stop, Way
from chalicelib.shared import clock, ids, journal, periods
from chalicelib.shared.commit import StoredResponse, capture_entries, commit, find_replay
from chalicelib.shared.due import PUSHED_BACK
from chalicelib.shared.errors import NotFound, RuleViolation
from chalicelib.shared.http import encode
from chalicelib.shared.journal import Entry, Event
from chalicelib.shared.machines import Machine, Swept
from chalicelib.shared.observe import logger
from chalicelib.shared.request import RequestContext
from chalicelib.shared.stream import Subscriber
from chalicelib.shared.texts import say
from chalicelib.suppliers import jobs as supplier_jobs
from chalicelib.webhooks.declared import DELIVERIES

MOST_SECONDS: Final = 20.0
"""How long one request may let things happen; the gateway gives up at 29."""
FOR_MESSAGES: Final = 0.25
"""The part of it that messages to receivers may take."""
FOR_CONSEQUENCES: Final = 3.0
"""Seconds beyond it in which what the last things brought forth has its consequences; after that it is the stream's."""
AT_ONCE: Final = 10
"""So many entries have their consequences together: as many as the stream hands over."""
MOST_SHOWN: Final = 100
WORK: Final[Mapping[str, Job]] = {
    BOOKS_CLOSE: bank_jobs.CLOSING,
    CREDIT_LIMITS: credit_jobs.RECOMPUTING,
    QUALIFICATION: supplier_jobs.QUALIFYING,
    DEPOSITS_DAILY: deposit_jobs.ASSESSING,
    PRE_OFFERS: credit_jobs.LOOKING,
    credit_jobs.PEERS: credit_jobs.COMPARING,
    credit_jobs.SCORES: credit_jobs.SCORING,
    loan_jobs.PORTFOLIO: loan_jobs.REPORTING,
    guarantee_jobs.CONTAGION: guarantee_jobs.STRESSING,
    MONITORING: monitoring_jobs.DECIDING,
    **monthly_jobs.JOBS,
}
STARTS: Final[Mapping[str, Callable[[date], Run]]] = {
    BOOKS_CLOSE: ledger_jobs.begin_close,
    CREDIT_LIMITS: credit_jobs.begin_limits_of,
    QUALIFICATION: supplier_jobs.start_qualification,
    DEPOSITS_DAILY: deposit_jobs.begin_day,
    loan_jobs.PORTFOLIO: loan_jobs.start_portfolio,
    guarantee_jobs.CONTAGION: guarantee_jobs.start_contagion,
    MONITORING: monitoring_jobs.start_daily,
    DEPOSITS_MONTHLY: monthly_jobs.start_monthly,
    PRE_OFFERS: credit_jobs.start_pre_offers,
    credit_jobs.PEERS: credit_jobs.start_peers,
}


SWEEPS: Final[Mapping[str, Machine]] = {machine.name: machine for machine in MACHINES}
"""What falls due item by item."""


subscribers: list[tuple[Subscriber, bool]] = []
"""Who follows the journal, and whether it takes many entries together; `installing.py` says so."""


class NotYet(RuleViolation):
    code = "as_of_in_future"
    title = "A job decides for a day that has come."
    fix = "Name a date up to today, or move the clock first: POST /v1/sandbox/clock."


def read_clock(request: RequestContext) -> views.ClockView:
    return views.ClockView(now=request.now, real_now=clock.real())


def move_clock(body: views.ClockRequest, request: RequestContext) -> StoredResponse:
    """Move business time forward. Whatever falls due on the way happens in order, each thing at its own moment."""
    if first := find_replay(request.entry_id, request.digest):
        return first
    happened, arrived = _travel(rules.target(request.now, to=body.now, advance_hours=body.advance_hours))
    counts = Counter[str]()
    for happened_view in happened:
        counts[happened_view.what] += happened_view.count
    clock_moved_view = views.ClockMovedView(
        now=clock.now(), arrived=arrived, counts=dict(counts), happened=happened[:MOST_SHOWN]
    )
    return _keep(
        request,
        Event("sandbox.clock.moved", {"now": periods.wire(clock_moved_view.now), "counts": clock_moved_view.counts}),
        clock_moved_view,
    )


def run_job(name: str, body: views.JobRequest, request: RequestContext) -> StoredResponse:
    """Run a job now, for a business date. A run that was made for that date before is answered as it stands."""
    if first := find_replay(request.entry_id, request.digest):
        return first
    as_of = body.as_of or periods.business_date(request.now)
    if name not in {*STARTS, DEADLINES}:
        raise NotFound(
            say(
                "There is no job {name!r:.60}; there are {jobs}.",
                name=name,
                jobs=", ".join(sorted({*STARTS, DEADLINES})),
            )
        )
    if as_of > periods.business_date(request.now):
        raise NotYet(say("{as_of} has not come yet.", as_of=as_of), param="as_of", now=periods.wire(request.now))
    ends = monotonic() + MOST_SECONDS
    run = _settle_now(as_of, request, ends) if name == DEADLINES else STARTS[name](as_of)
    run_view = runs.shown(_run_through(run, ends).id)
    return _keep(request, Event("sandbox.job.run", {"job": name, "as_of": as_of.isoformat()}), run_view)


def _settle_now(as_of: date, request: RequestContext, ends: float) -> Run:
    """The sweep of deadlines as a run of its own, for this request."""
    run = runs.claim(DEADLINES, request.entry_id, as_of, shards=1) or runs.get(run_id(DEADLINES, request.entry_id))
    until = min(request.now, periods.start_of(as_of + timedelta(days=1)))
    looked_at = sum(machine.sweep(until, seconds=ends - monotonic(), here=True).looked_at for machine in MACHINES)
    runs.shard_done(run.id, 1, ShardResult(counts={"looked_at": looked_at}))
    return runs.finish(run.id)


def _travel(target: datetime) -> tuple[list[views.HappenedView], bool]:
    """Go from one due moment to the next until the target, or until the time of one request is over."""
    ends = monotonic() + MOST_SECONDS
    drawn_until = ends + FOR_CONSEQUENCES
    happened: list[views.HappenedView] = []
    with (
        capture_entries() as entries,
        Agenda(
            {name: _followed(machine, entries, drawn_until) for name, machine in SWEEPS.items()},
            {MONITORING: monitoring_jobs.WatchRow},
        ).kept() as agenda,
    ):
        way = Way(target, agenda, SCHEDULES, patience=FOR_MESSAGES * MOST_SECONDS)
        while monotonic() < ends:
            agenda.refresh()
            stop = way.next_stop(clock.now())
            clock_offset.set_to(stop.at)
            if stop.what == ARRIVAL:
                _sweep_pushed_back(target, agenda, way, ends)
                _draw_consequences(entries, drawn_until)
                return happened, True
            happened.append(_happen(stop, agenda, way, ends))
            _draw_consequences(entries, drawn_until)
    return happened, False


def _happen(stop: Stop, agenda: Agenda, way: Way, ends: float) -> views.HappenedView:
    """A job's run, or what falls due of one machine."""
    if stop.what in STARTS:
        run = _run_through(STARTS[stop.what](_as_of(stop.what, stop.at)), ends)
        return views.HappenedView(at=stop.at, what=stop.what, count=1, run_id=run.id, left_to_queue=not run.is_over)
    if stop.what == SET_OFFS:
        return _set_off(stop, ends)
    swept = _sweep(agenda.machines[stop.what], stop.at, way, ends, look=lambda: agenda.due(stop.what, stop.at))
    if swept.left:
        agenda.ask_again(stop.what)
    return views.HappenedView(at=stop.at, what=stop.what, count=swept.looked_at)


def _set_off(stop: Stop, ends: float) -> views.HappenedView:
    """Every balance is looked at; where time does not allow it, all of them by a run that is left to the queue."""
    try:
        with hourglass.until(ends):
            return views.HappenedView(at=stop.at, what=stop.what, count=recovery_jobs.set_off_all(stop.at))
    except TimeIsOver:
        run = recovery_jobs.begin_set_off(stop.at)
        return views.HappenedView(at=stop.at, what=stop.what, count=1, run_id=run.id, left_to_queue=True)


def _sweep_pushed_back(now: datetime, agenda: Agenda, way: Way, ends: float) -> None:
    """What could not be looked at before is looked at again where the clock arrives; it was not stopped for."""
    for machine in agenda.machines.values():
        _sweep(machine, now, way, ends, parts=(PUSHED_BACK,))


def _sweep(machine: Machine, now: datetime, way: Way, ends: float, **how: Any) -> Swept:
    """A sweep in the time that is left, which for messages is what there is patience for."""
    began = monotonic()
    if machine.name != DELIVERIES.name:
        return machine.sweep(now, seconds=ends - began, here=True, **how)
    swept = machine.sweep(now, seconds=min(ends - began, way.patience), here=True, **how)
    way.patience -= monotonic() - began
    return swept


def _followed(machine: Machine, entries: list[Entry], ends: float) -> Machine:
    """The same machine, a few items of which have their consequences before the next is looked at: so a sweep can end with its time."""
    settle = machine.settle_here or machine.settle

    def settle_and_follow(thing_id: str, now: datetime) -> None:
        settle(thing_id, now)
        if len(entries) >= AT_ONCE:
            _draw_consequences(entries, ends)

    return dataclasses.replace(machine, settle_here=settle_and_follow)


def _draw_consequences(entries: list[Entry], ends: float) -> None:
    """What the stream will do with these entries is done at the moment they are of: it changes nothing to do it again."""
    while entries and monotonic() < ends:
        some = entries[:AT_ONCE]
        del entries[:AT_ONCE]
        for follow, takes_many in subscribers:
            if not (takes_many and _is_followed(follow, some)):
                for entry in some:
                    _is_followed(follow, [entry])


def _is_followed(follow: Subscriber, entries: Sequence[Entry]) -> bool:
    try:
        follow(*entries)
    except Exception:
        logger.exception("left to the stream", extra={"entry_ids": [entry.entry_id for entry in entries]})
        return False
    return True


def _as_of(job: str, moment: datetime) -> date:
    """A close, a day of deposits and one of monitoring are of the day before they fire; a qualification and a month of deposits of the day on which
    they do.
    """
    today = periods.business_date(moment)
    return today - timedelta(days=1) if job in (BOOKS_CLOSE, DEPOSITS_DAILY, MONITORING) else today


def _run_through(run: Run, ends: float) -> Run:
    """Work on the shards here and now; what time does not allow is left to the queue, which has them all.

    The queue begins with the first, and so this begins with the last: where they meet, the rest is done.
    """
    with suppress(TimeIsOver), hourglass.until(ends):
        for shard in range(run.shards, 0, -1):
            run_jobs.work_on(Shard(run.id, shard), WORK)
    return runs.get(run.id)


def _keep(request: RequestContext, event: Event, answer: Any) -> StoredResponse:
    """The answer, kept with the entry of what was done: pulling a lever twice with one key moves it once."""
    after = structs.replace(request, now=clock.now())
    aggregate_id = ids.derived_id("sbx", request.entry_id)
    return commit(
        journal.entry(after, event, aggregate_id=aggregate_id, seq=1, prev=journal.GENESIS, response=encode(answer))
    )
