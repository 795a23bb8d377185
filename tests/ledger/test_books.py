from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from chalicelib.ledger import jobs
from chalicelib.ledger.records.evidence import read_image
from chalicelib.ledger.service import verifying
from chalicelib.runs import jobs as run_jobs
from chalicelib.runs import service as runs
from chalicelib.runs.messages import Shard
from chalicelib.shared.journal import transfer
from tests.ledger.books import Chains, delete, project_all, raw_journal, tamper
from tests.world import Api, StandingClock, token

SUPPLIER = "mem_0000000000000000000000000S"
ORDER = "ord_00000000000000000000000001"


@pytest.fixture
def chains(api: Api, time: StandingClock) -> Chains:
    """An order paid in two parts, one more than it cost, and released; its supplier's cover granted, reserved and given back."""
    chains = Chains()
    cover = ("cover_available", SUPPLIER)
    chains.write(
        SUPPLIER, "limit.changed", *transfer(100_000, "USD", debit_to=cover, credit_to=("cover_granted", SUPPLIER))
    )
    chains.write(
        ORDER, "order.accepted", *transfer(40_000, "USD", debit_to=("cover_reserved", SUPPLIER), credit_to=cover)
    )
    time.advance(days=1)
    bank = ("bank_clearing", "citi")
    chains.write(ORDER, "payment.received", *transfer(30_000, "USD", debit_to=bank, credit_to=("held", ORDER)))
    time.advance(hours=1)
    chains.write(
        ORDER,
        "payment.received",
        *transfer(10_000, "USD", debit_to=bank, credit_to=("held", ORDER)),
        *transfer(250, "USD", debit_to=bank, credit_to=("unallocated", ORDER)),
    )
    time.advance(days=40)
    chains.write(
        ORDER,
        "order.completed",
        *transfer(40_000, "USD", debit_to=("held", ORDER), credit_to=("supplier_balance", SUPPLIER)),
        *transfer(40_000, "USD", debit_to=cover, credit_to=("cover_reserved", SUPPLIER)),
    )
    project_all()
    return chains


# --- statements -------------------------------------------------------------------------------------------------------


def test_a_statement_shows_every_posting_with_the_balance_after_it(api: Api, chains: Chains, officer: str) -> None:
    reply = api.get(f"/v1/ledger/accounts/held:{ORDER}", officer)
    assert reply.status == 200, reply.body
    assert [
        (line["event"], line["debit"]["amount"], line["credit"]["amount"], line["balance"]["amount"])
        for line in reply["items"]
    ] == [
        ("payment.received", "0.00", "300.00", "300.00"),
        ("payment.received", "0.00", "100.00", "400.00"),
        ("order.completed", "400.00", "0.00", "0.00"),
    ]
    assert (reply["opening"]["amount"], reply["closing"]["amount"]) == ("0.00", "0.00")
    assert (reply["debit"]["amount"], reply["credit"]["amount"]) == ("400.00", "400.00")


def test_a_statement_of_some_days_opens_with_what_was_before(api: Api, chains: Chains, officer: str) -> None:
    reply = api.get(f"/v1/ledger/accounts/held:{ORDER}?from=2026-04-01&to=2026-04-30", officer)
    assert (reply["opening"]["amount"], reply["closing"]["amount"], len(reply["items"])) == ("400.00", "0.00", 1)
    early = api.get(f"/v1/ledger/accounts/held:{ORDER}?to=2026-03-03", officer)
    assert (early["opening"]["amount"], early["closing"]["amount"], len(early["items"])) == ("0.00", "400.00", 2)


def test_a_statement_comes_in_pages_and_the_balance_runs_on(api: Api, chains: Chains, officer: str) -> None:
    whole = api.get(f"/v1/ledger/accounts/held:{ORDER}", officer)["items"]
    seen: list[Any] = []
    cursor: str | None = ""
    while cursor is not None:
        page = api.get(f"/v1/ledger/accounts/held:{ORDER}?limit=1&cursor={cursor}", officer)
        seen += page["items"]
        cursor = page["next_cursor"]
    assert seen == whole


def test_a_whole_code_is_told_day_by_day(api: Api, chains: Chains, officer: str) -> None:
    reply = api.get("/v1/ledger/accounts/bank_clearing", officer)
    assert [(line["at"], line["debit"]["amount"], line["balance"]["amount"]) for line in reply["items"]] == [
        ("2026-03-02T16:00:00Z", "402.50", "402.50")
    ]
    assert reply["normal"] == "debit"
    assert api.get("/v1/ledger/accounts/bank_clearing:citi", officer)["closing"]["amount"] == "402.50"
    later = api.get("/v1/ledger/accounts/bank_clearing?from=2026-03-04", officer)
    assert (later["items"], later["opening"]["amount"]) == ([], "402.50")


def test_an_account_nothing_was_booked_on_stands_at_zero(api: Api, chains: Chains, officer: str) -> None:
    reply = api.get("/v1/ledger/accounts/suspense", officer)
    assert (reply.status, reply["closing"], reply["items"]) == (200, {"amount": "0.00", "currency": "USD"}, [])


def test_an_account_of_several_currencies_asks_which(api: Api, chains: Chains, officer: str) -> None:
    bank = ("bank_clearing", "citi")
    chains.write(ORDER, "payment.received", *transfer(5000, "KRW", debit_to=bank, credit_to=("suspense", "evt_1")))
    project_all()
    reply = api.get("/v1/ledger/accounts/bank_clearing:citi", officer)
    assert (reply.status, reply["code"], reply["currencies"]) == (422, "currency_needed", ["KRW", "USD"])
    won = api.get("/v1/ledger/accounts/bank_clearing:citi?currency=KRW", officer)
    assert won["closing"] == {"amount": "5000", "currency": "KRW"}


def test_a_member_sees_its_own_accounts_and_no_other_is_there(api: Api, chains: Chains) -> None:
    member = token("member", SUPPLIER)
    for code in ("supplier_balance", "cover_granted", "cover_available", "cover_reserved"):
        assert api.get(f"/v1/ledger/accounts/{code}:{SUPPLIER}", member).status == 200
    for account in (
        "supplier_balance",
        f"held:{ORDER}",
        "supplier_balance:mem_x",
        "gold",
        "held:",
        "bank_clearing:citi",
    ):
        reply = api.get(f"/v1/ledger/accounts/{account}", member)
        assert (reply.status, reply["code"]) == (404, "no_such_account"), account


def test_a_statement_is_asked_for_in_dates_and_currencies(api: Api, chains: Chains, officer: str) -> None:
    for query, status in {
        "from=2026-04-02&to=2026-04-01": 400,
        "from=yesterday": 400,
        "currency=usd": 400,
        "currency=": 400,
        "currency=XXX": 422,
        "limit=0": 400,
        "cursor=x": 400,
        "from=0001-01-01": 422,
        "to=9999-12-31": 422,
        "colour=red": 400,
    }.items():
        assert api.get(f"/v1/ledger/accounts/held:{ORDER}?{query}", officer).status == status, query


# --- trial balance ----------------------------------------------------------------------------------------------------


def test_the_trial_balance_is_even_and_keeps_promises_apart(api: Api, chains: Chains, officer: str) -> None:
    reply = api.get("/v1/ledger/trial-balance", officer)
    assert reply.status == 200, reply.body
    assert reply["balanced"] is True
    assert {(line["account"], line["balance"]["amount"]) for line in reply["accounts"]} == {
        ("bank_clearing", "402.50"),
        ("held", "0.00"),
        ("unallocated", "2.50"),
        ("supplier_balance", "400.00"),
    }
    assert {(line["account"], line["balance"]["amount"]) for line in reply["memorandum"]} == {
        ("cover_granted", "1000.00"),
        ("cover_available", "1000.00"),
        ("cover_reserved", "0.00"),
    }
    assert reply["totals"] == [
        {
            "currency": "USD",
            "debit": {"amount": "802.50", "currency": "USD"},
            "credit": {"amount": "802.50", "currency": "USD"},
        }
    ]


def test_the_trial_balance_of_an_earlier_day_knows_nothing_of_later_ones(
    api: Api, chains: Chains, officer: str
) -> None:
    reply = api.get("/v1/ledger/trial-balance?on=2026-03-02", officer)
    assert (reply["balanced"], reply["accounts"], len(reply["memorandum"])) == (True, [], 3)


def test_the_books_are_an_officers(api: Api, chains: Chains) -> None:
    for path in ("trial-balance", "verification"):
        assert api.get(f"/v1/ledger/{path}", token("member", SUPPLIER)).status == 403


# --- verification -----------------------------------------------------------------------------------------------------


def test_books_that_nobody_touched_hold(api: Api, chains: Chains, officer: str) -> None:
    reply = api.get("/v1/ledger/verification", officer)
    assert reply.status == 200, reply.body
    assert (reply["ok"], reply["complete"], reply["first_bad"], reply["unbooked"]) == (True, True, None, 0)
    assert (reply["entries"], reply["chains"]) == (5, 2)
    assert reply["sums"][0]["debit"] == reply["sums"][0]["credit"]
    assert reply["projection"]["lag_ms"] >= 0


def test_one_changed_byte_of_the_journal_is_named(api: Api, chains: Chains, officer: str) -> None:
    item = next(item for item in raw_journal() if item["aggregate_id"]["S"] == ORDER and item["seq"]["N"] == "2")
    changed = bytearray(item["document"]["B"])
    changed[len(changed) // 2] ^= 0x40
    tamper(item["entry_id"]["S"], document={"B": bytes(changed)})
    for path in ("/v1/ledger/verification", f"/v1/ledger/verification?aggregate_id={ORDER}"):
        reply = api.get(path, officer)
        assert (reply["ok"], reply["bad"]) == (False, 1)
        assert (reply["first_bad"]["aggregate_id"], reply["first_bad"]["seq"]) == (ORDER, 2)
        assert reply["first_bad"]["entry_id"] == item["entry_id"]["S"]


def test_no_bit_of_a_stored_entry_can_change_what_it_says(api: Api, chains: Chains) -> None:
    item = next(item for item in raw_journal() if item["aggregate_id"]["S"] == ORDER and item["seq"]["N"] == "2")
    intact = read_image(item)
    for column in ("document", "response"):
        for bit in range(8 * len(item[column]["B"])):
            changed = bytearray(item[column]["B"])
            changed[bit // 8] ^= 1 << bit % 8
            found = read_image(item | {column: {"B": bytes(changed)}})
            # What fills up the last byte of a packed document says nothing, and may change without changing anything.
            assert isinstance(found, str) or found == intact or found.entry.entry_hash != found.entry_hash


def test_a_changed_column_is_named(api: Api, chains: Chains, officer: str) -> None:
    item = next(item for item in raw_journal() if item["aggregate_id"]["S"] == ORDER and item["seq"]["N"] == "2")
    for column, value in (
        ("entry_hash", {"S": "x"}),
        ("prev", {"S": "x"}),
        ("seq", {"N": "3"}),
        ("aggregate_id", {"S": SUPPLIER}),
        ("at", {"N": "0"}),
        ("at", {"S": "noon"}),
        ("document", {"B": b""}),
        ("document", {"S": "{}"}),
        ("response", {"B": b"\x01"}),
    ):
        tamper(item["entry_id"]["S"], **{column: value})
        bad = api.get("/v1/ledger/verification", officer)["first_bad"]
        assert (bad["aggregate_id"], bad["seq"], bad["entry_id"]) == (ORDER, 2, item["entry_id"]["S"]), column
        tamper(item["entry_id"]["S"], **{column: item[column]})
    assert api.get("/v1/ledger/verification", officer)["ok"] is True


def test_an_entry_taken_out_is_named_even_the_last(api: Api, chains: Chains, officer: str) -> None:
    for bad, seq in ((1, 4), (2, 1)):
        delete(
            next(
                item["entry_id"]["S"]
                for item in raw_journal()
                if item["aggregate_id"]["S"] == ORDER and item["seq"]["N"] == str(seq)
            )
        )
        reply = api.get("/v1/ledger/verification", officer)
        assert (reply["bad"], reply["first_bad"]["seq"]) == (bad, seq)
        assert reply["first_bad"]["why"] == "it is not in the journal any more"


def test_an_entry_slipped_in_is_named(api: Api, chains: Chains, officer: str) -> None:
    forged = Chains().write(ORDER + "-", "payment.received")
    tamper(forged.entry_id, aggregate_id={"S": ORDER}, seq={"N": "2"})
    reply = api.get("/v1/ledger/verification", officer)
    assert (reply["ok"], reply["first_bad"]["entry_id"]) == (False, forged.entry_id)


def test_what_the_books_have_not_heard_of_yet_is_counted(api: Api, chains: Chains, officer: str) -> None:
    chains.write(ORDER, "order.noted")
    reply = api.get("/v1/ledger/verification", officer)
    assert (reply["ok"], reply["unbooked"], reply["entries"]) == (True, 1, 5)


def test_a_long_journal_is_gone_through_call_by_call(
    api: Api, chains: Chains, officer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = api.get("/v1/ledger/verification", officer)
    monkeypatch.setattr(verifying, "MOST_ENTRIES", 2)
    for size in ("PAGE", "SCANNED"):
        monkeypatch.setattr(f"chalicelib.ledger.records.evidence.{size}", 2)
    calls = 0
    cursor: str | None = ""
    while cursor is not None:
        reply = api.get(f"/v1/ledger/verification?cursor={cursor}", officer)
        assert reply.status == 200, reply.body
        calls, cursor = calls + 1, reply["next_cursor"]
    assert calls >= 5
    assert {name: reply[name] for name in ("entries", "chains", "ok", "sums", "unbooked")} == {
        name: whole[name] for name in ("entries", "chains", "ok", "sums", "unbooked")
    }


def test_one_thing_is_verified_on_the_spot(
    api: Api, chains: Chains, officer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reply = api.get(f"/v1/ledger/verification?aggregate_id={ORDER}", officer)
    assert (reply["ok"], reply["complete"], reply["entries"], reply["chains"]) == (True, True, 4, 1)
    assert api.get("/v1/ledger/verification?aggregate_id=ord_nothing", officer).status == 404
    monkeypatch.setattr(verifying, "MOST_ENTRIES", 3)
    first = api.get(f"/v1/ledger/verification?aggregate_id={ORDER}", officer)
    assert first["complete"] is False
    rest = api.get(f"/v1/ledger/verification?aggregate_id={ORDER}&cursor={first['next_cursor']}", officer)
    assert (rest["complete"], rest["entries"], rest["ok"]) == (True, 4, True)


# --- the daily close --------------------------------------------------------------------------------------------------


def close_on(day: datetime) -> str:
    run = jobs.close_books(day)
    for shard in range(1, run.shards + 1):
        run_jobs.work_on(Shard(run.id, shard), {jobs.CLOSE: jobs.closing({})})
    return run.id


def test_the_daily_close_is_kept_and_shown(api: Api, chains: Chains, officer: str) -> None:
    run = runs.get(close_on(datetime(2026, 4, 13, 16, 45, tzinfo=UTC)))
    assert (run.status, run.as_of, run.counts["entries"]) == ("done", date(2026, 4, 13), 5)
    project_all()
    shown = api.get("/v1/ledger/verification", officer)["last_close"]
    assert (shown["on"], shown["ok"], shown["entries"], shown["differences"]) == ("2026-04-13", True, 5, [])


def test_the_close_runs_in_parts_that_add_up(
    api: Api, chains: Chains, officer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    close_on(datetime(2026, 4, 13, 16, 45, tzinfo=UTC))
    monkeypatch.setattr(verifying, "ENTRIES_A_PART", 2)
    project_all()
    run = runs.get(close_on(datetime(2026, 4, 14, 16, 45, tzinfo=UTC)))
    assert (run.shards, run.counts["bad"]) == (3, 0)
    shown = api.get("/v1/ledger/verification", officer)["last_close"]
    assert (shown["on"], shown["ok"], shown["differences"]) == ("2026-04-14", True, [])


def test_the_close_names_the_bad_entry_and_the_account_that_differs(api: Api, chains: Chains, officer: str) -> None:
    item = next(item for item in raw_journal() if item["aggregate_id"]["S"] == ORDER and item["seq"]["N"] == "2")
    delete(item["entry_id"]["S"])
    run = runs.get(close_on(datetime(2026, 4, 13, 16, 45, tzinfo=UTC)))
    assert run.counts["bad"] == 1
    shown = api.get("/v1/ledger/verification", officer)["last_close"]
    assert (shown["ok"], shown["first_bad"]["entry_id"]) == (False, item["entry_id"]["S"])
    assert [
        (told["account"], told["journal_debit"]["amount"], told["books_debit"]["amount"])
        for told in shown["differences"]
    ] == [
        ("bank_clearing", "102.50", "402.50"),
        ("held", "400.00", "400.00"),
    ]


def test_a_close_leaves_later_days_out(api: Api, chains: Chains, officer: str) -> None:
    close_on(datetime(2026, 3, 4, 16, 45, tzinfo=UTC))
    shown = api.get("/v1/ledger/verification", officer)["last_close"]
    assert (shown["on"], shown["ok"], shown["differences"]) == ("2026-03-04", True, [])
