"""Company cards: each payment is a loan of its own, payable some days after the statement that takes it up."""

from __future__ import annotations

from datetime import date

import pytest

from chalicelib.credit.rules import products
from chalicelib.credit.rules.schedule import statement_due_on, statement_on
from tests.bank_events.conftest import Bank, bank, books
from tests.loans.drawing import MILLION, Drawer, drawer
from tests.loans.lending import mirror
from tests.world import Reply, token

__all__ = ["Bank", "bank", "drawer"]

CARD = products.offered(date(2026, 3, 2)).find("cmb-card")


@pytest.mark.parametrize(
    ("on", "due_on"),
    [
        (date(2026, 3, 5), date(2026, 3, 25)),
        (date(2026, 3, 6), date(2026, 4, 25)),
        (date(2026, 12, 31), date(2027, 1, 25)),
    ],
)
def test_a_payment_is_due_twenty_days_after_the_statement_of_the_fifth(on: date, due_on: date) -> None:
    assert statement_due_on(statement_on(CARD.statement_day, on), CARD.grace_days) == due_on


def charge(drawer: Drawer, line_id: str, minor: int, seq: int, **changes: object) -> Reply:
    data = {
        "bank_ref": f"C-{seq}",
        "seq": seq,
        "occurred_at": "2026-03-02T02:00:00Z",
        "business_date": "2026-03-02",
        "line_id": line_id,
        "currency": "CNY",
        "amount": minor,
    }
    body = {"type": "card.charged", "data": data | changes, "id": f"card-{line_id}-{seq}"}
    sent = drawer.trade.api.post("/v1/sandbox/banks/cmb/events", body, token("bank", "cmb"))
    assert sent.status in (200, 202), sent.body
    drawer.follow()
    return drawer.lender.bank.event(sent["id"])


def loans(drawer: Drawer) -> list[tuple[str, str, str, str]]:
    items = drawer.trade.api.get("/v1/loans", drawer.trade.supplier)["items"]
    return [(each["status"], each["kind"], each["amount"]["amount"], each["standing"]["next_due_on"]) for each in items]


def test_what_is_paid_by_card_is_lent_at_once_and_counts_once(drawer: Drawer) -> None:
    line_id = drawer.line("cmb-card")
    for _ in range(2):
        assert charge(drawer, line_id, 80_000, 1)["status"] == "applied"
        assert loans(drawer) == [("current", "card", "800.00", "2026-03-25")]
        assert drawer.exposed() == (MILLION - 80_000, 0, 80_000)
    assert charge(drawer, line_id, 20_000, 2, business_date="2026-03-01")["status"] == "applied"
    assert drawer.exposed() == (MILLION - 100_000, 0, 100_000)
    items = drawer.trade.api.get("/v1/loans", drawer.trade.supplier)["items"]
    for item in items:
        assert set(mirror(item["id"])) == {"loan_principal", "loan_funding"}
    books()


def test_a_card_is_drawn_on_by_paying_and_other_lines_are_not(drawer: Drawer) -> None:
    drawer.consent("cmb")
    assert drawer.draw("5000.00", drawer.line("cmb-card"))["code"] == "drawn_by_card_only"
    refused = charge(drawer, drawer.line("cmb-revolving"), 80_000, 1)
    assert (refused["status"], refused["reason"], loans(drawer)) == ("refused", "line_has_no_card", [])


def test_a_payment_by_card_that_nobody_pays_back_is_overdue(drawer: Drawer) -> None:
    charge(drawer, drawer.line("cmb-card"), 80_000, 1)
    drawer.lender.on(2026, 3, 26)
    drawer.sweep()
    [loan] = drawer.trade.api.get("/v1/loans", drawer.trade.supplier)["items"]
    assert (loan["status"], loan["standing"]["dpd"]) == ("in_arrears", 1)
    assert loan["standing"]["penalty"]["amount"] == "0.38"


@pytest.mark.parametrize(
    ("on", "reason"),
    [
        ("9999-12-31", "value_date_ahead"),
        ("2026-03-03", "value_date_ahead"),
        ("2026-01-30", "value_date_too_far_back"),
        ("0001-01-01", "value_date_too_far_back"),
    ],
)
def test_a_payment_by_card_has_a_value_date_that_can_be_its_own(drawer: Drawer, on: str, reason: str) -> None:
    line_id = drawer.line("cmb-card")
    refused = charge(drawer, line_id, 80_000, 1, business_date=on)
    assert (refused["status"], refused["reason"], loans(drawer)) == ("refused", reason, [])
    assert charge(drawer, line_id, 80_000, 2, business_date="2026-01-31")["status"] == "applied"
    assert len(loans(drawer)) == 1
