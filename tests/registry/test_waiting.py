"""What nobody attends to for years is told of a bounded number of times: the clock's own steps grow rarer, or end."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Final

from chalicelib.shared import journal
from chalicelib.shared.machines import Machine
from tests.due import EVERY_MACHINE, Planter
from tests.world import StandingClock

YEARS: Final = timedelta(days=2 * 365)
MOST: Final = 60
"""Entries about one thing in that time: one in twelve days."""


@EVERY_MACHINE
def test_what_nobody_attends_to_is_told_of_seldom(machine: Machine, planter: Planter, time: StandingClock) -> None:
    name = planter.due(machine)
    end = time.at + YEARS
    for _ in range(1_000):
        at = machine.due_at(name, time.at)
        if at is None or at > end:
            break
        time.at = max(time.at, at)
        machine.settle(name, time.at)
    kinds = Counter(row.entry().event.kind for row in journal.JournalRow.scan())
    assert max(kinds.values()) <= MOST
