"""The fee of an agreement is what is taken of its draws: neither the product's, nor none."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bank_events.conftest import Bank, bank, books
from tests.loans.drawing import Drawer, drawer
from tests.loans.lending import mirror, planned
from tests.loans.test_cards import charge

__all__ = ["Bank", "bank", "drawer"]

FEE = 500_000
"""5,000.00 of a million: half a percent."""


def disbursed(drawer: Drawer, loan_id: str, minor: int, **told: Any) -> None:
    day = drawer.lender.time.at.date().isoformat()
    data = {"amount": minor, "value_date": day, "rate_bp": 1140, "schedule": planned(("2026-06-02", minor, 0))}
    assert drawer.lender.tell("draw.disbursed", loan_id, **data | told) == ("applied", None)
    drawer.follow()


def differences(drawer: Drawer, loan_id: str) -> dict[str, tuple[int, int]]:
    """What an officer has to look at of a loan's fee."""
    items = drawer.trade.api.get("/v1/reconciliation-items?status=open", drawer.lender.bank.officer)["items"]
    return {
        each["of"]: (each["ours"], each["theirs"])
        for item in items
        if item["aggregate_id"] == loan_id
        for each in item["differences"]
        if each["of"] == "agreed_fee"
    }


@pytest.mark.parametrize(("product_id", "bank_id"), [("boc-revolving", "boc"), ("boc-term", "boc")])
def test_a_draw_bears_its_part_of_the_agreed_fee_when_it_is_disbursed(
    drawer: Drawer, product_id: str, bank_id: str
) -> None:
    line_id = drawer.line(product_id, fee_minor=FEE)
    asked = drawer.draw("100000.00", line_id)
    assert asked["fee"] == {"amount": "500.00", "currency": "CNY"}
    loan_id = str(asked["id"])
    disbursed(drawer, loan_id, 10_000_000)
    seen = drawer.lender.see(loan_id)
    assert (seen["fee"]["amount"], seen["standing"]["fees"]["amount"]) == ("500.00", "0.00")
    assert mirror(loan_id) == {"loan_principal": 10_000_000, "loan_funding": -9_950_000, "loan_income": -50_000}
    assert drawer.exposed()[2] == 10_000_000
    books()


def test_where_no_fee_is_agreed_none_is_taken_whatever_the_product_asks_for(drawer: Drawer) -> None:
    drawer.consent("pingan")
    loan_id = drawer.drawn("100000.00", drawer.line("pingan-revolving"))
    assert drawer.lender.see(loan_id)["fee"]["amount"] == "0.00"


def test_parts_of_a_line_that_is_drawn_whole_bear_the_whole_fee(drawer: Drawer) -> None:
    line_id = drawer.line("boc-revolving", fee_minor=FEE)
    amounts = ("300000.00", "300000.00", "400000.00")
    fees = [drawer.draw(amount, line_id)["fee"]["amount"] for amount in amounts]
    assert fees == ["1500.00", "1500.00", "2000.00"]


def test_what_the_bank_says_it_has_kept_stands_and_an_officer_sees_the_difference(drawer: Drawer) -> None:
    line_id = drawer.line("boc-revolving", fee_minor=FEE)
    as_agreed, dearer, later = (drawer.drawn("100000.00", line_id) for _ in range(3))
    disbursed(drawer, as_agreed, 10_000_000, fee=50_000)
    assert differences(drawer, as_agreed) == {}
    disbursed(drawer, dearer, 10_000_000, fee=60_000)
    assert drawer.lender.see(dearer)["fee"]["amount"] == "600.00"
    assert differences(drawer, dearer) == {"agreed_fee": (50_000, 60_000)}
    in_schedule = [{**row, "fee": 50_000} for row in planned(("2026-06-02", 10_000_000, 0))]
    disbursed(drawer, later, 10_000_000, schedule=in_schedule)
    assert (drawer.lender.see(later)["standing"]["fees"]["amount"], differences(drawer, later)) == ("500.00", {})


def test_payments_by_card_bear_their_part_too(drawer: Drawer) -> None:
    line_id = drawer.line("cmb-card", fee_minor=FEE)
    assert charge(drawer, line_id, 80_000, 1)["status"] == "applied"
    [item] = drawer.trade.api.get("/v1/loans", drawer.trade.supplier)["items"]
    assert (item["fee"]["amount"], item["standing"]["payoff"]["amount"]) == ("4.00", "800.00")
    assert mirror(item["id"]) == {"loan_principal": 80_000, "loan_funding": -79_600, "loan_income": -400}
    books()
