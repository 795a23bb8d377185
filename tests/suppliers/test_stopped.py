"""The process stops before or after any call of any command about a supplier, and the request comes again: nothing is different in the end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from chalicelib.daybook.service import recording as daybook_recording
from chalicelib.runs import service as runs
from chalicelib.shared import ids
from chalicelib.suppliers import jobs
from tests.stopping import try_every_stop
from tests.suppliers.test_programme import RISK, SELLER, WHY, member, seller, sold, trading
from tests.world import Api, StandingClock

__all__ = ["member", "trading"]

PENALTY = ids.derived_id("pen", ids.derived_id("ent", "endpoint", "officer", "officer-2", "k-penalties"))


def post(api: Api, what: str, body: Any, by: str = RISK) -> None:
    reply = api.post(f"/v1/suppliers/{SELLER}/{what}", body, by, key=f"k-{what}", X_Request_Id="r")
    assert reply.status == 200, reply.body


def evaluate(api: Api, time: StandingClock) -> None:
    """The monthly run after one more trade, worked through without its queue."""
    as_of = date(2026, 3, 2)
    daybook_recording.record([sold(99, time.at - timedelta(days=10))])
    runs.claim(jobs.QUALIFICATION, "test", as_of, 1)
    run = runs.whole(ids.derived_id("run", jobs.QUALIFICATION, "test"))[0]
    runs.shard_done(run.id, 1, jobs.qualify_segment(run, 1))


COMMANDS: list[tuple[str, Callable[[Api, StandingClock], None]]] = [
    ("enrol", lambda api, _: post(api, "enrolment", {}, seller())),
    ("penalize", lambda api, _: post(api, "penalties", {"reason": "serious_resolved"})),
    ("lift", lambda api, _: post(api, f"penalties/{PENALTY}/lift", WHY)),
    ("suspend", lambda api, _: post(api, "suspension", WHY)),
    ("reinstate", lambda api, _: post(api, "reinstatement", WHY)),
    ("withdraw", lambda api, _: post(api, "withdrawal", None, seller())),
]


def test_stopping_anywhere_and_asking_again_changes_nothing(api: Api, trading: str, time: StandingClock) -> None:
    for name, command in COMMANDS:
        calls = try_every_stop(name, lambda command=command: command(api, time))  # type: ignore[misc]
        assert [call for call in calls if call != "GetItem"] == ["Query", "TransactWriteItems"], name


def test_the_monthly_run_may_die_at_any_call(api: Api, trading: str, time: StandingClock) -> None:
    """The end is the same but for what the shard says it changed: what it wrote before it died it does not write again."""
    COMMANDS[0][1](api, time)
    try_every_stop("evaluate", lambda: evaluate(api, time), compared=lambda end: end.items(without=("runs",)))
