"""Trying a version of the rules out over the past, beside the one in force: a run over every loan that is or was watched.

Loans are replayed by both versions, some at a time: what became of them goes into a file for each checkpoint. In the end they are added up. Nobody
but officers hears of it, and no alert comes of it. Who has withdrawn its consent is left out.
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
from chalicelib.monitoring.service.watching import firm_days
from chalicelib.monitoring.views import shadow as views
from chalicelib.monitoring.views.shadow import ShadowRequest, ShadowView
from chalicelib.monitoring.views.shadow_plot import plot
from chalicelib.runs import items
from chalicelib.runs import rules as run_rules
from chalicelib.runs import service as runs
from chalicelib.runs.items import Items
from chalicelib.runs.jobs import Job
from chalicelib.runs.rules import Checkpoint, Run, ShardResult
from chalicelib.shared import calendars, csv_files, files, ids, journal, policies
from chalicelib.shared.commit import StoredResponse, commit
from chalicelib.shared.encoding import encode, merge_patch, sha256_of
from chalicelib.shared.errors import NotFound, RuleViolation
from chalicelib.shared.files import Link
from chalicelib.shared.http import bad_field
from chalicelib.shared.journal import Event
from chalicelib.shared.periods import business_date
from chalicelib.shared.policies import Policy as Version
from chalicelib.shared.request import RequestContext
from chalicelib.shared.texts import say

JOB: Final = "monitoring-shadow"
SHARDS: Final = 8
MOST_DAYS: Final = 366
MOST_ROWS: Final = 100_000
"""Of loans that differ, in the file. All are counted."""
TOLD_BACK: Final = timedelta(days=1_100)
"""So long before the last day it is looked for days that feeds lack; before the first that one told of, nothing is known of that."""
COUNTS: Final = ("replayed", "left_out")
_BEFORE: Final = timedelta(days=WINDOW_DAYS + BASE_DAYS)
_DECODER: Final = msgspec.json.Decoder(Compared)


class BadShadowWindow(RuleViolation):
    code = "bad_shadow_window"
    title = "The rules are tried out over days that are over."
    fix = "Name a first day and a last one, yesterday at the latest, at most 366 days apart."


class NotRules(RuleViolation):
    code = "rules_incomplete"
    title = "With these changes it is no version of the rules."
    fix = "Mend the place named in param: GET /v1/policies/monitoring has the version in force."


def begin(body: ShadowRequest, request: RequestContext) -> StoredResponse:
    """Have a version tried out by the queue of work. BadShadowWindow, NotRules."""
    trial = _trial(body, business_date(request.now))
    run = run_rules.opened(JOB, request.entry_id, trial.until, SHARDS, request.now, trial=msgspec.to_builtins(trial))
    payload = {"from_on": trial.from_on, "until": trial.until, "one_in": trial.one_in, "rules": sha256_of(trial.rules)}
    event = Event("monitoring_shadow.begun", payload, policy=trial.in_force)
    view = encode(views.view(run, trial, None, (), 0))
    entry = journal.entry(request, event, aggregate_id=run.id, seq=1, prev=journal.GENESIS, response=view, status=201)
    response = commit(entry, runs.creation(run, entry))
    runs.start(runs.get(run.id))
    return response


def show(shadow_id: str, request: RequestContext) -> ShadowView:
    """How far it has come; when it is done, what came of it."""
    run, _, results = runs.whole(_must_be_run(shadow_id))
    if run.job != JOB:
        raise NotFound(say("There is no shadow {shadow_id!r:.60}.", shadow_id=shadow_id))
    done = len(results) if run.is_over else sum(run_rules.has_told(run, shard, results) for shard in results)
    report, links = None, list[Link]()
    if run.is_over:
        report = msgspec.json.decode(files.read(_key(run, "report.json")), type=Report)
        links = [files.link(_key(run, name)) for name in ("rules.csv", "loans.csv", "alarms.svg")]
    return views.view(run, trial_of(run), report, links, done)


def shard(run: Run, number: int) -> ShardResult:
    """One segment of the loans, from where whoever was here before has come to."""
    checkpoint = runs.checkpoint_of(run.id, number)
    while not checkpoint.done:
        checkpoint = runs.save_checkpoint(run.id, number, _some(run, number, checkpoint))
    return ShardResult(counts=checkpoint.counts, failures=checkpoint.failures, files=checkpoint.files)


def finish(run: Run, results: Mapping[int, ShardResult]) -> Run:
    """Add up what became of all loans, write the files, and close the run."""
    report = Report(sums=Sums())
    changed: list[Difference] = []
    for compared in _compared(key for number in sorted(results) for key in results[number].files):
        report.sums.count(compared)
        changed += differences(compared)
        if len(changed) > MOST_ROWS:
            changed = _first(changed, MOST_ROWS)
    changed = _first(changed, MOST_ROWS)
    report = replace(report, differences=tuple(changed[:MOST_DIFFERENCES]))
    files.put(_key(run, "loans.csv"), csv_files.written(views.loan_rows(changed)), csv_files.MEDIA)
    files.put(_key(run, "rules.csv"), csv_files.written(views.rule_rows(report.sums)), csv_files.MEDIA)
    files.put(_key(run, "alarms.svg"), plot(trial_of(run), report.sums).encode(), "image/svg+xml")
    files.put(_key(run, "report.json"), encode(report), "application/json")
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
    key = _key(run, f"loans/{number:03d}-{after.number:06d}.jsonl")
    files.put(key, msgspec.json.Encoder().encode_lines(compared), "application/jsonl")
    return replace(after, files=(*checkpoint.files, key))


def _past(loan_id: str, trial: Trial, almanac: Almanac) -> tuple[Loan, Past] | None:
    """What is known of a loan; None of one that was not watched in those days, or whose firm does not consent any more."""
    watch, loan = watches.load(loan_id), LOANS.repository.load(loan_id)
    if watch is None or loan is None or loan.value_on is None or not watch.consents or loan.value_on > trial.until:
        return None
    known = firm_days(watch.member_id, watch.drawn_on - _BEFORE, trial.until + DAY)
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
        "notices": tuple(day for day in watch.notices if day <= on),
    }


def _almanac(trial: Trial) -> Almanac:
    """Days of which a feed did not tell lack, from the first on of which it did."""
    lacking = {}
    for feed in FEEDS:
        told = coverage.days(feed, trial.until - TOLD_BACK, trial.until)
        first = min(told, default=trial.until)
        lacking[feed] = {first + number * DAY for number in range((trial.until - first).days + 1)} - told
    return Almanac(calendars.calendar(trial.rules.calendar), lacking, trial.from_on - LOOK_BACK, trial.until)


def _trial(body: ShadowRequest, today: date) -> Trial:
    if not (body.from_ <= body.until < today and (body.until - body.from_).days < MOST_DAYS):
        raise BadShadowWindow(
            say("{from_} to {until} are not days that are over.", from_=body.from_, until=body.until), param="until"
        )
    in_force = policies.in_force("monitoring", today)
    base = _announced(body.version, today) if body.version else in_force
    rules = _rules(merge_patch(base.values, body.changes), in_force.read_as(Policy))
    return Trial(from_on=body.from_, until=body.until, in_force=in_force.hash, rules=rules, one_in=body.one_in)


def _announced(version: str, today: date) -> Version:
    """A version that was announced, whether it is in force by now, not yet, or not any more."""
    for known in policies.versions("monitoring"):
        if known.version == version and known.announced_on <= today:
            return known
    raise NotRules(say("No version {version!r:.60} of the rules has been announced.", version=version), param="version")


def _rules(values: Any, in_force: Policy) -> Policy:
    try:
        rules = msgspec.convert(values, Policy)
    except msgspec.ValidationError as wrong:
        field = bad_field(str(wrong))
        raise NotRules(field.detail, param=f"changes.{field.param}" if field.param else "changes") from wrong
    if rules.calendar != in_force.calendar:
        raise NotRules("The calendar is the country's.", param="changes.calendar")
    return rules


def _compared(keys: Iterable[str]) -> Iterator[Compared]:
    for key in keys:
        yield from _DECODER.decode_lines(files.read(key))


def _first(rows: list[Difference], most: int) -> list[Difference]:
    return sorted(rows, key=lambda row: (row.loan_id, row.rule))[:most]


def _is_in(loan_id: str, trial: Trial) -> bool:
    return crc32(loan_id.encode()) % trial.one_in == 0


def _key(run: Run, name: str) -> str:
    return f"runs/{run.id}/{name}"


def _must_be_run(shadow_id: str) -> str:
    if not ids.is_id(shadow_id, run_rules.PREFIX):
        raise NotFound(say("There is no shadow {shadow_id!r:.60}.", shadow_id=shadow_id))
    return shadow_id
