"""What the clock does with suppliers: the monthly evaluation of every one of them.

The evaluation is a run cut into segments of the members' table. It decides for the date it is asked about, whenever it runs. A segment may be worked on twice and may die at any instruction: it
writes only suppliers whose status or limit changes, each under its own version, and then finds them changed. One
supplier that cannot be decided is set aside with the reason; the rest go on.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from functools import partial
from itertools import islice
from typing import Final, TypeVar

import msgspec

from chalicelib.daybook.service import recording as daybook_recording
from chalicelib.members import service as members
from chalicelib.members.rules import Member
from chalicelib.runs import service as runs
from chalicelib.runs.jobs import Job
from chalicelib.runs.rules import Failure, Run, ShardResult
from chalicelib.shared import clock, csv_files, files, observe
from chalicelib.shared.commit import retry_on_conflict
from chalicelib.shared.errors import WriteConflict
from chalicelib.shared.failed_items import is_item_failure, reason_of
from chalicelib.shared.periods import business_date, start_of
from chalicelib.shared.texts import say
from chalicelib.suppliers import records
from chalicelib.suppliers.rules import programme
from chalicelib.suppliers.rules.coverage import NOT_ENROLLED
from chalicelib.suppliers.rules.qualification import Qualification
from chalicelib.suppliers.service import changing, evaluation
from chalicelib.suppliers.service import programme as suppliers_programme
from chalicelib.suppliers.views.results import COLUMNS, line

QUALIFICATION: Final = "qualification-monthly"
SEGMENTS: Final = 16
"""Shards of a run: enough for many to be worked on at once, few enough that a small marketplace does not mind."""
AT_ONCE: Final = 100
"""Members whose records are read in one round trip."""

T = TypeVar("T")


class Decided(msgspec.Struct, frozen=True):
    """What a run came to about one member, its status after it, and whether that or the limit is new."""

    member: Member
    status: str
    qualification: Qualification
    changed: bool = False


def start_monthly(fired_at: datetime) -> Run:
    """What the schedule calls on the 10th: evaluate as of the business date on which it fired."""
    return start_qualification(business_date(fired_at))


def start_qualification(as_of: date) -> Run:
    """Evaluate everybody as of a date; for one that was asked about before, whatever is left of it. May be called twice."""
    return runs.begin(QUALIFICATION, as_of.isoformat(), as_of, SEGMENTS)


def qualify_segment(run: Run, shard: int) -> ShardResult:
    """Decide on every member of a segment that ever sold something or joined, and write each decision down in the shard's file."""
    aside: dict[str, str] = {}
    decided = [
        decision
        for ids in _chunks(members.every_id(segment=shard - 1, segments=run.shards))
        for decision in _decide_each(ids, run.as_of, aside)
    ]
    return _result(run, shard, sorted(decided, key=lambda decision: decision.member.external_ref), aside)


QUALIFYING: Final = Job(shard=qualify_segment)


def _decide_each(ids: Sequence[str], as_of: date, aside: dict[str, str]) -> Iterator[Decided]:
    known = _readable(ids, members.known, aside)
    joined = _readable(ids, records.load_many, aside)
    for member in known.values():
        if member.id not in aside:
            decide = _recomputed if member.id in joined else _outside
            decided = _isolated(member.id, partial(decide, member, as_of), aside)
            if decided is not None:
                yield decided


def _outside(member: Member, as_of: date) -> Decided | None:
    """What the decision would be on a member that never joined; None for one that never sold anything either."""
    qualification = evaluation.evaluate(
        programme.non_member(member.id, member.created_at), as_of, start_of(as_of)
    ).qualification
    if not (qualification.inputs.completed or qualification.inputs.due or daybook_recording.has_history(member.id)):
        return None
    return Decided(member, NOT_ENROLLED, qualification)


@retry_on_conflict
def _recomputed(member: Member, as_of: date) -> Decided:
    """Points count as they stand when this runs: a late run does not forget what was given in between."""
    now = clock.now()
    loaded = changing.current(member.id, now)
    if loaded is None:
        raise WriteConflict(say("{id} has gone.", id=member.id))
    was, position = loaded
    evaluated = evaluation.evaluate(was, as_of, max(now, start_of(as_of)))
    after = suppliers_programme.recompute(was, position, evaluated, now) if programme.recomputes(was, as_of) else None
    return Decided(member, (after or was).status, evaluated.qualification, changed=after is not None)


def _result(run: Run, shard: int, decided: Sequence[Decided], aside: dict[str, str]) -> ShardResult:
    """The shard's result, after its file is in the bucket. The same decisions make the same file."""
    key = f"runs/{run.id}/qualification-{run.period}-{shard:02d}-of-{run.shards:02d}.csv"
    content = csv_files.written([COLUMNS, *(line(each.member, each.status, each.qualification) for each in decided)])
    files.put(key, content, csv_files.MEDIA)
    observe.count("SuppliersSetAside", len(aside))
    return ShardResult(
        counts=_counts(decided, aside),
        failures=tuple(Failure(item, aside[item]) for item in sorted(aside)),
        digest=hashlib.sha256(content).hexdigest(),
        files=(key,),
    )


def _counts(decided: Sequence[Decided], aside: dict[str, str]) -> dict[str, int]:
    statuses = Counter(f"status_{each.status}" for each in decided)
    return {
        "evaluated": len(decided),
        "qualified": sum(each.qualification.qualified for each in decided),
        "limit_total_minor": sum(each.qualification.limit_minor for each in decided),
        "changed": sum(each.changed for each in decided),
        "set_aside": len(aside),
        **{name: statuses[name] for name in sorted(statuses)},
    }


def _readable(ids: Sequence[str], load: Callable[[Sequence[str]], dict[str, T]], aside: dict[str, str]) -> dict[str, T]:
    """The records of these members; one that cannot be read is found by halves and set aside."""
    rows = _isolated(ids[0], partial(load, ids), aside if len(ids) == 1 else {})
    if rows is not None or len(ids) == 1:
        return rows or {}
    middle = len(ids) // 2
    return _readable(ids[:middle], load, aside) | _readable(ids[middle:], load, aside)


def _isolated(item: str, work: Callable[[], T], aside: dict[str, str]) -> T | None:
    """The work's result; None where the item makes it fail. The store's own trouble is not the item's: the shard comes again."""
    try:
        return work()
    except Exception as fault:
        if not is_item_failure(fault):
            raise
        observe.logger.exception("supplier set aside", extra={"supplier": item})
        aside[item] = reason_of(fault)
        return None


def _chunks(ids: Iterator[str]) -> Iterator[list[str]]:
    while chunk := list(islice(ids, AT_ONCE)):
        yield chunk
