"""The sandbox's clock and the daily run: a long way in one call comes to the same as its days one by one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chalicelib.monitoring import jobs
from chalicelib.runs import service as runs
from chalicelib.sandbox import clock_offset
from chalicelib.shared.periods import start_of, wire
from tests.machine import machine
from tests.monitoring.watched import DAY, DRAWN, Watched, bank, lender, one_part, watched
from tests.size import at_size

__all__ = ["bank", "lender", "one_part", "watched"]

END = DRAWN + at_size(730, 40) * DAY


def known(world: Watched) -> list[Any]:
    """Everything that a rule found of the world's loans, and when."""
    return [
        (alert.about.id, alert.rule, alert.started_on, alert.red_on, alert.proposed_default_on, alert.evidence)
        for loan in world.loans
        for alert in world.alerts(loan)
    ]


def test_months_of_loans_in_one_call_of_the_clock_equal_their_days(one_part: None, watched: Watched) -> None:
    """Three loans: one falls into arrears at once, one later, one is due far ahead; the firm is silent, and so are the feeds."""
    for due in ("2026-03-09", "2026-04-20"):
        watched.draws((due, 10_000_00, 0), ("2027-06-01", 10_000_00, 0))
    before = machine().snapshot()
    on, lender = DRAWN, watched.lender
    while on < END:
        watched.night(on, is_complete=False)
        on += DAY
    one_by_one = known(watched)
    assert {row[1] for row in one_by_one} == {"repayment"}

    machine().restore(before)
    clock_offset.forget()
    lender.on(DRAWN.year, DRAWN.month, DRAWN.day)
    target = {"now": wire(start_of(END) + timedelta(hours=3))}
    while not lender.api.post("/v1/sandbox/clock", target, lender.bank.officer)["arrived"]:
        pass
    assert known(watched) == one_by_one
    last = runs.latest(jobs.DAILY)
    assert last is not None
    assert last.status == "done"


def test_a_job_that_is_asked_for_decides_the_last_day_that_is_over(watched: Watched) -> None:
    watched.time.at = start_of(DRAWN + 5 * DAY) + timedelta(hours=12)
    watched.told(DRAWN + 4 * DAY, 10)
    reply = watched.lender.api.post("/v1/sandbox/jobs/monitoring-daily", {}, watched.lender.bank.officer)
    assert (reply.status, reply["status"], reply["as_of"]) == (200, "done", str(DRAWN + 4 * DAY)), reply.body
    assert watched.known() == [("login_silence", "amber", DRAWN + 4 * DAY)]
    shown = watched.lender.api.get(f"/v1/runs/{reply['id']}", watched.lender.bank.officer)
    assert (shown["counts"]["raised"], shown["shards_done"], bool(shown["certificate"])) == (1, 8, True)
