"""Scores as values and in the table, for tests of what is done with them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from chalicelib.credit.aggregate.scores import SCORES, context_of
from chalicelib.credit.rules import score_run
from chalicelib.credit.rules.score_run import ScoreChange
from chalicelib.credit.rules.scorecard import Figures
from chalicelib.shared import clock, ids, policies
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import CLOCK, RequestContext

VERSION: Final = policies.versions("scorecard")[-1]
CONTEXT: Final = context_of(VERSION.hash)
NOW: Final = datetime(2026, 3, 2, 2, tzinfo=UTC)
GOOD: Final = Figures(
    years_registered=12, verification=1, tax_grade=4, growth=4_000, active_months=12, worst_dpd=0, court_list=1
)


def kept(figures: Figures | None = None, now: datetime = NOW, **other: Any) -> ScoreChange:
    """The score of a firm of which nothing is known, where no figures are given."""
    fields = {"member_id": "mem_1", "subject_id": "2026-03"} | other
    return score_run.kept(
        ids.derived_id("sco", fields["member_id"], fields["subject_id"]),
        fields["member_id"],
        figures or Figures(),
        as_of=business_date(now),
        occasion="month",
        subject_id=fields["subject_id"],
        card=VERSION.version,
        policy=VERSION.hash,
        context=CONTEXT,
        now=now,
    )


def plant(member_id: str, subject_id: str) -> str:
    """A score that waits for an officer, by its id."""
    now = clock.now()
    change = kept(now=now, member_id=member_id, subject_id=subject_id)
    SCORES.create(change, CONTEXT, RequestContext(caller=CLOCK, now=now, request_id=""))
    return change.state.id
