"""The monthly evaluation: complete, repeatable, and stopped by no single supplier."""

from __future__ import annotations

import csv
import hashlib
import io
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import boto3
import pytest
from pynamodb.connection.table import TableConnection
from pynamodb.exceptions import QueryError

from chalicelib.daybook.service import recording as daybook_recording
from chalicelib.members.rules import id_of
from chalicelib.runs import service as runs
from chalicelib.runs.rules import Run
from chalicelib.shared import files
from chalicelib.shared.journal import JournalRow
from chalicelib.suppliers import jobs, records
from tests.suppliers.test_programme import penalize, post, sold
from tests.world import Api, Pump, Reply, StandingClock

AS_OF = date(2026, 3, 2)
SELLERS = 12


@pytest.fixture
def market(api: Api, officer: str, time: StandingClock) -> list[str]:
    """Twelve sellers with n trades of 1,000 USD each, and one member that never sold anything."""
    made = []
    for n in range(SELLERS):
        ref = f"seller-{n}"
        api.post("/v1/members", {"external_ref": ref, "name": ref, "country": "CN"}, officer)
        made.append(id_of(ref))
        daybook_recording.record(
            [sold(100 * n + k, time.at - timedelta(days=30), member_id=made[-1]) for k in range(n)]
        )
    api.post("/v1/members", {"external_ref": "buyer", "name": "buyer", "country": "DE"}, officer)
    return made


def enrol(api: Api, officer: str, member_id: str, **body: Any) -> Reply:
    reply = api.post(f"/v1/suppliers/{member_id}/enrolment", body, officer)
    assert reply.status == 200, reply.body
    return reply


def shown(api: Api, officer: str, run: Run) -> Reply:
    return api.get(f"/v1/runs/{run.id}", officer)


def lines(reply: Reply) -> list[dict[str, str]]:
    """The run's files, read where their links point to."""
    keys = [unquote(urlsplit(link["url"]).path).partition(f"{files.bucket()}/")[2] for link in reply["files"]]
    return [line for key in keys for line in csv.DictReader(io.StringIO(files.read(key).decode()))]


def test_a_run_evaluates_everybody_with_history_and_counts_what_it_came_to(
    api: Api, officer: str, market: list[str], pump: Pump
) -> None:
    run = jobs.start_qualification(AS_OF)
    pump()
    reply = shown(api, officer, run)
    assert (reply["status"], reply["shards_done"], reply["as_of"]) == ("done", jobs.SEGMENTS, "2026-03-02")
    limits = [100_000 + n * 100_000 * 2000 * 9600 // 10**8 for n in range(5, SELLERS)]
    assert reply["counts"] == {
        "changed": 0,
        "evaluated": SELLERS - 1,
        "limit_total_minor": sum(limit // 10_000 * 10_000 for limit in limits),
        "qualified": SELLERS - 5,
        "set_aside": 0,
        "status_not_enrolled": SELLERS - 1,
    }


def test_each_decision_is_in_a_file_behind_a_link(api: Api, officer: str, market: list[str], pump: Pump) -> None:
    run = jobs.start_qualification(AS_OF)
    pump()
    reply = shown(api, officer, run)
    assert reply["files"][0]["name"] == "qualification-2026-03-02-01-of-16.csv"
    assert parse_qs(urlsplit(reply["files"][0]["url"]).query)["X-Amz-Expires"] == ["900"]
    found = {line["supplier_ref"]: line for line in lines(reply)}
    assert sorted(found) == sorted(f"seller-{n}" for n in range(1, SELLERS))
    assert found["seller-4"]["failed"] == "completed due"
    assert {name: found["seller-10"][name] for name in ("gmv", "q_bp", "raw", "limit", "qualified")} == {
        "gmv": "10000.00",
        "q_bp": "9600",
        "raw": "2920.00",
        "limit": "2900.00",
        "qualified": "yes",
    }


def test_no_reference_is_a_formula_in_a_runs_file_and_its_digest_is_that_of_the_file(
    api: Api, officer: str, pump: Pump, time: StandingClock
) -> None:
    ref = '=HYPERLINK("https://x.example","1,000")'
    assert api.post("/v1/members", {"external_ref": ref, "name": "n", "country": "CN"}, officer).status == 201
    daybook_recording.record([sold(1, time.at - timedelta(days=30), member_id=id_of(ref))])
    run = jobs.start_qualification(AS_OF)
    pump()
    [line] = lines(shown(api, officer, run))
    assert (line["supplier_ref"], line["supplier_id"]) == (f"'{ref}", id_of(ref))
    results = runs.whole(run.id)[2].values()
    assert all(
        shard_result.digest == hashlib.sha256(files.read(shard_result.files[0])).hexdigest() for shard_result in results
    )


def test_only_suppliers_whose_status_or_limit_changes_are_written(
    api: Api, officer: str, market: list[str], pump: Pump, time: StandingClock
) -> None:
    for member_id in market[4:8]:
        enrol(api, officer, member_id)
    daybook_recording.record([sold(9000, time.at - timedelta(days=8), member_id=market[4])])
    daybook_recording.record([sold(9001, time.at - timedelta(days=8), member_id=market[6])])
    run = jobs.start_qualification(AS_OF)
    pump(times=2)
    assert shown(api, officer, run)["counts"]["changed"] == 2
    standings = {member_id: records.load(member_id) for member_id in market[4:8]}
    data = {id_: (found[0].version, found[0].status, found[0].limit_minor) for id_, found in standings.items() if found}
    assert data == {
        market[4]: (2, "active", 190_000),
        market[5]: (1, "active", 190_000),
        market[6]: (2, "active", 230_000),
        market[7]: (1, "active", 230_000),
    }
    (entry,) = [
        row.entry() for row in JournalRow.scan() if row.aggregate_id == f"supplier:{market[6]}" and row.seq == 2
    ]
    assert (entry.event.kind, entry.by.role) == ("supplier.recomputed", "clock")
    assert [leg.account for leg in entry.event.postings] == ["cover_available", "cover_granted"]


def test_a_second_run_for_the_same_date_is_the_same_run(api: Api, officer: str, market: list[str], pump: Pump) -> None:
    first = jobs.start_qualification(AS_OF)
    pump()
    certificate = shown(api, officer, first)["certificate"]
    again = jobs.start_qualification(AS_OF)
    pump()
    assert again.id == first.id
    assert shown(api, officer, again)["certificate"] == certificate


def test_the_schedule_decides_for_the_date_it_fired_on_in_shanghai(
    api: Api, officer: str, market: list[str], time: StandingClock
) -> None:
    time.advance(days=30)
    run = jobs.start_monthly(datetime(2026, 3, 9, 16, 30, tzinfo=UTC))
    assert (run.as_of, run.period) == (date(2026, 3, 10), "2026-03-10")


def test_a_supplier_whose_days_cannot_be_read_is_set_aside_and_the_rest_finish(
    api: Api, officer: str, market: list[str], pump: Pump
) -> None:
    for member_id in market[5:]:
        enrol(api, officer, member_id)
    spoil("day-book", {"member_id": market[6], "month": "2026-01"}, "days")
    spoil("suppliers", {"member_id": market[7]}, "body")
    spoil("members", {"member_id": market[8]}, "body")
    run = jobs.start_qualification(AS_OF)
    pump()
    reply = shown(api, officer, run)
    assert reply["status"] == "done"
    assert {failure["item"] for failure in reply["failures"]} == set(market[6:9])
    assert (reply["counts"]["evaluated"], reply["counts"]["set_aside"]) == (SELLERS - 4, 3)


def test_trouble_of_the_store_sets_nobody_aside_but_brings_the_shard_back(
    api: Api, officer: str, market: list[str], pump: Pump, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = jobs.start_qualification(AS_OF)

    def down(*args: Any, **kwargs: Any) -> None:
        raise QueryError("the store does not answer")

    with monkeypatch.context() as broken:
        broken.setattr(TableConnection, "query", down)
        failed = [shard for shard in range(1, jobs.SEGMENTS + 1) if not works(run, shard)]
    assert failed
    assert shown(api, officer, run)["shards_done"] == 0
    pump()
    assert (shown(api, officer, run)["status"], shown(api, officer, run)["failures"]) == ("done", [])


def test_a_run_that_died_in_the_middle_goes_on_where_it_stopped(
    api: Api, officer: str, market: list[str], pump: Pump
) -> None:
    """The suppliers were written and the shard's result was not: working on it again changes nothing more."""
    enrol(api, officer, market[4])
    daybook_recording.record([sold(9000, datetime(2026, 2, 10, tzinfo=UTC), member_id=market[4])])
    run = runs.claim(jobs.QUALIFICATION, AS_OF.isoformat(), AS_OF, jobs.SEGMENTS)
    assert run is not None
    for shard in range(1, jobs.SEGMENTS + 1):
        jobs.qualify_segment(run, shard)
    entries = JournalRow.count()
    jobs.start_qualification(AS_OF)
    pump()
    reply = shown(api, officer, run)
    assert (reply["status"], reply["counts"]["evaluated"], reply["counts"]["changed"]) == ("done", SELLERS - 1, 0)
    assert JournalRow.count() == entries + 1


def test_a_run_that_came_late_does_not_set_back_a_newer_decision_in_force(
    api: Api, officer: str, market: list[str], pump: Pump, time: StandingClock
) -> None:
    enrol(api, officer, market[9])
    enrol(api, officer, market[3])
    run = jobs.start_qualification(date(2026, 2, 3))
    pump()
    loaded = records.load(market[9])
    assert loaded is not None
    assert (loaded[0].version, loaded[0].status) == (1, "active")
    assert shown(api, officer, run)["counts"]["changed"] == 0


def test_an_applicant_is_taken_in_by_the_run_for_whatever_date_it_qualifies_on(
    api: Api, officer: str, market: list[str], pump: Pump
) -> None:
    daybook_recording.record(
        [sold(8000 + n, datetime(2017, 12, 1, tzinfo=UTC), member_id=market[0]) for n in range(10)]
    )
    assert enrol(api, officer, market[0])["status"] == "applied"
    jobs.start_qualification(date(2018, 1, 1))
    pump()
    loaded = records.load(market[0])
    assert loaded is not None
    assert (loaded[0].status, loaded[0].limit_minor) == ("active", 290_000)


def test_points_given_after_the_date_of_a_late_run_count_in_it(
    api: Api, officer: str, market: list[str], pump: Pump, time: StandingClock
) -> None:
    seller = id_of("seller-1")
    daybook_recording.record([sold(7000 + n, time.at - timedelta(days=30), member_id=seller) for n in range(9)])
    assert enrol(api, officer, seller)["limit"]["amount"] == "2900.00"
    assert penalize(api, 2)["limit"]["amount"] == "2600.00"
    assert post(api, "suspension", {"reason": "x"})["status"] == "suspended"
    assert post(api, "reinstatement", {"reason": "x"})["limit"]["amount"] == "2600.00"
    jobs.start_qualification(AS_OF)
    pump()
    loaded = records.load(seller)
    assert loaded is not None
    assert loaded[0].limit_minor == 260_000


def works(run: Run, shard: int) -> bool:
    """Whether a shard is worked off, or ends with the store's own failure."""
    try:
        jobs.qualify_segment(run, shard)
    except QueryError:
        return False
    return True


def spoil(table: str, key: dict[str, str], column: str) -> None:
    """Leave bytes in a packed column that nobody can read."""
    client: Any = boto3.Session().client("dynamodb")
    client.update_item(
        TableName=f"surety-test-{table}",
        Key={name: {"S": value} for name, value in key.items()},
        UpdateExpression="SET #c = :b",
        ExpressionAttributeNames={"#c": column},
        ExpressionAttributeValues={":b": {"B": b"\x01nonsense"}},
    )
