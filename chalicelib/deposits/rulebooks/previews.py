"""Trying a rulebook out over all sellers: at once where they are few, else as a run over segments of the deposits' table."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import msgspec

from chalicelib.deposits import segments
from chalicelib.deposits.rulebooks import records, rulebook_repository
from chalicelib.deposits.rules.book import Book
from chalicelib.deposits.rules.cut_offs import CutOff
from chalicelib.deposits.rules.preview import Tally, today, try_out
from chalicelib.deposits.rules.published import MOST_PREVIEWS, Kept, Preview, chain_of
from chalicelib.deposits.segments import Held
from chalicelib.runs import rules as run_rules
from chalicelib.runs import service as runs
from chalicelib.runs.jobs import Job
from chalicelib.runs.rules import Failure, Run, ShardResult
from chalicelib.shared import clock, files
from chalicelib.shared.commit import retry_on_conflict
from chalicelib.shared.failed_items import reason_of
from chalicelib.shared.journal import Event
from chalicelib.shared.periods import business_date, start_of
from chalicelib.shared.request import RequestContext

JOB: Final = "deposits-preview"
AT_ONCE: Final = 2000
"""Up to so many sellers are tried out within the request."""
SHARDS: Final = 16
MOST_NAMED: Final = 100
"""Sellers set aside that are named; all are counted."""


class Trial(msgspec.Struct, frozen=True):
    """A book against the one in force, as if the cut-off were at `at`."""

    at: CutOff
    in_force: Book
    tried: Book


def trial(book: Book, now: datetime) -> Trial:
    at = today(now)
    return Trial(at, rulebook_repository.books(now).in_force(at.at), book)


def at_once(trial: Trial) -> Tally | None:
    """The tally over all sellers, or None where they are too many for a request."""
    tally = Tally()
    for page in segments.pages(1, 1):
        if tally.sellers + len(page.items) > AT_ONCE:
            return None
        _count(page.items, trial, tally)
    return tally.closed()


def run_id(book_id: str, name: str) -> str:
    return run_rules.id_of(JOB, f"{book_id}/{name}")


def begin(book_id: str, name: str, now: datetime) -> Run:
    """Have it tried out by the queue of work. `name` makes it one run however often it is asked for."""
    return runs.begin(JOB, f"{book_id}/{name}", business_date(now), SHARDS)


def try_out_segment(run: Run, shard: int) -> ShardResult:
    """One segment of the sellers, counted into a file."""
    tally, aside = Tally(), []
    trial = _trial_of(run)
    for page in segments.pages(shard, run.shards):
        aside += _count(page.items, trial, tally)
    key = f"runs/{run.id}/tallies/{shard:03d}.json"
    files.put(key, msgspec.json.encode(tally), "application/json")
    return ShardResult(counts={"sellers": tally.sellers}, failures=tuple(aside[:MOST_NAMED]), files=(key,))


def finish(run: Run, results: Mapping[int, ShardResult]) -> Run:
    """Add the segments up, put the tally with the version, and close the run."""
    tally = Tally()
    for shard in sorted(results):
        for key in results[shard].files:
            tally.merge(msgspec.json.decode(files.read(key), type=Tally))
    _keep(run, tally.closed())
    return runs.finish(run.id)


PREVIEWING: Final = Job(shard=try_out_segment, finish=finish)
JOBS: Final[Mapping[str, Job]] = {JOB: PREVIEWING}


def with_preview(kept: Kept, preview: Preview, now: datetime) -> Kept:
    """What is kept with one more preview, or the same preview with its result."""
    others = tuple(each for each in kept.previews if each.id != preview.id)
    return msgspec.structs.replace(
        kept, previews=(*others, preview)[-MOST_PREVIEWS:], updated_at=max(now, kept.updated_at or now)
    )


@retry_on_conflict
def _keep(run: Run, tally: Tally) -> None:
    book_id, _, name = run.period.partition("/")
    version, kept = records.load(book_id)
    preview = next((each for each in kept.previews if each.id == name), None)
    if preview is None or preview.tally is not None:
        return
    now = clock.now()
    done = msgspec.structs.replace(preview, tally=tally)
    request = RequestContext.of_clock(chain_of(book_id), version + 1, now)
    event = Event("rulebook.previewed", facts(done), policy=preview.hash)
    records.write(book_id, version, kept, with_preview(kept, done, now), event, request)


def facts(preview: Preview) -> dict[str, object]:
    """What the journal tells of a preview: its sums, without the sellers."""
    payload: dict[str, object] = {"preview": preview.id, "against": preview.against, "run": preview.run}
    if preview.tally is None:
        return payload
    sums = msgspec.to_builtins(preview.tally)
    return payload | {name: sums[name] for name in sums if name not in ("by_category", "by_tier", "most_affected")}


def _trial_of(run: Run) -> Trial:
    """The same for every segment, however late it is worked on: as of the day the run was asked for."""
    book = rulebook_repository.find(run.period.partition("/")[0], clock.now())
    assert book is not None, "a run is begun for a book there is"
    return trial(book, start_of(run.as_of))


def _count(items: list[Held], trial: Trial, tally: Tally) -> list[Failure]:
    """Try the book out on a page of sellers; those that cannot be decided on are set aside."""
    aside = []
    for held in items:
        try:
            try_out(held.deposit, trial.at, trial.in_force, trial.tried, tally)
        except Exception as poison:
            tally.sellers += 1
            tally.set_aside += 1
            aside.append(Failure(held.member_id.S, reason_of(poison)))
    return aside
