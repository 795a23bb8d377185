"""The way of the sandbox's clock to a moment: where it stops, and for what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.monitoring import jobs as monitoring_jobs
from chalicelib.recoveries import jobs as recovery_jobs
from chalicelib.recoveries.declared import RECOVERIES
from chalicelib.sandbox import rules
from chalicelib.sandbox.agenda import Agenda
from chalicelib.sandbox.rules import MONITORING, SET_OFFS, Schedule
from chalicelib.webhooks.declared import DELIVERIES

ARRIVAL: Final = "arrival"
TOGETHER: Final = timedelta(minutes=1)
"""What falls due of one machine within a minute, with nothing else between, takes one stop: no schedule fires more often. A timer writes
the moment it was due, so only what is done late (a message, a question to a bank) is that much later."""
MOST_STOPS: Final = 3
"""The clock stops for one moment of one machine so many times: what falls due at once may bring forth more of it."""


class Stop(Struct, frozen=True, order=True):
    """Where the clock stops, the moment that is waited for there, and what waits: a job, a machine, or ARRIVAL."""

    at: datetime
    due: datetime
    what: str


class Way:
    """`patience` are the seconds that are left for messages: then nobody waits for receivers that are gone, however many messages there
    are for them. The queue and its schedule send what is left, as they do in the cloud.
    """

    def __init__(self, target: datetime, agenda: Agenda, schedules: Sequence[Schedule], patience: float) -> None:
        self._target, self._agenda, self._schedules = target, agenda, schedules
        self._stopped_for = Counter[tuple[datetime, str]]()
        self.patience = patience

    def next_stop(self, now: datetime) -> Stop:
        """The earliest there is. It arrives when all that falls due until then has had its stops."""
        stop, *later = sorted(self._stops(now))
        if stop.what in self._agenda.machines:
            last = self._agenda.last_until(stop.what, min(stop.at + TOGETHER, later[0].at))
            stop = replace(stop, at=max(stop.at, last or stop.at))
        self._stopped_for[stop.due, stop.what] += 1
        return stop

    def _stops(self, now: datetime) -> Iterator[Stop]:
        """Where it could stop: at schedules, where something falls due that it has not stopped for in vain, and behind it at the target."""
        yield Stop(self._target, datetime.max.replace(tzinfo=UTC), ARRIVAL)
        for firing, job in rules.next_firings(self._schedules, now, self._target):
            yield Stop(firing, firing, job)
        if set_off := self._agenda.worked_out(RECOVERIES.name, recovery_jobs.next_set_off, now):
            yield Stop(max(set_off, now), set_off, SET_OFFS)
        if decision := self._agenda.worked_out(MONITORING, monitoring_jobs.next_decision, now):
            yield Stop(max(decision, now), decision, MONITORING)
        for due, machine in self._agenda.waiting():
            is_held = machine == DELIVERIES.name and self.patience <= 0
            if not is_held and self._stopped_for[due, machine] < MOST_STOPS:
                yield Stop(max(due, now), due, machine)
