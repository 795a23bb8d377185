"""What the clock and the journal's stream do with guarantees. Everything may come late, and twice.

`contagion-nightly` works out how failures would spread in each group that is bound, at 02:30 in Shanghai: a shard for each partner bank.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from itertools import islice
from typing import Final

from chalicelib.groups.service import reading as groups_reading
from chalicelib.guarantees.service import contagion, following
from chalicelib.loans.service import portfolios
from chalicelib.runs import service as runs
from chalicelib.runs.jobs import Job
from chalicelib.runs.rules import Checkpoint, Failure, Run, ShardResult
from chalicelib.shared import clock, observe
from chalicelib.shared.failed_items import is_item_failure, reason_of
from chalicelib.shared.journal import Entry
from chalicelib.shared.periods import business_date, start_of

CONTAGION: Final = "contagion-nightly"
AT_ONCE: Final = 50
"""Groups between two checkpoints."""
MOST_NAMED: Final = 100
"""Of what is set aside, a shard names so many; all are counted."""


def follow(entry: Entry) -> None:
    """Bring what members owe one another in line with what banks report."""
    following.follow(entry, clock.now())


def begin_contagion(fired_at: datetime) -> Run:
    """What the schedule calls every night."""
    return start_contagion(business_date(fired_at))


def start_contagion(as_of: date) -> Run:
    """Look at all groups as they stand, for a day. May be called twice."""
    return runs.begin(CONTAGION, as_of.isoformat(), as_of, len(portfolios.banks(start_of(as_of))))


def contagion_shard(run: Run, shard: int) -> ShardResult:
    """One bank's groups, some at a time: whoever takes it over goes on from the last that were done."""
    bank_id = portfolios.banks(start_of(run.as_of))[shard - 1]
    checkpoint = runs.checkpoint_of(run.id, shard)
    while not checkpoint.done:
        checkpoint = runs.save_checkpoint(run.id, shard, _look_at_some(run, bank_id, checkpoint))
    return ShardResult(counts=checkpoint.counts, failures=checkpoint.failures)


def relate_groups(run: Run, results: Mapping[int, ShardResult]) -> Run:
    """When all banks are done: which of the worst groups have members that are related."""
    contagion.relate(run.as_of, clock.now())
    return runs.finish(run.id)


STRESSING: Final = Job(shard=contagion_shard, finish=relate_groups)


def _look_at_some(run: Run, bank_id: str, checkpoint: Checkpoint) -> Checkpoint:
    """The next groups of a bank, and how far that is. One that cannot be looked at is set aside with the reason."""
    failures, counts = list(checkpoint.failures), Counter({"groups": 0, "stressed": 0, "set_aside": 0})
    counts.update(checkpoint.counts)
    names = list(islice(groups_reading.ids_of_bank(bank_id, checkpoint.position or None), AT_ONCE))
    stressed = []
    for group_id in names:
        counts["groups"] += 1
        try:
            if group := contagion.look_at(group_id, run.as_of, clock.now()):
                stressed.append(group)
        except Exception as fault:
            if not is_item_failure(fault):
                raise
            observe.logger.exception("group set aside", extra={"group_id": group_id})
            counts["set_aside"] += 1
            failures.append(Failure(group_id, reason_of(fault)))
    counts["stressed"] += len(stressed)
    observe.count("GroupsSetAside", counts["set_aside"] - checkpoint.counts.get("set_aside", 0))
    contagion.keep_worst(bank_id, run.as_of, stressed, checkpoint.number + 1)
    return Checkpoint(
        number=checkpoint.number + 1,
        done=len(names) < AT_ONCE,
        position=names[-1] if names else checkpoint.position,
        counts=dict(counts),
        failures=tuple(failures[:MOST_NAMED]),
    )
