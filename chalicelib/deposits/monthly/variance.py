"""How far the run of the 6th departs from its rehearsal on the 5th: a few sellers trade or pay in between; many mean that something is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final

from chalicelib.deposits.monthly import certificate, engine
from chalicelib.deposits.monthly.service import MONTHLY, REHEARSAL
from chalicelib.deposits.rules.deposit import Decision
from chalicelib.runs import rules as run_rules
from chalicelib.runs import service as runs
from chalicelib.runs.rules import Run, ShardResult
from chalicelib.shared import observe

TOLERATED_BP: Final = 500
"""Basis points of sellers that may come out otherwise before somebody is called."""


def compare_shard(run: Run, shard: int) -> ShardResult:
    """Hold the lines of a shard of the month against those of its rehearsal."""
    counts = Counter[str]({"compared": 0, "departed": 0, "base_rehearsed_minor": 0, "base_decided_minor": 0})
    decided, rehearsed = (run_rules.id_of(job, run.period) for job in (MONTHLY, REHEARSAL))
    for ours, theirs in _together(_buckets(decided, shard), _buckets(rehearsed, shard)):
        before = {decision.seller_id: decision for decision in _decisions(rehearsed, shard, theirs)}
        for decision in _decisions(decided, shard, ours):
            _compare(decision, before.get(decision.seller_id), counts)
    return ShardResult(counts=dict(counts))


def finish(run: Run, results: Mapping[int, ShardResult]) -> Run:
    """Close the comparison, and raise the alarm where too many departed."""
    done = runs.finish(run.id)
    compared, departed = done.counts.get("compared", 0), done.counts.get("departed", 0)
    if departed * 10_000 > compared * TOLERATED_BP:
        observe.logger.warning("a month departs from its rehearsal", extra={"run_id": run.id, "counts": done.counts})
        observe.count("RehearsalDeparted")
    return done


def _compare(decision: Decision, before: Decision | None, counts: Counter[str]) -> None:
    counts["compared"] += 1
    counts["base_decided_minor"] += decision.base_minor
    counts["base_rehearsed_minor"] += before.base_minor if before else 0
    counts["departed"] += before is None or _outcome(before) != _outcome(decision)


def _outcome(decision: Decision) -> tuple[object, ...]:
    return decision.skipped, decision.base_minor, decision.clause, decision.awaits_first_trade_again, decision.book


def _buckets(run_id: str, shard: int) -> int:
    """How many buckets a shard of a run has; none where it decided on nobody, or there was no such shard."""
    result = runs.whole(run_id)[2].get(shard)
    sellers = result.counts["sellers"] if result else 0
    return certificate.buckets_of(sellers) if sellers else 0


def _together(ours: int, theirs: int) -> list[tuple[list[int], list[int]]]:
    """Which buckets of the one hold the sellers of which buckets of the other: both numbers are powers of two, or none."""
    fewer = min(ours or 1, theirs or 1)
    return [(list(range(each, ours, fewer)), list(range(each, theirs, fewer))) for each in range(fewer)]


def _decisions(run_id: str, shard: int, buckets: list[int]) -> list[Decision]:
    return [certificate.decision(line) for bucket in buckets for line in engine.lines_of(run_id, shard, bucket)]
