"""What the clock and the journal's stream do with credit. A shard may come twice, and die anywhere; an entry may come late, and twice.

`credit-limits` works out the limit of each firm that ever applied anew, at 00:20 in Shanghai, when the window has moved on. `pre-offers-monthly`
looks for what firms could use that consent to it. `peers-monthly` compares all firms of the register, and when it is done `scores-monthly` keeps the
scores of those that ever applied and consent to being scored. What cannot be worked out is set aside with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Final

from chalicelib.credit.records import consents, exposures
from chalicelib.credit.service import limits, pre_offers, scores, scoring, subscribers
from chalicelib.firms.service import reading as firms_reading
from chalicelib.runs import items
from chalicelib.runs import service as runs
from chalicelib.runs.items import Items
from chalicelib.runs.jobs import Job
from chalicelib.runs.rules import Run, ShardResult
from chalicelib.shared import clock, observe
from chalicelib.shared.journal import Entry
from chalicelib.shared.periods import business_date, month_of
from chalicelib.shared.request import CLOCK, RequestContext

LIMITS: Final = "credit-limits"
SHARDS: Final = 8
PRE_OFFERS: Final = "pre-offers-monthly"
PEERS: Final = "peers-monthly"
SCORES: Final = "scores-monthly"


def follow(entry: Entry) -> None:
    """Ask the banks of an application, or tell them that it is over: as an entry says."""
    subscribers.follow(entry, clock.now())


def begin_limits(fired_at: datetime) -> Run:
    """What the schedule calls: the limits of the day on which it fires."""
    return begin_limits_of(business_date(fired_at))


def begin_limits_of(day: date) -> Run:
    """Work out limits once for a day; as they are when it is done. May be called twice."""
    return runs.begin(LIMITS, day.isoformat(), day, SHARDS, redrives=True)


def limits_shard(run: Run, shard: int) -> ShardResult:
    """One segment of the firms that ever applied."""

    def refresh(member_id: str) -> Mapping[str, int]:
        limits.refresh(member_id, RequestContext(caller=CLOCK, now=clock.now(), request_id=run.id))
        return {}

    result = items.go_over(run, shard, Items(noun="credit limit", total="firms", behind=_applied(shard), one=refresh))
    observe.count("CreditLimitsSetAside", result.counts["set_aside"])
    return result


RECOMPUTING: Final = Job(shard=limits_shard)


def begin_pre_offers(fired_at: datetime) -> Run:
    """What the schedule calls once a month."""
    return start_pre_offers(business_date(fired_at))


def start_pre_offers(as_of: date) -> Run:
    """Look at every firm that consents to it, for the month of a date. May be called twice."""
    return runs.begin(PRE_OFFERS, month_of(as_of), as_of, consents.PARTS)


def look_at_part(run: Run, shard: int) -> ShardResult:
    """One part of the consents."""

    def consenting(position: str) -> Iterator[tuple[str, str]]:
        return ((name, name) for name in consents.seeking(shard - 1, position or None))

    def look(consent_id: str) -> Mapping[str, int]:
        return {pre_offers.look(consent_id, run.as_of, clock.now()): 1}

    return items.go_over(run, shard, Items(noun="consent", behind=consenting, one=look, counts=("made",)))


LOOKING: Final = Job(shard=look_at_part)


def begin_peers(fired_at: datetime) -> Run:
    """What the schedule calls once a month."""
    return start_peers(business_date(fired_at))


def start_peers(as_of: date) -> Run:
    """Compare all firms, then score those that consent, for the month of a date. May be called twice."""
    return runs.begin(PEERS, month_of(as_of), as_of, SHARDS, redrives=True)


def peers_shard(run: Run, shard: int) -> ShardResult:
    """One segment of the firms of the register."""

    def firms(position: str) -> Iterator[tuple[str, str]]:
        names = firms_reading.every_id(segment=shard - 1, segments=SHARDS, after=position)
        return ((name, name) for name in names)

    def compare(member_id: str) -> Mapping[str, int]:
        return {"compared": int(scoring.compare(member_id, run.period, run.as_of))}

    result = items.go_over(run, shard, Items(noun="peer", total="firms", behind=firms, one=compare))
    observe.count("ScoresSetAside", result.counts["set_aside"])
    return result


def finish_peers(run: Run, results: Mapping[int, ShardResult]) -> Run:
    """When all firms are compared: what their groups come to, and then the scores."""
    groups = scoring.group(run.period)
    runs.begin(SCORES, run.period, run.as_of, SHARDS, redrives=True)
    return runs.finish(run.id, groups=groups)


COMPARING: Final = Job(shard=peers_shard, finish=finish_peers)


def scores_shard(run: Run, shard: int) -> ShardResult:
    """One segment of the firms that ever applied."""

    def keep(member_id: str) -> Mapping[str, int]:
        return {scores.keep_of_month(member_id, run.as_of, clock.now()): 1}

    result = items.go_over(
        run, shard, Items(noun="score", total="firms", behind=_applied(shard), one=keep, counts=("kept",))
    )
    observe.count("ScoresSetAside", result.counts["set_aside"])
    return result


SCORING: Final = Job(shard=scores_shard)


def _applied(shard: int) -> Callable[[str], Iterator[tuple[str, str]]]:
    """A shard's firms that ever applied, from behind a position on."""
    return lambda position: (
        (name, name) for name in exposures.every_id(segment=shard - 1, segments=SHARDS, after=position)
    )
