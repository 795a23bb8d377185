"""The undisputed share through the endpoints: paid while the appeal runs, from every source; the books to the cent after every step."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import pytest

from chalicelib.claims.declared import CLAIMS
from tests.claims.refunds import OFFICER, PAID, Refunds, usd
from tests.claims.rules.given import MILLISECOND
from tests.world import Reply

WHY: Final[dict[str, Any]] = {"reasoning": "As we see it.", "outcome": "partial", "supplier_fault_percent": 100}
GROUNDS: Final = {"grounds": "Not for all of it."}
NOTHING: Final = usd("0.00")


def determined(refunds: Refunds, approved: str = "600.00", amount: str = "1000.00", **order: Any) -> tuple[str, str]:
    """(claim, order): late; both sides have evidence that was not there before."""
    dispute = refunds.dispute
    order_id = dispute.late(**order)
    if "early" in order:
        refunds.pay_out_balance("4000.00")
        refunds.settle(dispute.trade.supplier_id)
    claim_id = dispute.claim(order_id, amount=amount)
    dispute.in_review(claim_id)
    decided = dispute.rule(claim_id, approved=usd(approved), **WHY)
    assert decided.status == 200, decided.body
    dispute.submitted(claim_id, "buyer", "correspondence")
    dispute.submitted(claim_id, "supplier", "transport_document", b"other")
    return claim_id, order_id


def appeal(refunds: Refunds, claim_id: str, by: str, concedes: str | None = None) -> Reply:
    reply = refunds.dispute.do(claim_id, "appeal", by, GROUNDS | ({"concedes": usd(concedes)} if concedes else {}))
    assert reply["status"] == "appealed"
    return reply


def decide(refunds: Refunds, claim_id: str, approved: str, **more: Any) -> Reply:
    return refunds.dispute.rule(claim_id, "officer-b", "decide-appeal", **WHY | {"approved": usd(approved)} | more)


def held(minor: int, owed: int = 0) -> dict[str, int]:
    """Of 5,000.00 so much has been paid back, and so much is owed."""
    books = {"bank_clearing": 500_000 - minor, "held": minor + owed - 500_000, "refunds_payable": -owed}
    return {account: total for account, total in books.items() if total}


def test_what_the_supplier_concedes_is_paid_while_the_appeal_runs_and_the_rest_with_the_decision(
    refunds: Refunds,
) -> None:
    trade, see = refunds.dispute.trade, refunds.dispute.see
    claim_id, order_id = determined(refunds)
    reply = appeal(refunds, claim_id, "supplier", "200.00")
    assert (reply["interim_payment"]["total"], reply["interim_payment"]["status"], reply["waits"]) == (
        usd("200.00"),
        "in_flight",
        usd("400.00"),
    )
    assert (reply["refund"], reply["appeals"][0]["concedes"], reply["reserved"]) == (None, usd("200.00"), usd("800.00"))
    assert (refunds.books(), reply["partially_reserved"]) == (held(0, 20_000), None)
    assert trade.see(order_id, "/money")["claimed"] == usd("1000.00")
    refunds.settle(order_id)
    reply = see(claim_id)
    assert (reply["status"], reply["interim_payment"]["status"], reply["interim_payment"]["settled"]) == (
        "appealed",
        "settled",
        usd("200.00"),
    )
    assert (refunds.books(), refunds.points(), trade.see(order_id)["holds"]) == (held(20_000), ["no_answer"], 1)
    reply = decide(refunds, claim_id, "500.00")
    assert (reply["status"], reply["refund"]["total"], reply["waits"]) == ("payable", usd("300.00"), None)
    assert refunds.books() == held(20_000, 30_000)
    refunds.settle(order_id)
    reply = see(claim_id)
    assert [reply[name] for name in ("status", "reserved")] == ["paid", NOTHING]
    assert (reply["interim_payment"]["total"], reply["refund"]["settled"]) == (usd("200.00"), usd("300.00"))
    assert (refunds.books(), trade.see(order_id)["holds"]) == (held(50_000), 0)
    assert sorted(refunds.points()) == ["failed_delivery", "no_answer"]
    assert refunds.kinds(claim_id).count("claim.paid") == 1
    assert trade.standing().reserved_minor == 100_000


@pytest.mark.parametrize(("late", "share"), [(-MILLISECOND, None), (timedelta(0), "600.00"), (MILLISECOND, "600.00")])
def test_what_was_determined_is_undisputed_at_the_instant_the_supplier_cannot_appeal_any_more(
    refunds: Refunds, late: timedelta, share: str | None
) -> None:
    time, see = refunds.dispute.trade.time, refunds.dispute.see
    claim_id, order_id = determined(refunds)
    due = time.at + timedelta(days=7)
    time.advance(days=2)
    reply = appeal(refunds, claim_id, "buyer")
    assert (reply["interim_payment"], reply["waits"]) == (None, usd("600.00"))
    assert {each["name"]: (each["owner"], each["default_outcome"]) for each in reply["deadlines"]} == {
        "other_appeal": ("supplier", "undisputed_share_payable"),
        "appeal_decision": ("officer", "first_decision_stands"),
    }
    time.at = due + late
    reply = see(claim_id)
    assert (
        reply["interim_payment"] and reply["interim_payment"]["total"]["amount"],
        reply["interim_payment"] and reply["waits"],
    ) == (
        share,
        share and NOTHING,
    )
    assert refunds.books() == held(0)
    CLAIMS.sweep(time.at)
    if share is None:
        assert refunds.books() == held(0)
        return
    assert refunds.books() == held(0, 60_000)
    assert refunds.dispute.act(claim_id, "appeal", "supplier", GROUNDS)["code"] == "claim_not_in_this_state"
    refunds.settle(order_id)
    final = decide(refunds, claim_id, "600.00")
    assert (final["status"], final["refund"], refunds.books()) == ("paid", None, held(60_000))


def test_the_decision_says_no_to_less_than_was_paid_and_to_goods_that_come_back(refunds: Refunds) -> None:
    claim_id, _ = determined(refunds)
    appeal(refunds, claim_id, "supplier", "200.00")
    refused = decide(refunds, claim_id, "199.99")
    assert (refused.status, refused["code"], refused["minimum"]) == (422, "below_undisputed_share", usd("200.00"))
    refused = decide(refunds, claim_id, "1000.00", outcome="return")
    assert (refused.status, refused["code"], refused["param"]) == (422, "decision_does_not_fit", "outcome")
    assert refunds.books() == held(0, 20_000)


@pytest.mark.parametrize(
    ("by", "concedes", "code"),
    [
        ("supplier", usd("600.01"), "concession_does_not_fit"),
        ("buyer", usd("0.01"), "concession_does_not_fit"),
        ("supplier", {"amount": "1.00", "currency": "EUR"}, "other_currency"),
        ("supplier", {"amount": "-1.00", "currency": "USD"}, "malformed"),
    ],
)
def test_a_concession_that_does_not_fit_is_refused(refunds: Refunds, by: str, concedes: Any, code: str) -> None:
    claim_id, _ = determined(refunds)
    refused = refunds.dispute.act(claim_id, "appeal", by, GROUNDS | {"concedes": concedes})
    assert (refused["code"], refused["param"].split(".")[0]) == (code, "concedes")
    assert refunds.dispute.see(claim_id)["status"] == "determined"
    assert refunds.books() == held(0)


def test_the_same_appeal_sent_twice_pays_once(refunds: Refunds) -> None:
    claim_id, order_id = determined(refunds)
    body = GROUNDS | {"concedes": usd("200.00")}
    first, second = (refunds.dispute.act(claim_id, "appeal", "supplier", body, key="twice") for _ in range(2))
    assert (first.status, first.raw) == (second.status, second.raw)
    refunds.settle(order_id)
    assert refunds.books() == held(20_000)


def test_each_payment_is_advanced_and_recovered_for_itself(refunds: Refunds) -> None:
    trade = refunds.dispute.trade
    claim_id, order_id = determined(refunds, "2500.00", "3000.00", early="4500.00", cover="total")
    share = appeal(refunds, claim_id, "supplier", "1500.00")["interim_payment"]
    sources = [share[name]["amount"] for name in ("from_held", "from_supplier_balance", "advanced", "not_guaranteed")]
    assert sources == ["500.00", "500.00", "500.00", "0.00"]
    books = {"bank_clearing": 100_000, "advances_receivable": 50_000, "refunds_payable": -150_000}
    assert refunds.books() == books
    assert (trade.standing().reserved_minor, trade.standing().advanced_minor) == (350_000, 50_000)
    [recovery] = _recoveries(refunds)
    assert (recovery["claim_id"], recovery["remaining"]) == (claim_id, usd("500.00"))
    refund = decide(refunds, claim_id, "2500.00")["refund"]
    assert [refund[name]["amount"] for name in ("from_held", "from_supplier_balance", "advanced")] == [
        "0.00",
        "0.00",
        "1000.00",
    ]
    assert (trade.standing().reserved_minor, trade.standing().advanced_minor) == (250_000, 150_000)
    assert sorted(each["remaining"]["amount"] for each in _recoveries(refunds)) == ["1000.00", "500.00"]
    refunds.followed()
    assert len(_recoveries(refunds)) == 2
    refunds.settle(order_id)
    assert refunds.dispute.see(claim_id)["status"] == "paid"
    assert refunds.books() == {"bank_clearing": -150_000, "advances_receivable": 150_000}


@pytest.mark.parametrize("first", [0, 1])
def test_each_payment_waits_for_its_own_instruction_whichever_a_bank_settles_first(
    refunds: Refunds, first: int
) -> None:
    claim_id, order_id = determined(refunds)
    appeal(refunds, claim_id, "supplier", "200.00")
    refunds.dispute.trade.time.advance(seconds=1)
    decide(refunds, claim_id, "500.00")
    by_amount = {item["money"]["amount"]: item["attempts"][-1]["id"] for item in refunds.instructions(order_id)}
    told = [(by_amount[amount], amount, name) for amount, name in (("200.00", "interim_payment"), ("300.00", "refund"))]
    attempt, amount, name = told[first]
    refunds.said("failed", attempt, amount, 1)
    assert {each: refunds.dispute.see(claim_id)[each]["status"] for each in ("interim_payment", "refund")} == {
        "interim_payment": "in_flight",
        "refund": "in_flight",
    } | {name: "failed_and_retried"}
    refunds.said("settled", attempt, amount, 2)
    half = refunds.dispute.see(claim_id)
    assert (half["status"], half[name]["status"], half[told[1 - first][2]]["status"]) == (
        "payable",
        "settled",
        "in_flight",
    )
    refunds.said("settled", told[1 - first][0], told[1 - first][1])
    assert (refunds.dispute.see(claim_id)["status"], refunds.books()) == ("paid", held(50_000))


def test_a_payment_charged_back_before_the_share_left_is_not_paid_twice(refunds: Refunds) -> None:
    """The buyer has it through its bank; the decision owes nothing more than is left."""
    trade = refunds.dispute.trade
    claim_id, order_id = determined(refunds)
    appeal(refunds, claim_id, "supplier", "200.00")
    refunds.charged_back(order_id)
    reply = refunds.dispute.see(claim_id)
    assert (reply["status"], reply["interim_payment"]["charged_back"], reply["interim_payment"]["status"]) == (
        "appealed",
        usd("200.00"),
        "settled",
    )
    assert refunds.books() == {}
    assert decide(refunds, claim_id, "200.01")["maximum"] == usd("200.00")
    reply = decide(refunds, claim_id, "200.00")
    assert (reply["status"], refunds.books()) == ("paid", {})
    assert [item["status"] for item in refunds.instructions(order_id)] == ["stopped"]
    assert trade.see(order_id)["holds"] == 0


def test_a_share_of_everything_is_paid_from_several_payments_each_the_way_it_came(refunds: Refunds) -> None:
    claim_id, order_id = determined(refunds, "4000.00", "4000.00", cover="total")
    appeal(refunds, claim_id, "supplier", "2000.00")
    assert [(item["bank_ref"], item["money"]) for item in refunds.instructions(order_id)] == [
        ("R-1", usd("1500.00")),
        ("R-2", usd("500.00")),
    ]
    refunds.settle(order_id)
    decide(refunds, claim_id, "4000.00")
    assert sorted(item["money"]["amount"] for item in refunds.instructions(order_id)) == [
        "1500.00",
        "2000.00",
        "500.00",
    ]
    refunds.settle(order_id)
    assert (refunds.dispute.see(claim_id)["status"], refunds.books()) == ("paid", held(400_000))


def test_nobody_decides_and_the_determination_stands_with_the_share_paid_before(refunds: Refunds) -> None:
    claim_id, order_id = determined(refunds, "1000.00")
    appeal(refunds, claim_id, "supplier", "400.00")
    refunds.settle(order_id)
    refunds.dispute.trade.time.advance(days=10)
    CLAIMS.sweep(refunds.dispute.trade.time.at)
    assert refunds.books() == {"bank_clearing": 460_000, "held": -400_000, "refunds_payable": -60_000}
    refunds.settle(order_id)
    assert (refunds.dispute.see(claim_id)["status"], refunds.books()) == ("paid", PAID)


def test_both_sides_read_of_the_share_in_the_timeline(refunds: Refunds) -> None:
    claim_id, order_id = determined(refunds)
    appeal(refunds, claim_id, "supplier", "200.00")
    refunds.settle(order_id)
    for who in ("buyer", "supplier"):
        timeline = {item["kind"]: item["payload"] for item in refunds.dispute.see(claim_id, who, "/timeline")["items"]}
        assert timeline["claim.appealed"]["undisputed"] == timeline["claim.appealed"]["amount"] == usd("200.00")
        assert timeline["claim.refund_settled"]["amount"] == usd("200.00")


def _recoveries(refunds: Refunds) -> list[dict[str, Any]]:
    refunds.dispute.streams()
    path = f"/v1/recoveries?supplier_id={refunds.dispute.trade.supplier_id}"
    items: list[dict[str, Any]] = refunds.dispute.trade.api.get(path, OFFICER)["items"]
    return items
