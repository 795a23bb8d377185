"""What happens to a deposit by itself: at its own instant, however late anybody looks; the dunning stages, insurance, risks, days, the daily job."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.dead_letters.jobs import consume
from chalicelib.dead_letters.service.letters import try_again
from chalicelib.deposits import jobs, records
from chalicelib.deposits.records import DepositRow
from chalicelib.deposits.service import days
from chalicelib.runs import jobs as run_jobs
from chalicelib.runs.messages import Shard
from chalicelib.shared import clock
from chalicelib.shared.aws import client
from chalicelib.shared.errors import WriteConflict
from tests.deposits.account.shop import G1, G4, SECOND, WORK, Shop, shanghai, yuan
from tests.letters import waiting


@pytest.fixture
def trading(shop: Shop) -> Shop:
    """A shop that owes a base of 500 since the midnight of 10 February: due on the 13th."""
    shop.at("2023-02-09 20:00").sells(4, G4, 4_000, "2023-02-09")
    shop.at("2023-02-10 00:05").day_runs("2023-02-09")
    return shop


def statement(shop: Shop) -> list[dict[str, Any]]:
    shop.streams()
    items: list[dict[str, Any]] = shop.see("/statements?limit=100")["items"]
    return items


def insured(shop: Shop, start: str, end: str, amount: str = "1000.00") -> dict[str, Any]:
    return {
        "insurer": "Ping An",
        "reference": f"P-{start[:10]}",
        "money": yuan(amount),
        "valid_from": shanghai(start).isoformat(),
        "valid_until": shanghai(end).isoformat(),
    }


def test_a_statement_tells_what_was_just_written_before_the_books_have_it(trading: Shop) -> None:
    told = ["deposit.opened", "deposit.assessed"]
    for _ in range(2):
        assert [line["kind"] for line in trading.see("/statements")["items"]] == told
        trading.act("payments", {}, trading.seller)
        told.append("deposit.payment_asked")
    trading.act("payments", {}, trading.seller)
    assert trading.see("/statements")["items"] == [], "the first is only in the books, which do not have it yet"
    assert [line["kind"] for line in statement(trading)] == [*told, "deposit.payment_asked"]


# --- the dunning stages -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "status", "restrictions"),
    [
        ("2023-02-12 23:59", "due", []),
        ("2023-02-13 00:00", "overdue", ["settlement_delayed_15_days"]),
        ("2023-02-17 00:00", "overdue", ["settlement_delayed_15_days", "no_campaigns"]),
        ("2023-02-25 00:00", "overdue", ["settlement_delayed_15_days", "no_campaigns", "hidden"]),
        ("2023-03-12 00:00", "overdue", ["settlement_delayed_15_days", "no_campaigns", "hidden", "supervised"]),
        (
            "2023-04-11 00:00",
            "overdue",
            ["settlement_delayed_15_days", "no_campaigns", "hidden", "supervised", "payment_control"],
        ),
    ],
)
def test_restrictions_begin_at_their_instants_whoever_looks(
    trading: Shop, moment: str, status: str, restrictions: list[str]
) -> None:
    reply = trading.at(moment).see()
    assert (reply["status"], reply["restrictions"], reply["overdue_level"]) == (status, restrictions, len(restrictions))


def test_a_late_sweep_writes_each_level_at_its_own_instant(trading: Shop) -> None:
    trading.at("2023-03-20 12:00").day_runs("2023-03-19")
    lines = [line for line in statement(trading) if line["kind"] == "deposit.overdue"]
    assert [(line["at"], line["payload"]["level"]) for line in lines] == [
        ("2023-02-12T16:00:00Z", 1),
        ("2023-02-16T16:00:00Z", 2),
        ("2023-02-24T16:00:00Z", 3),
        ("2023-03-11T16:00:00Z", 4),
    ]
    assert {line["recorded_at"] for line in lines} == {"2023-03-20T04:00:00Z"}


def test_paying_ends_all_restrictions_at_once(trading: Shop) -> None:
    trading.at("2023-02-20 12:00").pays("500.00")
    reply = trading.see()
    assert (reply["status"], reply["restrictions"], reply["due_at"]) == ("clear", [], None)
    assert trading.kept.dunning_stage == 0


def test_a_larger_bill_does_not_lift_a_restriction(trading: Shop) -> None:
    trading.at("2023-02-14 12:00").act("risks", {"risk_class": "R1", "case": "C-1", "reason": "late again"})
    reply = trading.see()
    assert (reply["status"], reply["requirement"]["arrears"]) == ("overdue", yuan("1000.00"))


# --- insurance and risks ----------------------------------------------------------------------------------------------


def test_insurance_stands_in_for_the_base_and_its_lapse_is_a_bill_of_its_own(trading: Shop) -> None:
    reply = trading.at("2023-02-10 12:00").act("substitutes", insured(trading, "2023-02-10 00:00", "2023-04-01 00:00"))
    assert (reply.status, reply["status"], reply["requirement"]["insurances"]) == (200, "clear", yuan("500.00"))

    reply = trading.at("2023-04-02 12:00").see()
    assert (reply["status"], reply["requirement"]["arrears"], reply["due_at"]) == (
        "due",
        yuan("500.00"),
        "2023-04-03T16:00:00Z",
    )
    trading.day_runs("2023-04-01")
    assert statement(trading)[-1]["kind"] == "deposit.insurance_lapsed"


def test_insurance_that_begins_later_helps_from_then_on(trading: Shop) -> None:
    trading.at("2023-02-10 12:00").act("substitutes", insured(trading, "2023-02-12 00:00", "2023-04-01 00:00"))
    assert trading.see()["requirement"]["arrears"] == yuan("500.00")
    reply = trading.at("2023-02-14 00:00").see()
    assert (reply["requirement"]["arrears"], reply["status"]) == (yuan("0.00"), "clear")
    assert "deposit.insurance_began" in [line["kind"] for line in _swept(trading, "2023-02-13")]


def test_insurance_is_registered_once_and_not_backwards(trading: Shop) -> None:
    trading.at("2023-02-10 12:00")
    body = insured(trading, "2023-02-10 00:00", "2023-04-01 00:00")
    assert trading.act("substitutes", body).status == 200
    assert trading.act("substitutes", body)["code"] == "already_there"
    gone = insured(trading, "2023-01-01 00:00", "2023-02-01 00:00")
    assert trading.act("substitutes", gone)["code"] == "bad_term"


def test_the_amount_of_a_violation_ends_some_days_after_its_case(trading: Shop) -> None:
    reply = trading.at("2023-02-10 12:00").act("risks", {"risk_class": "R1", "case": "C-1", "reason": "late"})
    risk = reply["risks"][0]["id"]
    assert reply["requirement"]["risk"] == yuan("500.00")
    closed = trading.at("2023-02-20 12:00").act(f"risks/{risk}/close", None)
    assert closed["risks"][0]["ends_at"] == "2023-03-22T04:00:00Z"
    assert trading.act(f"risks/{risk}/close", None)["code"] == "already_there"

    assert trading.at("2023-03-22 11:59").see()["requirement"]["risk"] == yuan("500.00")
    assert trading.at("2023-03-22 12:00").see()["requirement"]["risk"] == yuan("0.00")
    assert _swept(trading, "2023-03-22")[-1]["kind"] == "deposit.risk_ended"
    assert trading.kept.risks == ()


def test_of_each_class_the_highest_counts_and_a_case_is_opened_once(trading: Shop) -> None:
    trading.at("2023-02-10 12:00")
    for case, kind in (("C-1", "R2"), ("C-2", "R2"), ("C-3", "R3")):
        reply = trading.act("risks", {"risk_class": kind, "case": case, "reason": "x"})
    assert reply["requirement"]["risk"] == yuan("7000.00")
    assert trading.act("risks", {"risk_class": "R2", "case": "C-1", "reason": "x"})["code"] == "already_there"
    assert trading.act("risks", {"risk_class": "R9", "case": "C-9", "reason": "x"})["code"] == "unknown_risk_class"


def test_markets_are_entered_and_left(trading: Shop) -> None:
    trading.at("2023-02-10 12:00")
    assert trading.act("specials", {"special": "M4"})["requirement"]["special"] == yuan("1000.00")
    assert trading.act("specials", {"special": "M4"})["code"] == "already_there"
    assert trading.act("specials", {"special": "M9"})["code"] == "unknown_special"
    assert trading.act("specials/M4/leave", None)["requirement"]["special"] == yuan("0.00")
    assert trading.act("specials/M4/leave", None).status == 404


# --- closing and reopening --------------------------------------------------------------------------------------------


def test_a_closed_shop_leaves_its_markets_and_keeps_its_arrears(trading: Shop) -> None:
    trading.at("2023-02-10 12:00").act("specials", {"special": "M4"})
    trading.pays("300.00")
    reply = trading.act("close", None, trading.seller)
    assert (reply["requirement"]["base"], reply["requirement"]["special"]) == (yuan("0.00"), yuan("0.00"))
    assert reply["requirement"]["arrears"] == yuan("1200.00")
    assert trading.act("close", None, trading.seller)["code"] == "deposit_closed"
    assert trading.act("specials", {"special": "M4"})["code"] == "deposit_closed"

    trading.pays("1200.00")
    assert trading.see()["requirement"]["releasable"] == yuan("1500.00")
    again = trading.act("reopen", None, trading.seller)
    assert (again["awaiting_first_trade"], again["membership_period"]) == (True, 2)
    assert trading.act("reopen", None, trading.seller)["code"] == "deposit_not_closed"


# --- days and the daily job -------------------------------------------------------------------------------------------


def test_days_come_from_the_day_books_stream_twice_and_in_any_order(shop: Shop) -> None:
    shop.at("2023-02-09 20:00").sells(3, G1, 60, "2023-02-09", is_complete=False)
    shop.sells(2, G4, 80, "2023-02-08 23:00", is_complete=False)
    records_told = day_book_records(shop) * 2
    random.Random(1).shuffle(records_told)
    consume(records_told, [jobs.DAYS])

    days = {date.fromordinal(day).isoformat(): sold for day, sold in shop.kept.days}
    assert {day: [sold[:2] for sold in each] for day, each in days.items()} == {
        "2023-02-08": [(G4, 2)],
        "2023-02-09": [(G1, 3)],
    }
    version = shop.kept.version
    consume(records_told, [jobs.DAYS])
    assert shop.kept.version == version, "telling the same again changes nothing"


@pytest.mark.parametrize("batches", [[[1, 2]], [[1], [2]], [[2], [1]], [[2, 1]]])
def test_what_was_written_before_a_cut_off_counts_for_it_in_whatever_batch_it_is_told(
    trading: Shop, batches: list[list[int]]
) -> None:
    """The stream stood still over midnight: a record of before the cut-off and one of after it come together, or the first one late."""
    trading.at("2023-03-05 23:50").sells(40, G1, 400_000, "2023-03-05", is_complete=False)
    trading.at("2023-03-06 00:10").sells(1, G1, 20, "2023-03-06 00:06", is_complete=False)
    written = {1: "2023-03-05 23:50", 2: "2023-03-06 00:06"}
    for batch in batches:
        consume([day_book_record(trading, number, shanghai(written[number])) for number in batch], [jobs.DAYS])
    (snapshot,) = trading.kept.snapshots
    assert (snapshot.period, snapshot.totals[G1][0]) == ("2023-03", 40)
    assert [sold[0][1] for _, sold in trading.kept.days[1:]] == [40, 1]


def test_what_was_written_before_a_cut_off_counts_for_it_after_the_deposit_could_not_be_written_for_a_while(
    trading: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    trading.at("2023-03-05 23:50").sells(40, G1, 400_000, "2023-03-05", is_complete=False)
    trading.at("2023-03-06 00:10").sells(1, G1, 20, "2023-03-06 00:06", is_complete=False)
    told = [
        day_book_record(trading, number, shanghai(at))
        for number, at in enumerate(["2023-03-05 23:50", "2023-03-06 00:06"])
    ]
    with monkeypatch.context() as patch:
        patch.setattr(records, "save", lambda *content: 1 // 0)
        consume(told, [jobs.DAYS])
    [letter] = waiting()
    assert try_again(letter.id) is None
    (snapshot,) = trading.kept.snapshots
    assert (snapshot.period, snapshot.totals[G1][0]) == ("2023-03", 40)
    assert [sold[0][1] for _, sold in trading.kept.days[1:]] == [40, 1]


def test_an_order_that_is_told_just_before_the_midnight_after_which_it_was_paid_is_a_first_trade(shop: Shop) -> None:
    """The marketplace's clock is ahead of ours. The day-book told of it once, and the shop sells no more."""
    shop.at("2023-02-09 23:58").sells(4, G4, 4_000, "2023-02-10 00:02")
    shop.at("2023-02-11 00:05").day_runs("2023-02-10")
    assert shop.see()["requirement"]["base"] == yuan("500.00")


def test_an_order_that_is_cancelled_leaves_its_day(shop: Shop) -> None:
    shop.at("2023-02-09 20:00")
    kept, gone = (shop._fact(G1, 2_000, shanghai("2023-02-09 09:00"), "paid") for _ in range(2))
    shop.feed([kept, gone])
    shop.feed([gone | {"status": "cancelled"}])
    assert [sold[0][1] for _, sold in shop.kept.days] == [1]


def test_an_order_that_was_delivered_and_then_refunded_leaves_its_day(shop: Shop) -> None:
    shop.at("2023-02-11 20:00")
    done = shop._fact(G1, 2_000, shanghai("2023-02-09 09:00"), "completed")
    shop.feed([done])
    before = len(shop.kept.days)
    shop.feed([done | {"status": "refunded"}])
    assert (before, len(shop.kept.days)) == (1, 0)


def test_a_payment_is_taken_whatever_the_categories_of_a_feed_are_called(shop: Shop) -> None:
    """A name of its own for every order, for two months: the deposit's item was too large to be written, and the bank's money was nobody's."""
    shop.at("2023-03-20 12:00")
    for month in ("2023-02", "2023-03"):
        facts = [
            shop._fact(f"{number:04d}" + "\u5b57" * 60, 2_000, shanghai(f"{month}-{10 + number % 10} 09:00"), "paid")
            for number in range(900)
        ]
        for start in range(0, len(facts), 150):
            shop.feed(facts[start : start + 150], is_complete=False)
    days.tell_days(shop.seller_id, shop.time.at, shop.time.at)
    shop.at("2023-04-07 12:00").pays("100.00")
    assert shop.see()["balance"]["held"] == yuan("100.00")
    assert sum(orders for _, sold in shop.kept.days for _, orders, _ in sold) == 1_800


def test_days_of_members_without_a_deposit_are_nobodys(shop: Shop) -> None:
    data = {"Keys": {"member_id": {"S": "mem_x"}}, "SequenceNumber": "1", "ApproximateCreationDateTime": 0.0}
    consume([{"eventName": "INSERT", "dynamodb": data}], [jobs.DAYS])
    assert (records.REPOSITORY.load("mem_x"), waiting()) == (None, [])


def test_a_shop_that_sold_nothing_that_counts_stays_armed(shop: Shop) -> None:
    shop.at("2023-02-09 20:00").sells(3, G1, 60, "2023-02-09", status="cancelled")
    shop.at("2023-02-10 00:05").day_runs("2023-02-09")
    assert shop.see()["awaiting_first_trade"] is True


def test_the_daily_job_twice_is_one_assessment(shop: Shop) -> None:
    shop.at("2023-02-09 20:00").sells(3, G1, 60, "2023-02-09")
    run = shop.at("2023-02-10 00:05").day_runs("2023-02-09")
    assert run.counts == {"deposit.assessed": 1, "deposits": 1, "set_aside": 0}
    again = jobs.begin_day(date(2023, 2, 9))
    for shard in range(1, again.shards + 1):
        run_jobs.work_on(Shard(again.id, shard), WORK)
        jobs.daily_shard(again, shard)
    assert [line["kind"] for line in statement(shop)] == ["deposit.opened", "deposit.assessed"]


def test_a_missed_day_is_made_up_with_its_own_date(shop: Shop) -> None:
    shop.at("2023-02-09 20:00").sells(3, G1, 60, "2023-02-09")
    shop.at("2023-02-20 10:00").day_runs("2023-02-09")
    line = statement(shop)[-1]
    assert (line["at"], line["recorded_at"]) == ("2023-02-09T16:00:00Z", "2023-02-20T02:00:00Z")
    assert shop.see()["due_at"] == "2023-02-12T16:00:00Z"


def test_a_first_trade_that_is_told_late_is_found_on_the_next_day(shop: Shop) -> None:
    shop.at("2023-02-12 15:00").sells(3, G1, 60, "2023-02-09")
    assert shop.see()["awaiting_first_trade"] is True
    shop.at("2023-02-13 00:05").day_runs("2023-02-12")
    reply = shop.see()
    assert (reply["awaiting_first_trade"], reply["requirement"]["base"], reply["due_at"]) == (
        False,
        yuan("50.00"),
        "2023-02-15T16:00:00Z",
    )


def test_a_deposit_that_cannot_be_read_is_set_aside_with_the_reason(trading: Shop) -> None:
    client("dynamodb").update_item(
        TableName=DepositRow.Meta.table_name,
        Key={"member_id": {"S": trading.seller_id}},
        UpdateExpression="SET body = :b",
        ExpressionAttributeValues={":b": {"B": b"[]"}},
    )
    run = trading.at("2023-02-14 00:05").day_runs("2023-02-13")
    assert run.counts["set_aside"] == 1


def test_a_change_that_raced_with_another_is_decided_again(trading: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    tries = iter([True, False])
    kept = records.save

    def sometimes(*content: Any) -> None:
        if next(tries):
            raise WriteConflict("somebody was faster")
        kept(*content)

    monkeypatch.setattr(records, "save", sometimes)
    trading.at("2023-02-10 20:00").sells(1, G1, 20, "2023-02-10")
    assert len(trading.kept.days) == 2


def day_book_records(shop: Shop) -> list[dict[str, Any]]:
    """What the day-book's stream would bring of the shop."""
    return [day_book_record(shop, number, clock.real()) for number in range(2)]


def day_book_record(shop: Shop, number: int, at: datetime) -> dict[str, Any]:
    data = {
        "Keys": {"member_id": {"S": shop.seller_id}},
        "ApproximateCreationDateTime": at.timestamp(),
        "SequenceNumber": str(number),
    }
    return {"eventName": "MODIFY", "dynamodb": data}


def _swept(shop: Shop, day: str) -> list[dict[str, Any]]:
    shop.time.at = max(shop.time.at, shanghai(f"{day} 00:00") + timedelta(days=1, minutes=5))
    shop.day_runs(day)
    return statement(shop)


# --- corrections before a month is decided ---------------------------------------------------------------------------


def test_a_correction_counts_for_a_month_that_is_decided_after_it(trading: Shop) -> None:
    """Else the run would put the wrong base back, a bill for a shop that owes nothing."""
    trading.pays("500.00")
    trading.at("2023-03-01 12:00").sells(40, G1, 400_000, "2023-03-01")
    trading.at("2023-03-06 00:10").based("30.00")
    trading.at("2023-03-06 10:00").month_runs("2023-03")
    assert trading.see()["requirement"]["base"] == yuan("30.00")


def test_a_correction_leaves_the_months_that_are_decided_as_they_were_decided(trading: Shop) -> None:
    """Their explanation is made of what was true at the cut-off, as the line in the certificate."""
    trading.at("2023-03-01 12:00").sells(40, G1, 400_000, "2023-03-01")
    trading.at("2023-03-06 10:00").month_runs("2023-03")
    before = trading.see()["explanation"]["month"]
    assert (before["period"], before["previous"]) == ("2023-03", yuan("500.00"))
    trading.at("2023-03-20 12:00").based("30.00")
    assert trading.see()["explanation"]["month"] == before


def test_a_violation_that_was_none_does_not_keep_a_shop_in_arrears_at_the_cut_off_before(trading: Shop) -> None:
    trading.pays("500.00")
    trading.at("2023-03-01 12:00").sells(40, G1, 400_000, "2023-03-01")
    other = trading.act("risks", {"risk_class": "R1", "case": "C-1", "reason": "late"})["risks"][0]["id"]
    trading.act("risks", {"risk_class": "R2", "case": "C-2", "reason": "false advertising"})
    trading.pays("2000.00")
    trading.at("2023-03-06 00:10")
    correction = trading.act("corrections", {"risk_id": other, "reason": "it was not late"})["corrections"][0]["id"]
    assert trading.act(f"corrections/{correction}/approve", None, SECOND).status == 200
    trading.at("2023-03-06 10:00").month_runs("2023-03")
    assert trading.see()["requirement"]["base"] == yuan("100.00"), (
        "without it there were no arrears: it follows its orders"
    )
