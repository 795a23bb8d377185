"""Money back: from each source, and what follows for order, supplier and figures; the books to the cent after every step."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from chalicelib.claims.declared import CLAIMS
from tests.claims.refunds import OFFICER, OWED, PAID, Refunds, usd

FUNDED = {"bank_clearing": 500_000, "held": -500_000}


# where the money comes from


def test_a_refund_from_the_held_money_to_the_cent(refunds: Refunds) -> None:
    see, trade = refunds.dispute.see, refunds.dispute.trade
    order_id = refunds.dispute.late()
    claim_id = refunds.dispute.claim(order_id)
    assert refunds.books() == FUNDED
    owed = refunds.agree(claim_id, "1000.00", "full")
    assert (owed["status"], owed["refund"]["from_held"], refunds.books()) == ("payable", usd("1000.00"), OWED)
    assert (trade.standing().reserved_minor, trade.standing().advanced_minor) == (50_000, 0)
    [attempt] = refunds.attempts(order_id)
    assert (see(claim_id)["refund"]["status"], refunds.books()) == ("in_flight", OWED)
    refunds.said("settled", attempt, "1000.00")
    paid = see(claim_id)
    assert (paid["status"], paid["refund"]["settled"], refunds.books()) == ("paid", usd("1000.00"), PAID)
    assert paid["deadlines"] == paid["allowed_actions"] == []
    order, money = trade.see(order_id), trade.see(order_id, "/money")
    assert (order["status"], order["holds"]) == ("shipped", 0)
    assert (money["held"], money["refunded"], money["ceiling_left"]) == (usd("4000.00"), usd("1000.00"), usd("500.00"))


def test_several_payments_are_refunded_each_the_way_it_came_and_the_last_part_pays_the_claim(refunds: Refunds) -> None:
    claim_id, order_id, attempts = refunds.in_flight("4000.00", cover="total")
    told = [(item["bank_ref"], item["money"]) for item in refunds.instructions(order_id)]
    assert told == [("R-1", usd("1500.00")), ("R-2", usd("2500.00"))]
    refunds.said("settled", attempts[1], "2500.00")
    half = refunds.dispute.see(claim_id)
    assert (half["status"], half["refund"]["settled"]) == ("payable", usd("2500.00"))
    assert refunds.books() == {"bank_clearing": 250_000, "held": -100_000, "refunds_payable": -150_000}
    refunds.said("settled", attempts[0], "1500.00")
    assert refunds.dispute.see(claim_id)["status"] == "paid"
    assert refunds.books() == {"bank_clearing": 100_000, "held": -100_000}


def test_what_the_supplier_had_early_comes_from_its_balance(refunds: Refunds) -> None:
    order_id = refunds.dispute.late(early="4500.00", cover="total")
    refunds.dispute.streams()
    claim_id = refunds.dispute.claim(order_id, amount="2000.00")
    assert refunds.books() == {"bank_clearing": 500_000, "held": -50_000, "supplier_balance": -450_000}
    owed = refunds.agree(claim_id, "2000.00", "full")["refund"]
    assert (owed["from_held"], owed["from_supplier_balance"]) == (usd("500.00"), usd("1500.00"))
    assert (owed["advanced"], owed["not_guaranteed"]) == (usd("0.00"), usd("0.00"))
    books = {"bank_clearing": 500_000, "supplier_balance": -300_000}
    assert refunds.books() == books | {"refunds_payable": -200_000}
    assert _balance(refunds) == usd("3000.00")
    refunds.settle(order_id)
    assert refunds.books() == books | {"bank_clearing": 300_000}
    assert refunds.dispute.see(claim_id)["status"] == "paid"
    assert refunds.dispute.trade.standing().advanced_minor == 0


def test_what_of_the_suppliers_money_pays_and_what_is_advanced_is_not_the_buyers_to_know(refunds: Refunds) -> None:
    order_id = refunds.dispute.late(early="4500.00", cover="total")
    refunds.dispute.streams()
    claim_id = refunds.dispute.claim(order_id, amount="2000.00")
    refunds.agree(claim_id, "2000.00", "full")
    hidden = ("from_supplier_balance", "from_deposit", "deposit_insured", "advanced")
    for who, knows in (("buyer", False), ("supplier", True), ("officer-a", True)):
        refund = refunds.dispute.see(claim_id, who)["refund"]
        assert (refund["total"], refund["from_held"]) == (usd("2000.00"), usd("500.00"))
        assert all((refund[name] is not None) == knows for name in hidden)
        newest = refunds.dispute.see(claim_id, who, "/timeline")["items"][-1]
        assert (newest["kind"], "from_balance" in newest["payload"], "own" in newest["payload"]) == (
            "claim.payable",
            knows,
            False,
        )


def test_what_nobody_holds_any_more_is_advanced_and_recovered(refunds: Refunds) -> None:
    trade = refunds.dispute.trade
    order_id = refunds.dispute.late(early="4500.00", cover="total")
    refunds.pay_out_balance("4000.00")
    refunds.settle(trade.supplier_id)
    assert refunds.books() == {"bank_clearing": 100_000, "held": -50_000, "supplier_balance": -50_000}
    claim_id = refunds.dispute.claim(order_id, amount="3000.00")
    owed = refunds.agree(claim_id, "3000.00", "full")["refund"]
    sources = [owed[name] for name in ("from_held", "from_supplier_balance", "advanced", "not_guaranteed")]
    assert sources == [usd("500.00"), usd("500.00"), usd("2000.00"), usd("0.00")]
    assert refunds.books() == {"bank_clearing": 100_000, "advances_receivable": 200_000, "refunds_payable": -300_000}
    position = trade.standing()
    assert (position.reserved_minor, position.advanced_minor) == (200_000, 200_000)
    refunds.settle(order_id)
    assert refunds.dispute.see(claim_id)["status"] == "paid"
    assert refunds.books() == {"bank_clearing": -200_000, "advances_receivable": 200_000}
    [recovery] = trade.api.get(f"/v1/recoveries?supplier_id={trade.supplier_id}", OFFICER)["items"]
    assert (recovery["claim_id"], recovery["remaining"]) == (claim_id, usd("2000.00"))


def test_a_settlement_above_the_cover_is_not_guaranteed_and_nothing_is_advanced_for_it(refunds: Refunds) -> None:
    order_id = refunds.dispute.late(early="1500.00")
    refunds.pay_out_balance("1500.00")
    claim_id = refunds.dispute.claim(order_id, amount="5000.00")
    reply = refunds.agree(claim_id, "5000.00", "full")
    owed = reply["refund"]
    assert (owed["from_held"], owed["advanced"]) == (usd("3500.00"), usd("0.00"))
    assert (owed["total"], owed["not_guaranteed"]) == (usd("3500.00"), usd("1500.00"))
    assert reply["why"].startswith("PA-2")
    assert refunds.dispute.trade.see(order_id, "/money")["claimed"] == usd("1500.00")
    assert refunds.dispute.trade.standing().reserved_minor == 0
    refunds.settle(order_id)
    assert refunds.dispute.see(claim_id)["status"] == "paid"


def test_held_money_pays_a_settlement_above_the_cover(refunds: Refunds) -> None:
    claim_id, order_id = refunds.owed("2500.00")
    owed = refunds.dispute.see(claim_id)["refund"]
    assert (owed["total"], owed["from_held"], owed["not_guaranteed"]) == (usd("2500.00"), usd("2500.00"), usd("0.00"))
    assert refunds.dispute.trade.see(order_id, "/money")["claimed"] == usd("1500.00")
    assert refunds.books() == {"bank_clearing": 500_000, "held": -250_000, "refunds_payable": -250_000}


# what follows


def test_an_order_of_which_nothing_is_left_ends_and_frees_its_cover(refunds: Refunds) -> None:
    claim_id, order_id = refunds.owed("5000.00", cover="total")
    assert refunds.dispute.trade.see(order_id)["status"] == "shipped"
    refunds.settle(order_id)
    order = refunds.dispute.trade.see(order_id)
    assert (order["status"], order["deadlines"], refunds.books()) == ("refunded", [], {})
    position = refunds.dispute.trade.standing()
    assert (position.reserved_minor, position.advanced_minor) == (0, 0)
    assert refunds.dispute.see(claim_id)["status"] == "paid"


def test_the_orders_timers_go_on_with_the_time_they_had_left(refunds: Refunds) -> None:
    order_id = refunds.dispute.late()
    before = _due_of(refunds, order_id)
    refunds.dispute.trade.time.advance(days=2)
    claim_id = refunds.dispute.claim(order_id)
    refunds.dispute.trade.time.advance(days=3, hours=1)
    refunds.agree(claim_id, "1000.00", "full")
    refunds.dispute.trade.time.advance(days=1)
    assert _due_of(refunds, order_id) is None
    refunds.settle(order_id)
    after = _due_of(refunds, order_id)
    assert before is not None
    assert after is not None
    assert datetime.fromisoformat(after) - datetime.fromisoformat(before) == timedelta(days=4, hours=1)


def test_points_day_book_and_storefront_move_when_the_claim_is_paid(refunds: Refunds) -> None:
    trade = refunds.dispute.trade
    claim_id, order_id, [attempt] = refunds.in_flight()
    assert (refunds.points(), _day_book(refunds)["claims_open"]) == ([], 1)
    refunds.dispute.trade.time.advance(hours=5, minutes=1)
    refunds.said("settled", attempt, "1000.00")
    for _ in range(2):
        refunds.followed()
    assert refunds.points() == ["negotiated_non_delivery"]
    total = _day_book(refunds)
    assert [total[name] for name in ("claims_filed", "claims_open", "claims_closed", "claims_lost")] == [1, 0, 1, 0]
    assert (total["claim_paid"], total["close_hours"]) == (usd("1000.00"), [6])
    figures = trade.api.get(f"/v1/storefronts/{trade.supplier_id}")["figures"]
    assert (figures["open_claims"]["count"], figures["claim_rate"]["claims"]) == (0, 1)
    assert figures["median_close_time"]["median_hours"] == 6
    assert refunds.dispute.see(claim_id)["status"] == "paid"
    assert trade.see(order_id)["holds"] == 0


def test_a_claim_decided_against_the_supplier_is_lost_and_costs_more(refunds: Refunds) -> None:
    order_id = refunds.dispute.late()
    claim_id = refunds.dispute.claim(order_id)
    refunds.dispute.in_review(claim_id)
    refunds.dispute.rule(claim_id)
    refunds.dispute.trade.time.advance(days=7)
    CLAIMS.sweep(refunds.dispute.trade.time.at)
    assert refunds.books() == OWED
    refunds.settle(order_id)
    assert (refunds.dispute.see(claim_id)["status"], refunds.books()) == ("paid", PAID)
    assert _day_book(refunds)["claims_lost"] == 1
    assert sorted(refunds.points()) == ["failed_delivery", "no_answer"]


def test_the_ledger_shows_the_same_and_is_even(refunds: Refunds) -> None:
    claim_id, order_id = refunds.owed()
    refunds.settle(order_id)
    reply = refunds.dispute.trade.api.get("/v1/ledger/trial-balance", OFFICER)
    assert reply["balanced"]
    balances = {
        line["account"]: line["balance"]["amount"] for line in reply["accounts"] if line["balance"]["amount"] != "0.00"
    }
    assert balances == {"bank_clearing": "4000.00", "held": "4000.00"}
    assert refunds.dispute.see(claim_id)["status"] == "paid"


# two claims


def test_two_claims_of_one_order_are_paid_each_by_its_own_refunds(refunds: Refunds) -> None:
    order_id = refunds.dispute.received()
    first = refunds.dispute.claim(order_id, "quantity_short", "900.00")
    second = refunds.dispute.claim(order_id, "wrong_item", "800.00")
    assert refunds.dispute.see(second)["reserved"] == usd("600.00")
    refunds.agree(first, "700.00")
    assert refunds.dispute.see(second)["reserved"] == usd("800.00")
    refunds.agree(second, "800.00", "full")
    data = {item["cause"]: item for item in refunds.instructions(order_id)}
    refunds.said("settled", data[second]["attempts"][0]["id"], "800.00")
    assert [refunds.dispute.see(claim)["status"] for claim in (first, second)] == ["payable", "paid"]
    assert refunds.dispute.trade.see(order_id)["holds"] == 1
    refunds.said("settled", data[first]["attempts"][0]["id"], "700.00")
    assert refunds.dispute.trade.see(order_id)["holds"] == 0
    assert refunds.books() == {"bank_clearing": 350_000, "held": -350_000}
    assert refunds.dispute.trade.see(order_id, "/money")["ceiling_left"] == usd("0.00")


def _balance(refunds: Refunds) -> dict[str, str]:
    trade = refunds.dispute.trade
    refunds.dispute.streams()
    reply = trade.api.get(f"/v1/suppliers/{trade.supplier_id}/balance", trade.supplier)
    [usd_line] = [line for line in reply["balances"] if line["available"]["currency"] == "USD"]
    found: dict[str, str] = usd_line["available"]
    return found


def _due_of(refunds: Refunds, order_id: str) -> str | None:
    deadlines = refunds.dispute.trade.see(order_id)["deadlines"]
    return next((deadline["due_at"] for deadline in deadlines if deadline["name"] == "receipt"), None)


def _day_book(refunds: Refunds) -> dict[str, Any]:
    trade = refunds.dispute.trade
    refunds.dispute.streams()
    path = f"/v1/members/{trade.supplier_id}/day-book?from=2026-03-01&to=2026-06-30"
    found: dict[str, Any] = trade.api.get(path, OFFICER)["total"]
    return found
