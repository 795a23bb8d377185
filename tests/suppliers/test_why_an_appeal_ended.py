"""An appeal tells what ended it: the officer who decided, in that officer's words, or that nobody did in time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import get_args

import pytest

from chalicelib.suppliers.rules import penalties
from chalicelib.suppliers.rules.penalties import Outcome, Penalties, Penalty, PenaltyGone
from tests.suppliers.test_appeals import POINTS, given
from tests.world import START

DUE = START + timedelta(days=POINTS.appeal_decide_days)
TICK = timedelta(milliseconds=1)
Ends = Callable[[Penalties, datetime], Penalties]


def upheld(known: Penalties, now: datetime) -> Penalties:
    return penalties.upheld(known, "pen_1", "It was late.", now)


def lifted(known: Penalties, now: datetime) -> Penalties:
    return penalties.lifted(known, "pen_1", "It was not late.", now)


def left_alone(known: Penalties, now: datetime) -> Penalties:
    """As the clock does, however late it comes."""
    while (penalty := penalties.next_default(known)) and penalty.decided_by and penalty.decided_by <= now:
        known = penalties.lifted(known, penalty.id, penalties.UNDECIDED, penalty.decided_by)
    return known


def appealed() -> Penalties:
    return penalties.appealed(given(), "pen_1", "It was in time.", POINTS, START)


ENDED: list[tuple[Ends, datetime, Outcome, str, datetime]] = [
    (upheld, START, "upheld", "It was late.", START),
    (upheld, DUE - TICK, "upheld", "It was late.", DUE - TICK),
    (lifted, DUE - TICK, "lifted", "It was not late.", DUE - TICK),
    (left_alone, DUE, "lifted", penalties.UNDECIDED, DUE),
    (left_alone, DUE + timedelta(days=90), "lifted", penalties.UNDECIDED, DUE),
]
"""What ends it and when, how it then stands, why and since when."""


@pytest.mark.parametrize(("ends", "at", "outcome", "reason", "decided_at"), ENDED)
def test_the_reason_is_the_one_that_acted(
    ends: Ends, at: datetime, outcome: str, reason: str, decided_at: datetime
) -> None:
    (penalty,) = ends(appealed(), at)
    assert penalty.appeal is not None
    assert (penalty.appeal.outcome, penalty.appeal.decided_for, penalty.appeal.decided_at) == (
        outcome,
        reason,
        decided_at,
    )
    is_lifted = outcome == "lifted"
    assert (penalty.lifted_at, penalty.lifted_for) == ((decided_at, reason) if is_lifted else (None, ""))


def test_every_outcome_has_its_reason() -> None:
    known = {
        appeal.outcome: appeal.decided_for
        for made in (appealed(), upheld(appealed(), START), lifted(appealed(), START))
        if (appeal := made[0].appeal)
    }
    assert set(known) == set(get_args(Outcome))
    assert [outcome for outcome, reason in known.items() if not reason] == ["open"]


def test_what_is_lifted_after_its_appeal_was_turned_down_keeps_both_reasons() -> None:
    (penalty,) = lifted(upheld(appealed(), START), START + timedelta(days=1))
    assert penalty.appeal is not None
    assert (penalty.appeal.outcome, penalty.appeal.decided_for) == ("upheld", "It was late.")
    assert penalty.lifted_for == "It was not late."


def test_what_is_lifted_without_an_appeal_tells_of_none() -> None:
    (penalty,) = lifted(given(), START)
    assert (penalty.appeal, penalty.lifted_for) == (None, "It was not late.")


def test_an_officer_who_comes_after_the_moment_changes_no_reason() -> None:
    (penalty,) = known = left_alone(appealed(), DUE)
    for late in (upheld, lifted):
        with pytest.raises(PenaltyGone):
            late(known, DUE)
    assert penalty.lifted_for == penalties.UNDECIDED


def test_points_that_expired_in_the_meantime_do_not_hide_that_nobody_decided() -> None:
    short: Penalty = given()[0]
    known = penalties.appealed((short,), "pen_1", "No.", POINTS, short.expires_at - TICK)
    (penalty,) = left_alone(known, short.expires_at + timedelta(days=POINTS.appeal_decide_days))
    assert penalty.lifted_for == penalties.UNDECIDED
