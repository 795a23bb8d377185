"""A kept score needs nobody, or waits for an officer, who says in words what it is worth; nobody's silence decides anything."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.credit.rules import score_run as rules
from chalicelib.credit.rules.score_run import MACHINE, TABLE, ScoreNotInThisStatus, ScoreRun
from chalicelib.credit.views.scores import run_view
from tests.credit.scoring import CONTEXT, GOOD, NOW, kept
from tests.ends import endings

TICK = timedelta(milliseconds=1)


def to_review() -> ScoreRun:
    return kept().state


ENDED = [("review", rules.review(to_review(), "stands", "Its books say so too.", "officer-1", NOW).state.status)]
"""By which transition it ends, and how it then stands."""
AT_ONCE = kept(GOOD).state.status
"""Of a score that nobody has to look at."""


def test_every_transition_to_an_end_is_here() -> None:
    assert set(ENDED) == endings(TABLE)


def test_a_score_above_band_d_is_kept_and_waits_for_nobody() -> None:
    run = kept(GOOD).state
    assert (run.status, run.band, run.due_at) == ("kept", "B", None)
    assert (TABLE.allowed(run, "officer", CONTEXT, NOW), list(MACHINE.deadlines(run, CONTEXT))) == ([], [])
    with pytest.raises(ScoreNotInThisStatus):
        TABLE.require("review", run, "officer", CONTEXT, NOW)


def test_a_score_in_band_d_waits_for_an_officer_and_never_for_the_firm() -> None:
    run = to_review()
    assert (run.status, run.band) == ("to_review", "D")
    assert TABLE.allowed(run, "officer", CONTEXT, NOW) == ["review"]
    assert TABLE.allowed(run, "firm", CONTEXT, NOW) == []


def test_what_the_officer_found_is_told_and_by_whom_only_to_officers() -> None:
    change = rules.review(to_review(), "set_aside", "New here, and sound.", "officer-1", NOW)
    assert change.event.kind == "score.reviewed"
    for_firm, for_officers = (run_view(change.state, CONTEXT, actor, NOW) for actor in ("firm", "officer"))
    assert (for_firm.finding, for_firm.note, for_firm.reviewed_by) == ("set_aside", "New here, and sound.", None)
    assert for_officers.reviewed_by == "officer-1"
    assert (for_firm.allowed_actions, for_firm.deadlines) == ([], [])


def test_it_rings_when_nobody_has_looked_in_time_and_goes_on_waiting() -> None:
    run = to_review()
    assert run.due_at is not None
    assert list(MACHINE.overdue(run, CONTEXT, run.due_at - TICK)) == []
    [change] = MACHINE.overdue(run, CONTEXT, run.due_at)
    assert (change.event.kind, change.state.status, change.state.reminders) == ("score.review_overdue", "to_review", 1)
    assert change.state.due_at == run.due_at, "it is overdue"
    assert len(list(MACHINE.overdue(run, CONTEXT, run.due_at + timedelta(days=3650)))) == 11
