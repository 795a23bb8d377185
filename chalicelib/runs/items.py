"""A shard gone over item by item, some at a time: whoever takes it over goes on behind the last that were done.

    WALK = Items(noun="consent", behind=consents_of, one=look)
    go_over(run, shard, WALK)

One that cannot be worked on is set aside with the reason, and the others go on. Where the run redrives, those are tried again in its next
round; if more were set aside than are named, all of the shard.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Final

import msgspec

from chalicelib.runs import service as runs
from chalicelib.runs.rules import Checkpoint, Failure, Run, ShardResult
from chalicelib.shared import observe
from chalicelib.shared.failed_items import is_item_failure, reason_of

AT_ONCE: Final = 100
"""Items between two checkpoints."""
MOST_NAMED: Final = 100
"""Of what is set aside, a shard names so many; all are counted."""


class Items(msgspec.Struct, frozen=True, kw_only=True):
    """`behind` a position come items, each with its own; `one` works on an item and says what to count. `counts` are told even where they are zero."""

    noun: str
    behind: Callable[[str], Iterator[tuple[str, str]]]
    one: Callable[[str], Mapping[str, int]]
    counts: tuple[str, ...] = ()
    total: str = "looked_at"


def go_over(run: Run, shard: int, items: Items) -> ShardResult:
    """The shard from where whoever was here before has come to."""
    checkpoint = runs.checkpoint_of(run.id, shard)
    if checkpoint.done and checkpoint.round < run.round:
        checkpoint = runs.save_checkpoint(run.id, shard, _again(checkpoint, run.round, items))
    while not checkpoint.done:
        checkpoint = runs.save_checkpoint(run.id, shard, some(items, checkpoint))
    return ShardResult(counts=checkpoint.counts, failures=checkpoint.failures, round=checkpoint.round)


def some(items: Items, checkpoint: Checkpoint) -> Checkpoint:
    """The next items, and how far that is."""
    places = list(islice(items.behind(checkpoint.position), AT_ONCE))
    counts, failures = _work_on([item for _, item in places], items)
    totals = Counter(dict.fromkeys((items.total, *items.counts, "set_aside"), 0))
    totals.update(checkpoint.counts)
    totals.update(counts)
    totals[items.total] += len(places)
    return Checkpoint(
        number=checkpoint.number + 1,
        round=checkpoint.round,
        done=len(places) < AT_ONCE,
        position=places[-1][0] if places else checkpoint.position,
        counts=dict(totals),
        failures=(*checkpoint.failures, *failures)[:MOST_NAMED],
    )


def _again(checkpoint: Checkpoint, round_: int, items: Items) -> Checkpoint:
    """In another round: what was set aside once more, or all of it where not all of that was named."""
    if checkpoint.counts["set_aside"] > len(checkpoint.failures):
        return Checkpoint(number=checkpoint.number + 1, round=round_)
    counts, failures = _work_on([failure.item for failure in checkpoint.failures], items)
    totals = Counter(checkpoint.counts | {"set_aside": 0})
    totals.update(counts)
    return msgspec.structs.replace(
        checkpoint, number=checkpoint.number + 1, round=round_, counts=dict(totals), failures=failures
    )


def _work_on(names: Iterable[str], items: Items) -> tuple[Counter[str], tuple[Failure, ...]]:
    """What they come to, and those that are set aside."""
    counts, failures = Counter[str](), list[Failure]()
    for name in names:
        try:
            counts.update(items.one(name))
        except Exception as fault:
            if not is_item_failure(fault):
                raise
            observe.logger.exception(f"{items.noun} set aside", extra={"item": name})
            failures.append(Failure(name, reason_of(fault)))
    counts["set_aside"] += len(failures)
    return counts, tuple(failures)
