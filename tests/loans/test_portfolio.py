"""A bank's month: what it lent and what is outstanding, how late, and what it owes the platform for introductions."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.credit.rules.review import Review
from chalicelib.firms.service.reading import profile
from chalicelib.loans import jobs
from chalicelib.loans.rules import portfolio as rules
from chalicelib.loans.rules.portfolio import Figures, Part
from chalicelib.shared.journal import JournalRow
from tests.bank_events.conftest import Bank, bank
from tests.loans.drawing import Drawer, drawer
from tests.loans.lending import CONTEXT, offering, one_instalment, paid
from tests.world import Reply, token

__all__ = ["Bank", "bank", "drawer"]

MARCH, FEBRUARY = date(2024, 3, 31), date(2024, 2, 29)
LENT = one_instalment(date(2024, 3, 10), 90_000_00, 0, drawn_on=date(2024, 2, 10))


def month(loan: Any = LENT, last: date = MARCH, before: date = FEBRUARY, **product: Any) -> Part:
    return rules.part_of(loan, replace(CONTEXT, product=replace(CONTEXT.product, **product)), last, before)


def test_a_new_loan_is_disbursed_in_its_month_and_rolls_from_nothing() -> None:
    new = month(last=FEBRUARY, before=date(2024, 1, 31), introduction_fee_bp=25)
    february = new.figures
    assert (february.disbursed, february.disbursed_minor, february.introduction_fee_minor) == (1, 90_000_00, 225_00)
    assert (february.loans, february.outstanding_minor, february.par_1_minor) == (1, 90_000_00, 0)
    assert (new.roll, new.rolled_minor) == ("none>current", 90_000_00)


@pytest.mark.parametrize(
    ("last", "before", "par", "roll"),
    [
        (date(2024, 3, 31), date(2024, 2, 29), (90_000_00, 0, 0), "current>1-30"),
        (date(2024, 4, 30), date(2024, 3, 31), (90_000_00, 90_000_00, 0), "1-30>31-60"),
        (date(2024, 6, 30), date(2024, 5, 31), (90_000_00, 90_000_00, 90_000_00), "61-90>over_90"),
    ],
)
def test_a_late_loan_is_at_risk_from_its_days_on(last: date, before: date, par: tuple[int, ...], roll: str) -> None:
    part = month(last=last, before=before, introduction_fee_bp=25)
    late = part.figures
    assert (late.par_1_minor, late.par_30_minor, late.par_90_minor) == par
    assert (late.disbursed, late.introduction_fee_minor, part.roll, part.rolled_minor) == (0, 0, roll, 90_000_00)


def test_a_repaid_loan_is_over() -> None:
    repaid = month(paid(LENT, (date(2024, 3, 10), 90_000_00)))
    assert (repaid.figures, repaid.roll, repaid.rolled_minor) == (Figures(), "current>over", 90_000_00)


def test_what_a_bank_tells_later_of_the_month_after_changes_nothing_of_this_one() -> None:
    assert month(paid(LENT, (date(2024, 4, 1), 90_000_00))) == month()


def test_figures_add_up_along_every_dimension() -> None:
    parts = [part(1), part(2, member_id="m2"), part(3, product_id="cmb-revolving", vintage="2024-03")]
    portfolio = rules.reported("cmb", "2024-03", "CNY", parts, {"m1": "CN-ZJ", "m2": ""}.__getitem__)
    for by in rules.DIMENSIONS:
        groups = portfolio.along(by).values()
        assert (sum(group.loans for group in groups), sum(group.outstanding_minor for group in groups)) == (3, 6)
    assert portfolio.along("product") == {
        "cmb-revolving": Figures(loans=1, outstanding_minor=3),
        "cmb-term": Figures(loans=2, outstanding_minor=3),
    }
    assert (portfolio.total.outstanding_minor, portfolio.rolls) == (6, {"none>current": 6})
    assert list(portfolio.along("region")) == ["CN-ZJ", "unknown"]
    assert list(portfolio.along("vintage")) == ["2024-02", "2024-03"]


def test_a_roll_rate_is_the_part_of_what_came_from_a_bucket() -> None:
    rolls = {"current>current": 60_00, "current>1-30": 30_00, "current>over": 10_00, "1-30>31-60": 5}
    portfolio = rules.Portfolio(bank_id="cmb", month="2024-03", currency="CNY", rolls=rolls)
    assert portfolio.roll_rates() == dict(zip(rolls, (6_000, 3_000, 1_000, 10_000), strict=True))


def part(minor: int, **other: str) -> Part:
    of = {"product_id": "cmb-term", "member_id": "m1", "vintage": "2024-02"} | other
    return Part(figures=Figures(loans=1, outstanding_minor=minor), roll="none>current", rolled_minor=minor, **of)


@pytest.mark.parametrize(
    ("month", "applied", "approved"),
    [("2026-02", (0, 0), (0, 0)), ("2026-03", (1, 50_000_00), (0, 0)), ("2026-04", (0, 0), (1, 40_000_00))],
)
def test_an_application_counts_in_its_month_and_its_approval_in_the_month_of_that(
    month: str, applied: tuple[int, int], approved: tuple[int, int]
) -> None:
    review = Review(
        id="rvw_1",
        application_id="app_1",
        member_id="m1",
        bank_id="boc",
        product_id="boc-term",
        amount_minor=50_000_00,
        currency="CNY",
        months=6,
        method="bullet",
        status="approved",
        version=3,
        seq=3,
        created_at=datetime(2026, 3, 31, 15, 59, tzinfo=UTC),
        updated_at=datetime(2026, 3, 31, 16, 1, tzinfo=UTC),
        policy="",
        due_at=None,
        decided_at=datetime(2026, 3, 31, 16, 1, tzinfo=UTC),
        limit_minor=40_000_00,
    )
    counted = rules.part_of_review(review, month)
    figures = counted.figures
    assert (figures.applied, figures.applied_minor) == applied
    assert (figures.approved, figures.approved_minor) == approved
    assert (counted.product_id, counted.vintage) == ("boc-term", month)


def report(drawer: Drawer, by: str, query: str = "month=2026-03") -> Reply:
    return drawer.trade.api.get(f"/v1/portfolio?{query}", by)


def test_a_month_is_reported_once_equals_the_books_and_is_its_banks_own(
    drawer: Drawer, monkeypatch: pytest.MonkeyPatch
) -> None:
    offering(monkeypatch, introduction_fee_bp=25)
    first, second = drawer.drawn("300000.00"), drawer.drawn("200000.00")
    for loan_id, minor in ((first, 30_000_000), (second, 20_000_000)):
        drawer.disburse(loan_id, minor)
    assert drawer.lender.pay(first, 10_000_000) == ("applied", None)
    drawer.lender.on(2026, 4, 2)
    for _ in range(2):
        run = jobs.begin_portfolio(drawer.lender.time.at)
        for shard in range(1, run.shards + 1):
            jobs.portfolio_shard(run, shard)
    boc, officer = token("bank", "boc"), token("officer", "officer-1", "risk")
    seen = report(drawer, boc)
    assert (seen.status, seen["total"]["loans"], seen["total"]["new_loans"]) == (200, 2, 2)
    assert seen["total"]["outstanding"] == {"amount": "400000.00", "currency": "CNY"}
    assert seen["total"]["outstanding"]["amount"] == f"{lent_by_the_books() / 100:.2f}"
    for figures in (seen["total"], *seen["groups"]):
        assert (figures["disbursed"]["amount"], figures["introduction_fee"]["amount"]) == ("500000.00", "1250.00")
    assert [group["name"] for group in seen["groups"]] == ["boc-revolving"]
    assert [(roll["from_bucket"], roll["to_bucket"], roll["share_bp"]) for roll in seen["rolls"]] == [
        ("none", "current", 10_000)
    ]
    for by, names in (("vintage", ["2026-03"]), ("region", [seen_region(drawer)])):
        assert [group["name"] for group in report(drawer, boc, f"month=2026-03&by={by}")["groups"]] == names
    assert report(drawer, officer, "month=2026-03&bank=boc").body == seen.body
    assert report(drawer, token("bank", "cmb"))["total"]["loans"] == 0
    assert report(drawer, token("bank", "cmb"), "month=2026-03&bank=boc").status == 404
    assert report(drawer, boc, "month=2026-04")["code"] == "month_not_reported"


def lent_by_the_books() -> int:
    legs = (leg for row in JournalRow.scan() for leg in row.entry().event.postings if leg.account == "loan_principal")
    return sum(leg.debit_minor - leg.credit_minor for leg in legs)


def seen_region(drawer: Drawer) -> str:
    firm = profile(drawer.firm_id)
    return firm.region if firm and firm.region else "unknown"
