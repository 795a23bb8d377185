"""Months of loans in one call of the sandbox's clock, and the same month by month: whether the ends are equal, and what each takes.

    python -m benchmarks.clock                       1,000 loans, 24 months
    python -m benchmarks.clock LOANS=100 MONTHS=6    fewer

One loan in twenty falls due on the way and is not paid: it becomes late, red, and its default is proposed. The engine is the embedded one of the
tests, whose time is in the figures.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from tests import conftest  # the environment, before anything of the product is imported

# isort: split
from chalicelib.monitoring.aggregate import ALERTS
from chalicelib.monitoring.records import watches
from chalicelib.monitoring.records.alerts import AlertRow
from chalicelib.monitoring.service import watching
from chalicelib.sandbox import clock_offset
from chalicelib.sandbox import service as sandbox
from chalicelib.shared import clock, ids, machines
from chalicelib.shared.periods import months_after, start_of, wire
from tests.ledger.books import project, raw_journal, stream
from tests.loans.lending import plant_loan
from tests.machine import machine
from tests.world import PATIENCE_SECONDS, Api, StandingClock, empty_engine, token

__all__ = ["conftest"]

DRAWN: Final = date(2026, 3, 2)
LATE_ONE_IN: Final = 20


def lend(count: int, months: int) -> None:
    """So many loans of as many firms; those that fall due on the way do so in different months."""
    now = clock.now()
    for number in range(count):
        is_late = number % LATE_ONE_IN == 0
        due_in = 1 + number // LATE_ONE_IN % max(months - 4, 1) if is_late else months + 12
        watching.follow_loan(plant_loan(ids.derived_id("mem", str(number)), months=due_in), now)
    project(stream(raw_journal()))  # what the books have not heard of is broken to the next close


def go(api: Api, moments: Sequence[datetime]) -> float:
    """Move the clock to each of them. Returns the CPU seconds that took."""
    began = time.process_time()
    for moment in moments:
        while not _moved(api, moment):
            pass
    return time.process_time() - began


def _moved(api: Api, moment: datetime) -> bool:
    """A new token each time: a long way outlives one."""
    reply = api.post("/v1/sandbox/clock", {"now": wire(moment)}, token("officer", "officer-1", "admin"))
    assert reply.status == 200, reply.raw
    return bool(reply["arrived"])


def end() -> list[Any]:
    """Every alert and every watch, by what it is about."""
    alerts = (ALERTS.repository.load(row.alert_id) for row in AlertRow.scan())
    found = [
        (alert.about.id, alert.rule, alert.started_on, alert.red_on, alert.proposed_default_on, alert.evidence)
        for alert in alerts
        if alert
    ]
    open_of = [(row.loan_id, [episode.rule for episode in row.body.open]) for row in watches.WatchRow.scan()]
    return [*sorted(found), *sorted(open_of)]


def main(given: dict[str, str]) -> int:
    loans, months = int(given.get("LOANS", 1_000)), int(given.get("MONTHS", 24))
    for module, patience in ((sandbox, "MOST_SECONDS"), (machines, "SECONDS"), (clock_offset, "KEPT_SECONDS")):
        setattr(module, patience, PATIENCE_SECONDS)  # whoever begins anew every few seconds looks at everything again
    with empty_engine():
        standing = StandingClock(start_of(DRAWN) + timedelta(hours=10))
        clock.use(standing)
        api = Api()
        lend(loans, months)
        before = machine().snapshot()
        moments = [start_of(months_after(DRAWN, number)) + timedelta(hours=3) for number in range(1, months + 1)]
        at_once, ends = go(api, moments[-1:]), [end()]
        machine().restore(before)
        clock_offset.forget()
        by_month = go(api, moments)
        ends.append(end())
    alerts = sum(len(each) > 2 for each in ends[0])
    print(f"{loans:,} loans, {months} months, {alerts:,} alerts")
    for name, seconds in (("in one call", at_once), ("month by month", by_month)):
        print(f"  {name:<16} {seconds:8.1f} s of CPU  {seconds / months * 1000:>8.0f} ms a month")
    print("the ends are equal" if ends[0] == ends[1] else "THE ENDS DIFFER")
    return 0 if ends[0] == ends[1] else 1


if __name__ == "__main__":
    sys.exit(main(dict(argument.partition("=")[::2] for argument in sys.argv[1:])))
