"""The sandbox's levers: a clock that can be moved, and jobs that run when asked."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from msgspec import structs

from chalicelib.banks import jobs as bank_jobs
from chalicelib.deposits import jobs as deposit_jobs
from chalicelib.deposits.monthly import jobs as monthly_jobs
from chalicelib.ledger import jobs as ledger_jobs
from chalicelib.recoveries import jobs as recovery_jobs
from chalicelib.registry import MACHINES
from chalicelib.runs import jobs as run_jobs
from chalicelib.runs import service as runs
from chalicelib.runs.jobs import Job
from chalicelib.runs.messages import Shard
from chalicelib.runs.rules import Run, ShardResult
from chalicelib.runs.rules import id_of as run_id
from chalicelib.sandbox import bent_clock, rules
from chalicelib.sandbox.agenda import Agenda
from chalicelib.sandbox.rules import (
    BOOKS_CLOSE,
    DEADLINES,
    DEPOSITS_DAILY,
    DEPOSITS_MONTHLY,
    QUALIFICATION,
    SCHEDULES,
    SET_OFFS,
)
from chalicelib.sandbox.views import (
    ClockAsked,
    ClockMovedView,
    ClockView,
    HappenedView,
    JobAsked,
)
from chalicelib.sandbox.way import ARRIVAL, Way
from chalicelib.shared import clock, ids, journal, periods
from chalicelib.shared.commit import Answer, commit, first_answer, overheard
from chalicelib.shared.due import PUSHED_BACK
from chalicelib.shared.http import encode
from chalicelib.shared.journal import Entry, Event
from chalicelib.shared.machines import Machine
from chalicelib.shared.observe import logger
from chalicelib.shared.refusal import NotFound, Unfit
from chalicelib.shared.request import Request
from chalicelib.shared.stream import Follower
from chalicelib.suppliers import jobs as supplier_jobs

MOST_SECONDS: Final = 20.0
"""How long one request may let things happen; the gateway gives up at 29."""
MOST_SHOWN: Final = 100
WORK: Final[Mapping[str, Job]] = {
    BOOKS_CLOSE: bank_jobs.CLOSING,
    QUALIFICATION: supplier_jobs.QUALIFYING,
    DEPOSITS_DAILY: deposit_jobs.ASSESSING,
    **monthly_jobs.JOBS,
}
STARTS: Final[Mapping[str, Callable[[date], Run]]] = {
    BOOKS_CLOSE: ledger_jobs.begin_close,
    QUALIFICATION: supplier_jobs.start_qualification,
    DEPOSITS_DAILY: deposit_jobs.begin_day,
    DEPOSITS_MONTHLY: monthly_jobs.start_monthly,
}


SWEEPS: Final[Mapping[str, Machine]] = {machine.name: machine for machine in MACHINES}
"""What falls due item by item."""


followers: list[Follower] = []
"""Who follows the journal; `app.py` says so."""


class NotYet(Unfit):
    code = "as_of_in_future"
    title = "A job decides for a day that has come."
    fix = "Name a date up to today, or move the clock first: POST /v1/sandbox/clock."


def read_clock(request: Request) -> ClockView:
    return ClockView(now=request.now, real_now=clock.real())


def move_clock(asked: ClockAsked, request: Request) -> Answer:
    """Move business time forward. Whatever falls due on the way happens in order, each thing at its own moment."""
    if first := first_answer(request.entry_id, request.digest):
        return first
    happened, arrived = _travel(rules.target(request.now, to=asked.now, advance_hours=asked.advance_hours))
    counts = Counter[str]()
    for thing in happened:
        counts[thing.what] += thing.count
    told = ClockMovedView(now=clock.now(), arrived=arrived, counts=dict(counts), happened=happened[:MOST_SHOWN])
    return _keep(request, Event("sandbox.clock.moved", {"now": periods.wire(told.now), "counts": told.counts}), told)


def run_job(name: str, asked: JobAsked, request: Request) -> Answer:
    """Run a job now, for a business date. A run that was made for that date before is answered as it stands."""
    if first := first_answer(request.entry_id, request.digest):
        return first
    as_of = asked.as_of or periods.business_date(request.now)
    if name not in {*STARTS, DEADLINES}:
        raise NotFound(f"There is no job {name!r:.60}; there are {', '.join(sorted({*STARTS, DEADLINES}))}.")
    if as_of > periods.business_date(request.now):
        raise NotYet(f"{as_of} has not come yet.", param="as_of", now=periods.wire(request.now))
    run = _settle_now(as_of, request) if name == DEADLINES else STARTS[name](as_of)
    told = runs.shown(_run_through(run, time.monotonic() + MOST_SECONDS).id)
    return _keep(request, Event("sandbox.job.run", {"job": name, "as_of": as_of.isoformat()}), told)


def _settle_now(as_of: date, request: Request) -> Run:
    """The sweep of deadlines as a run of its own, for this request."""
    run = runs.claim(DEADLINES, request.entry_id, as_of, shards=1) or runs.get(run_id(DEADLINES, request.entry_id))
    until = min(request.now, periods.start_of(as_of + timedelta(days=1)))
    looked_at = sum(machine.sweep(until, seconds=MOST_SECONDS, here=True).looked_at for machine in MACHINES)
    runs.shard_done(run.id, 1, ShardResult(counts={"looked_at": looked_at}))
    return runs.finish(run.id)


def _travel(target: datetime) -> tuple[list[HappenedView], bool]:
    """Go from one due moment to the next until the target, or until the time of one request is over."""
    ends = time.monotonic() + MOST_SECONDS
    happened: list[HappenedView] = []
    agenda = Agenda(SWEEPS)
    way = Way(clock.now(), target, agenda, SCHEDULES)
    with overheard() as made, agenda.kept():
        while time.monotonic() < ends:
            agenda.refresh()
            stop = way.next_stop(clock.now())
            bent_clock.set_to(stop.at)
            if stop.what == ARRIVAL:
                _sweep_pushed_back(target, ends)
                _draw_consequences(made)
                return happened, True
            happened.append(_happen(stop.what, stop.at, agenda, ends))
            _draw_consequences(made)
    return happened, False


def _happen(what: str, moment: datetime, agenda: Agenda, ends: float) -> HappenedView:
    """A job's run, or what falls due of one machine."""
    if what in STARTS:
        run = _run_through(STARTS[what](_as_of(what, moment)), ends)
        return HappenedView(at=moment, what=what, count=1, run_id=run.id)
    if what == SET_OFFS:
        return HappenedView(at=moment, what=what, count=recovery_jobs.set_off_all(moment), run_id=None)
    left = ends - time.monotonic()
    swept = SWEEPS[what].sweep(moment, seconds=left, here=True, look=lambda: agenda.due(what, moment))
    if swept.left:
        agenda.ask_again(what)
    return HappenedView(at=moment, what=what, count=swept.looked_at, run_id=None)


def _sweep_pushed_back(now: datetime, ends: float) -> None:
    """What could not be looked at before is looked at again where the clock arrives; it was not stopped for."""
    for machine in SWEEPS.values():
        machine.sweep(now, seconds=ends - time.monotonic(), parts=(PUSHED_BACK,), here=True)


def _draw_consequences(made: list[Entry]) -> None:
    """What the stream will do with these entries is done at the moment they are of: it changes nothing to do it again."""
    while made:
        entry = made.pop(0)
        for follower in followers:
            try:
                follower(entry)
            except Exception:
                logger.exception("left to the stream", extra={"entry_id": entry.entry_id})


def _as_of(job: str, moment: datetime) -> date:
    """A close and a day of deposits are of the day before they fire; a qualification and a month of deposits of the day on which they do."""
    today = periods.business_date(moment)
    return today - timedelta(days=1) if job in (BOOKS_CLOSE, DEPOSITS_DAILY) else today


def _run_through(run: Run, ends: float) -> Run:
    """Work on the shards here and now; what time does not allow is left to the queue, which has them all."""
    for shard in range(1, run.shards + 1):
        if time.monotonic() < ends and not run.is_over:
            run_jobs.work_on(Shard(run.id, shard), WORK)
    return runs.get(run.id)


def _keep(request: Request, event: Event, told: Any) -> Answer:
    """The answer, kept with the entry of what was done: pulling a lever twice with one key moves it once."""
    after = structs.replace(request, now=clock.now())
    thing = ids.named("sbx", request.entry_id)
    return commit(journal.entry(after, event, of=thing, seq=1, prev=journal.GENESIS, answer=encode(told)))
