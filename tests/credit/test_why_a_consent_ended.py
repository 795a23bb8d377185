"""A consent that ended says what ended it: a signer who took it back, or its last day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from chalicelib.credit.rules import consent as rules
from chalicelib.credit.rules.consent import MACHINE, TABLE, ConsentChange
from chalicelib.credit.views.consents import view
from tests.credit.consenting import NOW, consent
from tests.ends import endings

TICK = timedelta(milliseconds=1)


def withdrawn() -> ConsentChange:
    return rules.withdraw(consent(), "per_2", NOW)


def expired() -> ConsentChange:
    [change] = MACHINE.overdue(consent(), (), consent().due_at)
    return change


ENDED = [("withdraw", withdrawn().state.status), ("expire", expired().state.status)]
"""By which transition it ends, and how it then stands."""


@pytest.mark.parametrize(
    ("ends", "event", "by"), [(withdrawn, "consent.withdrawn", "per_2"), (expired, "consent.expired", None)]
)
def test_the_reason_is_the_one_that_acted(ends: Callable[[], ConsentChange], event: str, by: str | None) -> None:
    change = ends()
    assert change.event.kind == event
    shown = view(change.state, (), "firm", change.at)
    assert (shown.status, shown.withdrawn_by, shown.ended_at) == (event.removeprefix("consent."), by, change.at)
    assert (shown.allowed_actions, shown.deadlines) == ([], [])


def test_every_transition_to_an_end_is_here() -> None:
    assert set(ENDED) == endings(TABLE)


def test_a_consent_that_is_withdrawn_in_its_last_millisecond_was_withdrawn() -> None:
    last = consent().due_at - TICK
    assert list(MACHINE.overdue(consent(), (), last)) == []
    change = rules.withdraw(consent(), "per_2", last)
    assert list(MACHINE.overdue(change.state, (), consent().due_at)) == []
