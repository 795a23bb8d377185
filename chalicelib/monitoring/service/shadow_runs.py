"""The run of a shadow: each loan that is or was watched is replayed by both versions, some at a time, and in the end all are added up.

What became of some goes into a file for each checkpoint, so that whoever takes a part over goes on behind it. No alert comes of it. Who has
withdrawn its consent is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final
from zlib import crc32

import msgspec
from msgspec.structs import replace

from chalicelib.daybook.service import coverage
from chalicelib.loans.aggregate import LOANS
from chalicelib.loans.rules.loan import Loan
from chalicelib.monitoring.records import watches
from chalicelib.monitoring.rules import watch as watch_rules
from chalicelib.monitoring.rules.day import BASE_DAYS, DAY, FEEDS, LOOK_BACK, WINDOW_DAYS, Almanac
from chalicelib.monitoring.rules.policy import Policy
from chalicelib.monitoring.rules.replay import Past, replay
from chalicelib.monitoring.rules.shadow import MOST_DIFFERENCES, Compared, Difference, Report, Sums, Trial, differences
from chalicelib.monitoring.rules.watch import Watch
from chalicelib.monitoring.service.watching import firm_days_with_offers
from chalicelib.monitoring.views import shadow as views
from chalicelib.monitoring.views.shadow_plot import plot
from chalicelib.runs import items
from chalicelib.runs import service as runs
from chalicelib.runs.items import Items
from chalicelib.runs.jobs import Job
from chalicelib.runs.rules import Checkpoint, Run, ShardResult
from chalicelib.shared import calendars, csv_files, files, policies
from chalicelib.shared.encoding import encode

JOB: Final = "monitoring-shadow"
SHARDS: Final = 8
MOST_ROWS: Final = 100_000
"""Of loans that differ, in the file. All are counted."""
TOLD_BACK: Final = timedelta(days=1_100)
"""So long before the last day it is looked for days that feeds lack; before the first that one told of, nothing is known of that."""
COUNTS: Final = ("replayed", "left_out")
_BEFORE: Final = timedelta(days=WINDOW_DAYS + BASE_DAYS)
_DECODER: Final = msgspec.json.Decoder(Compared)


def shard(run: Run, number: int) -> ShardResult:
    """One segment of the loans, from where whoever was here before has come to."""
    checkpoint = runs.checkpoint_of(run.id, number)
    while not checkpoint.done:
        checkpoint = runs.save_checkpoint(run.id, number, _some(run, number, checkpoint))
    return ShardResult(counts=checkpoint.counts, failures=checkpoint.failures)


def finish(run: Run, results: Mapping[int, ShardResult]) -> Run:
    """Add up what became of all loans, write the files, and close the run."""
    report = Report(sums=Sums())
    changed: list[Difference] = []
    for compared in _compared(run, sorted(results)):
        report.sums.count(compared)
        changed += differences(compared)
        if len(changed) > MOST_ROWS:
            changed = _first(changed, MOST_ROWS)
    changed = _first(changed, MOST_ROWS)
    report = replace(report, differences=tuple(changed[:MOST_DIFFERENCES]))
    files.put(key(run, "loans.csv"), csv_files.written(views.loan_rows(changed)), csv_files.MEDIA)
    files.put(key(run, "rules.csv"), csv_files.written(views.rule_rows(report.sums)), csv_files.MEDIA)
    files.put(key(run, "alarms.svg"), plot(trial_of(run), report.sums).encode(), "image/svg+xml")
    files.put(key(run, "report.json"), encode(report), "application/json")
    return runs.finish(run.id)


TRYING: Final = Job(shard=shard, finish=finish)


def trial_of(run: Run) -> Trial:
    return msgspec.convert(run.about["trial"], Trial)


def _some(run: Run, number: int, checkpoint: Checkpoint) -> Checkpoint:
    """The next loans, and what became of them in a file of its own."""
    trial, compared = trial_of(run), list[Compared]()
    in_force, almanac = policies.pinned("monitoring", trial.in_force).read_as(Policy), _almanac(trial)

    def behind(position: str) -> Iterator[tuple[str, str]]:
        names = watches.every_id(segment=number - 1, segments=SHARDS, after=position)
        return ((name, name) for name in names if _is_in(name, trial))

    def replay_both(loan_id: str) -> Mapping[str, int]:
        known = _past(loan_id, trial, almanac)
        if known is None:
            return {"left_out": 1}
        loan, past = known
        first = max(trial.from_on, loan.value_on or trial.from_on)
        ours, theirs = (replay(past, rules, almanac, first, trial.until) for rules in (in_force, trial.rules))
        compared.append(
            Compared(
                loan_id=loan_id,
                member_id=past.member_id,
                last=trial.until,
                defaulted_on=loan.defaulted_on,
                in_force=ours,
                shadow=theirs,
            )
        )
        return {"replayed": 1}

    after = items.some(Items(noun="loan", behind=behind, one=replay_both, counts=COUNTS, total="loans"), checkpoint)
    part = key(run, f"loans/{number:03d}-{after.number:06d}.jsonl")
    files.put(part, msgspec.json.Encoder().encode_lines(compared), "application/jsonl")
    return replace(after, files=(*checkpoint.files, part))


def _past(loan_id: str, trial: Trial, almanac: Almanac) -> tuple[Loan, Past] | None:
    """What is known of a loan; None of one that was not watched in those days, or whose firm does not consent any more."""
    watch, loan = watches.load(loan_id), LOANS.repository.load(loan_id)
    if watch is None or loan is None or loan.value_on is None or not watch.consents or loan.value_on > trial.until:
        return None
    known = firm_days_with_offers(watch.member_id, watch.drawn_on - _BEFORE, trial.until + DAY)
    first = (day.on for day in known if day.on >= (watch.drawn_on - watch_rules.BEFORE_DRAW * DAY).toordinal())
    return loan, Past(
        loan_id=loan_id,
        member_id=watch.member_id,
        drawn_on=watch.drawn_on,
        ended_on=min(filter(None, (loan.repaid_on, loan.written_off_on)), default=None),
        known_from=date.fromordinal(next(first, watch.drawn_on.toordinal())),
        uses_api=watch.baseline.uses_api,
        history=watch_rules.history_of(known, almanac.lacking),
        beside=lambda on: _beside(watch, on),
    )


def _beside(watch: Watch, on: date) -> dict[str, Any]:
    """What does not come out of the day-book. Arrears are not tried out."""
    return {
        "changes": tuple(change for change in watch.changes if change.on <= on),
        "reports": tuple(report for report in watch.reports if report.on <= on),
        "notices": watch_rules.notice_days(watch.notices, on),
    }


def _almanac(trial: Trial) -> Almanac:
    """Days of which a feed did not tell lack, from the first on of which it did; one that never told anything is no feed."""
    lacking = {}
    for feed in FEEDS:
        days = coverage.days(feed, trial.until - TOLD_BACK, trial.until)
        since = (trial.until - min(days, default=trial.until + DAY)).days
        lacking[feed] = {trial.until - back * DAY for back in range(since + 1)} - days
    return Almanac(calendars.calendar(trial.rules.calendar), lacking, trial.from_on - LOOK_BACK, trial.until)


def _compared(run: Run, shards: Iterable[int]) -> Iterator[Compared]:
    """What became of every loan, as the parts' files have it."""
    for number in shards:
        for part in runs.checkpoint_of(run.id, number).files:
            yield from _DECODER.decode_lines(files.read(part))


def _first(rows: list[Difference], most: int) -> list[Difference]:
    return sorted(rows, key=lambda row: (row.loan_id, row.rule))[:most]


def _is_in(loan_id: str, trial: Trial) -> bool:
    return crc32(loan_id.encode()) % trial.one_in == 0


def key(run: Run, name: str) -> str:
    """Where a file of the run is."""
    return f"runs/{run.id}/{name}"
