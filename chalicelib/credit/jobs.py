"""What the clock does with credit: every day the limit of each firm that ever applied is worked out anew.

`credit-limits` runs at 00:20 in Shanghai, when the window has moved on. A firm whose limit cannot be worked out is set aside with the reason.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import Final

from chalicelib.credit.records import exposures
from chalicelib.credit.service import limits
from chalicelib.runs import service as runs
from chalicelib.runs.jobs import Job
from chalicelib.runs.rules import Failure, Run, ShardResult
from chalicelib.shared import clock, observe
from chalicelib.shared.failed_items import is_item_failure, reason_of
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import CLOCK, RequestContext

LIMITS: Final = "credit-limits"
SHARDS: Final = 8
MOST_NAMED: Final = 100
"""Firms set aside that a shard names; the rest is counted."""


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
