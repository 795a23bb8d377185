"""Orders of a channel paid by wallet: through the API and signed events, to the unit of every currency."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from chalicelib.acquiring.rules.payment import Context
from chalicelib.shared.journal import JournalRow
from tests.acquiring.till import Till, books, booth, clearing, till
from tests.bank_events.conftest import payment
from tests.world import token

__all__ = ["booth", "till"]

OFFICER = token("officer", "o", "admin", "payments")


def test_a_wallet_payment_funds_its_order_and_its_exporter_is_settled_in_won(till: Till) -> None:
    order_id = till.ordered()
    payment_id = till.pay(order_id)
    begun = till.payment(payment_id)
    assert (begun["status"], begun["allowed_actions"], begun["acquirer_id"]) == ("requested", ["cancel"], "alipay")
    assert begun["checkout"].endswith(payment_id)
    assert begun["calendars"] == ["CN", "KR"]
    assert till.payment(payment_id, till.booth.supplier)["checkout"] is None
    till.tell("payment.authorised", payment_id, "661.19")
    assert (till.payment(payment_id)["status"], till.order(order_id)["status"]) == ("authorised", "agreed")
    till.tell("payment.captured", payment_id, "661.19")
    assert till.order(order_id)["status"] == "funded"
    assert books("CNY") == {"bank_clearing": -66_119, "held": 66_119}
    [due] = till.settlements()
    assert (due["status"], due["due_at"]) == ("due", "2026-03-05T16:00:00Z")
    till.pass_time(days=4)
    [instructed] = till.settlements()
    assert (instructed["status"], instructed["money"], instructed["fee"]) == (
        "instructed",
        {"amount": "125775", "currency": "KRW"},
        {"amount": "3225", "currency": "KRW"},
    )
    [payout] = till.instructions(instructed["id"])
    till.attempted("settlement.paid", payout)
    [settled] = till.settlements()
    assert (settled["status"], settled["released"]["amount"]) == ("settled", "661.19")
    assert books("CNY") == {"bank_clearing": -66_119, "fx_difference": 66_119}
    assert books("KRW") == {"bank_clearing": 125_775, "fx_difference": -129_000, "channel_fees": 3_225}
    one = till.booth.api.get(f"/v1/settlements/{settled['id']}", till.booth.supplier)
    assert one.body == settled
    assert till.booth.api.get(f"/v1/settlements/{settled['id']}", till.booth.trade.buyer).status == 404


def test_a_bank_transfer_for_an_order_whose_terms_name_card_and_wallet_waits_in_suspense(till: Till) -> None:
    order_id = till.ordered()
    money = {"amount": "661.19", "currency": "CNY"}
    transfer = payment(order_id, "661.19", 1) | {"money": money, "account": "TA-CNY-01"}
    item = till.event(till.send("payment.received", transfer, by="boc"))
    assert (item["status"], item["reason"], item["money"]) == ("suspense", "payment_method_not_agreed", money)
    assert [each["status"] for each in till.booth.trade.see(order_id, "/money")["payments"]] == ["method_not_agreed"]
    assert till.order(order_id)["status"] == "agreed"
    assert books("CNY") == {"bank_clearing": -66_119, "suspense": 66_119}
    path = f"/v1/bank-events/{item['id']}/allocate"
    refused = till.booth.api.post(path, {"order_id": order_id}, OFFICER)
    assert (refused.status, refused["code"], refused["methods"]) == (
        422,
        "payment_method_not_agreed",
        ["card", "wallet"],
    )


def test_without_an_authorisation_in_time_the_order_lapses_and_what_is_told_later_goes_back_whole(till: Till) -> None:
    order_id = till.ordered()
    payment_id = till.pay(order_id)
    placed = till.time.at
    till.pass_time(minutes=20)
    assert (till.order(order_id)["status"], till.payment(payment_id)["status"]) == ("expired", "expired")
    till.tell("payment.authorised", payment_id, "661.19", at=placed + timedelta(minutes=1))
    assert till.payment(payment_id)["status"] == "expired"
    event_id = till.tell("payment.captured", payment_id, "661.19", at=placed + timedelta(minutes=1))
    item = till.event(event_id)
    assert (item["status"], item["reason"], item["money"]["amount"]) == ("suspense", "order_closed", "661.19")
    till.pass_time(minutes=1)
    assert till.event(event_id)["status"] == "returned"
    [refund] = till.instructions(event_id)
    assert (refund["kind"], refund["bank_id"], refund["money"]["amount"]) == ("refund", "alipay", "661.19")
    till.attempted("payment.refunded", refund)
    assert (till.payment(payment_id)["status"], till.payment(payment_id)["refunded"]["amount"]) == (
        "refunded",
        "661.19",
    )
    assert (till.order(order_id)["status"], books("CNY")) == ("expired", {})


def test_a_capture_before_its_authorisation_waits_for_it_and_counts_once(till: Till) -> None:
    order_id = till.ordered()
    payment_id = till.pay(order_id)
    event = {
        "payment_id": payment_id,
        "bank_ref": "C-1",
        "seq": 2,
        "occurred_at": "2026-03-02T02:16:00Z",
        "business_date": "2026-03-02",
        "money": {"amount": "661.19", "currency": "CNY"},
    }
    early = till.send("payment.captured", event)
    assert (till.event(early)["status"], till.order(order_id)["status"]) == ("parked", "agreed")
    till.send("payment.authorised", event | {"seq": 1, "bank_ref": "H-1"})
    assert (till.event(early)["status"], till.order(order_id)["status"]) == ("applied", "funded")
    again = till.send("payment.captured", event | {"seq": 3})
    assert till.event(again)["status"] == "applied"
    assert books("CNY") == {"bank_clearing": -66_119, "held": 66_119}


def test_money_of_another_currency_waits_in_suspense_for_an_officer(till: Till) -> None:
    order_id = till.ordered()
    payment_id = till.pay(order_id)
    event_id = till.tell("payment.captured", payment_id, money={"amount": "95.00", "currency": "USD"})
    item = till.event(event_id)
    assert (item["status"], item["reason"], item["owner"]) == ("suspense", "wrong_currency", "officer")
    assert (books("USD"), books("CNY")) == ({"bank_clearing": -9_500, "suspense": 9_500}, {})
    till.tell("payment.authorised", payment_id, "661.19")
    assert till.payment(payment_id)["status"] == "authorised"


def test_of_two_attempts_that_are_both_captured_one_goes_back_whole_with_an_item(till: Till) -> None:
    order_id, first = till.captured()
    reply = till.booth.api.post(f"/v1/orders/{order_id}/payments", {"method": "wallet"}, till.booth.trade.buyer)
    assert (reply.status, reply["code"]) == (409, "order_not_payable")
    other_id = till.ordered()
    one, two = till.pay(other_id), till.pay(other_id)
    till.tell("payment.captured", one, "661.19")
    event_id = till.tell("payment.captured", two, "661.19")
    assert (till.order(other_id)["status"], till.event(event_id)["reason"]) == ("funded", "nothing_due")
    till.pass_time(minutes=1)
    till.attempted("payment.refunded", till.instructions(event_id)[0])
    assert [till.payment(each)["status"] for each in (first, one, two)] == ["captured", "captured", "refunded"]
    till.tell("payment.failed", two)
    assert till.payment(two)["status"] == "refunded"
    listed = till.booth.api.get(f"/v1/orders/{other_id}/payments", till.booth.supplier)
    assert [each["id"] for each in listed["items"]] == [one, two]


def test_refunds_go_back_the_way_the_payment_came_and_are_reserved_meanwhile(till: Till) -> None:
    order_id, payment_id = till.captured()
    path = f"/v1/payments/{payment_id}/refund"
    part = {"money": {"amount": "220.40", "currency": "CNY"}}
    answer = till.booth.api.post(path, part, till.booth.supplier)
    assert (answer.status, answer["refunding"]["amount"], answer["refundable"]["amount"]) == (200, "220.40", "440.79")
    much = till.booth.api.post(path, {"money": {"amount": "440.80", "currency": "CNY"}}, till.booth.supplier)
    assert (much.status, much["code"], much["refundable"]["amount"]) == (409, "not_that_much_refundable", "440.79")
    assert till.booth.api.post(path, part, till.booth.trade.buyer).status == 403
    till.streams()
    [first] = till.instructions(order_id)
    till.attempted("payment.refunded", first)
    assert till.payment(payment_id)["status"] == "partly_refunded"
    assert till.booth.api.post(path, {}, OFFICER)["refunding"]["amount"] == "440.79"
    till.streams()
    assert till.order(order_id)["status"] == "refunded"
    second = next(each for each in till.instructions(order_id) if each["status"] != "settled")
    till.attempted("refund.failed", second, reason="account_closed")
    item = next(each for each in till.instructions(order_id) if each["status"] != "settled")
    assert (item["status"], item["reason"]) == ("manual", "account_closed")
    assert (till.payment(payment_id)["refunding"]["amount"], till.payment(payment_id)["refundable"]["amount"]) == (
        "0.00",
        "440.79",
    )
    by_transfer = {"bank_ref": "T-1", "bank_id": "boc"}
    path = f"/v1/bank-instructions/{item['id']}/settle-by-hand"
    settled = [till.booth.api.post(path, by_transfer, OFFICER, key="once") for _ in range(2)]
    assert [(reply.status, reply["status"]) for reply in settled] == [(200, "settled")] * 2
    till.streams()
    assert till.payment(payment_id)["refunded"]["amount"] == "661.19"
    assert clearing() == {"alipay": -44_079, "boc": 44_079}
    till.pass_time(days=5)
    assert [each["status"] for each in till.settlements()] == ["void"]


def test_what_a_buyers_bank_disputes_is_out_of_the_order_until_it_is_decided(till: Till) -> None:
    order_id, payment_id = till.captured()
    fee = {"amount": "15.00", "currency": "USD"}
    till.tell("chargeback.opened", payment_id, "661.19", chargeback_ref="CB-1", fee=fee, reason="not_as_described")
    shown = till.payment(payment_id)
    assert (shown["disputes"][0]["status"], shown["disputed"]["amount"]) == ("open", "661.19")
    assert (books("CNY"), books("USD")) == ({}, {"bank_clearing": 1_500, "acquiring_costs": -1_500})
    assert till.order(order_id)["status"] == "agreed"
    till.tell("chargeback.won", payment_id, chargeback_ref="CB-1")
    assert (till.order(order_id)["status"], till.payment(payment_id)["disputed"]["amount"]) == ("funded", "0.00")
    refused = till.event(till.tell("chargeback.lost", payment_id, chargeback_ref="CB-1"))
    assert (refused["status"], refused["reason"]) == ("refused", "chargeback_not_open")
    assert books("CNY") == {"bank_clearing": -66_119, "held": 66_119}


def test_a_dispute_that_is_lost_after_the_exporter_was_settled_is_recovered_of_it(till: Till) -> None:
    _, payment_id = till.captured()
    till.pass_time(days=4)
    till.tell("chargeback.opened", payment_id, "668.02", chargeback_ref="CB-1")
    till.tell("chargeback.lost", payment_id, chargeback_ref="CB-1")
    assert books("CNY") == {"bank_clearing": 683, "fx_difference": 66_119 - 683, "advances_receivable": -66_119}
    recoveries = till.booth.api.get("/v1/recoveries", till.booth.supplier)["items"]
    assert [each["remaining"]["amount"] for each in recoveries] == ["661.19"]


def test_what_an_acquirer_asks_for_a_dispute_is_recovered_of_the_exporter_that_bears_it(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_borne = Context.method_of
    monkeypatch.setattr(
        Context,
        "method_of",
        lambda self, payment: replace(is_borne(self, payment), chargeback_fee_borne_by="supplier"),
    )
    _, payment_id = till.captured()
    till.pass_time(days=4)
    fee = {"amount": "15.00", "currency": "USD"}
    till.tell("chargeback.opened", payment_id, "661.19", chargeback_ref="CB-1", fee=fee)
    till.tell("chargeback.lost", payment_id, chargeback_ref="CB-1", fee=fee)
    assert books("USD") == {"bank_clearing": 3_000, "advances_receivable": -3_000}
    recoveries = till.booth.api.get("/v1/recoveries", till.booth.supplier)["items"]
    asked = sorted((each["remaining"]["currency"], each["remaining"]["amount"]) for each in recoveries)
    assert asked == [("CNY", "661.19"), ("USD", "15.00"), ("USD", "15.00")]


def test_what_the_buyer_thinks_better_of_is_let_go_at_the_acquirer(till: Till) -> None:
    payment_id = till.pay(till.ordered())
    path = f"/v1/payments/{payment_id}/cancel"
    assert till.booth.api.post(path, None, till.booth.supplier).status == 403
    replies = [till.booth.api.post(path, None, till.booth.trade.buyer, key="once") for _ in range(2)]
    assert [(reply.status, reply["status"], reply["why"]) for reply in replies] == [(200, "cancelled", "cancelled")] * 2
    again = till.booth.api.post(path, None, till.booth.trade.buyer)
    assert (again.status, again["code"]) == (409, "payment_not_in_this_status")


def test_what_is_authorised_and_not_captured_as_long_as_it_lives_is_let_go_at_the_acquirer_once(till: Till) -> None:
    payment_id = till.pay(till.ordered())
    till.tell("payment.authorised", payment_id, "661.19")
    till.pass_time(days=7)
    till.pass_time(minutes=1)
    assert (till.payment(payment_id)["status"], till.payment(payment_id)["why"]) == ("expired", "not_captured")
    assert [kind for kind, _ in till.told()] == ["payment.requested", "payment.cancel_requested"]


def test_an_order_of_no_channel_or_by_another_method_is_not_paid_so(till: Till) -> None:
    trade = till.booth.trade
    plain = trade.agree()
    reply = till.booth.api.post(f"/v1/orders/{plain}/payments", {"method": "wallet"}, trade.buyer)
    assert (reply.status, reply["code"]) == (409, "order_not_payable")
    order_id = till.ordered()
    by_bank = till.booth.api.post(f"/v1/orders/{order_id}/payments", {"method": "bank_transfer"}, trade.buyer)
    assert (by_bank.status, by_bank["code"], by_bank["methods"]) == (
        422,
        "payment_method_not_offered",
        ["card", "wallet"],
    )
    assert till.booth.api.post(f"/v1/orders/{order_id}/payments", {"method": "wallet"}, trade.supplier).status == 403
    assert (
        till.booth.api.post(
            f"/v1/orders/{order_id}/payments", {"method": "wallet"}, token("member", "mem_0000000000000000000000000Y")
        ).status
        == 404
    )


def test_a_bank_says_nothing_of_an_acquirers_payment(till: Till) -> None:
    payment_id = till.pay(till.ordered())
    event_id = till.tell("payment.captured", payment_id, "661.19", by="boc")
    assert (till.event(event_id)["status"], till.payment(payment_id)["status"]) == ("parked", "requested")


def test_an_order_that_is_never_shipped_gives_the_money_back_the_way_it_came(till: Till) -> None:
    order_id, payment_id = till.captured()
    till.pass_time(days=60)
    assert (till.order(order_id)["status"], till.payment(payment_id)["refunding"]["amount"]) == ("refunded", "661.19")
    [refund] = [each for each in till.instructions(order_id) if each["kind"] == "refund"]
    till.attempted("payment.refunded", refund)
    assert till.payment(payment_id)["status"] == "refunded"


def test_what_a_won_dispute_brings_back_is_settled_with_the_orders_completion(till: Till) -> None:
    order_id, payment_id = till.captured()
    till.ship(order_id)
    till.tell("chargeback.opened", payment_id, "261.19", chargeback_ref="CB-1")
    till.pass_time(days=4)
    till.tell("chargeback.won", payment_id, chargeback_ref="CB-1")
    till.receive(order_id)
    till.pass_time(days=31)
    assert till.order(order_id)["status"] == "completed"
    first, rest = sorted(till.settlements(), key=lambda each: bool(each["is_rest"]))
    assert [each["released"]["amount"] for each in (first, rest)] == ["400.00", "261.19"]
    assert int(first["money"]["amount"]) + int(rest["money"]["amount"]) == 125_775
    assert int(first["fee"]["amount"]) + int(rest["fee"]["amount"]) == 3_225
    assert books("CNY") == {"bank_clearing": -66_119, "fx_difference": 66_119}
    [payout] = till.instructions(rest["id"])
    for _ in range(3):
        till.attempted("settlement.failed", payout, reason="account_closed")
        till.pass_time(hours=25)
        [payout] = till.instructions(rest["id"])
    assert payout["status"] == "manual"
    assert [each["status"] for each in till.settlements() if each["is_rest"]] == ["failed"]


@pytest.mark.parametrize("disputed", ["261.19", "661.19"])
def test_what_a_dispute_brings_back_that_is_won_after_completion_is_settled_too(till: Till, disputed: str) -> None:
    order_id, payment_id = till.captured()
    till.ship(order_id)
    till.tell("chargeback.opened", payment_id, disputed, chargeback_ref="CB-1")
    till.receive(order_id)
    till.pass_time(days=31)
    assert till.order(order_id)["status"] == "completed"
    till.tell("chargeback.won", payment_id, chargeback_ref="CB-1")
    parts = [each for each in till.settlements() if each["status"] == "instructed"]
    assert sum(int(each["money"]["amount"]) for each in parts) == 125_775
    assert sum(int(each["fee"]["amount"]) for each in parts) == 3_225
    for each in parts:
        [payout] = till.instructions(each["id"])
        till.attempted("settlement.paid", payout)
    assert {each["status"] for each in till.settlements()} <= {"settled", "void"}
    assert books("CNY") == {"bank_clearing": -66_119, "fx_difference": 66_119}
    assert books("KRW") == {"bank_clearing": 125_775, "fx_difference": -129_000, "channel_fees": 3_225}


@pytest.mark.parametrize("is_early", [True, False])
def test_two_payments_of_one_order_are_settled_each_for_what_came_by_it(till: Till, is_early: bool) -> None:
    order_id = till.ordered()
    one, two = till.pay(order_id), till.pay(order_id, "card")
    till.tell("payment.captured", one, "400.00")
    till.tell("payment.captured", two, "261.19", by="unionpay")
    till.ship(order_id)
    if not is_early:
        till.tell("chargeback.opened", one, "400.00", chargeback_ref="CB-1")
        till.tell("chargeback.opened", two, "261.19", by="unionpay", chargeback_ref="CB-2")
        till.pass_time(days=4)
        till.tell("chargeback.won", one, chargeback_ref="CB-1")
        till.tell("chargeback.won", two, by="unionpay", chargeback_ref="CB-2")
    till.receive(order_id)
    till.pass_time(days=31)
    till.streams.forget()
    till.streams()
    parts = {each["payment_id"]: each for each in till.settlements()}
    assert len(parts) == len(till.settlements())
    assert [parts[each]["released"]["amount"] for each in (one, two)] == ["400.00", "261.19"]
    assert {each["status"] for each in parts.values()} == {"instructed"}
    assert sum(int(each["money"]["amount"]) for each in parts.values()) == 125_775
    assert sum(int(each["fee"]["amount"]) for each in parts.values()) == 3_225
    assert books("CNY") == {"bank_clearing": -66_119, "fx_difference": 66_119}
    exchanged = {
        leg.owner_id: leg.credit_minor
        for row in JournalRow.scan()
        for leg in row.entry().event.postings
        if (leg.account, leg.currency) == ("fx_difference", "CNY")
    }
    assert exchanged == {"alipay": 40_000, "unionpay": 26_119}


def test_a_completion_that_is_told_again_is_settled_once(till: Till) -> None:
    order_id, payment_id = till.captured()
    till.ship(order_id)
    till.tell("chargeback.opened", payment_id, "661.19", chargeback_ref="CB-1")
    till.pass_time(days=4)
    till.tell("chargeback.won", payment_id, chargeback_ref="CB-1")
    till.receive(order_id)
    till.pass_time(days=31)
    till.streams.forget()
    till.streams()
    [settlement] = till.settlements()
    assert (settlement["status"], settlement["money"]["amount"]) == ("instructed", "125775")
    assert books("CNY") == {"bank_clearing": -66_119, "fx_difference": 66_119}


def test_a_buyer_complains_about_its_payment_and_no_other_member_does(till: Till) -> None:
    payment_id = till.pay(till.ordered())
    body = {
        "kind": "complaint",
        "about": {"kind": "payment", "id": payment_id},
        "subject": "Twice",
        "text": "I paid twice.",
    }
    assert till.booth.api.post("/v1/cases", body, till.booth.trade.buyer).status == 201
    stranger = token("member", "mem_0000000000000000000000000Y")
    assert till.booth.api.post("/v1/cases", body, stranger).status == 404


def test_a_claim_is_paid_by_the_wallet_in_the_buyers_currency_and_a_later_chargeback_takes_nothing_more_of_the_order(
    till: Till,
) -> None:
    """K10: what the claim was paid is the buyer's to give back, where its bank takes it once more."""
    order_id, payment_id = till.captured()
    till.time.advance(days=9)
    till.ship(order_id)
    amount = {"amount": "220.40", "currency": "CNY"}
    filed = till.booth.api.post(
        f"/v1/orders/{order_id}/claims", {"reason": "late_shipment", "amount": amount}, till.booth.trade.buyer
    )
    assert filed.status == 201, filed.body
    claim = f"/v1/claims/{filed['id']}/offers"
    offered = till.booth.api.post(claim, {"kind": "full", "amount": amount}, till.booth.supplier)
    accepted = till.booth.api.post(f"{claim}/{offered['offers'][-1]['id']}/accept", None, till.booth.trade.buyer)
    assert accepted.status == 200, accepted.body
    till.streams()
    assert till.payment(payment_id)["refunding"]["amount"] == "220.40"
    [refund] = till.instructions(order_id)
    assert (refund["bank_id"], refund["money"]) == ("alipay", {"amount": "220.40", "currency": "CNY"})
    till.attempted("payment.refunded", refund)
    assert till.payment(payment_id)["status"] == "partly_refunded"
    till.tell("chargeback.opened", payment_id, "661.19", chargeback_ref="CB-1")
    assert books("CNY") == {"bank_clearing": 22_040, "returned_receivable": -22_040}
    assert till.payment(payment_id)["refundable"]["amount"] == "0.00"
