"""Filing and negotiating, through the API."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.dispute import Dispute

HALF = {"kind": "partial", "amount": {"amount": "500.00", "currency": "USD"}}


def usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


def test_a_claim_reserves_what_it_asks_for_and_stops_the_orders_clock(dispute: Dispute) -> None:
    order_id = dispute.late()
    claim = dispute.see(dispute.claim(order_id))
    assert (claim["status"], claim["requested"], claim["reserved"]) == ("negotiating", usd("1000.00"), usd("1000.00"))
    assert claim["partially_reserved"] is None
    assert [deadline["name"] for deadline in claim["deadlines"]] == ["supplier_answer", "settlement"]
    order = dispute.trade.see(order_id)
    assert order["holds"] == 1
    assert [deadline["name"] for deadline in order["deadlines"] if deadline["by_clock"]] == []
    money = dispute.trade.see(order_id, "/money")
    assert (money["claimed"], money["ceiling_left"]) == (usd("1000.00"), usd("500.00"))


def test_a_claim_above_the_ceiling_is_partially_reserved_with_the_reason(dispute: Dispute) -> None:
    claim = dispute.see(dispute.claim(dispute.late(), amount="4000.00"))
    assert claim["reserved"] == usd("1500.00")
    assert "covered" in claim["partially_reserved"]


def test_a_later_claim_gets_what_an_earlier_one_frees(dispute: Dispute) -> None:
    order_id = dispute.received()
    first = dispute.claim(order_id, "quantity_short", "1200.00")
    second = dispute.claim(order_id, "wrong_item", "800.00")
    assert dispute.see(second)["reserved"] == usd("300.00")
    dispute.do(first, "withdraw", "buyer")
    assert dispute.see(second)["reserved"] == usd("800.00")
    assert dispute.trade.see(order_id)["holds"] == 1


def test_nothing_left_to_claim_is_named(dispute: Dispute) -> None:
    order_id = dispute.received()
    dispute.claim(order_id, "quantity_short", "1500.00")
    refused = dispute.file(order_id, "wrong_item", "1.00")
    assert (refused.status, refused["code"]) == (409, "nothing_left_to_claim")


def test_the_same_claim_twice_is_the_first_answer_again(dispute: Dispute) -> None:
    order_id = dispute.late()
    body = {"reason": "late_shipment", "amount": usd("1000.00")}
    first, again = (
        dispute.trade.api.post(f"/v1/orders/{order_id}/claims", body, dispute.trade.buyer, key="once") for _ in "12"
    )
    assert first.raw == again.raw
    assert again.headers["Idempotent-Replayed"] == "true"
    assert dispute.trade.see(order_id)["holds"] == 1


def test_one_claim_for_a_reason_and_line(dispute: Dispute) -> None:
    order_id = dispute.late()
    claim_id = dispute.claim(order_id, amount="100.00")
    refused = dispute.file(order_id, amount="100.00")
    assert (refused.status, refused["code"], refused["claim_id"]) == (409, "already_claimed", claim_id)


def test_withdrawn_is_final_for_the_same_facts(dispute: Dispute) -> None:
    order_id = dispute.received()
    claim_id = dispute.claim(order_id, "quantity_short", "100.00")
    assert dispute.do(claim_id, "withdraw", "buyer")["status"] == "withdrawn"
    refused = dispute.file(order_id, "quantity_short", "100.00")
    assert refused["code"] == "already_claimed"
    assert refused["rule"].startswith("CF-2")
    assert dispute.file(order_id, "wrong_item", "100.00").status == 201


@pytest.mark.parametrize(
    ("reason", "code"),
    [("not_shipped", "reason_does_not_fit"), ("quality_mismatch", "too_early_to_claim"), ("unheard_of", "bad_field")],
)
def test_a_reason_that_cannot_hold_is_refused_by_name(dispute: Dispute, reason: str, code: str) -> None:
    assert dispute.file(dispute.late(), reason)["code"] == code


@pytest.mark.parametrize("amount", ["0.00", "-1.00", "1e3", "1000", "1000.001", "99999999999999.00"])
def test_an_amount_that_is_none_is_refused(dispute: Dispute, amount: str) -> None:
    assert dispute.file(dispute.late(), amount=amount).status == 400


def test_the_supplier_cannot_claim_and_strangers_see_nothing(dispute: Dispute) -> None:
    order_id = dispute.late()
    body = {"reason": "late_shipment", "amount": usd("1.00")}
    assert dispute.trade.api.post(f"/v1/orders/{order_id}/claims", body, dispute.trade.supplier).status == 403
    claim_id = dispute.claim(order_id)
    assert dispute.act(claim_id, "withdraw", "supplier").status == 403
    assert dispute.act("clm_01JAZ3V5W8N0R4T6Y8B1D3F5H7_01", "withdraw", "buyer").status == 404


def test_an_order_in_another_currency_is_claimed_in_its_own(dispute: Dispute) -> None:
    body = {"reason": "late_shipment", "amount": {"amount": "1.00", "currency": "EUR"}}
    refused = dispute.trade.api.post(f"/v1/orders/{dispute.late()}/claims", body, dispute.trade.buyer)
    assert (refused.status, refused["code"]) == (422, "other_currency")


def test_offers_stand_side_by_side_and_their_overlap_is_proposed(dispute: Dispute) -> None:
    claim_id = dispute.claim(dispute.late())
    dispute.do(claim_id, "offers", "buyer", {"kind": "partial", "amount": usd("600.00")})
    assert dispute.see(claim_id)["overlap"] is None
    dispute.do(claim_id, "offers", "supplier", HALF)
    assert dispute.see(claim_id)["overlap"] is None
    reply = dispute.do(claim_id, "offers", "supplier", {"kind": "partial", "amount": usd("700.00")})
    assert [(offer["by"], offer["status"]) for offer in reply["offers"]] == [
        ("buyer", "open"),
        ("supplier", "superseded"),
        ("supplier", "open"),
    ]
    assert reply["overlap"] == usd("650.00")


def test_an_accepted_offer_is_owed_at_once_and_paid_when_the_bank_says_so(dispute: Dispute) -> None:
    order_id = dispute.late()
    claim_id = dispute.claim(order_id)
    offer_id = dispute.do(claim_id, "offers", "supplier", HALF)["offers"][0]["id"]
    agreed = dispute.do(claim_id, f"offers/{offer_id}/accept", "buyer")
    assert agreed["status"] == "payable"
    assert agreed["settlement"]["signed_by"] == ["buyer", "supplier"]
    assert agreed["refund"]["from_held"] == usd("500.00")
    assert dispute.trade.see(order_id, "/money")["refunded"] == usd("500.00")
    dispute.streams()
    assert dispute.see(claim_id)["refund"]["status"] == "in_flight"


def test_an_offer_expires_and_is_not_accepted_afterwards(dispute: Dispute) -> None:
    claim_id = dispute.claim(dispute.late())
    offer_id = dispute.do(claim_id, "offers", "supplier", HALF)["offers"][0]["id"]
    dispute.trade.time.advance(hours=72)
    assert dispute.see(claim_id)["offers"][0]["status"] == "expired"
    refused = dispute.act(claim_id, f"offers/{offer_id}/accept", "buyer")
    assert (refused.status, refused["code"]) == (409, "claim_not_in_this_state")


def test_nobody_accepts_his_own_offer(dispute: Dispute) -> None:
    claim_id = dispute.claim(dispute.late())
    offer_id = dispute.do(claim_id, "offers", "supplier", HALF)["offers"][0]["id"]
    dispute.do(claim_id, "offers", "buyer", {"kind": "full", "amount": usd("1000.00")})
    assert dispute.act(claim_id, f"offers/{offer_id}/accept", "supplier").status == 404


@pytest.mark.parametrize(
    "offer",
    [
        {"kind": "partial", "amount": usd("1000.01")},
        {"kind": "full", "amount": usd("999.99")},
        {"kind": "replace", "amount": usd("1.00")},
        {"kind": "partial"},
    ],
)
def test_an_offer_fits_the_claim(dispute: Dispute, offer: dict[str, object]) -> None:
    refused = dispute.act(dispute.claim(dispute.late()), "offers", "supplier", offer)
    assert (refused.status, refused["code"]) == (422, "amount_does_not_fit")


def test_the_claim_is_not_edited_while_an_offer_is_open(dispute: Dispute) -> None:
    claim_id = dispute.claim(dispute.late())
    edited = dispute.do(claim_id, "edit", "buyer", {"amount": usd("1400.00")})
    assert edited["reserved"] == usd("1400.00")
    assert edited["deadlines"][0]["due_at"] == dispute.see(claim_id)["deadlines"][0]["due_at"]
    dispute.do(claim_id, "offers", "supplier", HALF)
    assert dispute.act(claim_id, "edit", "buyer", {"amount": usd("900.00")}).status == 409


def test_silence_is_noted_after_72_hours_and_costs_points(dispute: Dispute) -> None:
    claim_id = dispute.claim(dispute.late())
    dispute.trade.time.advance(hours=71, minutes=59, seconds=59.999)
    assert not dispute.see(claim_id)["supplier_silent"]
    dispute.trade.time.advance(milliseconds=1)
    assert dispute.see(claim_id)["supplier_silent"]
    dispute.do(claim_id, "escalate", "buyer")
    dispute.streams()
    supplier = dispute.trade.api.get(f"/v1/suppliers/{dispute.trade.supplier_id}", dispute.trade.supplier)
    assert [penalty["reason"] for penalty in supplier["points"]["penalties"]] == ["no_answer"]


def test_a_supplier_who_answered_is_not_silent(dispute: Dispute) -> None:
    claim_id = dispute.claim(dispute.late())
    dispute.do(claim_id, "offers", "supplier", HALF)
    dispute.trade.time.advance(hours=100)
    assert not dispute.see(claim_id)["supplier_silent"]


@pytest.mark.parametrize("by", ["buyer", "supplier"])
def test_either_side_escalates_from_the_first_instant_of_day_4(dispute: Dispute, by: str) -> None:
    claim_id = dispute.claim(dispute.late())
    dispute.trade.time.advance(hours=72, milliseconds=-1)
    assert dispute.act(claim_id, "escalate", by).status == 409
    dispute.trade.time.advance(milliseconds=1)
    assert dispute.do(claim_id, "escalate", by)["status"] == "escalated"


def test_an_outright_refusal_can_be_escalated_at_once(dispute: Dispute) -> None:
    claim_id = dispute.claim(dispute.late())
    reply = dispute.do(claim_id, "offers", "supplier", {"kind": "none", "note": "No."})
    assert "escalate" in reply["allowed_actions"]
    assert dispute.do(claim_id, "escalate", "buyer")["status"] == "escalated"


def test_escalation_is_automatic_after_day_7_however_late_the_sweeper_is(dispute: Dispute) -> None:
    filed_at = dispute.trade.time.at
    claim_id = dispute.claim(order_id := dispute.late())
    filed_at = dispute.trade.time.at
    dispute.trade.time.advance(hours=168, milliseconds=-1)
    assert dispute.see(claim_id)["status"] == "negotiating"
    dispute.trade.time.advance(milliseconds=1, hours=6)
    reply = dispute.see(claim_id)
    assert reply["status"] == "escalated"
    due = filed_at + timedelta(hours=168 + 48)
    assert reply["deadlines"][0]["due_at"] == due.isoformat().replace("+00:00", "Z")
    dispute.act(claim_id, "settle", "buyer", {"kind": "replace"})
    timeline = dispute.see(claim_id, what="/timeline")["items"]
    escalated = next(entry for entry in timeline if entry["kind"] == "claim.escalated")
    assert escalated["at"] == (filed_at + timedelta(hours=168)).isoformat().replace("+00:00", "Z")
    assert escalated["recorded_at"] > escalated["at"]
    assert dispute.trade.see(order_id)["holds"] == 1


def test_both_sign_a_settlement_at_any_time_before_a_determination(dispute: Dispute) -> None:
    claim_id = dispute.claim(dispute.late())
    dispute.in_review(claim_id)
    signed = dispute.do(claim_id, "settle", "supplier", HALF)
    assert (signed["status"], signed["settlement"]["final"]) == ("review", False)
    other = dispute.act(claim_id, "settle", "buyer", {"kind": "partial", "amount": usd("600.00")})
    assert (other.status, other["code"], other["amount"]) == (409, "settlement_differs", usd("500.00"))
    assert dispute.do(claim_id, "settle", "buyer", HALF)["status"] == "payable"


def test_goods_come_back_before_the_money_is_owed(dispute: Dispute) -> None:
    claim_id = dispute.claim(dispute.received(), "wrong_item")
    back = {"kind": "return_and_refund", "amount": usd("1000.00")}
    offer_id = dispute.do(claim_id, "offers", "supplier", back)["offers"][0]["id"]
    assert dispute.do(claim_id, f"offers/{offer_id}/accept", "buyer")["status"] == "agreed"
    dispute.do(claim_id, "ship-return", "buyer", {"carrier": "COSCO", "tracking_number": "1"})
    assert dispute.do(claim_id, "acknowledge-return", "supplier", {"condition": "received"})["status"] == "payable"


@pytest.mark.parametrize("condition", ["damaged", "empty", "missing"])
def test_a_return_that_is_not_in_order_goes_to_an_officer(dispute: Dispute, condition: str) -> None:
    claim_id = _agreed_return(dispute)
    dispute.do(claim_id, "ship-return", "buyer", {"carrier": "COSCO", "tracking_number": "1"})
    assert dispute.do(claim_id, "acknowledge-return", "supplier", {"condition": condition})["status"] == "escalated"


def test_a_return_nobody_acknowledges_counts_as_received(dispute: Dispute) -> None:
    claim_id = _agreed_return(dispute)
    dispute.do(claim_id, "ship-return", "buyer", {"carrier": "COSCO", "tracking_number": "1"})
    dispute.trade.time.advance(days=7)
    assert dispute.see(claim_id)["status"] == "payable"


def test_goods_that_are_not_sent_back_in_time_end_the_claim(dispute: Dispute) -> None:
    claim_id = _agreed_return(dispute)
    dispute.trade.time.advance(days=10)
    reply = dispute.see(claim_id)
    assert (reply["status"], reply["why"][:4]) == ("closed_no_payment", "AG-2")


def test_a_replacement_is_confirmed_by_both_or_escalated_by_the_buyer(dispute: Dispute) -> None:
    order_id = dispute.received()
    for number, reason in enumerate(("wrong_item", "quantity_short")):
        claim_id = dispute.claim(order_id, reason, "100.00")
        offer_id = dispute.do(claim_id, "offers", "supplier", {"kind": "replace"})["offers"][0]["id"]
        assert dispute.do(claim_id, f"offers/{offer_id}/accept", "buyer")["status"] == "agreed"
        assert dispute.act(claim_id, "escalate", "supplier").status == 409
        if number:
            assert dispute.do(claim_id, "escalate", "buyer")["status"] == "escalated"
        else:
            dispute.do(claim_id, "confirm-remedy", "supplier")
            assert dispute.do(claim_id, "confirm-remedy", "buyer")["status"] == "closed_no_payment"


def _agreed_return(dispute: Dispute) -> str:
    claim_id = dispute.claim(dispute.received(), "wrong_item")
    back = {"kind": "return_and_refund", "amount": usd("1000.00")}
    offer_id = dispute.do(claim_id, "offers", "supplier", back)["offers"][0]["id"]
    dispute.do(claim_id, f"offers/{offer_id}/accept", "buyer")
    return claim_id
