"""A supplier that is not in good standing leaves its open exposure on its balance, and hears how much is free and when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.deposits.rules.membership import opened
from chalicelib.deposits.rules.release import Business, checks
from chalicelib.orders.declared import ORDERS
from chalicelib.shared import fx
from chalicelib.shared.commit import commit
from chalicelib.shared.errors import WriteConflict
from chalicelib.shared.periods import wire
from chalicelib.suppliers import records
from chalicelib.suppliers.rules import balance, exposure
from chalicelib.suppliers.rules.balance import Balance
from chalicelib.suppliers.rules.coverage import CoverChange, CoverPosition
from chalicelib.suppliers.rules.exposure import Exposure
from tests.claims.refunds import ACCOUNT, Refunds, refunds, usd
from tests.deposits.account.test_rules import BOOKS, NOW
from tests.dispute import Dispute
from tests.orders.test_cover_asked_for import stands
from tests.suppliers.test_coverage import entry
from tests.trade import Trade
from tests.world import START, Reply

__all__ = ["refunds"]

QUOTES = {code: fx.quote(code, START.date()) for code in ("USD", "EUR", "CNY", "JPY")}
MINOR = st.integers(0, 10**9)
NOT_GOOD = ["suspended", "disqualified", "not_enrolled", "applied"]


def pays_out(trade: Trade, amount: str) -> Reply:
    return trade.api.post(f"/v1/suppliers/{trade.supplier_id}/payouts", {"money": usd(amount)}, trade.supplier)


def earned(dispute: Dispute) -> Trade:
    """5,000.00 USD of an order that is over are the supplier's; another of 5,000.00 USD, covered whole, was received."""
    trade = dispute.trade
    assert trade.api.post(f"/v1/suppliers/{trade.supplier_id}/bank-account", ACCOUNT, trade.supplier).status == 200
    order_id = dispute.received()
    trade.time.advance(days=31)
    assert trade.see(order_id)["status"] == "completed"
    ORDERS.sweep(trade.time.at)
    return trade


@pytest.mark.parametrize("status", NOT_GOOD)
def test_a_payout_leaves_the_cover_of_running_orders_with_the_claims_on_them(dispute: Dispute, status: str) -> None:
    trade = earned(dispute)
    running = dispute.received(cover="total")
    dispute.streams()
    ends = trade.time.at + timedelta(days=30)
    stands(trade, status)
    refused = pays_out(trade, "5000.00")
    assert (refused.status, refused["code"], refused["maximum"], refused["shortfall"]) == (
        409,
        "exposure_open",
        usd("0.00"),
        usd("5000.00"),
    )
    (kept,) = refused["kept_for"]
    assert (kept["what"], kept["amount"], refused["free_at"]) == ("running_orders", usd("5000.00"), wire(ends))
    reply = trade.api.get(f"/v1/suppliers/{trade.supplier_id}/balance", trade.supplier)
    assert (reply["status"], reply["kept_for"], reply["balances"][0]["free"]) == ("limited", [kept], usd("0.00"))
    dispute.claim(running, "quality_mismatch", "1000.00")
    assert pays_out(trade, "0.01")["free_at"] is None
    stands(trade, "active")
    assert pays_out(trade, "5000.00").status == 201


def test_what_is_not_at_risk_is_paid_out_and_the_rest_when_the_orders_are_over(dispute: Dispute) -> None:
    trade = earned(dispute)
    dispute.received()
    dispute.streams()
    stands(trade, "suspended")
    refused = pays_out(trade, "3500.01")
    assert (refused["maximum"], refused["shortfall"]) == (usd("3500.00"), usd("0.01"))
    assert pays_out(trade, "3500.00").status == 201
    assert pays_out(trade, "0.01")["code"] == "exposure_open"
    trade.time.advance(days=31)
    ORDERS.sweep(trade.time.at)
    dispute.streams()
    assert pays_out(trade, "6500.00").status == 201


def kept_for(trade: Trade) -> dict[str, str]:
    reply = trade.api.get(f"/v1/suppliers/{trade.supplier_id}/balance", trade.supplier)
    return {part["what"]: part["amount"]["amount"] for part in reply["kept_for"]}


def test_what_the_platform_advanced_stays_until_it_is_paid_back(refunds: Refunds) -> None:
    dispute = refunds.dispute
    order_id = dispute.late(early="4500.00", cover="total")
    refunds.pay_out_balance("4500.00")
    refunds.agree(dispute.claim(order_id, amount="2000.00"), "2000.00", "full")
    dispute.streams()
    stands(dispute.trade, "disqualified")
    assert kept_for(dispute.trade) == {"running_orders": "3000.00", "advances": "1500.00"}


def test_what_a_bank_took_back_after_it_was_released_is_taken_from_the_balance(dispute: Dispute) -> None:
    trade = earned(dispute)
    order_id = dispute.received()
    trade.time.advance(days=31)
    ORDERS.sweep(trade.time.at)
    assert trade.see(order_id)["status"] == "completed"
    trade.take_back(order_id, 100_000, trade.see(order_id, "/money")["payments"][0]["bank_ref"])
    dispute.streams()
    stands(trade, "disqualified")
    assert kept_for(trade) == {}
    assert pays_out(trade, "10000.00")["maximum"] == usd("9000.00")


@pytest.mark.parametrize("status", NOT_GOOD)
def test_nothing_is_paid_out_early_to_a_supplier_that_is_not_in_good_standing(trade: Trade, status: str) -> None:
    order_id = trade.agree(cover="total")
    trade.fund(order_id)
    stands(trade, status)
    refused = trade.act(order_id, "early-payout", trade.supplier, {})
    assert (refused.status, refused["code"], refused["maximum"]) == (409, "early_payout_held", usd("0.00"))
    assert trade.see(order_id, "/money")["released"] == usd("0.00")
    stands(trade, "active")
    assert trade.act(order_id, "early-payout", trade.supplier, {}).status == 200


def test_a_payout_decided_on_a_standing_that_has_changed_is_decided_again(trade: Trade) -> None:
    seen = Balance(100, 0, 0)
    draw = replace(balance.draw("USD", 100, seen), status="active")
    stands(trade, "suspended")
    with pytest.raises(WriteConflict):
        commit(entry(), records.change_cover(trade.supplier_id, CoverChange(), draw))
    commit(entry(), records.change_cover(trade.supplier_id, CoverChange(), replace(draw, status="suspended")))


@given(
    balances=st.dictionaries(st.sampled_from(sorted(QUOTES)), MINOR, min_size=1),
    kept=st.integers(0, 10**10),
    code=st.sampled_from(sorted(QUOTES)),
)
def test_after_any_payouts_what_is_left_is_worth_the_exposure_or_nothing_was_free(
    balances: dict[str, int], kept: int, code: str
) -> None:
    """Whatever currency is drawn first; and where everything is free in all, all of one currency that the others secure is."""
    open_ = Exposure(running_orders=kept)
    free = exposure.free_minor(code, balances, open_, QUOTES)
    assert 0 <= free <= balances.get(code, 0)
    after = {**balances, code: balances.get(code, 0) - free}
    worth = sum(QUOTES[each].convert(minor) for each, minor in after.items())
    assert free == 0 or worth >= kept
    assert exposure.free_minor(code, after, open_, QUOTES) == 0 or kept == 0 or after[code] == 0 or worth > kept


def test_of_advances_the_larger_sum_counts_for_books_lag() -> None:
    position = CoverPosition(status="suspended", reserved_minor=10, advanced_minor=500)
    found = exposure.exposure(position, {"USD": 300, "EUR": 0}, {"EUR": 100}, QUOTES)
    assert (found.running_orders, found.advances, found.chargebacks, found.total_minor) == (10, 500, 110, 620)
    assert exposure.exposure(position, {"USD": 900}, {}, QUOTES).advances == 900


def test_an_advance_that_is_not_paid_back_keeps_the_deposit() -> None:
    deposit = opened("mem_s", (), BOOKS, NOW).state
    data = {
        each.condition: each.passes for each in checks(deposit, Business(owes_advance=True), BOOKS.in_force(NOW), NOW)
    }
    assert data["no_arrears"] is False
    assert sum(not passes for passes in data.values()) == 1


def test_where_nothing_is_open_all_is_free_in_a_currency_without_a_rate_too() -> None:
    """Else a supplier that left could never have it: nothing it could wait for would free it."""
    assert exposure.free_minor("SGD", {"SGD": 5_000}, Exposure(), QUOTES) == 5_000
    assert exposure.free_minor("SGD", {"SGD": 5_000}, Exposure(advances=1), QUOTES) == 0
