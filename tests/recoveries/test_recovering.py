"""From an advance to the last cent back, through the API: debit, set-off, receipts, suspension, instalments, writing off."""

from __future__ import annotations

import random
from typing import Any

import pytest

from chalicelib.dead_letters.jobs import consume
from chalicelib.recoveries import jobs, records
from chalicelib.recoveries.declared import RECOVERIES
from chalicelib.recoveries.examples import PLAN, WRITE_OFF
from chalicelib.shared import clock, journal
from chalicelib.shared.stream import subscriber
from tests.letters import waiting
from tests.recoveries.owing import OFFICER, Debt
from tests.world import StandingClock, token


def usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


def receipt(amount: str, ref: str = "R-9001") -> dict[str, Any]:
    return {"money": usd(amount), "bank_id": "boc", "bank_ref": ref}


def test_an_advance_is_demanded_at_once_and_a_debit_pays_it_back(debt: Debt) -> None:
    debt.register()
    recovery_id = debt.advance()
    reply = debt.see(recovery_id)
    assert (reply["status"], reply["remaining"], reply["being_debited"]) == ("demanded", usd("1500.00"), usd("1500.00"))
    assert [deadline["name"] for deadline in reply["deadlines"]] == ["debit"]
    assert debt.trade.standing().advanced_minor == 150_000
    debt.bank_says(recovery_id, "settled", 150_000, seq=1)
    debt.streams()
    paid = debt.see(recovery_id)
    assert (paid["status"], paid["remaining"], paid["cover_advanced"]) == ("debited", usd("0.00"), usd("0.00"))
    assert (debt.trade.standing().advanced_minor, debt.trade.standing().available_minor) == (0, 10_000_000)
    deadline = debt.balances()
    assert (deadline["advances_receivable"], deadline["collected"], deadline["cover_advanced"]) == (
        "0.00",
        "0.00",
        "0.00",
    )


def test_the_demand_rides_on_its_entry_as_an_instruction(debt: Debt) -> None:
    debt.register()
    recovery = records.REPOSITORY.load(debt.advance())
    assert recovery is not None
    demanded = journal.read(recovery.recent[-1])
    assert demanded is not None
    (payment_order,) = demanded.event.payment_orders
    assert (payment_order.kind, payment_order.aggregate_id, payment_order.amount_minor) == (
        "debit",
        debt.trade.supplier_id,
        150_000,
    )


def test_entries_that_come_twice_and_in_any_order_open_and_pay_once(debt: Debt) -> None:
    debt.register()
    recovery_id = debt.advance()
    debt.bank_says(recovery_id, "settled", 150_000, seq=1)
    debt.bank_says(recovery_id, "failed", 150_000, seq=2, came_back=True)
    debt.bank_says(recovery_id, "settled", 150_000, seq=3)
    for record in debt.streams.records("journal"):
        debt.streams.forget()
        assert consume([record, record], [subscriber("recoveries.follow", jobs.follow)]) == {"batchItemFailures": []}
    assert waiting() == []
    debt.streams(random.Random(7))
    assert (debt.see(recovery_id)["status"], debt.see(recovery_id)["remaining"]) == ("debited", usd("0.00"))
    assert debt.trade.standing().advanced_minor == 0
    assert debt.balances()["collected"] == "0.00"


@pytest.mark.parametrize("seed", range(6))
def test_whatever_the_order_of_a_banks_words_the_last_one_counts(debt: Debt, seed: int) -> None:
    debt.register()
    recovery_id = debt.advance()
    debt.bank_says(recovery_id, "settled", 150_000, seq=1)
    debt.bank_says(recovery_id, "failed", 150_000, seq=2, came_back=True)
    debt.streams(random.Random(seed))
    assert debt.see(recovery_id)["remaining"] == usd("1500.00")
    assert debt.balances()["collected"] == "0.00"
    assert debt.balances()["advances_receivable"] == "1500.00"


def test_what_the_supplier_earns_is_set_off_first_and_only_the_rest_is_debited(debt: Debt) -> None:
    debt.register()
    debt.earn(40_000)
    reply = debt.see(debt.advance())
    assert (reply["remaining"], reply["being_debited"]) == (usd("1100.00"), usd("1100.00"))
    assert [(told["by"], told["money"]) for told in reply["receipts"]] == [("setoff", usd("400.00"))]
    assert debt.trade.standing().advanced_minor == 110_000
    assert debt.balances()["supplier_balance"] == "0.00"


def test_a_debit_that_does_not_come_is_set_off_day_by_day(debt: Debt, time: StandingClock) -> None:
    debt.register()
    recovery_id = debt.advance()
    debt.earn(50_000)
    debt.sweep()
    assert debt.see(recovery_id)["remaining"] == usd("1500.00"), "nothing is asked for twice"
    time.advance(days=10)
    debt.sweep()
    assert (debt.see(recovery_id)["status"], debt.see(recovery_id)["remaining"]) == ("setoff", usd("1000.00"))
    debt.sweep()
    assert debt.see(recovery_id)["remaining"] == usd("1000.00"), "a balance is drawn on once"
    debt.earn(500_000)
    time.advance(days=1)
    debt.sweep()
    assert debt.see(recovery_id)["status"] == "recovered"
    assert debt.balances()["supplier_balance"] == "4000.00"


def test_a_debit_the_bank_gave_up_is_set_off_without_waiting_for_its_day(debt: Debt) -> None:
    debt.register()
    recovery_id = debt.advance()
    debt.bank_says(recovery_id, "manual", 150_000, seq=1, reason="account_closed")
    debt.streams()
    assert (debt.see(recovery_id)["status"], debt.see(recovery_id)["being_debited"]) == ("setoff", usd("0.00"))


def test_after_thirty_days_the_supplier_is_suspended_until_all_is_paid(debt: Debt, time: StandingClock) -> None:
    recovery_id = debt.advance()
    time.advance(days=30, seconds=-1)
    debt.sweep()
    assert debt.kept_out_for() == []
    time.advance(seconds=1)
    debt.sweep()
    assert debt.see(recovery_id)["status"] == "suspended"
    assert debt.kept_out_for() == [recovery_id]
    part = debt.do(recovery_id, "receipts", receipt("1000.00"))
    assert (part.status, part["remaining"], part["cover_advanced"]) == (200, usd("500.00"), usd("500.00"))
    debt.streams()
    assert debt.kept_out_for() == [recovery_id]
    assert debt.do(recovery_id, "receipts", receipt("500.00", "R-9002"))["status"] == "recovered"
    debt.streams()
    assert debt.kept_out_for() == []


def test_of_two_recoveries_both_must_be_paid(debt: Debt, time: StandingClock) -> None:
    first, second = debt.advance(claim="1"), debt.advance(claim="2")
    time.advance(days=31)
    debt.sweep()
    assert debt.kept_out_for() == sorted([first, second])
    debt.do(first, "receipts", receipt("1500.00"))
    debt.streams()
    assert debt.kept_out_for() == [second]
    debt.do(second, "receipts", receipt("1500.00", "R-2"))
    debt.streams()
    assert debt.kept_out_for() == []


def test_instalments_proposed_and_accepted_keep_the_supplier_in(debt: Debt, time: StandingClock) -> None:
    recovery_id = debt.advance()
    proposed = debt.do(recovery_id, "instalments", PLAN, debt.trade.supplier)
    assert proposed.status == 200, proposed.body
    assert [deadline["name"] for deadline in proposed["deadlines"]] == ["answer_to_plan", "debit"]
    accepted = debt.do(recovery_id, "accept-instalments")
    assert (accepted["status"], len(accepted["plan"]["instalments"])) == ("instalments", 2)
    debt.do(recovery_id, "receipts", receipt("500.00"))
    time.advance(days=40)
    debt.sweep()
    assert debt.see(recovery_id)["status"] == "instalments"
    assert debt.kept_out_for() == []
    time.advance(days=60)
    debt.sweep()
    assert debt.see(recovery_id)["status"] == "suspended"
    assert debt.kept_out_for() == [recovery_id]


def test_an_officer_writes_off_what_never_came_and_the_limit_stays_low(debt: Debt, time: StandingClock) -> None:
    recovery_id = debt.advance()
    time.advance(days=31)
    debt.sweep()
    early = debt.do(recovery_id, "write-off", WRITE_OFF)
    assert (early.status, early["code"], early["allowed_actions"]) == (409, "recovery_not_in_this_state", ["receipts"])
    time.advance(days=59)
    lost = debt.do(recovery_id, "write-off", WRITE_OFF)
    assert (lost.status, lost["status"], lost["written_off"]) == (200, "written_off", usd("1500.00"))
    debt.streams()
    assert debt.trade.standing().advanced_minor == 150_000
    told = debt.balances()
    assert (told["written_off"], told["advances_receivable"], told["cover_advanced"]) == ("1500.00", "0.00", "1500.00")
    assert debt.kept_out_for() == [recovery_id]


def test_every_endpoint_answers_alike_twice_and_books_once(debt: Debt, time: StandingClock) -> None:
    recovery_id = debt.advance()
    endpoints: list[tuple[str, Any, str]] = [
        ("instalments", PLAN, debt.trade.supplier),
        ("accept-instalments", None, OFFICER),
        ("receipts", receipt("100.00"), OFFICER),
    ]
    for action, body, by in endpoints:
        first, again = (debt.do(recovery_id, action, body, by, key=f"twice-{action}") for _ in range(2))
        assert (first.status, again.raw) == (200, first.raw), first.body
        assert again.headers["Idempotent-Replayed"] == "true"
    assert debt.see(recovery_id)["received"] == usd("100.00")


@pytest.mark.parametrize(
    ("action", "body", "code"),
    [
        ("receipts", receipt("1500.01"), "more_than_owed"),
        ("receipts", receipt("1.00") | {"money": {"amount": "1.00", "currency": "EUR"}}, "not_the_recoverys_currency"),
        ("receipts", receipt("1.00") | {"bank_id": "nobank"}, "unknown_bank"),
        ("receipts", receipt("0.00"), "malformed"),
        ("receipts", receipt("1.00") | {"extra": 1}, "bad_field"),
        ("write-off", {"reason": ""}, "bad_field"),
        ("accept-instalments", None, "recovery_not_in_this_state"),
    ],
)
def test_bad_input_is_refused_by_name(debt: Debt, action: str, body: Any, code: str) -> None:
    assert debt.do(debt.advance(), action, body)["code"] == code


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ([{"on": "2026-04-01", "money": usd("1499.00")}], "bad_plan"),
        ([{"on": "2026-04-01", "money": {"amount": "1500.00", "currency": "EUR"}}], "not_the_recoverys_currency"),
        ([{"on": "2026-04-01", "money": usd("0.00")}], "malformed"),
        ([], "bad_field"),
    ],
)
def test_a_bad_plan_is_refused_by_name(debt: Debt, parts: Any, code: str) -> None:
    reply = debt.do(debt.advance(), "instalments", {"instalments": parts}, debt.trade.supplier)
    assert reply["code"] == code, reply.body


def test_the_same_bank_reference_is_recorded_once(debt: Debt) -> None:
    recovery_id = debt.advance()
    assert debt.do(recovery_id, "receipts", receipt("10.00")).status == 200
    again = debt.do(recovery_id, "receipts", receipt("10.00"))
    assert (again.status, again["code"]) == (409, "bank_reference_used")


def test_a_stranger_sees_nothing_and_an_officer_without_the_duty_does_nothing(debt: Debt) -> None:
    recovery_id = debt.advance()
    buyer = debt.trade.buyer
    assert debt.see(recovery_id, buyer).status == 404
    assert debt.api.get(f"/v1/recoveries/{recovery_id}/timeline", buyer).status == 404
    assert debt.do(recovery_id, "instalments", PLAN, buyer).status == 404
    assert debt.api.get("/v1/recoveries", buyer)["items"] == []
    assert debt.api.get(f"/v1/recoveries?supplier_id={debt.trade.supplier_id}", buyer)["items"] == []
    assert debt.do(recovery_id, "receipts", receipt("1.00"), token("officer", "o-2", "deposits")).status == 403


def test_lists_go_on_page_by_page_by_supplier_by_status_and_over_all(debt: Debt, time: StandingClock) -> None:
    owed = sorted(debt.advance(10_000, claim=str(number)) for number in range(3))
    debt.do(owed[0], "receipts", receipt("100.00"))
    for query, by, expected in (
        ("", debt.trade.supplier, owed),
        (f"supplier_id={debt.trade.supplier_id}", OFFICER, owed),
        ("status=demanded", OFFICER, owed[1:]),
        ("status=recovered", debt.trade.supplier, owed[:1]),
        ("", OFFICER, [*owed[1:], owed[0]]),
    ):
        assert _all(debt, query, by) == expected


def test_the_timeline_tells_everything_oldest_first(debt: Debt) -> None:
    debt.earn(40_000)
    recovery_id = debt.advance()
    reply = debt.api.get(f"/v1/recoveries/{recovery_id}/timeline", debt.trade.supplier)
    assert [entry["kind"] for entry in reply["items"]] == ["recovery.opened", "recovery.set_off", "recovery.demanded"]
    assert reply["items"][1]["payload"]["amount"] == usd("400.00")


def test_a_sweep_that_comes_weeks_late_comes_to_the_same(debt: Debt, time: StandingClock) -> None:
    recovery_id = debt.advance()
    time.advance(days=45)
    read = debt.see(recovery_id).body
    debt.sweep()
    swept = debt.see(recovery_id).body
    assert read == swept
    assert swept["suspended_at"] == "2026-04-01T02:15:00Z"


def test_the_clock_knows_where_to_stop(debt: Debt, time: StandingClock) -> None:
    assert (RECOVERIES.next_due(), jobs.next_set_off()) == (None, None)
    debt.advance()
    due, look = RECOVERIES.next_due(), jobs.next_set_off()
    assert due is not None
    assert due.isoformat() == "2026-03-11T16:00:00+00:00"
    assert look is not None
    assert look.isoformat() == "2026-03-02T17:00:00+00:00"
    assert look > clock.now()


def _all(debt: Debt, query: str, by: str) -> list[str]:
    found: list[str] = []
    cursor = ""
    while True:
        page = debt.api.get(f"/v1/recoveries?limit=2&{query}{cursor}", by)
        found += [told["id"] for told in page["items"]]
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"
