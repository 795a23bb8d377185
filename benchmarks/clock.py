"""Months of loans in one call of the sandbox's clock, and the same night by night: whether the ends are equal, and what each takes.

    python -m benchmarks.clock                       1,000 loans, 24 months
    python -m benchmarks.clock LOANS=100 MONTHS=6    fewer

The second way is that of the schedules: each night at two o'clock everything that has fallen due is swept, and the day that is over is decided.
One loan in twenty falls due on the way and is not paid: it becomes late, red, and its default is proposed. The engine is the embedded one of the
tests, whose time is in the figures.
"""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, Final

from tests import conftest  # the environment, before anything of the product is imported

# isort: split
from chalicelib.monitoring import jobs as monitoring
from chalicelib.monitoring.aggregate import ALERTS
from chalicelib.monitoring.records import watches
from chalicelib.monitoring.records.alerts import AlertRow
from chalicelib.monitoring.service import watching
from chalicelib.runs import jobs as runs
from chalicelib.runs.messages import Shard
from chalicelib.sandbox import clock_offset
from chalicelib.sandbox import service as sandbox
from chalicelib.shared import clock, ids, machines
from chalicelib.shared.commit import capture_entries
from chalicelib.shared.journal import Entry
from chalicelib.shared.observe import logger
from chalicelib.shared.periods import business_date, months_after, start_of, wire
from tests.ledger.books import project, raw_journal, stream
from tests.loans.lending import plant_loan
from tests.machine import machine
from tests.world import PATIENCE_SECONDS, Api, StandingClock, empty_engine, token

__all__ = ["conftest"]

DRAWN: Final = date(2026, 3, 2)
DAY: Final = timedelta(days=1)
LATE_ONE_IN: Final = 20
TOGETHER: Final = 100
"""Entries that those who follow the journal get at once, as from its stream."""


def lend(count: int, months: int) -> None:
    """So many loans of as many firms; those that fall due on the way do so in different months."""
    now = clock.now()
    for number in range(count):
        is_late = number % LATE_ONE_IN == 0
        due_in = 1 + number // LATE_ONE_IN % max(months - 4, 1) if is_late else months + 12
        watching.follow_loan(plant_loan(ids.derived_id("mem", str(number)), months=due_in), now)
    project(stream(raw_journal()))  # what the books have not heard of is broken to the next close


def in_one_call(end: datetime) -> None:
    """Move the sandbox's clock there; a new token each time, since a long way outlives one."""
    arrived = False
    while not arrived:
        reply = Api().post("/v1/sandbox/clock", {"now": wire(end)}, token("officer", "officer-1", "admin"))
        assert reply.status == 200, reply.raw
        arrived = reply["arrived"]


def night_by_night(standing: StandingClock, end: datetime) -> None:
    """What the schedules fire, each night."""
    while standing.at < end:
        standing.at = start_of(business_date(standing.at) + DAY) + monitoring.FIRES_AFTER
        with capture_entries() as entries:
            for waiting in sandbox.SWEEPS.values():
                if any(waiting.row.scan(limit=1)):
                    waiting.sweep(standing.at, seconds=PATIENCE_SECONDS, here=True)
            _follow(entries)
            run = monitoring.begin_daily(standing.at)
            for shard in range(1, run.shards + 1):
                runs.work_on(Shard(run.id, shard), sandbox.WORK)
            _follow(entries)


def _follow(written: list[Entry]) -> None:
    """What the journal's stream does with these entries, and with those that come of them."""
    while written:
        some = written[:TOGETHER]
        del written[:TOGETHER]
        for follow, takes_many in sandbox.subscribers:
            for entries in [some] if takes_many else [[entry] for entry in some]:
                follow(*entries)


def alerts() -> list[Any]:
    """Every alert and every watch, by what it is about."""
    alerts = (ALERTS.repository.load(row.alert_id) for row in AlertRow.scan())
    known = [
        (alert.about.id, alert.rule, alert.started_on, alert.red_on, alert.proposed_default_on, alert.evidence)
        for alert in alerts
        if alert
    ]
    open_of = [(row.loan_id, [episode.rule for episode in row.body.open]) for row in watches.WatchRow.scan()]
    return [*sorted(known), *sorted(open_of)]


def timed(go: Callable[[], None]) -> tuple[float, list[Any]]:
    began = time.process_time()
    go()
    return time.process_time() - began, alerts()


def main(given: dict[str, str]) -> int:
    loans, months = int(given.get("LOANS", 1_000)), int(given.get("MONTHS", 24))
    for module, patience in ((sandbox, "MOST_SECONDS"), (machines, "SECONDS"), (clock_offset, "KEPT_SECONDS")):
        setattr(module, patience, PATIENCE_SECONDS)  # whoever begins anew every few seconds looks at everything again
    logger.setLevel(logging.CRITICAL)  # nobody attends to these alerts, and that is said of each of them every day
    with empty_engine():
        standing = StandingClock(start_of(DRAWN) + timedelta(hours=10))
        clock.use(standing)
        lend(loans, months)
        before = machine().snapshot()
        end = start_of(months_after(DRAWN, months)) + monitoring.FIRES_AFTER
        at_once, ended = timed(lambda: in_one_call(end))
        machine().restore(before)
        clock_offset.forget()
        by_night, ended_by_night = timed(lambda: night_by_night(standing, end))
    alerts = sum(len(each) > 2 for each in ended)
    print(f"{loans:,} loans, {months} months, {alerts:,} alerts")
    for name, seconds in (("in one call", at_once), ("night by night", by_night)):
        print(f"  {name:<16} {seconds:8.1f} s of CPU  {seconds / months * 1000:>8.0f} ms a month")
    print("the ends are equal" if ended == ended_by_night else "THE ENDS DIFFER")
    return 0 if ended == ended_by_night else 1


if __name__ == "__main__":
    sys.exit(main(dict(argument.partition("=")[::2] for argument in sys.argv[1:])))
