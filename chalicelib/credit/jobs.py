"""What the clock and the journal's stream do with credit. A shard may come twice, and die anywhere; an entry may come late, and twice.

`credit-limits` works out the limit of each firm that ever applied anew, at 00:20 in Shanghai, when the window has moved on. `pre-offers-monthly`
looks for what firms could use that consent to it. What cannot be worked out is set aside with the reason.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from itertools import islice
from typing import Final

from chalicelib.credit.records import consents, exposures
from chalicelib.credit.service import limits, pre_offers, subscribers
from chalicelib.runs import service as runs
from chalicelib.runs.jobs import Job
from chalicelib.runs.rules import Checkpoint, Failure, Run, ShardResult
from chalicelib.shared import clock, observe
from chalicelib.shared.failed_items import is_item_failure, reason_of
from chalicelib.shared.journal import Entry
from chalicelib.shared.periods import business_date, month_of
from chalicelib.shared.request import CLOCK, RequestContext

LIMITS: Final = "credit-limits"
SHARDS: Final = 8
MOST_NAMED: Final = 100
"""Of what is set aside, a shard names so many; all are counted."""
PRE_OFFERS: Final = "pre-offers-monthly"
AT_ONCE: Final = 100
"""Consents between two checkpoints."""


def follow(entry: Entry) -> None:
    """Ask the banks of an application, or tell them that it is over: as an entry says."""
    subscribers.follow(entry, clock.now())


def begin_limits(fired_at: datetime) -> Run:
    """What the schedule calls: the limits of the day on which it fires."""
    return begin_limits_of(business_date(fired_at))


def begin_limits_of(day: date) -> Run:
    """Work out limits once for a day; as they are when it is done. May be called twice."""
    return runs.begin(LIMITS, day.isoformat(), day, SHARDS)


def limits_shard(run: Run, shard: int) -> ShardResult:
    """One segment of the firms that ever applied."""
    counts, aside = Counter[str](firms=0, set_aside=0), []
    for member_id in exposures.every_id(segment=shard - 1, segments=SHARDS):
        counts["firms"] += 1
        try:
            limits.refresh(member_id, RequestContext(caller=CLOCK, now=clock.now(), request_id=run.id))
        except Exception as fault:
            if not is_item_failure(fault):
                raise
            observe.logger.exception("credit limit set aside", extra={"member_id": member_id})
            counts["set_aside"] += 1
            aside.append(Failure(member_id, reason_of(fault)))
    observe.count("CreditLimitsSetAside", counts["set_aside"])
    return ShardResult(counts=dict(counts), failures=tuple(aside[:MOST_NAMED]))


RECOMPUTING: Final = Job(shard=limits_shard)


def begin_pre_offers(fired_at: datetime) -> Run:
    """What the schedule calls once a month."""
    return start_pre_offers(business_date(fired_at))


def start_pre_offers(as_of: date) -> Run:
    """Look at every firm that consents to it, for the month of a date. May be called twice."""
    return runs.begin(PRE_OFFERS, month_of(as_of), as_of, consents.PARTS)


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
    names = list(islice(consents.seeking(part, checkpoint.position or None), AT_ONCE))
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
