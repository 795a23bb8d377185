"""Loans through the API: who sees them, lists, timelines, statements, quotes, simulations, requests and restructurings."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.ledger.rules.accounts import balances
from chalicelib.ledger.service.statements import totals_on
from chalicelib.loans.aggregate import LOANS
from chalicelib.loans.examples import HARDSHIP, RESTRUCTURING, SIGN
from chalicelib.loans.rules import receiving
from chalicelib.loans.rules.events import RepaymentReceived
from chalicelib.shared.journal import JournalRow
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import CLOCK, RequestContext
from tests.credit.lining import plant as plant_line
from tests.firms.factories import sign_for
from tests.ledger.books import project_all
from tests.loans.lending import Lender, head, planned, plant_draw
from tests.round_trips import calls
from tests.trade import Trade
from tests.world import Reply, token

RISK = token("officer", "officer-1", "risk")
CLAIMS = token("officer", "officer-2", "claims")
BOC, CMB = token("bank", "boc"), token("bank", "cmb")


@pytest.fixture
def loan_id(lender: Lender) -> str:
    """100,000.00 since 2 March, in two instalments in September and March."""
    return lender.lend(100_000_00, planned(("2026-09-02", 50_000_00, 6_133_33), ("2027-03-02", 50_000_00, 3_016_67)))


def act(lender: Lender, loan_id: str, action: str, body: Any, by: str = "", **more: Any) -> Reply:
    return lender.api.post(f"/v1/loans/{loan_id}/{action}", body, by or lender.firm, **more)


def test_a_loan_is_seen_by_its_firm_its_bank_and_officers_and_by_nobody_else(
    lender: Lender, loan_id: str, trade: Trade
) -> None:
    loan = lender.see(loan_id)
    assert (loan["status"], loan["standing"]["principal"]["amount"], loan["standing"]["dpd"]) == (
        "current",
        "100000.00",
        0,
    )
    assert loan["allowed_actions"] == ["request-hardship", "propose-restructuring"]
    assert lender.see(loan_id, BOC)["allowed_actions"] == []
    assert lender.see(loan_id, RISK)["allowed_actions"] == ["propose-restructuring"]
    assert lender.see(loan_id, CLAIMS)["allowed_actions"] == []
    unseen, unknown = lender.see(loan_id, trade.buyer), lender.see(loan_id.replace("lon", "lom"), trade.buyer)
    assert unseen.status == unknown.status == lender.see(loan_id, CMB).status == 404
    for what in ("timeline", "statement"):
        assert lender.api.get(f"/v1/loans/{loan_id}/{what}", CMB).status == 404


def test_lists_are_a_firms_own_a_banks_own_and_an_officers_by_status(
    lender: Lender, loan_id: str, trade: Trade
) -> None:
    other = lender.lend(1_000_00, planned(("2026-03-12", 1_000_00, 0)))
    assert lender.pay(other, 1_000_00) == ("applied", None)
    assert {each["id"] for each in lender.api.get("/v1/loans", lender.firm)["items"]} == {loan_id, other}
    repaid = lender.api.get("/v1/loans?status=repaid", BOC)["items"]
    assert [each["id"] for each in repaid] == [other]
    assert len(lender.api.get("/v1/loans?limit=1", RISK)["items"]) == 1
    assert lender.api.get("/v1/loans", trade.buyer)["items"] == []
    assert lender.api.get("/v1/loans", CMB)["items"] == []
    assert lender.api.get(f"/v1/loans?member_id={lender.firm_id}", trade.buyer)["items"] == []


def test_a_loan_can_be_looked_at_on_another_day(lender: Lender, loan_id: str) -> None:
    then = lender.see(loan_id, on="2026-10-02")["standing"]
    assert (then["dpd"], then["bucket"], then["stage"], then["asset_class"]) == (30, "1-30", 1, "special_mention")
    assert then["overdue"]["amount"] == "56883.33"
    assert lender.see(loan_id, on="2026-03-01")["standing"] is None
    assert lender.see(loan_id, on="1999-03-01").status == 422


def test_nothing_is_written_on_days_on_which_nothing_changes(lender: Lender, loan_id: str) -> None:
    before = sum(1 for _ in JournalRow.scan())
    lender.on(2026, 6, 1)
    lender.sweep()
    assert sum(1 for _ in JournalRow.scan()) == before
    assert lender.see(loan_id)["standing"]["interest"]["amount"] == "3033.33"


def test_the_clock_writes_reminders_and_arrears_once_however_late_it_sweeps(lender: Lender, loan_id: str) -> None:
    lender.on(2026, 9, 20)
    lender.sweep()
    lender.sweep()
    kinds = [each["kind"] for each in lender.api.get(f"/v1/loans/{loan_id}/timeline", lender.firm)["items"]]
    assert kinds[-6:] == ["loan.reminded"] * 3 + ["loan.fell_into_arrears"] + ["loan.reminded_late"] * 2
    assert lender.figures(loan_id)["status"] == "in_arrears"


def test_a_command_is_one_read_and_one_transaction(lender: Lender, loan_id: str) -> None:
    with calls() as round_trips:
        assert act(lender, loan_id, "hardship-requests", HARDSHIP).status == 200
    assert round_trips == ["GetItem", "TransactWriteItems"]


def test_a_report_of_the_bank_is_one_read_and_one_transaction(lender: Lender, loan_id: str) -> None:
    loan = LOANS.repository.load(loan_id)
    assert loan is not None
    event = RepaymentReceived(amount=1_000_00, currency="CNY", **head(loan, lender.time.at))
    request = RequestContext(caller=CLOCK, now=lender.time.at, request_id="test")
    with calls() as round_trips:
        LOANS.apply(
            loan_id, request, lambda was, context: receiving.receive_repayment(was, context, event, "boc", request.now)
        )
    assert round_trips == ["GetItem", "TransactWriteItems"]


def test_a_statement_shows_what_was_booked_and_what_was_owed_after_it(lender: Lender, loan_id: str) -> None:
    lender.on(2026, 3, 12)
    assert lender.pay(loan_id, 10_000_00) == ("applied", None)
    lines = lender.api.get(f"/v1/loans/{loan_id}/statement", lender.firm)["items"]
    assert [(line["event"], line["payoff"]["amount"]) for line in lines] == [
        ("loan.draw_disbursed", "100000.00"),
        ("loan.repayment_received", "90333.33"),
    ]
    sides = {leg["account"]: (leg["debit"]["amount"], leg["credit"]["amount"]) for leg in lines[1]["legs"]}
    assert sides["loan_principal"] == ("0.00", "9666.67")
    only = lender.api.get(f"/v1/loans/{loan_id}/statement?from=2026-03-03&to=2026-03-31", BOC)["items"]
    assert only == lines[1:]


def test_payoff_quotes_and_simulations_change_nothing(lender: Lender, loan_id: str) -> None:
    quote = act(lender, loan_id, "payoff-quotes", {"on": "2026-04-01"})
    assert (quote.status, quote["total"]["amount"]) == (200, "101000.00")
    payments = [{"on": "2026-04-01", "money": {"amount": "51000.00", "currency": "CNY"}}]
    plan = {"loan_id": loan_id, "payments": payments}
    first = lender.api.post("/v1/repayment-simulations", plan, lender.firm)
    assert first.status == 200
    [payment] = first["payments"]
    assert payment["split"]["interest"]["amount"] == "1000.00"
    assert payment["split"]["principal"]["amount"] == "50000.00"
    assert first["before"]["total"]["amount"] == "109150.00"
    assert first["after"]["repaid_on"] == "2027-03-02"
    assert first["saved"]["amount"] == "2566.67"
    assert lender.api.post("/v1/repayment-simulations", plan, BOC).body == first.body
    assert lender.see(loan_id)["version"] == 2


@pytest.mark.parametrize(
    ("payments", "code"),
    [
        ([{"on": "2026-03-01", "money": {"amount": "1.00", "currency": "CNY"}}], "day_not_ahead"),
        ([{"on": "2026-03-09", "money": {"amount": "1.00", "currency": "USD"}}], "payment_in_another_currency"),
        ([{"on": "2026-03-09", "money": {"amount": "0.00", "currency": "CNY"}}], "malformed"),
        ([], "bad_field"),
    ],
)
def test_simulations_that_cannot_be(lender: Lender, loan_id: str, payments: list[Any], code: str) -> None:
    reply = lender.api.post("/v1/repayment-simulations", {"loan_id": loan_id, "payments": payments}, lender.firm)
    assert reply["code"] == code


def test_nothing_is_quoted_where_nothing_is_owed(lender: Lender, loan_id: str, trade: Trade) -> None:
    assert lender.pay(loan_id, 100_000_00) == ("applied", None)
    reply = act(lender, loan_id, "payoff-quotes", {"on": "2026-04-01"})
    assert (reply.status, reply["code"]) == (409, "loan_not_in_this_status")
    unseen = lender.api.post(f"/v1/loans/{loan_id}/payoff-quotes", {"on": "2026-04-01"}, trade.buyer)
    assert unseen.status == 404


def test_a_firm_asks_for_a_pause_and_the_bank_grants_it(lender: Lender, loan_id: str) -> None:
    lender.on(2026, 11, 20)
    answer = act(lender, loan_id, "hardship-requests", HARDSHIP, key="pause")
    assert (answer.status, answer["hardship"]["from_on"]) == (200, "2026-12-01")
    again = act(lender, loan_id, "hardship-requests", HARDSHIP, key="pause")
    assert (again.raw, again.headers["Idempotent-Replayed"]) == (answer.raw, "true")
    assert act(lender, loan_id, "hardship-requests", HARDSHIP)["code"] == "loan_not_in_this_status"
    granted = lender.tell("hardship.granted", loan_id, **{"from": "2026-11-20", "to": "2026-12-31"})
    assert granted == ("applied", None)
    loan = lender.see(loan_id)
    assert (loan["status"], loan["hardship"], loan["pauses"][0]["to_on"]) == ("paused", None, "2026-12-31")


def test_a_pause_may_not_be_longer_than_the_policy_says(lender: Lender, loan_id: str) -> None:
    reply = act(lender, loan_id, "hardship-requests", HARDSHIP | {"to_on": "2027-02-01"})
    assert (reply.status, reply["code"], reply["most_days"]) == (422, "pause_too_long", 60)


def test_a_restructuring_is_proposed_signed_and_put_in_force(lender: Lender) -> None:
    loan_id = lender.lend(1_000_000_00, planned(("2026-09-02", 1_000_000_00, 60_000_00)))
    lender.on(2026, 11, 20)
    proposed = act(lender, loan_id, "restructurings", RESTRUCTURING, key="once")
    assert proposed.status == 200, proposed.body
    assert act(lender, loan_id, "restructurings", RESTRUCTURING, key="once").raw == proposed.raw
    offer = proposed["restructuring"]
    person = sign_for(lender.firm_id, "sign")
    other = act(lender, loan_id, "restructurings/sign", SIGN, Surety_Acting_Person=person)
    assert (other.status, other["code"]) == (409, "another_restructuring")
    nameless = act(lender, loan_id, "restructurings/sign", {"hash": offer["hash"]})
    assert (nameless.status, nameless["code"]) == (403, "signer_not_named")
    signing: dict[str, Any] = {"key": "sign", "Surety_Acting_Person": person}
    signed = act(lender, loan_id, "restructurings/sign", {"hash": offer["hash"]}, **signing)
    assert (signed.status, signed["restructuring"]["signed_at"]) == (200, "2026-11-20T02:00:00Z")
    assert act(lender, loan_id, "restructurings/sign", {"hash": offer["hash"]}, **signing).raw == signed.raw
    data = {"version": 2, "schedule": offer["schedule"], "consent_refs": [offer["id"]]}
    assert lender.tell("schedule.changed", loan_id, **data) == ("applied", None)
    loan = lender.see(loan_id)
    assert (loan["status"], loan["restructured_on"], loan["standing"]["stage"]) == ("current", "2026-11-20", 2)


def test_a_heavier_schedule_that_nobody_signed_is_refused_and_waits_for_an_officer(
    lender: Lender, loan_id: str
) -> None:
    rows = planned(("2026-09-02", 50_000_00, 6_133_33), ("2027-03-02", 50_000_00, 9_016_67))
    event = lender.tell("schedule.changed", loan_id, version=2, schedule=rows)
    assert event == ("refused", "schedule_needs_consent")
    assert lender.see(loan_id)["schedule_version"] == 1


def test_a_loan_from_arrears_to_the_last_recovery_with_balanced_books(lender: Lender, loan_id: str) -> None:
    lender.on(2026, 12, 2)
    for kind, data, status in (
        ("loan.overdue", {"dpd": 91, "amount": 58_608_33}, "in_arrears"),
        ("default.declared", {"cause": "dpd", "amount": 110_000_00}, "defaulted"),
        ("recovery.received", {"amount": 20_000_00, "source": "collateral"}, "defaulted"),
        ("loan.written_off", {"amount": 90_000_00}, "written_off"),
        ("recovery.received", {"amount": 5_000_00}, "written_off"),
        ("loan.closed", {}, "closed"),
    ):
        assert lender.tell(kind, loan_id, **data) == ("applied", None)
        assert lender.see(loan_id)["status"] == status
    assert lender.line()[1] == "0.00"
    project_all()
    totals = totals_on(business_date(lender.time.at))
    assert balances(totals)
    assert all(
        totals[code, "CNY"].debit_minor == totals[code, "CNY"].credit_minor
        for code in ("loan_principal", "loan_interest", "loan_penalty")
    )


def test_another_lines_loan_does_not_move_this_one(lender: Lender, loan_id: str, trade: Trade) -> None:
    plant_line(trade.buyer_id, 1_000_00)
    assert lender.line() == ("900000.00", "100000.00")


@pytest.mark.parametrize("due_on", ["9999-12-31", "2100-01-01", "2036-03-04"])
def test_a_schedule_that_nobody_can_mean_is_refused_and_holds_up_nothing_behind_it(lender: Lender, due_on: str) -> None:
    loan_id = plant_draw(lender.line_id, lender.firm_id, 10_000_00)
    facts: dict[str, Any] = {"amount": 10_000_00, "value_date": "2026-03-02", "rate_bp": 1200}
    told = lender.tell("draw.disbursed", loan_id, schedule=planned((due_on, 10_000_00, 0)), **facts)
    assert told == ("refused", "date_out_of_range")
    right = lender.tell("draw.disbursed", loan_id, schedule=planned(("2026-09-02", 10_000_00, 613_33)), **facts)
    assert right == ("applied", None)
