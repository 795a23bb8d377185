"""A call tells what ended it: that all was paid, that nobody could pay the rest, the bank's word, or a year of silence."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

import pytest

from chalicelib.guarantees.rules.call import Status, Why
from chalicelib.guarantees.rules.call_transitions import TABLE
from chalicelib.guarantees.views.calls import view
from tests.ends import endings
from tests.guarantees.calling import Calling
from tests.guarantees.test_call import IN_STATUS, noticed


def _unrefunded() -> Calling:
    calling = noticed()
    calling.pay("B", 60_000_00)
    calling.recompute(is_withdrawn=True)
    return calling


ENDS: list[tuple[Callable[[], Calling], str, Status, Why]] = [
    (IN_STATUS["paid"], "close", "closed", "paid"),
    (IN_STATUS["exhausted"], "close", "closed", "exhausted"),
    (IN_STATUS["withdrawn"], "close", "closed", "withdrawn"),
    (_unrefunded, "close", "closed", "left_open"),
]
ENDED = [(name, status) for _, name, status, _ in ENDS]
"""By which transition it ends, and how it then stands."""


@pytest.mark.parametrize(("made", "name", "status", "why"), ENDS)
def test_the_reason_is_the_one_that_acted(made: Callable[[], Calling], name: str, status: Status, why: Why) -> None:
    calling = made()
    calling.days(500)
    seen = view(calling.call, calling.context, "officer", calling.now)
    assert (seen.status, seen.why, seen.allowed_actions, seen.deadlines) == (status, why, [], [])
    assert calling.events[-1] == "closed"


def test_every_end_of_the_table_and_every_reason_is_shown() -> None:
    assert set(ENDED) == endings(TABLE)
    assert {why for *_, why in ENDS} == set(get_args(Why))


@pytest.mark.parametrize("status", IN_STATUS)
def test_nothing_is_said_while_it_runs(status: str) -> None:
    assert IN_STATUS[status]().call.why is None
