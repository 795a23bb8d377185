from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib import consumers
from chalicelib.orders.declared import ORDERS
from chalicelib.sandbox import clock_offset, records, service
from chalicelib.sandbox.rules import Schedule
from chalicelib.shared import clock
from chalicelib.shared.journal import Entry
from chalicelib.shared.machines import Due, Machine, Swept
from chalicelib.shared.settings import Settings
from tests.trade import Trade
from tests.world import START, Api, StandingClock

# --- tokens -----------------------------------------------------------------------------------------------------------


def test_a_token_needs_no_token_and_opens_doors(api: Api) -> None:
    reply = api.post("/v1/sandbox/tokens", {"role": "officer", "sub": "officer-9", "duties": ["admin"]})
    assert reply.status == 200, reply.body
    assert datetime.fromisoformat(reply["expires_at"]) > clock.real() + timedelta(hours=23)
    assert api.get("/v1/ledger/trial-balance", reply["token"]).status == 200
    member = api.post("/v1/sandbox/tokens", {"role": "member", "sub": "mem_00000000000000000000000001"})
    assert api.get("/v1/ledger/trial-balance", member["token"]).status == 403


def test_a_token_is_asked_for_in_the_right_words(api: Api) -> None:
    refused: list[Any] = [
        {},
        {"role": "king", "sub": "x"},
        {"role": "member", "sub": ""},
        {"role": "member", "sub": "a b"},
        {"role": "member", "sub": "x" * 101},
        {"role": "member", "sub": "x\n"},
        {"role": "member", "sub": "x", "duties": ["claims"]},
        {"role": "officer", "sub": "x", "duties": ["everything"]},
        {"role": "officer", "sub": "x", "days": 3},
        [],
    ]
    for asked in refused:
        assert api.post("/v1/sandbox/tokens", asked).status == 400, asked


# --- the clock --------------------------------------------------------------------------------------------------------


def test_the_clock_moves_forward_and_stays_there(api: Api, time: StandingClock, officer: str) -> None:
    moved = api.post("/v1/sandbox/clock", {"advance_hours": 2}, officer)
    assert moved.status == 200, moved.body
    assert (moved["now"], moved["arrived"], moved["happened"]) == ("2026-03-02T04:15:00Z", True, [])
    clock_offset.forget()
    assert api.get("/v1/sandbox/clock", officer)["now"] == "2026-03-02T04:15:00Z"
    time.advance(minutes=1)
    assert clock.now() == START + timedelta(hours=2, minutes=1)
    assert api.post("/v1/sandbox/clock", {"now": "2026-03-02T14:00:00+08:00"}, officer)["now"] == "2026-03-02T06:00:00Z"


def test_moving_the_clock_twice_with_one_key_moves_it_once(api: Api, officer: str) -> None:
    first = api.post("/v1/sandbox/clock", {"advance_hours": 2}, officer, key="k")
    again = api.post("/v1/sandbox/clock", {"advance_hours": 2}, officer, key="k")
    assert (again.raw, again.headers["Idempotent-Replayed"]) == (first.raw, "true")
    assert api.get("/v1/sandbox/clock", officer)["now"] == first["now"]
    other = api.post("/v1/sandbox/clock", {"advance_hours": 3}, officer, key="k")
    assert (other.status, other["code"]) == (422, "idempotency_key_reused")


def test_the_clock_refuses_to_go_back_or_too_far(api: Api, officer: str) -> None:
    for asked, status in (
        ({"now": "2026-03-02T02:14:59Z"}, 422),
        ({"now": "2028-06-01T00:00:00Z"}, 422),
        ({"now": "2026-03-03T00:00:00"}, 400),
        ({"now": "tomorrow"}, 400),
        ({"advance_hours": -1}, 400),
        ({"advance_hours": 0}, 400),
        ({"advance_hours": 20_000}, 400),
        ({"advance_hours": "2"}, 400),
        ({"advance_hours": 1, "now": "2026-03-03T00:00:00Z"}, 400),
        ({}, 400),
    ):
        assert api.post("/v1/sandbox/clock", asked, officer).status == status, asked
    assert api.get("/v1/sandbox/clock", officer)["now"] == "2026-03-02T02:15:00Z"


def test_the_clock_needs_a_caller_and_a_key(api: Api, officer: str) -> None:
    assert api.get("/v1/sandbox/clock").status == 401
    keyless = api.post("/v1/sandbox/clock", {"advance_hours": 1}, officer, **{"Idempotency-Key": ""})
    assert (keyless.status, keyless["code"]) == (400, "idempotency_key_required")


def test_whatever_falls_due_on_the_way_happens_in_order_at_its_own_moment(
    api: Api, officer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = [START + timedelta(hours=hours) for hours in (1, 5, 20)]
    seen: list[datetime] = []

    class Standing(Machine):
        """Things that fall due at these moments."""

        def due_in(self, part: int, until: datetime | None = None, limit: int | None = None) -> Iterator[Due]:
            yield from (Due(moment, "aggregate_id") for moment in sorted(due) if part == 0)

        def sweep(self, now: datetime, **how: Any) -> Swept:
            assert now == clock.now()
            ripe = [moment for moment in due if moment <= now]
            seen.extend(ripe)
            due[:] = [moment for moment in due if moment > now]
            return Swept(looked_at=len(ripe), left=True)  # nothing was written that the agenda could have heard

    monkeypatch.setattr(service, "SWEEPS", {"orders": Standing(**vars(ORDERS))})
    moved = api.post("/v1/sandbox/clock", {"advance_hours": 24}, officer)
    assert seen == [START + timedelta(hours=hours) for hours in (1, 5, 20)]
    assert [(thing["at"], thing["what"]) for thing in moved["happened"]] == [
        ("2026-03-02T03:15:00Z", "orders"),
        ("2026-03-02T07:15:00Z", "orders"),
        ("2026-03-02T16:20:00Z", "credit-limits"),
        ("2026-03-02T16:45:00Z", "books-close"),
        ("2026-03-02T22:15:00Z", "orders"),
    ]
    assert moved["counts"] == {"orders": 3, "credit-limits": 1, "books-close": 1}


def test_a_few_things_have_their_consequences_together_before_the_next_of_the_same_stop(
    trade: Trade, officer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So a stop for many things ends when its time is over. Who takes many entries is handed them at once; where it fails, one by one."""
    order_ids = [trade.propose()["id"] for _ in range(5)]
    seen: list[tuple[str, str]] = []

    def settle(order_id: str, now: datetime) -> None:
        seen.append(("settles", order_id))
        ORDERS.settle(order_id, now)

    monkeypatch.setattr(service, "SCHEDULES", ())
    monkeypatch.setattr(service, "SWEEPS", {"orders": replace(ORDERS, settle=settle)})

    def take_together(*entries: Entry) -> None:
        seen.append(("together", " ".join(entry.aggregate_id for entry in entries)))
        if len(entries) > 1 and seen[0] != ("settles", entries[0].aggregate_id):
            raise LookupError

    monkeypatch.setattr(service, "AT_ONCE", 2)
    monkeypatch.setattr(
        service, "subscribers", [(take_together, True), (lambda made: seen.append(("alone", made.aggregate_id)), False)]
    )
    moved = trade.api.post("/v1/sandbox/clock", {"advance_hours": 24 * 70}, officer)
    assert [(stop["what"], stop["count"]) for stop in moved["happened"]] == [("orders", 5)]
    settled = [order_id for what, order_id in seen if what == "settles"]
    assert sorted(settled) == sorted(order_ids)
    one, two, three, four, five = settled
    assert seen == [
        ("settles", one),
        ("settles", two),
        ("together", f"{one} {two}"),
        ("alone", one),
        ("alone", two),
        ("settles", three),
        ("settles", four),
        ("together", f"{three} {four}"),
        ("together", three),
        ("together", four),
        ("alone", three),
        ("alone", four),
        ("settles", five),
        ("together", five),
        ("alone", five),
    ]


def test_an_order_that_is_not_paid_ends_on_the_way_when_its_time_is_over(
    trade: Trade, officer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "SCHEDULES", (Schedule("books-close", 16, 45, day=28),))
    order_id = trade.agree()
    due_at = next(deadline["due_at"] for deadline in trade.see(order_id)["deadlines"])
    moved = trade.api.post("/v1/sandbox/clock", {"advance_hours": 24 * 70}, officer)
    assert moved["arrived"] is True
    assert [deadline["at"] for deadline in moved["happened"] if deadline["what"] == "orders"] == [due_at]
    ended = trade.see(order_id)
    assert (ended["status"], ended["updated_at"]) == ("expired", due_at)
    assert trade.standing().reserved_minor == 0


def test_what_cannot_be_settled_does_not_hold_the_clock(
    api: Api, officer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stuck(Machine):
        def due_in(self, part: int, until: datetime | None = None, limit: int | None = None) -> Iterator[Due]:
            yield Due(START - timedelta(hours=1), "aggregate_id")

        def sweep(self, now: datetime, **how: Any) -> Swept:
            return Swept(looked_at=1)

    monkeypatch.setattr(service, "SWEEPS", {"orders": Stuck(**vars(ORDERS))})
    moved = api.post("/v1/sandbox/clock", {"advance_hours": 3}, officer)
    assert (moved["now"], moved["arrived"]) == ("2026-03-02T05:15:00Z", True)


def test_a_way_too_long_for_one_request_is_gone_on_with_the_next(
    api: Api, officer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as hurried:
        hurried.setattr(service, "MOST_SECONDS", -1.0)
        stopped = api.post("/v1/sandbox/clock", {"advance_hours": 3}, officer)
    assert (stopped["now"], stopped["arrived"]) == ("2026-03-02T02:15:00Z", False)
    assert api.post("/v1/sandbox/clock", {"now": "2026-03-02T05:15:00Z"}, officer)["arrived"] is True


def test_on_the_way_through_a_month_the_last_close_is_made_and_the_tenth_qualifies(api: Api, officer: str) -> None:
    moved = api.post("/v1/sandbox/clock", {"now": "2026-03-10T00:00:00Z"}, officer)
    jobs = ("books-close", "credit-limits", "qualification-monthly", "deposits-daily", "deposits-monthly")
    assert moved["counts"] == dict.fromkeys(jobs, 1)
    run_id = next(thing["run_id"] for thing in moved["happened"] if thing["what"] == "qualification-monthly")
    run = api.get(f"/v1/runs/{run_id}", officer)
    assert (run["status"], run["as_of"]) == ("done", "2026-03-10")


def test_the_clock_begins_where_the_stage_says(aws: None, time: StandingClock, monkeypatch: pytest.MonkeyPatch) -> None:
    begins = datetime(2030, 1, 1, tzinfo=UTC)
    monkeypatch.setattr(clock_offset, "settings", lambda: Settings(sandbox_start=begins))
    clock_offset.forget()
    first = records.offset_ms()
    assert first is None
    assert abs(clock_offset.offset() - (begins - clock.real())) < timedelta(minutes=1)
    kept = records.offset_ms()
    clock_offset.forget()
    clock_offset.offset()
    assert records.offset_ms() == kept


def test_the_clock_is_read_once_in_a_quarter_of_a_second(
    aws: None, time: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([5, 7])
    monkeypatch.setattr(records, "offset_ms", lambda: next(answers))
    clock_offset.forget()
    assert {clock_offset.offset() for _ in range(20)} == {timedelta(milliseconds=5)}
    clock_offset.forget()
    assert clock_offset.offset() == timedelta(milliseconds=7)


# --- jobs -------------------------------------------------------------------------------------------------------------


def test_a_job_runs_when_asked_and_answers_its_run(api: Api, officer: str) -> None:
    ran = api.post("/v1/sandbox/jobs/books-close", {"as_of": "2026-03-01"}, officer, key="k")
    assert ran.status == 200, ran.body
    assert (ran["job"], ran["status"], ran["as_of"]) == ("books-close", "done", "2026-03-01")
    again = api.post("/v1/sandbox/jobs/books-close", {"as_of": "2026-03-01"}, officer, key="k")
    assert again.raw == ran.raw
    assert api.post("/v1/sandbox/jobs/books-close", {"as_of": "2026-03-01"}, officer)["id"] == ran["id"]


def test_qualification_and_deadlines_run_when_asked(api: Api, officer: str) -> None:
    ran = api.post("/v1/sandbox/jobs/qualification-monthly", {}, officer)
    assert (ran["job"], ran["status"], ran["as_of"]) == ("qualification-monthly", "done", "2026-03-02")
    swept = api.post("/v1/sandbox/jobs/deadlines", {}, officer)
    assert (swept["job"], swept["status"], swept["counts"]) == ("deadlines", "done", {"looked_at": 0})
    assert api.post("/v1/sandbox/jobs/deadlines", {}, officer)["id"] != swept["id"]


def test_there_is_no_other_job_and_none_for_days_to_come(api: Api, officer: str) -> None:
    assert api.post("/v1/sandbox/jobs/harvest", {}, officer).status == 404
    ahead = api.post("/v1/sandbox/jobs/books-close", {"as_of": "2026-03-03"}, officer)
    assert (ahead.status, ahead["code"]) == (422, "as_of_in_future")
    assert api.post("/v1/sandbox/jobs/books-close", {"as_of": "soon"}, officer).status == 400


def test_every_job_of_the_queue_can_be_run_manually(api: Api) -> None:

    assert dict(service.WORK) == {name: consumers.JOBS[name] for name in service.WORK}
    assert set(service.STARTS) <= set(service.WORK)


# --- elsewhere --------------------------------------------------------------------------------------------------------


def test_elsewhere_the_sandbox_is_not_there_at_all() -> None:
    script = (
        "import app, json; from chalicelib.shared import clock; "
        "print(json.dumps([[path for path in app.app.routes if 'sandbox' in path], clock._offset.__name__, "
        "[name for name in __import__('sys').modules if name.startswith('chalicelib.sandbox')]]))"
    )
    environment = {"AWS_DEFAULT_REGION": "us-east-1", "SURETY_STAGE": "prod"}
    process = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    assert json.loads(process.stdout) == [[], "timedelta", []]
