"""Scores that are kept, as an aggregate. What nobody has looked at in time rings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from chalicelib.credit.records.scores import REPOSITORY
from chalicelib.credit.rules.score_run import MACHINE, Actor, Context, ScoreRun
from chalicelib.credit.rules.scorecard import Card
from chalicelib.credit.views.scores import run_view
from chalicelib.shared import calendars, observe, policies
from chalicelib.shared.aggregates import Aggregate
from chalicelib.shared.journal import Entry
from chalicelib.shared.request import Caller


def context_of(policy: str) -> Context:
    card = policies.pinned("scorecard", policy).read_as(Card)
    return Context(card=card, calendar=calendars.calendar("CN"))


def _contexts(runs: Sequence[ScoreRun], now: datetime) -> list[Context]:
    return [context_of(run.policy) for run in runs]


def actor_of(run: ScoreRun, caller: Caller) -> Actor | None:
    """The firm's own, and officers'. Banks read scores in data packs."""
    if caller.is_officer:
        return "officer"
    return "firm" if caller.is_member(run.member_id) else None


def _ring_if_overdue(of: ScoreRun, entry: Entry, now: datetime) -> None:
    if entry.event.kind == "score.review_overdue":
        observe.logger.error("nobody has looked at a score in band D", extra={"score_id": of.id})
        observe.count("ScoreReviewOverdue")


SCORES: Final = Aggregate[ScoreRun, Context, Actor](
    name="scores",
    machine=MACHINE,
    repository=REPOSITORY,
    context=_contexts,
    actor_of=actor_of,
    view=run_view,
    duty="risk",
    after=_ring_if_overdue,
)
