"""An item tells what resolved it, and every change that it may make is in its table."""

from __future__ import annotations

from datetime import timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.reconciliation.rules import handling
from chalicelib.reconciliation.rules.item import Decision, Difference, Outcome
from chalicelib.reconciliation.rules.timers import MACHINE
from chalicelib.reconciliation.rules.transitions import TABLE, ItemChange
from chalicelib.reconciliation.views.item import view
from tests.ends import endings
from tests.reconciliation.differing import CONTEXT, NOW, TODAY, dpd, escalated, opened


def decided(decision: Decision) -> ItemChange:
    return handling.resolve(escalated(), decision, "So it is.", "officer-1", NOW)


def agreed() -> ItemChange:
    change = handling.compared(opened(), CONTEXT, [], TODAY, NOW, of_all=True)
    assert change is not None
    return change


ENDED: list[tuple[ItemChange, Outcome]] = [
    *((decided(decision), decision) for decision in get_args(Decision)),
    (agreed(), "agrees"),
]


@pytest.mark.parametrize(("change", "outcome"), ENDED)
def test_the_outcome_is_of_the_one_that_acted(change: ItemChange, outcome: Outcome) -> None:
    assert change.event.payload["outcome"] == outcome
    item = view(change.state, CONTEXT, "supervisor", NOW)
    assert (item.status, item.outcome, item.deadlines) == ("resolved", outcome, [])


def test_every_outcome_and_every_way_to_be_resolved_is_here() -> None:
    assert {outcome for _, outcome in ENDED} == set(get_args(Outcome))
    assert {name for name, _ in endings(TABLE, frozenset({"resolved"}))} == {"resolve", "agree"}


@given(
    walk=st.lists(st.tuples(st.sampled_from(["differ", "agree", "resolve", "wait"]), st.integers(0, 9)), max_size=15)
)
def test_every_change_of_an_item_is_declared_and_somebody_has_to_explain_what_differs(
    walk: list[tuple[str, int]],
) -> None:
    item, now = opened(), NOW
    for name, number in walk:
        now += timedelta(days=number) if name == "wait" else timedelta(minutes=1)
        for change in MACHINE.overdue(item, CONTEXT, now):
            item = change.state
        findings = [dpd(number)] if name == "differ" else []
        if name in ("differ", "agree"):
            compared = handling.compared(item, CONTEXT, findings, TODAY, now, of_all=True)
            item = compared.state if compared else item
        elif name == "resolve" and "resolve" in TABLE.allowed(item, "supervisor", CONTEXT, now):
            item = handling.resolve(item, "timing", "So it is.", "officer-1", now).state
        assert (item.due_at is None) == (item.status == "resolved")
        assert item.status == "resolved" or item.differences


def test_what_is_told_again_and_again_is_kept_in_bounds() -> None:
    item = opened()
    for number in range(40):
        change = handling.compared(item, CONTEXT, [Difference(of=f"event {number}")], TODAY, NOW, of_all=False)
        assert change is not None
        item = change.state
    assert len(item.differences) == 12
    assert item.differences[-1].of == "event 39"
