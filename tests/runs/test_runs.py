from datetime import date
from typing import Any

import pytest

from chalicelib import consumers
from chalicelib.runs import messages, service
from chalicelib.runs.jobs import Job
from chalicelib.runs.rules import Failure, Run, ShardResult, certificate, id_of
from tests.world import Api, Pump, token

AS_OF = date(2026, 3, 10)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A job that counts the shards it works on, and sets one item aside in shard 2."""
    worked: list[int] = []

    def shard(run: Run, number: int) -> ShardResult:
        worked.append(number)
        aside = (Failure("mem_1", "poisoned"),) if number == 2 else ()
        return ShardResult(counts={"members": number}, failures=aside, digest=f"d{number}")

    monkeypatch.setitem(consumers.JOBS, "counting", Job(shard))
    return worked


def test_a_run_is_claimed_once_for_a_period(api: Api) -> None:
    first = service.claim("counting", "2026-03", AS_OF, 3)
    assert first is not None
    assert (first.id, first.status, first.shards) == (id_of("counting", "2026-03"), "running", 3)
    assert service.claim("counting", "2026-03", AS_OF, 3) is None
    assert service.claim("counting", "2026-04", AS_OF, 3) is not None


@pytest.mark.parametrize("times", [1, 2])
def test_a_run_is_done_when_every_shard_has_told_its_result(
    api: Api, officer: str, pump: Pump, counted: list[int], times: int
) -> None:
    run = service.begin("counting", "2026-03", AS_OF, 3)
    under_way = api.get(f"/v1/runs/{run.id}", officer)
    assert (under_way["status"], under_way["shards_done"], under_way["allowed_actions"]) == ("running", 0, ["redrive"])
    pump(times=times)
    done = api.get(f"/v1/runs/{run.id}", officer)
    assert (done["status"], done["shards_done"], done["counts"]) == ("done", 3, {"members": 6})
    assert done["failures"] == [{"item": "mem_1", "reason": "poisoned"}]
    assert len(done["certificate"]) == 64
    assert done["deadlines"] == []
    assert sorted(counted) == [1, 2, 3]


def test_a_shard_that_dies_is_worked_on_again_and_the_others_finish(
    api: Api, officer: str, pump: Pump, counted: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    deaths = iter([True, True, False, False, False])
    shard = consumers.JOBS["counting"].shard

    def dying(run: Run, number: int) -> ShardResult:
        if number == 2 and next(deaths):
            raise RuntimeError("died")
        return shard(run, number)

    monkeypatch.setitem(consumers.JOBS, "counting", Job(dying))
    run = service.begin("counting", "2026-03", AS_OF, 3)
    pump()
    assert service.get(run.id).status == "done"
    assert sorted(counted) == [1, 2, 3]


def test_a_run_that_hangs_is_redriven_by_an_officer(api: Api, officer: str, pump: Pump, counted: list[int]) -> None:
    run = service.claim("counting", "2026-03", AS_OF, 2)
    assert run is not None
    assert pump() == 0
    reply = api.post(f"/v1/runs/{run.id}/redrive", by=officer, key="k")
    assert (reply.status, reply["version"]) == (200, 2)
    assert api.post(f"/v1/runs/{run.id}/redrive", by=officer, key="k").raw == reply.raw
    pump()
    assert service.get(run.id).status == "done"
    again = api.post(f"/v1/runs/{run.id}/redrive", by=officer)
    assert (again.status, again["code"]) == (409, "run_is_over")


def test_beginning_twice_sends_again_only_what_is_missing(api: Api, pump: Pump, counted: list[int]) -> None:
    service.begin("counting", "2026-03", AS_OF, 3)
    pump.turn("work")
    service.begin("counting", "2026-03", AS_OF, 3)
    pump()
    assert sorted(counted) == [1, 2, 3]


def test_a_run_without_shards_is_done_at_once(api: Api) -> None:
    assert service.begin("counting", "2026-03", AS_OF, 0).status == "done"


def test_a_result_once_told_stands(api: Api) -> None:
    run = service.claim("counting", "2026-03", AS_OF, 2)
    assert run is not None
    assert service.shard_done(run.id, 1, ShardResult(counts={"members": 1}))
    assert not service.shard_done(run.id, 1, ShardResult(counts={"members": 9}))
    assert service.shown(run.id).counts == {"members": 1}


def test_a_message_of_no_run_is_set_aside(api: Api, pump: Pump) -> None:
    messages.send("run_unknown", [1])
    assert pump() == 1


def test_runs_of_a_job_are_listed_latest_first_in_pages(api: Api, officer: str, time: Any) -> None:
    made = []
    for month in range(1, 6):
        run = service.claim("counting", f"2026-{month:02}", AS_OF, 1)
        assert run is not None
        made.append(run.id)
        time.advance(hours=1)
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = api.get(f"/v1/runs?job=counting&limit=2&cursor={cursor}", officer)
        seen += [run["id"] for run in page["items"]]
        cursor = page["next_cursor"]
    assert seen == made[::-1]


def test_runs_are_for_officers_and_an_unknown_run_is_not_there(api: Api, officer: str) -> None:
    assert api.get("/v1/runs/run_unknown", officer).status == 404
    assert api.get("/v1/runs?job=counting", token("member", "mem_00000000000000000000000001")).status == 403
    assert api.post("/v1/runs/run_unknown/redrive", by=officer).status == 404


def test_the_certificate_depends_on_every_result_and_on_nothing_else() -> None:
    results = {1: ShardResult(digest="a"), 2: ShardResult(digest="b")}
    assert certificate(results) == certificate(dict(reversed(results.items())))
    assert certificate(results) != certificate({1: ShardResult(digest="b"), 2: ShardResult(digest="a")})
    assert certificate(results) != certificate({1: results[1]})
