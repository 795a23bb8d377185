"""A bank's month: what it lent and what is outstanding, how late, and what it owes the platform for introductions."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.banks.rules.partners import Policy
from chalicelib.banks.service import inbox
from chalicelib.credit.rules.review import Review
from chalicelib.firms.service.reading import profile
from chalicelib.loans import jobs
from chalicelib.loans.rules import portfolio as rules
from chalicelib.loans.rules.introductions import introduction
from chalicelib.loans.rules.loan import Booked, Split
from chalicelib.loans.rules.portfolio import Figures, Part
from chalicelib.shared.journal import JournalRow
from chalicelib.shared.periods import business_date
from tests.bank_events.conftest import Bank, bank
from tests.loans.drawing import Drawer, drawer
from tests.loans.lending import CONTEXT, offering, one_instalment, paid, planned
from tests.world import Reply, token

__all__ = ["Bank", "bank", "drawer"]

NOW = datetime(2024, 2, 10, 2, tzinfo=UTC)
MARCH, FEBRUARY = date(2024, 3, 31), date(2024, 2, 29)
LENT = one_instalment(date(2024, 3, 10), 90_000_00, 0, drawn_on=date(2024, 2, 10))


def month(loan: Any = LENT, last: date = MARCH, before: date = FEBRUARY, **product: Any) -> Part:
    return rules.part_of(loan, replace(CONTEXT, product=replace(CONTEXT.product, **product)), last, before)


def test_a_new_loan_is_disbursed_in_its_month_and_rolls_from_nothing() -> None:
    new = month(last=FEBRUARY, before=date(2024, 1, 31))
    february = new.figures
    assert (february.disbursed, february.disbursed_minor, february.introduction_fee_minor) == (1, 90_000_00, 0)
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
    part = month(last=last, before=before)
    late = part.figures
    assert (late.par_1_minor, late.par_30_minor, late.par_90_minor) == par
    assert (late.disbursed, part.roll, part.rolled_minor) == (0, roll, 90_000_00)


@pytest.mark.parametrize(
    ("told_at", "february", "march"),
    [
        (datetime(2024, 2, 29, 15, 59, 59, 999_000, tzinfo=UTC), 225_00, 0),
        (datetime(2024, 2, 29, 16, tzinfo=UTC), 0, 225_00),
        (datetime(2024, 3, 31, 16, tzinfo=UTC), 0, 0),
    ],
)
def test_a_fee_stands_on_the_statement_of_the_month_in_which_the_bank_told(
    told_at: datetime, february: int, march: int
) -> None:
    loan = replace(LENT, introduced=introduction(90_000_00, replace(CONTEXT.product, introduction_fee_bp=25), told_at))
    assert month(loan, FEBRUARY, date(2024, 1, 31)).figures.introduction_fee_minor == february
    assert month(loan).figures.introduction_fee_minor == march


@pytest.mark.parametrize(
    ("told_at", "counts"),
    [
        (datetime(2024, 3, 1, 15, 59, 59, 999_000, tzinfo=UTC), (1, 0, 0)),
        (datetime(2024, 3, 1, 16, tzinfo=UTC), (0, 1, 0)),
        (datetime(2024, 3, 30, tzinfo=UTC), (0, 1, 0)),
        (datetime(2024, 3, 31, 16, tzinfo=UTC), (0, 0, 1)),
    ],
)
def test_what_a_bank_tells_of_late_stands_in_one_report_and_in_no_other(
    told_at: datetime, counts: tuple[int, ...]
) -> None:
    """A draw and a write-off of the last of February: that month is reported on the second of March."""
    last_days = [date(2024, 1, 31), FEBRUARY, MARCH, date(2024, 4, 30)]
    loan = replace(
        one_instalment(date(2024, 3, 10), 90_000_00, 0, drawn_on=FEBRUARY),
        told_at=told_at,
        written_off_on=FEBRUARY,
        written_off_told_at=told_at,
        booked=Booked(written_off=Split(principal_minor=90_000_00)),
    )
    figures = [month(loan, last, before).figures for before, last in pairwise(last_days)]
    assert [each.disbursed for each in figures] == [*counts]
    assert [each.written_off_minor for each in figures] == [90_000_00 * count for count in counts]


@pytest.mark.parametrize(("minor", "bp", "fee"), [(100, 50, 0), (300, 50, 2), (500, 50, 2), (500_00, 1, 5)])
def test_half_a_fen_is_rounded_to_the_even_one(minor: int, bp: int, fee: int) -> None:
    introduced = introduction(minor, replace(CONTEXT.product, introduction_fee_bp=bp), NOW)
    assert introduced is not None
    assert (introduced.fee_bp, introduced.fee_minor) == (bp, fee)


def test_a_bank_owes_nothing_unless_its_product_says_so() -> None:
    assert introduction(90_000_00, CONTEXT.product, NOW) is None


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
        close_month(drawer)
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


def close_month(drawer: Drawer) -> None:
    """What the cron does on the second, and its shards."""
    run = jobs.begin_portfolio(drawer.lender.time.at)
    for shard in range(1, run.shards + 1):
        jobs.portfolio_shard(run, shard)


def fees(drawer: Drawer, by: str, query: str = "month=2026-03") -> Reply:
    return drawer.trade.api.get(f"/v1/introduction-fees?{query}", by)


def test_a_statement_of_introduction_fees_has_each_draw_once_and_never_changes(
    drawer: Drawer, monkeypatch: pytest.MonkeyPatch
) -> None:
    offering(monkeypatch, introduction_fee_bp=25)
    first, second = (drawer.drawn(f"{amount}.00") for amount in (300_000, 100_000))
    boc, officer = token("bank", "boc"), token("officer", "officer-1", "risk")
    drawer.disburse(first, 30_000_000)
    offering(monkeypatch, introduction_fee_bp=1)
    drawer.disburse(second, 10_000_000)
    running = fees(drawer, boc)
    assert (running.status, running["fee"], len(running["items"])) == (200, None, 2), "it is not over"
    drawer.lender.on(2026, 3, 31)
    late = drawer.drawn("200000.00")
    drawer.lender.on(2026, 4, 2)
    for _ in range(2):
        close_month(drawer)
    march = fees(drawer, boc)
    assert (march.status, march["fee"]) == (200, {"amount": "760.00", "currency": "CNY"})
    assert [(line["loan_id"], line["disbursed"]["amount"], line["fee_bp"], line["fee"]["amount"]) for line in march["items"]] == [
        (first, "300000.00", 25, "750.00"), (second, "100000.00", 1, "10.00"),
    ]  # fmt: skip
    event = drawer.lender.tell(
        "draw.disbursed", late, amount=20_000_000, value_date="2026-03-30", rate_bp=1140,
        schedule=planned(("2026-06-02", 20_000_000, 0)),
    )  # fmt: skip
    assert event == ("applied", None), event
    assert drawer.lender.pay(first, 10_000_000) == ("applied", None)
    assert fees(drawer, boc).body["items"] == march["items"], "it stands as it was made"
    drawer.lender.on(2026, 5, 2)
    close_month(drawer)
    april = fees(drawer, boc, "month=2026-04")
    assert [(line["loan_id"], line["value_on"], line["fee"]["amount"]) for line in april["items"]] == [
        (late, "2026-03-30", "20.00")
    ]
    assert april["fee"]["amount"] == report(drawer, boc, "month=2026-04")["total"]["introduction_fee"]["amount"]
    for asked in ("month=2026-03&bank=boc&limit=1", "month=2026-03&limit=1"):
        page = fees(drawer, officer, asked)
        rest = fees(drawer, officer, f"{asked}&cursor={page['next_cursor']}")
        assert (page["items"] + rest["items"], page["fee"], rest["fee"]) == (march["items"], march["fee"], march["fee"])
    policy_of = inbox.policy

    def with_another_partner(now: datetime) -> Policy:
        policy = policy_of(now)
        first = () if business_date(now) < date(2026, 5, 1) else (replace(policy.partners[0], id="another"),)
        return replace(policy, partners=(*first, *policy.partners))

    monkeypatch.setattr(inbox, "policy", with_another_partner)
    assert fees(drawer, officer)["fee"] == march["fee"], "a bank that came later owed nothing"
    cmb = token("bank", "cmb")
    assert (fees(drawer, cmb)["items"], fees(drawer, cmb)["fee"]["amount"]) == ([], "0.00")
    assert [fees(drawer, cmb, "month=2026-03&bank=boc")[name] for name in ("items", "fee")] == [[], None]
    assert fees(drawer, drawer.trade.supplier).status == 403
    assert [fees(drawer, boc, bad).status for bad in ("", "month=2026-13", "month=2026-03&cursor=x")] == [400, 400, 400]
    lines = (
        drawer.trade.api.get("/v1/introduction-fees?month=2026-03", boc, accept="text/csv").raw.decode().splitlines()
    )
    assert (len(lines), lines[0].split(",")[0]) == (3, "loan_id")


def lent_by_the_books() -> int:
    legs = (leg for row in JournalRow.scan() for leg in row.entry().event.postings if leg.account == "loan_principal")
    return sum(leg.debit_minor - leg.credit_minor for leg in legs)


def seen_region(drawer: Drawer) -> str:
    firm = profile(drawer.firm_id)
    return firm.region if firm and firm.region else "unknown"
