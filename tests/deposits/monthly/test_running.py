"""The monthly run from its beginning to its certificate."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from chalicelib.deposits import jobs as deposit_jobs
from chalicelib.deposits import records as deposit_records
from chalicelib.deposits import segments
from chalicelib.deposits.monthly import certificate, engine, jobs, service, writing
from chalicelib.deposits.monthly.certificate import Proof
from chalicelib.deposits.monthly.service import CutOffAhead, FirstTradesMissing, LaterMonthDecided
from chalicelib.deposits.monthly.writing import Task
from chalicelib.deposits.rulebooks import rulebook_repository
from chalicelib.deposits.rules.cut_offs import cut_off
from chalicelib.deposits.rules.decision import decide
from chalicelib.deposits.rules.deposit import Deposit, chain_of
from chalicelib.deposits.rules.timers import MACHINE
from chalicelib.runs import records
from chalicelib.runs import service as runs
from chalicelib.runs.rules import Run, id_of
from chalicelib.shared import observe, table_pages
from chalicelib.shared.aws import client
from chalicelib.shared.journal import Event, JournalRow
from chalicelib.shared.quarantine import Quarantine
from tests.deposits.monthly.sellers import (
    BEFORE,
    FIRST_RUN,
    PERIOD,
    T,
    first_trades_are_in,
    keep,
    month,
    seller,
    some,
    traded,
    world,
)
from tests.stopping import counted
from tests.world import Api, Pump, token

__all__ = ["month"]


@pytest.fixture
def endpoints(month: Any) -> Api:
    return Api()


def test_every_seller_is_decided_and_those_that_change_are_written(
    month: Any, api: Api, officer: str, pump: Pump
) -> None:
    was = some(40)
    keep(*was)
    run = service.begin(PERIOD)
    pump()
    done = api.get(f"/v1/runs/{run.id}", officer)
    assert (done["status"], done["counts"]["sellers"], done["counts"]["set_aside"]) == ("done", 40, 0)
    book = rulebook_repository.books(FIRST_RUN).in_force(T)
    now = world()
    for deposit in was:
        decision = decide(deposit, book, PERIOD)
        assert now[deposit.id].base_minor == decision.base_minor
        assert now[deposit.id].version == deposit.version + decision.changes
        assert now[deposit.id].adjusted == (PERIOD if decision.changes else "")


def test_every_decision_that_concerned_a_seller_can_be_read_changed_or_not(month: Any, pump: Pump) -> None:
    """What changed has an entry; of what did not, the run's record tells, and the whole run wrote nothing for it."""
    was = some(40)
    keep(*was)
    service.begin(PERIOD)
    pump()
    book = rulebook_repository.books(FIRST_RUN).in_force(T)
    for deposit in was:
        months = service.Months(deposit.id)
        (at,) = months.decided(BEFORE, FIRST_RUN)
        found = months.find(at)
        assert found is not None
        assert found[1] == decide(deposit, book, PERIOD)
    assert service.latest_decided() == PERIOD
    assert service.Months("mem_unknown").find(cut_off(PERIOD)) is None
    assert service.Months(was[0].id).find(cut_off("2023-02")) is None


def test_deciding_a_month_again_changes_nothing_and_answers_the_same(month: Any, api: Api, pump: Pump) -> None:
    keep(*some(24))
    run = service.begin(PERIOD)
    pump()
    first, then = runs.get(run.id), world()
    month.advance(hours=5)
    assert service.begin(PERIOD) == first
    assert pump() == 0
    assert world() == then


def test_going_over_the_whole_table_again_writes_nothing_and_proves_the_same(month: Any, pump: Pump) -> None:
    """As if every mark and every result had been lost."""
    keep(*some(24))
    run = service.begin(PERIOD)
    pump()
    first, then = runs.get(run.id), world()
    _lose_everything(run.id)
    with counted() as calls:
        results = {shard: jobs.DECIDING.shard(run, shard) for shard in range(1, run.shards + 1)}
    assert "TransactWriteItems" not in calls
    assert certificate.certificate(engine.statements(run, results)) == first.certificate
    assert world() == then


def test_a_seller_can_check_that_the_certificate_covers_the_result(
    month: Any, endpoints: Api, officer: str, pump: Pump
) -> None:
    was = some(40)
    keep(*was)
    run = service.begin(PERIOD)
    path = f"/v1/deposits/{was[1].id}/adjustments/{PERIOD}"
    assert endpoints.get(path, officer)["code"] == "adjustment_not_certified_yet"
    pump()
    published = endpoints.get(f"/v1/runs/{run.id}", officer)["certificate"]
    for deposit in was[:8]:
        _check(endpoints, deposit, published)
    assert endpoints.get(path, officer).body == endpoints.get(path, token("member", was[1].id)).body
    assert endpoints.get(path, token("member", was[0].id)).status == 404
    assert endpoints.get(f"/v1/deposits/mem_unknown/adjustments/{PERIOD}", officer).status == 404
    assert endpoints.get(f"/v1/deposits/{was[1].id}/adjustments/March", officer).status == 404


def _check(api: Api, deposit: Deposit, published: str) -> None:
    reply = api.get(f"/v1/deposits/{deposit.id}/adjustments/{PERIOD}", token("member", deposit.id))
    decision = decide(deposit, rulebook_repository.books(FIRST_RUN).in_force(T), PERIOD)
    assert reply.status == 200
    assert (reply["base"]["amount"], reply["book"]) == (f"{decision.base_minor / 100:.2f}", "EX-2023-02")
    proof, line = msgspec.convert(reply["proof"], Proof), reply["line"].encode()
    assert certificate.decision(line) == decision
    assert certificate.verify(line, proof, published)
    assert not certificate.verify(line.replace(b"mem_", b"mem-"), proof, published)
    assert not certificate.verify(line, proof, "0" * 64)


def test_a_poisoned_seller_is_set_aside_and_mended_by_a_redrive(month: Any, api: Api, officer: str, pump: Pump) -> None:
    """The certificate then is that of a run without poison."""
    was = some(40)
    keep(*was)
    run = service.begin(PERIOD)
    _poison(was[3].id)
    pump()
    done = api.get(f"/v1/runs/{run.id}", officer)
    assert (done["counts"]["sellers"], done["counts"]["set_aside"]) == (39, 1)
    assert done["failures"][0]["item"] == was[3].id
    assert done["allowed_actions"] == ["redrive"]
    assert api.post(f"/v1/runs/{run.id}/redrive", by=officer).status == 200
    pump()  # still poisoned: nothing is lost
    assert api.get(f"/v1/runs/{run.id}", officer)["counts"]["set_aside"] == 1
    keep(was[3])
    again = api.post(f"/v1/runs/{run.id}/redrive", by=officer, key="k")
    assert api.post(f"/v1/runs/{run.id}/redrive", by=officer, key="k").raw == again.raw
    pump(times=2)
    mended = api.get(f"/v1/runs/{run.id}", officer)
    assert (mended["status"], mended["counts"]["sellers"], mended["counts"]["set_aside"]) == ("done", 40, 0)
    assert mended["certificate"] != done["certificate"]
    assert mended["certificate"] == _without_poison(run, was)
    assert world()[was[3].id].adjusted == PERIOD
    assert api.post(f"/v1/runs/{run.id}/redrive", by=officer).status == 409


def test_a_seller_whose_chain_is_broken_is_set_aside_and_the_rest_of_its_group_is_written(
    month: Any, api: Api, officer: str, pump: Pump
) -> None:
    """It is decided once the mark has been lifted; the certificate then is that of a run without it."""
    was = some(40)
    keep(*was)
    run = service.begin(PERIOD)
    mark = Quarantine(
        aggregate_id=chain_of(was[3].id), seq=2, entry_id="ent_2", why="it was changed", quarantined_at=month.at
    )
    row = deposit_records.DepositRow(was[3].id)
    row.update(actions=[deposit_records.DepositRow.quarantine.set(mark)])
    pump()
    done = api.get(f"/v1/runs/{run.id}", officer)
    assert (done["counts"]["sellers"], done["counts"]["set_aside"]) == (39, 1)
    [aside] = done["failures"]
    assert aside == {
        "item": was[3].id,
        "reason": f"ChainBroken: Entry 2 of {mark.aggregate_id} is bad: it was changed.",
    }
    assert world()[was[3].id] == was[3]
    api.post(f"/v1/runs/{run.id}/redrive", by=officer)
    pump()
    assert api.get(f"/v1/runs/{run.id}", officer)["counts"]["set_aside"] == 1
    row.update(actions=[deposit_records.DepositRow.quarantine.remove()])
    api.post(f"/v1/runs/{run.id}/redrive", by=officer)
    pump()
    mended = api.get(f"/v1/runs/{run.id}", officer)
    assert (mended["counts"]["sellers"], mended["counts"]["set_aside"]) == (40, 0)
    assert mended["certificate"] == _without_poison(run, was)
    assert world()[was[3].id].adjusted == PERIOD


def test_two_schedules_at_the_same_second_begin_one_run(month: Any, pump: Pump) -> None:
    keep(*some(8))
    begun = {jobs.begin_due(month.at), jobs.begin_due(month.at)}
    pump()
    assert len(begun - {None}) == 1
    assert [runs.get(run_id).period for _, run_id in records.ids_of_job(service.MONTHLY)] == [PERIOD]
    assert jobs.begin_due(month.at) is None


def test_a_month_is_not_decided_before_its_cut_off_nor_before_first_trades_are_in(month: Any) -> None:
    with pytest.raises(CutOffAhead):
        service.begin("2023-04")
    month.at = datetime(2023, 4, 5, 16, 30, tzinfo=UTC)
    with pytest.raises(FirstTradesMissing):
        service.begin("2023-04")
    assert jobs.begin_due(month.at) is None


def test_a_month_that_was_missed_is_decided_before_the_next_with_its_own_date(month: Any, pump: Pump) -> None:
    keep(*some(16))
    service.begin(PERIOD)
    pump()
    for period in ("2023-04", "2023-05"):
        first_trades_are_in(period)
    month.at = datetime(2023, 5, 20, tzinfo=UTC)
    jobs.begin_due(month.at)
    pump()
    view = [runs.get(run_id) for _, run_id in records.ids_of_job(service.MONTHLY)]
    assert {(run.period, run.as_of.isoformat(), run.status) for run in view} == {
        ("2023-03", "2023-03-06", "done"),
        ("2023-04", "2023-04-06", "done"),
        ("2023-05", "2023-05-06", "done"),
    }
    with pytest.raises(LaterMonthDecided):
        service.begin("2023-02")


def test_a_month_whose_fifth_nobody_assessed_has_it_assessed_first(month: Any, pump: Pump) -> None:
    """The schedules stood still over the 5th: else neither that month nor any later one would ever be decided."""
    keep(*some(16))
    service.begin(PERIOD)
    pump()
    month.at = datetime(2023, 4, 20, tzinfo=UTC)
    assert jobs.begin_due(month.at) is None
    pump()
    assert runs.get(id_of(service.DAILY, "2023-04-05")).status == "done"
    jobs.begin_due(month.at)
    pump()
    assert runs.get(id_of(service.MONTHLY, "2023-04")).status == "done"
    assert jobs.begin_due(month.at) is None


def test_a_rehearsal_writes_nothing_and_many_departures_raise_an_alarm(
    month: Any, pump: Pump, monkeypatch: pytest.MonkeyPatch
) -> None:
    alarms: list[str] = []
    monkeypatch.setattr(observe, "count", lambda name, value=1: alarms.append(name))
    was = some(16)
    keep(*was)
    month.at = datetime(2023, 3, 5, 2, tzinfo=UTC)
    rehearsed = jobs.rehearse(month.at)
    pump()
    assert {deposit.version for deposit in world().values()} == {1}
    assert runs.get(rehearsed).counts["sellers"] == 16
    keep(*(replace(deposit, days=traded(3)) for deposit in was[:6]))
    month.at = FIRST_RUN
    jobs.begin_due(month.at)
    pump()
    run = runs.get(id_of(service.DEPARTURES, PERIOD))
    assert (run.status, run.counts["compared"]) == ("done", 16)
    assert 0 < run.counts["departed"] <= 6
    assert "RehearsalDeparted" in alarms


def test_what_the_run_writes_is_what_the_slice_would_write(month: Any) -> None:
    was = seller(1, days=traded(40), base_minor=50_000, available_minor=90_000)
    books = rulebook_repository.books(FIRST_RUN)
    task = Task(PERIOD, books.in_force(T), books, FIRST_RUN)
    made, after = writing.change(was, decide(was, task.book, PERIOD), task)
    due_at = MACHINE.next_due(after, books)
    assert writing.item(after, due_at) == deposit_records.REPOSITORY.put(after, due_at).row.serialize()
    assert (after.version, after.seq, after.recent) == (was.version + 1, was.seq + 1, (made.entry_id,))
    entry = JournalRow.from_raw_data(table_pages.journal_item(made, after.entry_hash)).entry()
    assert entry == made
    assert entry.entry_hash == after.entry_hash
    long = msgspec.structs.replace(made, event=Event("x", {"text": "y" * 900}))
    assert JournalRow.from_raw_data(table_pages.journal_item(long, long.entry_hash)).entry() == long


def test_pages_say_what_pynamodb_says(month: Any) -> None:
    keep(*some(30))
    pages = segments.pages(1, 1)
    data = {held.member_id.S: held.body.B for page in pages for held in page.items if held.body}
    rows = {row.member_id: msgspec.json.encode(row.body) for row in deposit_records.DepositRow.scan()}
    assert data == rows


def _lose_everything(run_id: str) -> None:
    for row in list(records.RunRow.query(run_id)):
        if row.shard != 0:
            row.delete()


def _poison(seller_id: str) -> None:
    key = {"member_id": {"S": seller_id}}
    client("dynamodb").put_item(
        TableName=deposit_records.DepositRow.Meta.table_name,
        Item=key | {"version": {"N": "1"}, "body": {"B": b'{"id": 7}'}},
    )


def _without_poison(run: Run, was: list[Deposit]) -> str:
    """The certificate of the same sellers in a run of their own tables."""
    _lose_everything(run.id)
    results = {shard: jobs.DECIDING.shard(replace(run, round=0), shard) for shard in range(1, run.shards + 1)}
    return certificate.certificate(engine.statements(run, results))


def test_the_month_waits_for_the_daily_job_by_its_own_name() -> None:
    assert service.DAILY == deposit_jobs.DAILY
