"""When a month is decided, and what it came to for one seller, with the proof.

A month is decided after its cut-off and after the fifth's first trades are in, once, and in its turn: a month that was missed is decided
before the next one, with its own date.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Final, NamedTuple

from chalicelib.deposits.monthly import certificate, engine
from chalicelib.deposits.monthly.views import AdjustmentView, adjustment_view
from chalicelib.deposits.rulebooks import rulebook_repository
from chalicelib.deposits.rules.cut_offs import CutOff, between, cut_off, next_cut_off
from chalicelib.deposits.rules.deposit import Decision
from chalicelib.runs import rules as run_rules
from chalicelib.runs import service as runs
from chalicelib.runs.rules import Run, ShardResult
from chalicelib.shared import clock, due, periods
from chalicelib.shared.errors import Conflict, Malformed, NotFound
from chalicelib.shared.request import RequestContext
from chalicelib.shared.texts import say, term

MONTHLY: Final = "deposits-monthly"
REHEARSAL: Final = "deposits-rehearsal"
DEPARTURES: Final = "deposits-departures"
DAILY: Final = "deposits-daily"
"""The job that assesses first trades; its run of the fifth must be done."""
SHARDS: Final = 16
"""Segments of the table: ten million sellers are 625,000 a shard, a few minutes of one worker."""
BEGINS_AFTER: Final = timedelta(minutes=30)
"""The run begins at 00:30 on the 6th: what happened before the cut-off has been told by then."""


class CutOffAhead(Conflict):
    code = "cut_off_ahead"
    title = "That month has not been cut off yet."
    fix = "A month is decided from its 6th on, Shanghai time."


class FirstTradesMissing(Conflict):
    code = "first_trades_missing"
    title = "First trades of the 5th have not been assessed yet."
    fix = "Run the job deposits-daily for the 5th first."


class LaterMonthDecided(Conflict):
    code = "later_month_decided"
    title = "A later month has been decided already."
    fix = "A month is decided before the next one; after that only a correction by two officers changes a base."


class NotCertifiedYet(Conflict):
    code = "adjustment_not_certified_yet"
    title = "That month is still being decided."
    fix = "Ask again when the run is done; the answer will not change any more then."


def begin(period: str) -> Run:
    """Decide a month; of one that was begun before, whatever is left of it. May be called twice, and by two at once."""
    at = cut_off(period)
    latest = runs.latest(MONTHLY)
    if latest is not None and latest.period > period and not _is_known(MONTHLY, period):
        raise LaterMonthDecided(
            say("{period} has been decided, {period_2} has not.", period=latest.period, period_2=period),
            period=latest.period,
        )
    if clock.now() < at.at:
        raise CutOffAhead(
            say("{period} is cut off at {at}.", period=period, at=periods.wire(at.at)), due_at=periods.wire(at.at)
        )
    if not _first_trades_are_in(at):
        raise FirstTradesMissing(say("The day before {at} has not been assessed.", at=periods.wire(at.at)))
    book = rulebook_repository.books(clock.now()).in_force(at.at)
    as_of = periods.business_date(at.at)
    return runs.begin(MONTHLY, period, as_of, SHARDS, redrives=True, book=book.id, book_hash=book.hash)


def begin_due(now: datetime) -> Run | None:
    """Decide the month whose turn it is, if one's is: the one after the latest, as soon as that is done, or the first of all."""
    at = _whose_turn(now)
    return begin(at.period) if at and _first_trades_are_in(at) else None


def assess_awaited_day(now: datetime) -> None:
    """Assess the day that the month waits for whose turn it is, where nobody has begun to: its schedule never fired."""
    at = _whose_turn(now)
    if at and not _is_known(DAILY, _day_before(at).isoformat()):
        assess(_day_before(at))


def assess(day: date) -> Run:
    """Bring deposits up to the end of a day; of a day that was begun before, what is left of it. May be called twice."""
    return runs.begin(DAILY, day.isoformat(), day, len(due.PARTS))


def _whose_turn(now: datetime) -> CutOff | None:
    latest = runs.latest(MONTHLY)
    if latest is not None and not latest.is_over:
        return None
    at = next_cut_off(cut_off(latest.period).at + timedelta(days=1)) if latest else _last_cut_off(now)
    return at if now >= at.at + BEGINS_AFTER else None


def begin_rehearsal(now: datetime) -> Run:
    """Decide the month that is cut off next on what is known now, and write nothing."""
    period = next_cut_off(now).period
    return runs.begin(REHEARSAL, period, periods.business_date(now), SHARDS)


def finish(run: Run, results: Mapping[int, ShardResult]) -> Run:
    """Certify a run whose shards are all done, and begin what waited for it."""
    done = runs.finish(run.id, proof=certificate.certificate(engine.statements(run, results)))
    if done.job == MONTHLY:
        _compare(done)
        begin_due(clock.now())
    return done


def adjustment(seller_id: str, period: str, request: RequestContext) -> AdjustmentView:
    """What a month came to for a seller, and the proof that the run's certificate says so: for the seller and for officers."""
    unknown = NotFound(
        say("There is no month {period!r:.20} of a deposit {seller_id!r:.60}.", period=period, seller_id=seller_id)
    )
    if not (request.caller.is_officer or request.caller.is_member(seller_id)):
        raise unknown
    try:
        run_id = run_rules.id_of(MONTHLY, cut_off(period).period)
        run, _, results = runs.whole(run_id)
    except (Malformed, NotFound):
        raise unknown from None
    if not run.is_over:
        raise NotCertifiedYet(
            say("The run of {period} is {status}.", period=period, status=term("status", run.status)), run_id=run_id
        )
    for shard in sorted(results):
        month = _look_up(run, shard, results, seller_id)
        if month is not None:
            return month
    raise unknown


class Months:
    """The months of a seller, from the records of their runs.

    A seller is nearly always in the shard where it was the month before: that one is asked first.
    """

    def __init__(self, seller_id: str) -> None:
        self._seller_id, self._likely = seller_id, 1

    def decided(self, since: datetime, until: datetime) -> list[CutOff]:
        """The cut-offs with since < T <= until, as far as months have been decided."""
        return [at for at in between(since, until) if at.period <= self._latest]

    def find(self, at: CutOff) -> tuple[Run, Decision] | None:
        """What a month came to for the seller; None where its run is not done, or knows of no such seller."""
        if not _is_known(MONTHLY, at.period, done=True):
            return None
        run, _, results = runs.whole(run_rules.id_of(MONTHLY, at.period))
        shards = sorted(results, key=self._likely.__ne__)
        month = next(
            (month for shard in shards if (month := _month_of(run, shard, results[shard], self._seller_id))), None
        )
        if month is None:
            return None
        self._likely = month.shard
        return run, month.decision

    @cached_property
    def _latest(self) -> str:
        latest = runs.latest(MONTHLY)
        return latest.period if latest else ""


def latest_decided() -> str | None:
    """The last month whose run is done, or None."""
    latest = runs.latest(MONTHLY)
    if latest is None or latest.is_over:
        return latest.period if latest else None
    before = _last_cut_off(cut_off(latest.period).at - timedelta(days=1)).period
    return before if _is_known(MONTHLY, before, done=True) else None


class SellerMonth(NamedTuple):
    """Where a seller's line is."""

    shard: int
    bucket: int
    lines: list[bytes]
    place: int

    @property
    def line(self) -> bytes:
        return self.lines[self.place]

    @property
    def decision(self) -> Decision:
        return certificate.decision(self.line)


def _month_of(run: Run, shard: int, result: ShardResult, seller_id: str) -> SellerMonth | None:
    """A seller's line in a shard. One shard after the other is asked: where a seller is in the table is the engine's secret."""
    if not result.counts["sellers"]:
        return None
    bucket = certificate.bucket_of(seller_id, certificate.buckets_of(result.counts["sellers"]))
    lines = engine.lines_of(run.id, shard, bucket)
    place = certificate.place_of(lines, seller_id)
    return None if place is None else SellerMonth(shard, bucket, lines, place)


def _look_up(run: Run, shard: int, results: dict[int, ShardResult], seller_id: str) -> AdjustmentView | None:
    """A seller's month with its proof, where it is in that shard."""
    month = _month_of(run, shard, results[shard], seller_id)
    if month is None:
        return None
    roots, statements = engine.bucket_roots(run.id, shard), engine.statements(run, results)
    proof = certificate.prove(month.place, month.lines, month.bucket, roots, shard, statements)
    decided = month.decision
    return adjustment_view(run, decided, _currency(decided), month.line.decode(), proof)


def _currency(decided: Decision) -> str:
    book = rulebook_repository.books(clock.now()).find(decided.book)
    return book.terms.currency if book else "CNY"


def _compare(done: Run) -> None:
    """How far the month departs from its rehearsal, where there was one: a run of its own."""
    if _is_known(REHEARSAL, done.period):
        runs.begin(DEPARTURES, done.period, done.as_of, SHARDS)


def _first_trades_are_in(at: CutOff) -> bool:
    return _is_known(DAILY, _day_before(at).isoformat(), done=True)


def _day_before(at: CutOff) -> date:
    return periods.business_date(at.at) - timedelta(days=1)


def _is_known(job: str, period: str, *, done: bool = False) -> bool:
    try:
        run = runs.get(run_rules.id_of(job, period))
    except NotFound:
        return False
    return run.status == "done" or not done


def _last_cut_off(now: datetime) -> CutOff:
    """The last cut-off that has passed."""
    this = cut_off(periods.month_of(periods.business_date(now)))
    return this if this.at <= now else cut_off(periods.month_of(periods.months_before(periods.business_date(now), 1)))
