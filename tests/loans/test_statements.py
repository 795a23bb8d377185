"""The monthly statement of a line with a statement day: what was drawn, repaid and borne, and what is due until when."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from chalicelib.credit.rules import products, schedule
from chalicelib.credit.rules.schedule import Terms
from chalicelib.loans.rules import statements
from chalicelib.loans.rules.statements import NoStatement
from chalicelib.shared import calendars
from tests.bank_events.conftest import Bank, bank
from tests.loans.drawing import Drawer, drawer
from tests.loans.lending import CONTEXT, one_instalment, planned
from tests.world import Reply, token

__all__ = ["Bank", "bank", "drawer"]

CHINA = calendars.calendar("CN")


def see(drawer: Drawer, line_id: str = "", on: str = "", by: str = "") -> Reply:
    query = f"?on={on}" if on else ""
    path = f"/v1/credit-lines/{line_id or drawer.lender.line_id}/statement{query}"
    return drawer.trade.api.get(path, by or drawer.trade.supplier)


def amounts(reply: Reply) -> dict[str, str]:
    names = ("opening", "drawn", "repaid", "closing", "interest", "penalty", "due")
    return {name: reply[name]["amount"] for name in names}


def test_a_statement_says_what_was_drawn_repaid_and_borne_and_what_is_due_twenty_days_later(drawer: Drawer) -> None:
    loan_id = drawer.drawn("100000.00")
    schedule_ = planned(("2026-04-25", 10_000_000, 171_000))
    event = drawer.lender.tell(
        "draw.disbursed", loan_id, amount=10_000_000, value_date="2026-03-02", rate_bp=1140, schedule=schedule_
    )
    assert event == ("applied", None)
    assert see(drawer).status == 404
    drawer.lender.on(2026, 3, 6)
    first = see(drawer)
    assert (first["since"], first["statement_on"], first["due_on"]) == ("2026-02-05", "2026-03-05", "2026-03-25")
    assert amounts(first) == {
        "opening": "0.00",
        "drawn": "100000.00",
        "repaid": "0.00",
        "closing": "100000.00",
        "interest": "95.00",  # three days at 11.4 %, of 360
        "penalty": "0.00",
        "due": "0.00",
    }
    drawer.lender.on(2026, 4, 1)
    assert drawer.lender.pay(loan_id, 4_000_000) == ("applied", None)
    drawer.lender.on(2026, 4, 6)
    second = see(drawer)
    assert (second["since"], second["statement_on"], second["due_on"]) == ("2026-03-05", "2026-04-05", "2026-04-25")
    assert amounts(second) == {
        "opening": "100000.00",
        "drawn": "0.00",
        "repaid": "39050.00",  # the payment, less thirty days of interest
        "closing": "60950.00",
        "interest": "932.20",  # 27 days of the whole and four of what is left
        "penalty": "0.00",
        "due": "61413.22",  # with 24 days more
    }
    assert see(drawer, on="2026-04-04").raw == first.raw, "what was reported is the same whenever it is looked at"
    [loan] = second["loans"]
    assert loan["loan_id"] == loan_id


def test_it_is_seen_by_whoever_sees_the_line(drawer: Drawer) -> None:
    drawer.lender.on(2026, 3, 6)
    assert see(drawer, by=token("bank", "boc")).raw == see(drawer).raw
    assert see(drawer, by=token("officer", "officer-1", "risk")).status == 200
    assert see(drawer, by=token("bank", "cmb")).status == 404
    assert see(drawer, by=drawer.trade.buyer).status == 404
    assert amounts(see(drawer))["closing"] == "0.00"


def test_a_line_whose_product_has_no_statement_day_has_none(drawer: Drawer) -> None:
    drawer.lender.on(2026, 3, 6)
    refused = see(drawer, drawer.line("boc-term"))
    assert (refused.status, refused["code"]) == (404, "no_statement")
    early = see(drawer, on="2026-03-04")
    assert (early.status, early["earliest"]) == (404, "2026-03-05")


def test_the_firm_hears_of_each_statement_as_its_day_ends(drawer: Drawer) -> None:
    drawer.lender.on(2026, 3, 6)
    drawer.sweep("credit-lines")
    page = drawer.trade.api.get(f"/v1/credit-lines/{drawer.lender.line_id}/timeline", drawer.trade.supplier)
    items = page["items"][-1]
    assert (items["kind"], items["at"]) == ("line.statement_issued", "2026-03-05T16:00:00Z")
    assert (items["payload"]["statement_on"], items["payload"]["due_on"]) == ("2026-03-05", "2026-03-25")
    shown = drawer.trade.api.get(f"/v1/credit-lines/{drawer.lender.line_id}", drawer.trade.supplier)
    assert shown["statement_on"] == "2026-04-05"


def test_what_a_loan_does_not_tell_any_more_is_on_no_statement() -> None:
    loan = one_instalment(date(2024, 6, 10), 10_000_00, 100_00, drawn_on=date(2024, 5, 10))
    folded = replace(loan, folded_on=date(2024, 6, 1))
    with pytest.raises(NoStatement):
        statements.statement([folded], CONTEXT.product, date(2024, 5, 5), date(2024, 6, 5), date(2024, 6, 25))
    paid_off = statements.statement([loan], CONTEXT.product, date(2024, 4, 5), date(2024, 5, 5), date(2024, 5, 25))
    assert paid_off.loans == (), "it was lent after that"


@pytest.mark.parametrize(
    ("method", "drawn_on", "due"),
    [
        ("monthly_interest", date(2026, 3, 2), ["2026-03-25", "2026-04-25", "2026-05-25"]),
        ("monthly_interest", date(2026, 3, 6), ["2026-04-25", "2026-05-25", "2026-06-25"]),
        ("bullet", date(2026, 3, 6), ["2026-06-25"]),
    ],
)
def test_the_schedule_of_a_revolving_product_follows_its_statements(
    method: str, drawn_on: date, due: list[str]
) -> None:
    product = products.find("boc-revolving", drawn_on)
    terms = Terms(
        principal_minor=10_000_000,
        rate_bp=1140,
        day_count=product.day_count,
        method=method,  # type: ignore[arg-type]
        months=3,
        drawn_on=drawn_on,
        statement_day=product.statement_day,
        grace_days=product.grace_days,
    )
    instalments = schedule.instalments(terms, CHINA)
    assert [each.due_on.isoformat() for each in instalments] == due
    assert sum(each.principal_minor for each in instalments) == 10_000_000
    days = (instalments[-1].until_on - drawn_on).days
    whole = schedule.interest_minor(10_000_000, 1140, days, product.day_count)
    assert abs(sum(each.interest_minor for each in instalments) - whole) <= len(instalments)
