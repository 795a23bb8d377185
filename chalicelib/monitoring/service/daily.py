"""A day of the daily run: the part of its watches that wake, decided in the order of their loans; then groups and feeds.

A part may be delivered twice, out of order, and die at any instruction: which loans belong to a day, and what came of each, stands on the
watches, so whoever goes over it again finds the same. The digest is of all of that, in order. A loan that cannot be decided is set aside with
the reason; a later round, or the next day's run, decides its days in their order.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any, Final, NamedTuple

import msgspec

from chalicelib.groups.service import reading as groups_reading
from chalicelib.monitoring.records import watches as records
from chalicelib.monitoring.rules.alert import Subject
from chalicelib.monitoring.rules.day import DAY, FEEDS, Almanac, Feed
from chalicelib.monitoring.rules.facts import GroupFacts
from chalicelib.monitoring.rules.finding import Finding, Judgement
from chalicelib.monitoring.rules.judging import judge_feeds, judge_group
from chalicelib.monitoring.rules.watch import KEPT_DAYS, Watch
from chalicelib.monitoring.service import days, deciding, raising, watching
from chalicelib.runs import service as runs
from chalicelib.runs.rules import Checkpoint, Failure, Run, ShardResult
from chalicelib.shared import clock, observe, policies
from chalicelib.shared.commit import retry_on_conflict
from chalicelib.shared.encoding import sha256_of
from chalicelib.shared.errors import Unreadable, WriteConflict
from chalicelib.shared.failed_items import is_item_failure, reason_of
from chalicelib.shared.periods import business_date
from chalicelib.shared.tables import AT_ONCE
from chalicelib.shared.texts import say

MARK_AFTER: Final = 1_000
"""Loans between two checkpoints."""
MOST_NAMED: Final = 100
"""Of what is set aside, a part names so many; all are counted."""
NO_COUNTS: Final = {"loans": 0, "raised": 0, "escalated": 0, "ended": 0, "red": 0, "set_aside": 0}


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What a run keeps: the days of which each feed told when it began, the rules that were known, whether it looks at loans that sleep, too,
    and the groups and feeds of which an alert lasts: of the run before, until it is done.
    """

    told_days: dict[Feed, list[date]] = msgspec.field(name="told")
    rules: str
    wakes_all: bool = False
    groups: list[str] = []
    feeds: list[Feed] = []
    before: date | None = None
    """The day of the run before."""


class Task(NamedTuple):
    """What is decided: a day as the run has it. `is_all`: of loans that sleep, too. The digest of `digest_on` counts what is raised."""

    run_id: str
    day: date
    almanac: Almanac
    is_all: bool
    digest_on: date


def about(run: Run) -> About:
    return msgspec.convert(run.about, About)


def task_of(run: Run) -> Task:
    known = about(run)
    return Task(
        run.id,
        run.as_of,
        days.almanac({feed: frozenset(known.told_days[feed]) for feed in FEEDS}, run.as_of),
        known.wakes_all,
        _digest_on(run),
    )


def _digest_on(run: Run) -> date:
    """The day of the run; where it is gone over again, its digest was sent: then the next that will be."""
    if not run.round:
        return run.as_of
    last = runs.latest(run.job)
    return max(run.as_of, last.as_of if last else run.as_of) + DAY


def digest_days(run: Run) -> Iterator[date]:
    """The days whose digests a run sends: its own, and those before that no run had for its own."""
    first = about(run).before
    start = first + DAY if first else run.as_of
    return (start + timedelta(days=number) for number in range((run.as_of - start).days + 1))


def about_day(day: date, before: Run | None) -> dict[str, Any]:
    """What a run of a day begins with. Where other days lack than its predecessor knew, or other rules are known, what was worked out ahead counts for nothing."""
    told_days = {feed: sorted(known) for feed, known in days.told_until(day).items()}
    rules = sha256_of([version.hash for version in policies.versions("monitoring")])
    known = about(before) if before else None
    wakes_all = known is None or rules != known.rules or _lacks_otherwise(told_days, known.told_days, day)
    kept: dict[str, Any] = msgspec.to_builtins(
        About(
            told_days=told_days,
            rules=rules,
            wakes_all=wakes_all,
            groups=known.groups if known else [],
            feeds=known.feeds if known else [],
            before=before.as_of if before else None,
        )
    )
    return kept


def _lacks_otherwise(told_days: Mapping[Feed, list[date]], known: Mapping[Feed, list[date]], day: date) -> bool:
    """Whether a feed that tells at all has not told of that day, or told since of one that was judged without it."""
    since = day - timedelta(days=KEPT_DAYS)
    for feed in FEEDS:
        recent, before = ({on for on in each[feed] if since < on} for each in (told_days, known))
        if (recent and day not in recent) or {on for on in recent if on < day} != {on for on in before if on < day}:
            return True
    return False


def decide_part(run: Run, shard: int) -> ShardResult:
    """One part of the watches, from where whoever was here before has come to."""
    task, checkpoint = task_of(run), runs.checkpoint_of(run.id, shard)
    if checkpoint.done and checkpoint.round < run.round:
        checkpoint = runs.save_checkpoint(run.id, shard, _again(task, run, checkpoint))
    while not checkpoint.done:
        checkpoint = runs.save_checkpoint(run.id, shard, _further(task, run, shard, checkpoint))
    observe.count("LoansSetAside", checkpoint.counts.get("set_aside", 0))
    return ShardResult(
        counts=checkpoint.counts, failures=checkpoint.failures, digest=checkpoint.digest, round=checkpoint.round
    )


def next_day(last: Run | None) -> date | None:
    """The first day behind a run on which a loan wakes, a group or feed is to be looked at again, or a feed has been silent too long. None where no loan
    is watched.
    """
    first = records.first_waking()
    if first is None or last is None:
        return first
    known, tomorrow = about(last), last.as_of + DAY
    told_days = days.told_until(business_date(clock.now()))
    days_ahead = [first, *([tomorrow] if known.groups else [])]
    terms = days.policy_on(tomorrow).feed
    for feed in FEEDS:
        if told_days[feed]:
            silent = (max(told_days[feed]) + number * DAY for number in (terms.amber_days, terms.red_days))
            days_ahead += [day for day in silent if day >= tomorrow]
            days_ahead += [tomorrow] if feed in known.feeds and max(told_days[feed]) >= last.as_of else []
    return max(min(days_ahead), tomorrow)


def decide_groups_and_feeds(run: Run, now: datetime) -> dict[str, list[str]]:
    """What follows for groups from their loans, and for feeds from the days they lack. Returns the groups and feeds of which an alert lasts."""
    task, version = task_of(run), days.rules_on(run.as_of)
    day, digest_on = task.day, task.digest_on
    known, reds = about(run), records.red_in_groups()
    gaps = judge_feeds(task.almanac.day(day), days.policy_on(day))
    for feed in FEEDS:
        if known.told_days[feed]:
            raising.raise_or_update(
                Subject(kind="feed", id=feed), _judgement(gaps.get(feed)), day, version, now, digest_on=digest_on
            )
    groups = []
    for group_id in sorted({*reds, *known.groups}):
        facts = _group_facts(group_id, reds.get(group_id, ()), day)
        finding = judge_group(facts, days.policy_on(day))
        group = groups_reading.load(group_id, now)
        if group is not None:
            subject = Subject(kind="group", id=group_id, bank_id=group.bank_id)
            raising.raise_or_update(subject, _judgement(finding), day, version, now, digest_on=digest_on)
            groups += [group_id] if raising.known_of(group_id, now).lasting else []
    return {"groups": groups, "feeds": [feed for feed in FEEDS if raising.known_of(feed, now).lasting]}


def _judgement(finding: Finding | None) -> Judgement:
    return Judgement(findings=(finding,) if finding else ())


def _group_facts(group_id: str, loan_ids: Iterable[str], day: date) -> GroupFacts:
    watches = [watch for watch in records.load_many(loan_ids).values() if watch.is_red_in_group]
    return GroupFacts(
        group_id=group_id,
        red_members=tuple(sorted({watch.member_id for watch in watches})),
        worst_dpd=max((watch.lateness.dpd(day) for watch in watches), default=0),
    )


def _further(task: Task, run: Run, shard: int, checkpoint: Checkpoint) -> Checkpoint:
    """The next loans of a part, and how far that is."""
    day = None if task.is_all else task.day
    loan_ids = list(islice(records.waiting(shard - 1, day, checkpoint.position), MARK_AFTER))
    counts, failures, digest = _decide(task, loan_ids, checkpoint.digest)
    return msgspec.structs.replace(
        checkpoint,
        number=checkpoint.number + 1,
        round=run.round,
        done=len(loan_ids) < MARK_AFTER,
        position=loan_ids[-1] if loan_ids else checkpoint.position,
        counts=_sum(checkpoint.counts, counts),
        failures=(*checkpoint.failures, *failures)[:MOST_NAMED],
        digest=digest,
    )


def _again(task: Task, run: Run, checkpoint: Checkpoint) -> Checkpoint:
    """In another round: what was set aside once more, or all of the part where not all of that was named."""
    if checkpoint.counts["set_aside"] > len(checkpoint.failures):
        return Checkpoint(number=checkpoint.number + 1, round=run.round)
    counts, failures, digest = _decide(task, [failure.item for failure in checkpoint.failures], checkpoint.digest)
    return msgspec.structs.replace(
        checkpoint,
        number=checkpoint.number + 1,
        round=run.round,
        counts=_sum(checkpoint.counts | {"set_aside": 0}, {**counts, "loans": 0}),
        failures=tuple(failures),
        digest=digest,
    )


def _decide(task: Task, loan_ids: Sequence[str], digest: str) -> tuple[Mapping[str, int], list[Failure], str]:
    """Decide the day of these loans: the counts, what was set aside, and the digest with them."""
    counts, failures = Counter(NO_COUNTS), list[Failure]()
    for start in range(0, len(loan_ids), AT_ONCE):
        some = loan_ids[start : start + AT_ONCE]
        known = _readable(some)
        for loan_id in some:
            counts["loans"] += 1
            try:
                watch = _decided(task, loan_id, known.get(loan_id))
            except Exception as fault:
                if not is_item_failure(fault):
                    raise
                observe.logger.exception("loan set aside", extra={"loan_id": loan_id})
                failures.append(Failure(loan_id, reason_of(fault)))
                continue
            if watch is not None:
                counts.update(msgspec.structs.asdict(watch.outcome))
                counts["red"] += watch.is_red
                digest = hashlib.sha256(f"{digest}{_line(watch)}".encode()).hexdigest()
    counts["set_aside"] = len(failures)
    return counts, failures, digest


def _readable(loan_ids: Sequence[str]) -> Mapping[str, Watch]:
    """Their watches; none where one of them cannot be read: then each is read by itself."""
    try:
        return records.load_many(loan_ids)
    except Unreadable:
        return {}


@retry_on_conflict
def _decided(task: Task, loan_id: str, read: Watch | None) -> Watch | None:
    """The watch of a loan with the day decided; None where there is none any more, or another run has gone further. One that has changed since it was
    read is read again.
    """
    for watch in (read, None):
        watch = watch or records.load(loan_id)
        if watch is None or watch.wakes_on is None:
            return None
        if watch.decided_on and watch.decided_on >= task.day:
            return watch if watch.decided_on == task.day else None
        known = _heard(task, watch, watch.wakes_on)
        decided = deciding.decided(known, task.day, task.almanac, clock.now(), task.digest_on, also_last=task.is_all)
        if known is watch and decided.wakes_on == watch.wakes_on and decided.open == watch.open:
            return decided
        after = msgspec.structs.replace(decided, version=watch.version + 1)
        if records.save(after):
            return after
    raise WriteConflict(say("What is watched of {loan_id} is being changed.", loan_id=loan_id))


def _heard(task: Task, watch: Watch, wakes_on: date) -> Watch:
    """The watch by which a loan is decided. Before anything is said of a firm, it is looked whether its records say what no stream has told yet."""
    first = min(wakes_on, task.day) if task.is_all else wakes_on
    if deciding.has_news(watch, first, task.day, task.almanac):
        return watching.up_to_date(watch, first, task.almanac, clock.now())
    return watch


def _line(watch: Watch) -> str:
    """What the digest says of a loan: the outcome, and what is open of it."""
    return msgspec.json.encode((watch.id, watch.outcome, watch.open)).decode()


def _sum(before: Mapping[str, int], more: Mapping[str, int]) -> dict[str, int]:
    return {name: before.get(name, 0) + more[name] for name in NO_COUNTS}
