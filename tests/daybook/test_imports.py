from datetime import date
from pathlib import Path
from typing import Any

import pytest

from chalicelib.daybook.rules import imports
from chalicelib.daybook.rules.reasons import WANTED
from chalicelib.daybook.rules.unfit_files import FILE_WORDS
from chalicelib.daybook.service import parts, recording, splitting
from chalicelib.daybook.service.imports import key_of
from chalicelib.members.rules import id_of
from chalicelib.shared import files
from chalicelib.shared.aws import client
from tests.daybook.importing import HEADER, ROW, imported, lines, opened, rejected, rejected_rows, row, upload
from tests.world import Api, Pump, StandingClock, token

FILE = Path(__file__).parent / "files" / "trade_history.csv"
LANTERNS = id_of("lantern-works")
EVER = date(2000, 1, 1), date(2100, 1, 1)


def counts(**given: int) -> dict[str, int]:
    return {"new": 0, "known": 0, "updated": 0, "refused": 0} | given


def test_an_import_is_opened_with_a_form_for_exactly_its_file(api: Api, officer: str) -> None:
    reply = api.post("/v1/imports", {"kind": "trade_history"}, officer, key="k")
    assert (reply.status, reply["status"], reply["allowed_actions"]) == (201, "waiting_for_upload", ["upload"])
    assert reply["upload"]["fields"]["key"] == f"uploads/{reply['id']}.csv"
    assert reply["upload"]["fields"]["Content-Type"] == "text/csv"
    assert reply["upload"]["most_bytes"] == 512 * 1024 * 1024
    assert reply["deadlines"] == [
        {
            "name": "upload",
            "due_at": "2026-03-02T03:15:00Z",
            "owner": "officer",
            "default_outcome": "never_uploaded",
        }
    ]
    again = api.post("/v1/imports", {"kind": "trade_history"}, officer, key="k")
    assert again["upload"]["fields"]["key"] == reply["upload"]["fields"]["key"]  # signed anew, by the wall's clock
    assert again.body | {"upload": None} == reply.body | {"upload": None}


@pytest.mark.parametrize("times", [1, 2])
def test_a_history_is_imported_once_however_often_its_messages_come(
    api: Api, officer: str, pump: Pump, times: int
) -> None:
    done = imported(api, officer, pump, FILE.read_bytes(), times=times)
    assert (done["status"], done["counts"]) == ("done", counts(new=60))
    assert done["progress"]["bytes_read"] == done["progress"]["bytes_total"] == FILE.stat().st_size
    assert (done["progress"]["rows_read"], done["progress"]["parts_done"]) == (60, done["progress"]["parts"])
    assert (done["rejected_rows"], done["allowed_actions"], done["deadlines"]) == (None, [], [])
    assert len(api.get("/v1/members", officer)["items"]) == 5
    assert sum(day.completed for day in recording.rows(LANTERNS, *EVER)) == 10


def test_the_same_file_again_changes_nothing(api: Api, officer: str, pump: Pump) -> None:
    imported(api, officer, pump, FILE.read_bytes())
    before = recording.rows(LANTERNS, *EVER)
    again = imported(api, officer, pump, FILE.read_bytes())
    assert again["counts"] == counts(known=60)
    assert recording.rows(LANTERNS, *EVER) == before


def test_bad_rows_are_told_of_by_line_and_the_others_are_in(api: Api, officer: str, pump: Pump) -> None:
    content = lines(
        row(),
        row(trade_id="T-2", ordered_at="2017-13-01T00:00:00Z"),
        row(trade_id="T-3", currency="DOUBLOON"),
        row(trade_id="T-4", amount="-5.00"),
        row(trade_id="T-5", category="x" * 65),
        row(trade_id="T-6\0"),
        row(trade_id="T-7", category="\udcff\udcfe"),
        row(trade_id=""),
        "too,few",
        row(trade_id="T-8", category='"two\n\x07lines"'),
        row(trade_id="T-9", status="lost"),
        row(trade_id="T-10", currency="ISK", amount="10"),
        row(),
        row(amount="11.00"),
        row(trade_id="T-11"),
    )
    done = imported(api, officer, pump, content, times=2)
    assert done["counts"] == counts(new=2, known=1, refused=12)
    assert rejected(done) == [
        "3,ordered_at,bad_date",
        "4,currency,unknown_currency",
        "5,amount,negative_amount",
        "6,category,too_long",
        "7,trade_id,nul_byte",
        "8,category,not_utf8",
        "9,trade_id,missing_value",
        "10,,wrong_number_of_fields",
        "11,category,bad_category",
        "13,status,unknown_status",
        "14,currency,no_exchange_rate",
        "16,amount,contradicts_earlier",
    ]
    assert done["rejected_rows"]["name"] == "rejected-rows.csv"


def test_columns_may_stand_in_any_order_and_unknown_ones_are_ignored(api: Api, officer: str, pump: Pump) -> None:
    names = [*sorted(ROW, reverse=True), "colour"]
    values = ",".join([ROW[name] for name in names[:-1]] + ["blu\udcff"])
    done = imported(api, officer, pump, b"\xef\xbb\xbf" + lines(values, header=",".join(names), end="\r\n"))
    assert done["counts"] == counts(new=1)


def test_a_trade_that_moves_on_within_a_file_counts_as_it_ended(api: Api, officer: str, pump: Pump) -> None:
    placed = row(status="placed", paid_at="", shipped_at="", delivered_at="")
    done = imported(api, officer, pump, lines(placed, row(), placed), times=2)
    assert done["counts"] == counts(new=1, updated=1, known=1)
    assert sum(day.completed for day in recording.rows(LANTERNS, *EVER)) == 1


@pytest.mark.parametrize(
    ("content", "reason", "column"),
    [
        (b"", "empty_file", None),
        (bytes(range(256)) * 20, "not_csv", None),
        (b"PK\x03\x04 a workbook, renamed", "spreadsheet", None),
        ("订单,供应商\n1,2\n".encode("gbk"), "not_utf8", None),
        (b"a,b,c\n1,2,3\n", "missing_column", "trade_id"),
        (lines(row(), header=HEADER.replace("amount", "price")), "missing_column", "amount"),
        (lines(row(), header=HEADER.replace("status", "amount")), "duplicate_column", "amount"),
    ],
    ids=["empty", "binary", "a workbook", "GBK", "another table", "column missing", "column twice"],
)
def test_what_is_not_a_trade_history_fails_with_its_reason_and_changes_nothing(
    api: Api, officer: str, pump: Pump, content: bytes, reason: str, column: str | None
) -> None:
    done = imported(api, officer, pump, content, times=2)
    assert (done["status"], done["reason"], done["column"]) == ("failed", reason, column)
    assert (done["fix"], done["detail"].partition(" It has: ")[0]) == tuple(map(str, reversed(FILE_WORDS[reason])))
    assert ("It has: " in done["detail"]) == (reason == "missing_column")
    assert not recording.has_history(LANTERNS)


def test_what_excel_writes_in_half_the_world_is_read(api: Api, officer: str, pump: Pump) -> None:
    content = "sep=;\r\n" + lines(row(), end="\r\n").decode().replace(",", ";")
    assert imported(api, officer, pump, content.encode("utf-16"))["counts"] == counts(new=1)


def test_a_refused_row_shows_what_stood_there_and_what_would_have_done(api: Api, officer: str, pump: Pump) -> None:
    done = imported(api, officer, pump, lines(row(amount="1,5x"), row(category="a\udcff"), "1,2"))
    rows = rejected_rows(done)
    told = [(each["line"], each["column"], each["value"], each["reason"]) for each in rows]
    assert told == [
        ("2", "amount", "1,5x", "bad_amount"),
        ("3", "category", "a\\udcff", "not_utf8"),
        ("4", "", "", "wrong_number_of_fields"),
    ]
    assert [each["wanted"] for each in rows] == [WANTED[reason] for *_, reason in told]


def test_a_file_with_nothing_but_its_header_is_done(api: Api, officer: str, pump: Pump) -> None:
    done = imported(api, officer, pump, lines())
    assert (done["status"], done["counts"]) == ("done", counts())


def test_a_file_that_is_never_uploaded_fails_when_its_time_is_up(
    api: Api, officer: str, pump: Pump, time: StandingClock
) -> None:
    import_id = opened(api, officer)
    time.advance(hours=1)
    reply = api.get(f"/v1/imports/{import_id}", officer)
    assert (reply["status"], reply["reason"], reply["updated_at"]) == (
        "failed",
        "never_uploaded",
        "2026-03-02T03:15:00Z",
    )
    [listed] = api.get("/v1/runs?job=trade_history", officer)["items"]
    for run in (listed, api.get(f"/v1/runs/{import_id}", officer).body):
        assert {name: run[name] for name in ("status", "reason", "version", "updated_at")} == {
            name: reply[name] for name in ("status", "reason", "version", "updated_at")
        }
        assert (run["allowed_actions"], run["deadlines"]) == ([], [])
    refused = api.post(f"/v1/runs/{import_id}/redrive", by=officer)
    assert (refused.status, refused["code"], refused["status_now"]) == (409, "run_is_over", "failed")
    upload(import_id, lines(row()))
    pump()
    late = api.get(f"/v1/imports/{import_id}", officer)
    assert (late["reason"], late["version"]) == ("never_uploaded", reply["version"])
    assert not recording.has_history(LANTERNS)


def test_a_file_larger_than_allowed_fails(api: Api, officer: str, pump: Pump, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "MOST_BYTES", 10)
    assert imported(api, officer, pump, lines(row()))["reason"] == "too_large"


def test_a_file_with_too_many_bad_rows_fails_and_changes_nothing(
    api: Api, officer: str, pump: Pump, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "MOST_REFUSED", 3)
    done = imported(api, officer, pump, lines(row(), *["bad"] * 4))
    assert done["reason"] == "too_many_bad_rows"
    assert not recording.has_history(LANTERNS)


def test_so_many_refused_rows_are_listed_and_all_are_counted(
    api: Api, officer: str, pump: Pump, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A history that is told once more, every row of it otherwise: the list of all would not fit into the memory of who finishes the import."""
    monkeypatch.setattr(imports, "MOST_LISTED", 3)
    ids = [f"T-{number}" for number in range(5)]
    imported(api, officer, pump, lines(*(row(trade_id=each) for each in ids)))
    done = imported(api, officer, pump, lines(*(row(trade_id=each, amount="11.00") for each in ids)))
    assert (done["status"], done["counts"]["refused"], len(rejected(done))) == ("done", 5, 3)


def test_a_second_upload_is_not_mixed_with_the_first(api: Api, officer: str, pump: Pump) -> None:
    import_id = opened(api, officer)
    upload(import_id, lines(row()))
    upload(import_id, lines(row(trade_id="T-2"), row(trade_id="T-3")))
    pump()
    reply = api.get(f"/v1/imports/{import_id}", officer)
    assert (reply["status"], reply["counts"]["new"]) == ("done", 1)
    upload(import_id, lines(row(trade_id="T-4")))
    pump()
    again = api.get(f"/v1/imports/{import_id}", officer)
    assert (again["version"], again["counts"]) == (reply["version"], reply["counts"])


def test_an_import_whose_file_was_taken_away_fails_and_reads_no_other(api: Api, officer: str, pump: Pump) -> None:
    import_id = opened(api, officer)
    upload(import_id, lines(row()))
    first = client("s3").head_object(Bucket=files.bucket(), Key=key_of(import_id))["VersionId"]
    upload(import_id, lines(row(trade_id="T-2"), row(trade_id="T-3")))
    client("s3").delete_object(Bucket=files.bucket(), Key=key_of(import_id), VersionId=first)
    pump()
    reply = api.get(f"/v1/imports/{import_id}", officer)
    assert (reply["status"], reply["reason"]) == ("failed", "file_replaced")
    assert not recording.has_history(LANTERNS)


@pytest.mark.parametrize("key", ["uploads/other.csv", "uploads/imp_01JQ4Z8N0V7K3M5P9R2T4W6Y8A.csv", "uploads/a b+c"])
def test_a_file_that_belongs_to_no_import_is_left_alone(api: Api, pump: Pump, key: str) -> None:
    client("s3").put_object(Bucket=files.bucket(), Key=key, Body=lines(row()))
    assert pump() >= 1
    assert not recording.has_history(LANTERNS)


def test_a_small_memory_makes_more_pieces_and_the_same_result(
    api: Api, officer: str, pump: Pump, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(splitting, "IN_MEMORY_BYTES", 1_000)
    monkeypatch.setattr(splitting, "TELL_EVERY", 7)
    monkeypatch.setattr(parts, "AT_ONCE", 7)
    monkeypatch.setattr(imports, "PART_BYTES", 4_000)
    done = imported(api, officer, pump, FILE.read_bytes())
    assert (done["counts"], done["progress"]["parts"] > 3) == (counts(new=60), True)


def test_progress_can_be_watched(api: Api, officer: str, pump: Pump) -> None:
    import_id = opened(api, officer)
    upload(import_id, FILE.read_bytes())
    while pump.turn("uploads"):
        pass
    reply = api.get(f"/v1/imports/{import_id}", officer)
    assert (reply["status"], reply["progress"]["rows_read"], reply["allowed_actions"]) == ("processing", 0, ["redrive"])
    pump.turn("work")
    reply = api.get(f"/v1/imports/{import_id}", officer)
    assert (reply["progress"]["rows_read"], reply["progress"]["parts_done"]) == (60, 0)
    pump()
    assert api.get(f"/v1/imports/{import_id}", officer)["status"] == "done"


def test_an_import_whose_message_was_lost_is_redriven(api: Api, officer: str, pump: Pump) -> None:
    import_id = opened(api, officer)
    [deadline] = api.get(f"/v1/runs/{import_id}", officer)["deadlines"]
    assert (deadline["name"], deadline["due_at"]) == ("upload", "2026-03-02T03:15:00Z")
    waiting = api.post(f"/v1/runs/{import_id}/redrive", by=officer)
    assert (waiting.status, waiting["code"]) == (409, "run_is_waiting")
    upload(import_id, lines(row()))
    while pump.turn("uploads"):
        pass
    sqs = client("sqs")
    sqs.purge_queue(QueueUrl=sqs.get_queue_url(QueueName="surety-test-work")["QueueUrl"])
    pump()
    assert api.get(f"/v1/imports/{import_id}", officer)["status"] == "processing"
    assert api.post(f"/v1/runs/{import_id}/redrive", by=officer).status == 200
    pump()
    assert api.get(f"/v1/imports/{import_id}", officer)["counts"] == counts(new=1)


class Died(BaseException):
    """The process ends here: nothing catches this but the test."""


def calls(monkeypatch: pytest.MonkeyPatch, die_before: int | None, die_after: int | None) -> list[str]:
    """Counts calls of the engine, and dies before or after one of them."""
    from botocore.client import BaseClient

    made: list[str] = []
    send = BaseClient._make_api_call  # type: ignore[attr-defined]

    def counted(self: Any, operation: str, arguments: Any) -> Any:
        if operation in ("ReceiveMessage", "DeleteMessage", "GetQueueUrl", "ChangeMessageVisibility"):
            return send(self, operation, arguments)
        made.append(operation)
        if len(made) == die_before:
            raise Died(operation)
        answer = send(self, operation, arguments)
        if len(made) == die_after:
            raise Died(operation)
        return answer

    monkeypatch.setattr(BaseClient, "_make_api_call", counted)
    return made


CONTENT = lines(
    row(status="placed", paid_at="", shipped_at="", delivered_at=""),
    row(trade_id="T-2", supplier_ref="kite-house"),
    row(trade_id="T-3", amount="?"),
    row(),
    row(trade_id="T-2", supplier_ref="kite-house", amount="11.00"),
)


@pytest.mark.parametrize("when", ["before", "after"])
def test_an_import_that_dies_at_any_call_ends_as_if_it_had_not(
    api: Api, officer: str, pump: Pump, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    """Each import in turn dies one call later than the one before, until one does not die at all."""
    died_at = 0
    while True:
        died_at += 1
        import_id = opened(api, officer)
        upload(import_id, CONTENT.replace(b"T-", b"T%d-" % died_at))
        with monkeypatch.context() as dying:
            made = calls(dying, *((died_at, None) if when == "before" else (None, died_at)))
            survived = _survives(pump)
        pump()
        reply = api.get(f"/v1/imports/{import_id}", officer)
        assert (reply["status"], reply["counts"]) == ("done", counts(new=2, updated=1, refused=2)), (died_at, made[-1])
        assert rejected(reply) == ["4,amount,bad_amount", "6,amount,contradicts_earlier"]
        assert sum(day.completed for day in recording.rows(LANTERNS, *EVER)) == died_at
        if survived:
            break
    assert died_at > 10


def _survives(pump: Pump) -> bool:
    try:
        pump()
    except Died:
        _make_visible_again()
        return False
    return True


def _make_visible_again() -> None:
    """The lease of a message ends when its reader is dead."""
    from moto.sqs.models import sqs_backends

    for queue in sqs_backends["123456789012"]["us-east-1"].queues.values():
        for message in queue._messages:
            message.change_visibility(0)


def test_imports_are_for_officers(api: Api, officer: str) -> None:
    import_id = opened(api, officer)
    member = token("member", LANTERNS)
    assert api.get(f"/v1/imports/{import_id}", member).status == 403
    assert api.post("/v1/imports", {"kind": "trade_history"}, member).status == 403
    assert api.get("/v1/imports/imp_unknown", officer).status == 404
    assert api.get("/v1/imports/imp_01JQ4Z8N0V7K3M5P9R2T4W6Y8A", officer).status == 404
    assert api.post("/v1/imports", {"kind": "recipes"}, officer).status == 400
