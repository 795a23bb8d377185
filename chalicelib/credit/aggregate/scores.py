"""Scores that are kept, as an aggregate. What nobody has looked at in time rings."""

from __future__ import annotations

from typing import Final

from chalicelib.credit.records.scores import REPOSITORY
from chalicelib.credit.rules.score_run import MACHINE, Actor, Context, ScoreRun
from chalicelib.credit.rules.scorecard import Card
from chalicelib.credit.views.scores import run_view
from chalicelib.shared import calendars, policies
from chalicelib.shared.aggregates import Aggregate, ringing
from chalicelib.shared.request import Caller


def context_of(policy: str) -> Context:
    card = policies.pinned("scorecard", policy).read_as(Card)
    return Context(card=card, calendar=calendars.calendar("CN"))


def actor_of(run: ScoreRun, caller: Caller) -> Actor | None:
    """The firm's own, and officers'. Banks read scores in data packs."""
    if caller.is_officer:
        return "officer"
    return "firm" if caller.is_member(run.member_id) else None


SCORES: Final = Aggregate[ScoreRun, Context, Actor](
    name="scores",
    machine=MACHINE,
    repository=REPOSITORY,
    context=lambda states, now: [context_of(each.policy) for each in states],
    actor_of=actor_of,
    view=run_view,
    duty="risk",
    after=ringing(
        "nobody has looked at a score in band D", "score_id", metric="ScoreReviewOverdue", on=("score.review_overdue",)
    ),
)
