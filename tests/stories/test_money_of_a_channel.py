"""What moves for orders of a channel beside the plain way: late, twice, in parts, disputed. Through the API, to the unit of every currency."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.acquiring.till import Till, books, clearing, till
from tests.listings.selling import booth
from tests.world import Reply, token

__all__ = ["booth", "till"]

OFFICER = token("officer", "o", "admin", "payments")
HUNDRED = "19510"
"""The price in won of which a buyer pays 100.00 yuan."""


def refund(till: Till, payment_id: str, amount: str) -> Reply:
    body = {"money": {"amount": amount, "currency": "CNY"}}
    return till.booth.api.post(f"/v1/payments/{payment_id}/refund", body, till.booth.supplier)


def claim(till: Till, order_id: str, amount: str) -> Reply:
    body = {"reason": "late_shipment", "amount": {"amount": amount, "currency": "CNY"}}
    return till.booth.api.post(f"/v1/orders/{order_id}/claims", body, till.booth.trade.buyer)


def refunds(till: Till, owner_id: str) -> list[dict[str, Any]]:
    return [each for each in till.instructions(owner_id) if each["kind"] == "refund"]


def figures(payment: Reply, *names: str) -> tuple[str, ...]:
    return tuple(payment[name]["amount"] for name in names)


def test_what_is_captured_is_booked_as_it_moved_be_it_less_or_more_than_was_authorised(till: Till) -> None:
    """K4: another amount."""
    less = till.ordered()
    first = till.pay(less)
    till.tell("payment.authorised", first, "661.19")
    till.tell("payment.captured", first, "600.00")
    assert (till.order(less)["status"], till.payment(first)["captured"]["amount"]) == ("part_funded", "600.00")
    till.tell("payment.captured", first, "61.19")
    assert till.order(less)["status"] == "funded"
    more = till.ordered()
    second = till.pay(more)
    till.tell("payment.authorised", second, "661.19")
    till.tell("payment.captured", second, "700.00")
    assert till.order(more)["status"] == "funded"
    assert books("CNY") == {"bank_clearing": -136_119, "held": 132_238, "unallocated": 3_881}


def test_what_is_captured_again_after_all_went_back_goes_back_too_and_revives_nothing(till: Till) -> None:
    """AC-2 (b)."""
    order_id, payment_id = till.captured()
    assert refund(till, payment_id, "661.19").status == 200
    till.streams()
    till.attempted("payment.refunded", refunds(till, order_id)[0])
    assert (till.payment(payment_id)["status"], books("CNY")) == ("refunded", {})
    item = till.tell("payment.captured", payment_id, "661.19")
    assert (till.event(item)["reason"], till.payment(payment_id)["status"]) == ("order_closed", "refunded")
    till.pass_time(minutes=1)
    till.attempted("payment.refunded", refunds(till, item)[0])
    assert (till.order(order_id)["status"], till.payment(payment_id)["status"]) == ("refunded", "refunded")
    assert books("CNY") == {}


@pytest.mark.parametrize(
    ("authorised", "payment", "order", "told"),
    [
        (timedelta(minutes=14, seconds=50), "authorised", "agreed", []),
        (timedelta(minutes=15, seconds=10), "cancelled", "expired", ["payment.cancel_requested"]),
    ],
    ids=["a: before the quote's end", "b: after it"],
)
def test_an_authorisation_counts_by_when_it_was_made(
    till: Till, authorised: timedelta, payment: str, order: str, told: list[str]
) -> None:
    """AC-4: told a minute after the quote's end."""
    order_id = till.ordered()
    payment_id, placed = till.pay(order_id), till.time.at
    till.pass_time(minutes=16)
    till.tell("payment.authorised", payment_id, "661.19", at=placed + authorised)
    assert till.payment(payment_id)["status"] == payment
    till.pass_time(minutes=5)
    assert till.order(order_id)["status"] == order
    assert [kind for kind, _ in till.told()] == ["payment.requested", *told]
    assert till.booth.trade.standing().reserved_minor == (0 if order == "expired" else 9_588)


@pytest.mark.parametrize("outcome", ["won", "lost"])
def test_what_is_disputed_is_not_refunded_and_comes_back_as_it_was_taken(till: Till, outcome: str) -> None:
    """AC-5."""
    _, payment_id = till.captured(HUNDRED, "100.00")
    till.tell("chargeback.opened", payment_id, "60.00", chargeback_ref="CB-1")
    much = refund(till, payment_id, "50.00")
    assert (much.status, much["code"], much["refundable"]["amount"]) == (409, "not_that_much_refundable", "40.00")
    assert refund(till, payment_id, "40.00").status == 200
    till.tell(f"chargeback.{outcome}", payment_id, chargeback_ref="CB-1")
    shown = till.payment(payment_id)
    if outcome == "won":
        assert figures(shown, "refundable", "refunding", "disputed") == ("60.00", "40.00", "0.00")
        assert books("CNY") == {"bank_clearing": -10_000, "held": 6_000, "refunds_payable": 4_000}
    else:
        assert figures(shown, "refundable", "refunding", "disputed") == ("0.00", "40.00", "60.00")
        assert books("CNY") == {"bank_clearing": -4_000, "refunds_payable": 4_000}


def test_three_thirds_of_a_hundred_go_back_exactly(till: Till) -> None:
    """K6."""
    order_id, payment_id = till.captured(HUNDRED, "100.00")
    for part in ("33.33", "33.33", "33.34"):
        assert refund(till, payment_id, part).status == 200
        till.streams()
        [asked] = [each for each in refunds(till, order_id) if each["status"] != "settled"]
        assert asked["money"]["amount"] == part
        till.attempted("payment.refunded", asked)
    assert (till.order(order_id)["status"], till.payment(payment_id)["status"]) == ("refunded", "refunded")
    assert books("CNY") == {}


def test_after_a_chargeback_was_lost_a_claim_is_paid_nothing_and_the_books_say_why(till: Till) -> None:
    """K10."""
    order_id, payment_id = till.captured()
    till.time.advance(days=9)
    till.ship(order_id)
    till.tell("chargeback.opened", payment_id, "661.19", chargeback_ref="CB-1")
    till.tell("chargeback.lost", payment_id, chargeback_ref="CB-1")
    refused = claim(till, order_id, "220.40")
    assert (refused.status, refused["code"]) == (409, "nothing_received")
    money = till.booth.trade.see(order_id, "/money", till.booth.trade.buyer)
    assert [each["returned"]["amount"] for each in money["payments"]] == ["661.19"]
    assert books("CNY") == {}


def test_a_settlement_day_is_one_on_which_both_countries_work(till: Till) -> None:
    """K7: captured on Wednesday before Mid-Autumn; Chuseok is closed from Thursday to Saturday, China on Friday and from 1 to 7 October."""
    till.time.advance(seconds=(datetime(2026, 9, 23, 4, tzinfo=UTC) - till.time.at).total_seconds())
    till.captured()
    [due] = till.settlements()
    assert due["due_at"] == "2026-10-07T16:00:00Z"


@pytest.mark.parametrize("outcome", ["won", "lost"])
def test_what_lies_aside_and_is_disputed_goes_back_once(till: Till, outcome: str) -> None:
    """Two captures of one payment: the order took one. The buyer's bank takes both, before the second could go back."""
    _, payment_id = till.captured()
    item = till.tell("payment.captured", payment_id, "661.19")
    till.tell("chargeback.opened", payment_id, "1322.38", chargeback_ref="CB-1")
    till.pass_time(minutes=1)
    assert [each["status"] for each in refunds(till, item)] == ["stopped"]
    assert figures(till.payment(payment_id), "disputed", "refunding", "refundable") == ("1322.38", "0.00", "0.00")
    assert books("CNY") == {}
    till.tell(f"chargeback.{outcome}", payment_id, chargeback_ref="CB-1")
    if outcome == "lost":
        assert (books("CNY"), clearing()) == ({}, {"alipay": 0})
        return
    assert books("CNY") == {"bank_clearing": -132_238, "held": 66_119, "refunds_payable": 66_119}
    [again] = [each for each in refunds(till, item) if each["status"] != "stopped"]
    till.attempted("payment.refunded", again)
    assert figures(till.payment(payment_id), "refunded", "refunding", "refundable") == ("661.19", "0.00", "661.19")
    assert books("CNY") == {"bank_clearing": -66_119, "held": 66_119}


@pytest.mark.parametrize("left", ["held back", "gone"])
def test_a_refund_that_a_dispute_held_back_reaches_the_buyer_once_the_dispute_is_won(till: Till, left: str) -> None:
    """A claim was paid by two captures; the buyer's bank takes the payment back before the second refund has left."""
    order_id = till.ordered()
    payment_id = till.pay(order_id)
    till.tell("payment.authorised", payment_id, "661.19")
    for part in ("300.00", "361.19"):
        till.tell("payment.captured", payment_id, part)
    assert refund(till, payment_id, "661.19").status == 200
    till.streams()
    one, other = sorted(refunds(till, order_id), key=lambda each: str(each["money"]["amount"]))
    till.attempted("payment.refunded", one)
    if left == "gone":
        till.attempted("payment.refunded", other)
    else:
        till.unheard(other)
    till.tell("chargeback.opened", payment_id, "661.19", chargeback_ref="CB-1")
    till.pass_time(minutes=1)
    owed = 36_119 if left == "held back" else 0
    assert figures(till.payment(payment_id), "refunding") == ("0.00",)
    assert books("CNY") == {"bank_clearing": 66_119 - owed, "returned_receivable": owed - 66_119}
    till.tell("chargeback.won", payment_id, chargeback_ref="CB-1")
    till.pass_time(minutes=1)
    assert books("CNY") == ({"bank_clearing": -owed, "refunds_payable": owed} if owed else {})
    again = [each for each in refunds(till, order_id) if each["status"] not in ("settled", "stopped")]
    assert [each["money"]["amount"] for each in again] == (["361.19"] if owed else [])
    for each in again:
        till.attempted("payment.refunded", each)
    assert (books("CNY"), clearing()) == ({}, {"alipay": 0})
    assert figures(till.payment(payment_id), "refunding", "refunded") == ("0.00", "661.19")


def test_what_another_payment_brought_too_much_is_on_its_way_back_by_that_one(till: Till) -> None:
    """The order ends with a refund of one payment; what the other brought above what was due goes back with it."""
    order_id = till.ordered()
    first, second = till.pay(order_id), till.pay(order_id)
    for payment_id in (first, second):
        till.tell("payment.authorised", payment_id, "661.19")
    till.tell("payment.captured", first, "61.19")
    till.tell("payment.captured", second, "661.19")
    assert books("CNY") == {"bank_clearing": -72_238, "held": 66_119, "unallocated": 6_119}
    assert refund(till, first, "61.19").status == 200
    assert refund(till, second, "600.00").status == 200
    till.streams()
    assert figures(till.payment(first), "refunding", "refundable") == ("61.19", "0.00")
    assert figures(till.payment(second), "refunding", "refundable") == ("661.19", "0.00")
    assert books("CNY") == {"bank_clearing": -72_238, "refunds_payable": 72_238}


def test_what_a_payment_never_took_goes_back_and_is_none_of_its_refunds(till: Till) -> None:
    """A capture in another currency than the payment's lies in suspense, and is the acquirer's word about the payment all the same."""
    payment_id = till.pay(till.ordered())
    till.tell("payment.authorised", payment_id, "661.19")
    item = till.tell("payment.captured", payment_id, money={"amount": "900.00", "currency": "USD"})
    assert (till.event(item)["status"], till.event(item)["reason"]) == ("suspense", "wrong_currency")
    assert till.booth.api.post(f"/v1/bank-events/{item}/return", None, OFFICER).status == 200
    till.streams()
    [back] = refunds(till, item)
    till.attempted("payment.refunded", back)
    assert (till.payment(payment_id)["status"], books("USD")) == ("authorised", {})


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("payment.captured", {"money": {"amount": "5.00", "currency": "CNY"}}),
        ("payment.captured", {"money": {"amount": "5.00", "currency": "USD"}}),
        (
            "chargeback.opened",
            {"money": {"amount": "5.00", "currency": "USD"}, "chargeback_ref": "CB-9"},
        ),
    ],
    ids=["otherwise", "another currency", "another movement"],
)
def test_an_event_that_is_refused_under_a_used_reference_holds_up_nothing_behind_it(
    till: Till, kind: str, more: dict[str, Any]
) -> None:
    """Its number counts, and its money lies in suspense."""
    payment_id = till.pay(till.ordered())
    till.tell("payment.authorised", payment_id, "661.19")
    till.tell("payment.captured", payment_id, "661.19", bank_ref="X-1")
    item = till.event(till.tell(kind, payment_id, bank_ref="X-1", **more))
    assert (item["status"], item["reason"]) == ("suspense", "reference_reused")
    till.tell("chargeback.opened", payment_id, "60.00", chargeback_ref="CB-1")
    assert figures(till.payment(payment_id), "disputed") == ("60.00",)


def test_a_capture_is_taken_back_by_disputes_of_its_payment_and_by_nothing_else(till: Till) -> None:
    """Neither as a bank takes a transfer back, nor where an officer says so of money that lies in suspense: the payment would not know."""
    order_id, payment_id = till.captured()
    [capture] = till.booth.trade.see(order_id, "/money", till.booth.trade.buyer)["payments"]
    taken = {"bank_ref": capture["bank_ref"], "order_id": order_id, "seq": 1, "money": capture["money"], "reason": "x"}
    item = till.send("payment.returned", taken)
    assert (till.event(item)["status"], till.event(item)["reason"]) == ("suspense", "return_not_matched")
    allocate = {"order_id": order_id, "bank_ref": capture["bank_ref"]}
    refused = till.booth.api.post(f"/v1/bank-events/{item}/allocate", allocate, OFFICER)
    assert (refused.status, refused["code"]) == (409, "return_not_matched")
    assert books("CNY") == {"held": 66_119, "suspense": -66_119}
    disputed = till.tell("chargeback.opened", payment_id, "661.19", chargeback_ref="CB-1")
    assert (till.event(disputed)["status"], figures(till.payment(payment_id), "disputed")) == ("applied", ("661.19",))
    till.tell("chargeback.won", payment_id, chargeback_ref="CB-1")
    assert figures(till.payment(payment_id), "disputed", "refundable") == ("0.00", "661.19")


def test_money_that_is_told_under_a_spent_number_lies_in_suspense(till: Till) -> None:
    """Another capture, another chargeback: neither counted, and both have moved money."""
    _, payment_id = till.captured()
    capture = till.tell("payment.captured", payment_id, "5.00", seq=2)
    chargeback = till.tell("chargeback.opened", payment_id, "3.00", seq=2, chargeback_ref="CB-1")
    for item in (capture, chargeback):
        assert (till.event(item)["status"], till.event(item)["reason"]) == ("suspense", "bank_event_seq_spent")
    assert books("CNY") == {"bank_clearing": -66_319, "held": 66_119, "suspense": 200}
    known = till.tell("payment.captured", payment_id, "5.00", seq=2, bank_ref=till.event(capture)["bank_ref"])
    assert (till.event(known)["status"], till.event(known)["reason"]) == ("refused", "duplicate_notice")
    moved_none = till.tell("payment.failed", payment_id, seq=2)
    assert (till.event(moved_none)["status"], till.event(moved_none)["reason"]) == ("refused", "bank_event_seq_spent")


def test_what_a_buyers_bank_takes_too_late_is_claimed_back_of_the_acquirer(till: Till) -> None:
    _, payment_id = till.captured()
    till.time.advance(days=120)
    item = till.tell("chargeback.opened", payment_id, "661.19", chargeback_ref="CB-1")
    assert (till.event(item)["status"], till.event(item)["reason"]) == ("suspense", "chargeback_too_late")
    assert till.payment(payment_id)["disputes"] == []
    path = f"/v1/bank-events/{item}/return"
    assert [till.booth.api.post(path, None, OFFICER, key="once")["status"] for _ in range(2)] == ["claimed_back"] * 2
    till.streams()
    assert books("CNY") == {"held": 66_119, "returned_receivable": -66_119}


def test_what_is_owed_back_after_the_refund_window_is_an_officers_by_bank_transfer(till: Till) -> None:
    order_id, payment_id = till.captured()
    till.time.advance(days=365)
    late = refund(till, payment_id, "1.00")
    assert (late.status, late["code"]) == (409, "refund_window_over")
    till.pass_time(minutes=1)
    assert till.order(order_id)["status"] == "refunded"
    [refunded] = refunds(till, order_id)
    assert (refunded["status"], refunded["reason"], refunded["attempts"]) == ("manual", "refund_window_over", [])
    assert figures(till.payment(payment_id), "refunding", "refunded") == ("0.00", "0.00")
    path = f"/v1/bank-instructions/{refunded['id']}/settle-by-hand"
    by_transfer = {"bank_ref": "T-1", "bank_id": "boc"}
    replies = [till.booth.api.post(path, by_transfer, OFFICER, key="once") for _ in range(2)]
    assert [(reply.status, reply["status"]) for reply in replies] == [(200, "settled")] * 2
    till.streams()
    assert till.payment(payment_id)["refunded"]["amount"] == "661.19"
    assert clearing() == {"alipay": -66_119, "boc": 66_119}
