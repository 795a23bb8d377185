"""What banks say of a claim's refunds, doubled, late and in disorder, and payments that banks take back; the books to the cent."""

from __future__ import annotations

import random

import pytest

from chalicelib.claims.declared import CLAIMS
from tests.claims.refunds import OFFICER, OWED, PAID, Refunds, usd

# what banks say


def test_a_failed_try_is_tried_again_and_the_parties_are_told_once(refunds: Refunds) -> None:
    refunds.behave("refuse")
    claim_id, order_id = refunds.owed()
    refunds.followed()
    assert (refunds.dispute.see(claim_id)["refund"]["status"], refunds.books()) == ("failed_and_retried", OWED)
    refunds.dispute.trade.time.advance(hours=1)
    refunds.retry()
    [told] = refunds.instructions(order_id)
    first, second = (attempt["id"] for attempt in told["attempts"])
    assert first != second
    refunds.said("settled", second, "1000.00")
    assert (refunds.dispute.see(claim_id)["status"], refunds.books()) == ("paid", PAID)
    assert refunds.kinds(claim_id).count("claim.refund_failed") == 1


def test_who_has_something_to_do_about_a_refund_is_told(refunds: Refunds) -> None:
    trade = refunds.dispute.trade
    claim_id, order_id, (first, second) = refunds.in_flight("4000.00", cover="total")
    refunds.say("failed", first, "1500.00")
    [failed, sent] = refunds.instructions(order_id)

    def status() -> str:
        refunds.followed()
        return str(refunds.dispute.see(claim_id)["refund"]["status"])

    def act(name: str, action: str, by: str, body: object = None) -> None:
        done = trade.api.post(f"/v1/bank-instructions/{name}/{action}", body, by)
        assert done.status == 200, done.body

    assert status() == "failed_and_retried"
    refunds.say("settled", second, "2400.00")
    assert status() == "with_officer"
    act(sent["id"], "retry", OFFICER)
    assert status() == "failed_and_retried", "the other part still is"
    act(failed["id"], "retry", OFFICER)
    assert status() == "in_flight"
    [rest, again] = refunds.attempts(order_id)
    data = {"attempt_id": again, "seq": 1, "money": usd("1500.00"), "reason": "account_closed"}
    trade.api.post("/v1/sandbox/banks/boc/events", {"type": "refund.failed", "data": data}, OFFICER)
    assert status() == "with_officer", "once tries were begun anew nobody is asked for an account"
    refunds.say("settled", rest, "100.00")
    assert status() == "with_officer"
    act(failed["id"], "account", trade.buyer, {"account": "DE89370400440532013000"})
    assert status() == "in_flight"
    refunds.settle(order_id)
    assert status() == "settled"
    assert refunds.books() == {"bank_clearing": 100_000, "held": -100_000}
    assert first != again


@pytest.mark.parametrize("seed", range(4))
def test_in_whatever_order_it_is_heard_what_is_newest_of_a_refund_counts(refunds: Refunds, seed: int) -> None:
    trade = refunds.dispute.trade
    claim_id, order_id, [attempt] = refunds.in_flight()
    data = {"attempt_id": attempt, "seq": 1, "money": usd("1000.00"), "reason": "account_closed"}
    trade.api.post("/v1/sandbox/banks/boc/events", {"type": "refund.failed", "data": data}, OFFICER)
    refunds.dispute.streams(tables=["bank-events"])
    path = f"/v1/bank-instructions?aggregate_id={order_id}"
    [waits] = trade.api.get(path, OFFICER)["items"]
    assert waits["status"] == "needs_account"
    body = {"account": "DE89370400440532013000"}
    assert trade.api.post(f"/v1/bank-instructions/{waits['id']}/account", body, trade.buyer).status == 200
    refunds.followed(random.Random(seed))
    assert refunds.dispute.see(claim_id)["refund"]["status"] == "in_flight"


def test_a_refund_settled_short_is_paid_with_its_rest(refunds: Refunds) -> None:
    claim_id, order_id, [attempt] = refunds.in_flight()
    refunds.said("settled", attempt, "900.00")
    reply = refunds.dispute.see(claim_id)
    assert (reply["status"], reply["refund"]["settled"], reply["refund"]["status"]) == (
        "payable",
        usd("0.00"),
        "with_officer",
    )
    assert refunds.books() == OWED | {"bank_clearing": 410_000, "refunds_payable": -10_000}
    [instruction] = refunds.instructions(order_id)
    assert (instruction["paid"], instruction["remaining"]) == (usd("900.00"), usd("100.00"))
    path = f"/v1/bank-instructions/{instruction['id']}/retry"
    assert refunds.dispute.trade.api.post(path, None, OFFICER).status == 200
    refunds.settle(order_id)
    reply = refunds.dispute.see(claim_id)
    assert (reply["status"], reply["refund"]["settled"], reply["refund"]["status"]) == (
        "paid",
        usd("1000.00"),
        "settled",
    )
    assert refunds.books() == PAID
    assert refunds.kinds(claim_id).count("claim.paid") == 1


def test_a_refund_settled_over_pays_the_claim_and_the_rest_is_owed_to_us(refunds: Refunds) -> None:
    claim_id, _, [attempt] = refunds.in_flight()
    refunds.said("settled", attempt, "1100.00")
    reply = refunds.dispute.see(claim_id)
    assert (reply["status"], reply["refund"]["settled"]) == ("paid", usd("1000.00"))
    assert refunds.books() == PAID | {"bank_clearing": 390_000, "returned_receivable": 10_000}


def test_a_payment_charged_back_after_a_part_of_its_refund_left_is_not_paid_twice(refunds: Refunds) -> None:
    claim_id, order_id, [attempt] = refunds.in_flight()
    refunds.said("settled", attempt, "900.00")
    refunds.charged_back(order_id)
    reply = refunds.dispute.see(claim_id)
    assert (reply["status"], reply["refund"]["settled"], reply["refund"]["charged_back"]) == (
        "paid",
        usd("900.00"),
        usd("100.00"),
    )
    assert [item["status"] for item in refunds.instructions(order_id)] == ["settled"]
    assert refunds.books() == {"bank_clearing": -90_000, "returned_receivable": 90_000}


def test_one_part_fails_and_the_other_waits_for_it(refunds: Refunds) -> None:
    claim_id, order_id, (first, second) = refunds.in_flight("4000.00", cover="total")
    refunds.said("failed", first, "1500.00")
    refunds.said("settled", second, "2500.00")
    half = refunds.dispute.see(claim_id)
    assert (half["status"], half["refund"]["settled"]) == ("payable", usd("2500.00"))
    refunds.dispute.trade.time.advance(hours=1)
    refunds.retry()
    retried = next(item for item in refunds.instructions(order_id) if item["bank_ref"] == "R-1")["attempts"][-1]["id"]
    assert retried != first
    refunds.said("settled", retried, "1500.00")
    assert refunds.dispute.see(claim_id)["status"] == "paid"
    assert refunds.books() == {"bank_clearing": 100_000, "held": -100_000}


@pytest.mark.parametrize(
    "words",
    [
        [("settled", 1), ("settled", 1)],
        [("failed", 1), ("settled", 2)],
        [("settled", 2), ("failed", 1)],
        [("failed", 1), ("settled", 2), ("failed", 1), ("settled", 2)],
    ],
)
def test_however_a_bank_tells_of_it_the_claim_is_paid_once(refunds: Refunds, words: list[tuple[str, int]]) -> None:
    claim_id, _, [attempt] = refunds.in_flight()
    for outcome, seq in words:
        refunds.said(outcome, attempt, "1000.00", seq)
    reply = refunds.dispute.see(claim_id)
    assert (reply["status"], reply["refund"]["settled"], refunds.books()) == ("paid", usd("1000.00"), PAID)
    assert refunds.kinds(claim_id).count("claim.paid") == 1


@pytest.mark.parametrize("seed", range(4))
def test_words_of_several_parts_doubled_and_in_disorder_come_to_the_same(refunds: Refunds, seed: int) -> None:
    chance = random.Random(seed)
    claim_id, _, attempts = refunds.in_flight("4000.00", cover="total")
    parts = list(zip(attempts, ("1500.00", "2500.00"), strict=True))
    words = [("failed", *part, 1) for part in parts] + [("settled", *part, 2) for part in parts] * 2
    for outcome, attempt, amount, seq in chance.sample(words, len(words)):
        refunds.say(outcome, attempt, amount, seq)
    refunds.followed(chance)
    reply = refunds.dispute.see(claim_id)
    assert (reply["status"], reply["refund"]["settled"]) == ("paid", usd("4000.00"))
    assert refunds.books() == {"bank_clearing": 100_000, "held": -100_000}
    assert refunds.kinds(claim_id).count("claim.paid") == 1


def test_a_word_that_comes_weeks_late_still_pays_the_claim(refunds: Refunds) -> None:
    claim_id, _, [attempt] = refunds.in_flight()
    refunds.dispute.trade.time.advance(days=30)
    late = refunds.dispute.see(claim_id)
    assert (late["status"], late["refund"]["status"]) == ("payable", "overdue")
    assert late["deadlines"][0]["owner"] == "officer"
    assert [item["id"] for item in refunds.dispute.trade.api.get("/v1/claims", OFFICER)["items"]] == [claim_id]
    refunds.said("settled", attempt, "1000.00")
    assert (refunds.dispute.see(claim_id)["status"], refunds.books()) == ("paid", PAID)


def test_a_refund_nobody_carries_out_rings_after_two_weeks_four_and_eight(refunds: Refunds) -> None:
    claim_id, _ = refunds.owed()
    refunds.dispute.trade.time.advance(days=57)
    CLAIMS.sweep(refunds.dispute.trade.time.at)
    assert refunds.kinds(claim_id).count("claim.refund_overdue") == 3
    assert refunds.dispute.trade.api.get("/v1/claims", OFFICER)["items"]


def test_money_that_came_back_is_owed_and_tried_again_and_the_claim_stays_paid(refunds: Refunds) -> None:
    claim_id, order_id, [attempt] = refunds.in_flight()
    refunds.said("settled", attempt, "1000.00", 1)
    refunds.said("failed", attempt, "1000.00", 2)
    assert (refunds.dispute.see(claim_id)["status"], refunds.books()) == ("paid", OWED)
    refunds.dispute.trade.time.advance(hours=1)
    refunds.retry()
    refunds.settle(order_id)
    assert refunds.books() == PAID
    assert refunds.kinds(claim_id).count("claim.paid") == 1


def test_a_try_that_was_said_to_have_failed_and_paid_after_all_is_owed_back_to_us(refunds: Refunds) -> None:
    claim_id, order_id, [first] = refunds.in_flight()
    refunds.said("failed", first, "1000.00", 1)
    refunds.dispute.trade.time.advance(hours=1)
    refunds.retry()
    refunds.settle(order_id)
    refunds.said("settled", first, "1000.00", 2)
    reply = refunds.dispute.see(claim_id)
    assert (reply["status"], reply["refund"]["settled"]) == ("paid", usd("1000.00"))
    assert refunds.books() == PAID | {"bank_clearing": 300_000, "returned_receivable": 100_000}


# chargebacks


def test_a_bank_that_takes_everything_back_leaves_an_open_claim_nothing(refunds: Refunds) -> None:
    trade = refunds.dispute.trade
    order_id = refunds.dispute.late()
    claim_id = refunds.dispute.claim(order_id)
    trade.take_back(order_id, 150_000, "R-1")
    trade.take_back(order_id, 350_000, "R-2")
    assert refunds.books() == {}
    reply = refunds.agree(claim_id, "1000.00", "full")
    assert (reply["status"], reply["why"][:4], reply["refund"]) == ("closed_no_payment", "PA-1", None)
    assert (refunds.books(), refunds.instructions(order_id)) == ({}, [])
    assert trade.see(order_id)["holds"] == 0


def test_a_bank_that_takes_a_part_back_leaves_an_open_claim_the_rest(refunds: Refunds) -> None:
    order_id = refunds.dispute.late()
    claim_id = refunds.dispute.claim(order_id)
    refunds.dispute.trade.take_back(order_id, 350_000, "R-2")
    refunds.dispute.trade.take_back(order_id, 90_000, "R-1")
    reply = refunds.agree(claim_id, "1000.00", "full")
    assert (reply["refund"]["total"], reply["refund"]["not_guaranteed"]) == (usd("600.00"), usd("400.00"))
    assert refunds.books() == {"bank_clearing": 60_000, "refunds_payable": -60_000}
    refunds.settle(order_id)
    assert (refunds.dispute.see(claim_id)["status"], refunds.books()) == ("paid", {})
    assert refunds.dispute.trade.see(order_id)["status"] == "refunded"
    assert refunds.dispute.trade.standing().reserved_minor == 0


def test_a_payment_charged_back_before_its_refund_left_is_not_paid_twice(refunds: Refunds) -> None:
    claim_id, order_id = refunds.owed()
    refunds.charged_back(order_id)
    reply = refunds.dispute.see(claim_id)
    assert (reply["status"], reply["refund"]["settled"], reply["refund"]["charged_back"]) == (
        "paid",
        usd("0.00"),
        usd("1000.00"),
    )
    assert refunds.books() == {}
    assert [item["status"] for item in refunds.instructions(order_id)] == ["stopped"]


def test_a_payment_partly_charged_back_before_its_refund_left_is_refunded_the_rest(refunds: Refunds) -> None:
    claim_id, order_id = refunds.owed("5000.00", cover="total")
    refunds.dispute.trade.take_back(order_id, 60_000, "R-1")
    assert [item["money"] for item in refunds.instructions(order_id)] == [usd("900.00"), usd("3500.00")]
    refunds.settle(order_id)
    reply = refunds.dispute.see(claim_id)
    assert (reply["status"], reply["refund"]["charged_back"]) == ("paid", usd("600.00"))
    assert (reply["refund"]["settled"], refunds.books()) == (usd("4400.00"), {})


def test_what_left_before_the_bank_took_it_back_stays_receivable(refunds: Refunds) -> None:
    claim_id, order_id, [attempt] = refunds.in_flight()
    for minor, ref in ((350_000, "R-2"), (150_000, "R-1")):
        refunds.dispute.trade.take_back(order_id, minor, ref)
    refunds.followed()
    assert refunds.books() == {"refunds_payable": -100_000, "returned_receivable": 100_000}
    refunds.said("settled", attempt, "1000.00")
    assert refunds.dispute.see(claim_id)["status"] == "paid"
    assert refunds.books() == {"bank_clearing": -100_000, "returned_receivable": 100_000}


def test_a_chargeback_after_the_claim_was_paid_is_owed_by_who_has_the_money_twice(refunds: Refunds) -> None:
    claim_id, order_id, [attempt] = refunds.in_flight()
    refunds.said("settled", attempt, "1000.00")
    for minor, ref in ((350_000, "R-2"), (150_000, "R-1")):
        refunds.dispute.trade.take_back(order_id, minor, ref)
    refunds.followed()
    assert refunds.dispute.see(claim_id)["status"] == "paid"
    assert refunds.books() == {"bank_clearing": -100_000, "returned_receivable": 100_000}
