"""What the clock does with credit: the monthly look for what firms could use that consent to it. A shard may come twice, and die anywhere."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from itertools import islice
from typing import Final

from chalicelib.credit.records import consents as records
from chalicelib.credit.service import pre_offers
from chalicelib.runs import service as runs
from chalicelib.runs.jobs import Job
from chalicelib.runs.rules import Checkpoint, Failure, Run, ShardResult
from chalicelib.shared import clock, observe
from chalicelib.shared.failed_items import is_item_failure, reason_of
from chalicelib.shared.periods import business_date, month_of

PRE_OFFERS: Final = "pre-offers-monthly"
AT_ONCE: Final = 100
"""Consents between two checkpoints."""
MOST_NAMED: Final = 100
"""Consents set aside that are named; all are counted."""


def begin_pre_offers(fired_at: datetime) -> Run:
    """What the schedule calls once a month."""
    return start_pre_offers(business_date(fired_at))


def start_pre_offers(as_of: date) -> Run:
    """Look at every firm that consents to it, for the month of a date. May be called twice."""
    return runs.begin(PRE_OFFERS, month_of(as_of), as_of, records.PARTS)


def look_at_part(run: Run, shard: int) -> ShardResult:
    """One part of the consents, some at a time: whoever takes it over goes on from the last that were done."""
    checkpoint = runs.checkpoint_of(run.id, shard)
    while not checkpoint.done:
        checkpoint = runs.save_checkpoint(run.id, shard, _look_at_some(run, shard - 1, checkpoint))
    return ShardResult(counts=checkpoint.counts, failures=checkpoint.failures)


LOOKING: Final = Job(shard=look_at_part)


def _look_at_some(run: Run, part: int, checkpoint: Checkpoint) -> Checkpoint:
    """The next consents of a part, and how far that is. One that cannot be looked at is set aside with the reason."""
    failures, counts = list(checkpoint.failures), Counter({"looked_at": 0, "made": 0, "set_aside": 0})
    counts.update(checkpoint.counts)
    names = list(islice(records.seeking(part, checkpoint.position or None), AT_ONCE))
    for consent_id in names:
        counts["looked_at"] += 1
        try:
            counts[pre_offers.look(consent_id, run.as_of, clock.now())] += 1
        except Exception as fault:
            if not is_item_failure(fault):
                raise
            observe.logger.exception("consent set aside", extra={"consent_id": consent_id})
            counts["set_aside"] += 1
            failures.append(Failure(consent_id, reason_of(fault)))
    return Checkpoint(
        number=checkpoint.number + 1,
        done=len(names) < AT_ONCE,
        position=names[-1] if names else checkpoint.position,
        counts=dict(counts),
        failures=tuple(failures[:MOST_NAMED]),
    )
