"""Draws from the request until the bank has disbursed them or they come to nothing: what line and exposure hold meanwhile."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.bank_events.conftest import Bank, bank, books
from tests.loans.drawing import MILLION, Drawer, drawer
from tests.loans.lending import mirror
from tests.webhooks.conftest import Receiver, receiver
from tests.world import Pump, token

__all__ = ["Bank", "bank", "drawer", "receiver"]

FREE = (MILLION, 0, 0)


def test_cr_1_a_repayment_that_is_reversed_is_outstanding_again_once(drawer: Drawer) -> None:
    """CR-1: 300,000 of 1,000,000 drawn, repaid, and the repayment reversed, told twice."""
    loan_id = drawer.drawn("300000.00")
    assert drawer.exposed() == (70_000_000, 30_000_000, 0)
    drawer.disburse(loan_id, 30_000_000)
    assert drawer.exposed() == (70_000_000, 0, 30_000_000)
    assert drawer.lender.pay(loan_id, 30_000_000, bank_ref="R-1") == ("applied", None)
    assert (drawer.lender.line(), drawer.exposed()) == (("1000000.00", "0.00"), FREE)
    assert drawer.lender.see(loan_id)["status"] == "repaid"
    back = {"original_bank_ref": "R-1", "amount": 30_000_000, "bank_ref": "X-1"}
    for _ in range(2):
        drawer.lender.tell("repayment.reversed", loan_id, **back)
        assert drawer.lender.line() == ("700000.00", "300000.00")
        assert drawer.exposed() == (70_000_000, 0, 30_000_000)
    assert drawer.lender.see(loan_id)["status"] == "current"
    assert mirror(loan_id) == {"loan_principal": 30_000_000, "loan_funding": -30_000_000}
    books()


def test_a_draw_is_asked_for_once_however_often_it_is_sent(drawer: Drawer) -> None:
    first, again = (drawer.draw("1000000.00", key="once") for _ in range(2))
    assert (first.status, first["status"], first["months"]) == (201, "draw_requested", 3)
    assert (again.raw, again.headers["Idempotent-Replayed"]) == (first.raw, "true")
    assert drawer.exposed() == (0, MILLION, 0)
    assert [(each["name"], each["owner"], each["by_clock"]) for each in first["deadlines"]] == [
        ("disbursement", "bank", False),
        ("draw", "bank", True),
    ]
    assert first["allowed_actions"] == ["cancel"]


def test_what_the_line_or_the_firms_limit_does_not_hold_is_refused_with_what_it_does(drawer: Drawer) -> None:
    too_much = drawer.draw("1000000.01")
    assert (too_much.status, too_much["code"]) == (409, "credit_line_exceeded")
    assert too_much["maximum"] == {"amount": "1000000.00", "currency": "CNY"}
    other = drawer.line("boc-term", limit_of_firm=MILLION)
    drawer.drawn("600000.00", other)
    over = drawer.draw("400000.01")
    assert (over.status, over["code"]) == (409, "exposure_exceeded")
    assert over["maximum"] == {"amount": "400000.00", "currency": "CNY"}
    drawer.drawn("400000.00")
    assert drawer.exposed() == (0, MILLION, 0)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"months": 12}, "draw_outside_the_product"),
        ({"months": 2}, "draw_outside_the_product"),
        ({"money": {"amount": "999.99", "currency": "CNY"}}, "draw_outside_the_product"),
        ({"money": {"amount": "5000.00", "currency": "USD"}}, "draw_outside_the_product"),
        ({"receivables": [{"kind": "order", "id": "ord_1"}]}, "not_found"),
    ],
)
def test_what_the_product_does_not_lend_is_refused_by_name(drawer: Drawer, body: dict[str, Any], code: str) -> None:
    reply = drawer.draw("5000.00", **body)
    assert (reply.status in (404, 422), reply["code"]) == (True, code)
    assert drawer.exposed() == FREE


def test_a_draw_takes_a_signer_with_the_power_and_a_live_consent(drawer: Drawer) -> None:
    assert drawer.draw("5000.00", drawer.line("cmb-revolving"))["code"] == "consent_missing"
    nobody = drawer.trade.api.post(
        f"/v1/credit-lines/{drawer.lender.line_id}/draws",
        {"money": {"amount": "5000.00", "currency": "CNY"}},
        drawer.trade.supplier,
    )
    assert (nobody.status, nobody["code"]) == (403, "signer_not_named")
    stranger = drawer.trade.api.post(
        f"/v1/credit-lines/{drawer.lender.line_id}/draws",
        {"money": {"amount": "5000.00", "currency": "CNY"}},
        drawer.trade.buyer,
    )
    assert stranger.status == 404


def test_a_frozen_line_takes_no_draws_and_its_loans_go_on(drawer: Drawer) -> None:
    loan_id = drawer.drawn("5000.00")
    risk = token("officer", "officer-1", "risk")
    path = f"/v1/credit-lines/{drawer.lender.line_id}"
    assert drawer.trade.api.post(f"{path}/freeze", {"reason": "A doubt."}, risk).status == 200
    assert drawer.draw("5000.00")["code"] == "credit_line_not_active"
    drawer.disburse(loan_id, 500_000)
    assert drawer.lender.pay(loan_id, 500_000) == ("applied", None)


def test_the_bank_approves_and_then_the_firm_cancels_no_more(drawer: Drawer) -> None:
    loan_id = drawer.drawn("5000.00")
    assert drawer.of_draw("draw.approved", loan_id) == ("applied", None)
    refused = drawer.post(f"/v1/loans/{loan_id}/cancel")
    assert (refused.status, refused["code"]) == (409, "loan_not_in_this_status")
    drawer.disburse(loan_id, 500_000)
    assert drawer.lender.see(loan_id)["status"] == "current"


def test_a_draw_that_fails_gives_back_what_it_took(drawer: Drawer) -> None:
    loan_id = drawer.drawn("5000.00")
    assert drawer.of_draw("draw.failed", loan_id, reason="The account is closed.") == ("applied", None)
    seen = drawer.lender.see(loan_id)
    assert (seen["status"], seen["reason"], seen["allowed_actions"]) == ("draw_closed", "The account is closed.", [])
    assert (drawer.exposed(), drawer.lender.line()) == (FREE, ("1000000.00", "0.00"))
    late = drawer.lender.tell(
        "draw.disbursed",
        loan_id,
        amount=500_000,
        value_date="2026-03-02",
        rate_bp=1140,
        schedule=[{"number": 1, "due_date": "2026-06-02", "principal": 500_000, "interest": 0}],
    )
    assert late[0] != "applied"
    assert drawer.exposed() == FREE
    assert {name: total for name, total in books().items() if name.startswith(("line_", "exposure_"))} != {}


def test_the_firm_cancels_a_draw_once_however_often_it_says_so(drawer: Drawer) -> None:
    loan_id = drawer.drawn("5000.00")
    first, again = (drawer.post(f"/v1/loans/{loan_id}/cancel", key="once") for _ in range(2))
    assert (first.status, first["status"], first["reason"]) == (200, "draw_closed", "cancelled_by_borrower")
    assert first.raw == again.raw
    assert drawer.exposed() == FREE


def test_a_draw_that_the_bank_does_not_disburse_in_five_business_days_is_closed(drawer: Drawer) -> None:
    """Asked for on Monday 2 March 2026: the bank has until the end of Thursday, and on the end of Monday the 9th it is over."""
    reply = drawer.draw("5000.00")
    due, closes = (each["due_at"] for each in reply["deadlines"])
    assert (due, closes) == ("2026-03-05T16:00:00Z", "2026-03-09T16:00:00Z")
    drawer.lender.on(2026, 3, 9)
    drawer.sweep()
    assert drawer.lender.see(reply["id"])["status"] == "draw_requested"
    drawer.lender.time.at += timedelta(days=1)
    drawer.sweep()
    seen = drawer.lender.see(reply["id"])
    assert (seen["status"], seen["reason"], drawer.exposed()) == ("draw_closed", "not_disbursed_in_time", FREE)


def test_what_is_repaid_of_a_term_loan_cannot_be_drawn_again(drawer: Drawer) -> None:
    line_id = drawer.line("boc-term")
    loan_id = drawer.drawn("600000.00", line_id)
    drawer.disburse(loan_id, 60_000_000)
    assert drawer.lender.pay(loan_id, 60_000_000) == ("applied", None)
    assert drawer.draw("400000.01", line_id)["code"] == "credit_line_exceeded"
    assert drawer.exposed() == FREE


def test_a_bank_that_disburses_another_amount_is_refused(drawer: Drawer) -> None:
    loan_id = drawer.drawn("5000.00")
    rows = [{"number": 1, "due_date": "2026-06-02", "principal": 600_000, "interest": 0}]
    event = drawer.lender.tell(
        "draw.disbursed", loan_id, amount=600_000, value_date="2026-03-02", rate_bp=1140, schedule=rows
    )
    assert event[0] != "applied"
    assert drawer.exposed() == (99_500_000, 500_000, 0)


def test_the_bank_hears_of_a_draw_and_of_its_end(drawer: Drawer, receiver: Receiver, pump: Pump) -> None:
    boc = token("bank", "boc")
    body = {"url": "https://boc.example/in", "kinds": ["draw.requested", "draw.cancelled"]}
    assert drawer.trade.api.post("/v1/webhook-endpoints", body, boc).status == 201
    loan_id = drawer.drawn("5000.00")
    drawer.follow()
    assert drawer.post(f"/v1/loans/{loan_id}/cancel").status == 200
    while drawer.lender.bank.streams() + pump():
        pass
    (first, asked), (second, ended) = [(each["type"], each["data"]) for each in receiver.sent]
    assert (first, second) == ("draw.requested", "draw.cancelled")
    assert {name: asked[name] for name in ("loan_id", "line_id", "product_id", "amount_minor", "months")} == {
        "loan_id": loan_id,
        "line_id": drawer.lender.line_id,
        "product_id": "boc-revolving",
        "amount_minor": 500_000,
        "months": 3,
    }
    assert (ended["loan_id"], ended["reason"], ended["seq"]) == (loan_id, "cancelled_by_borrower", asked["seq"] + 1)


def test_a_consent_that_is_withdrawn_ends_what_was_asked_of_its_banks_and_nothing_that_is_theirs(
    drawer: Drawer,
) -> None:
    disbursed, approved, requested = (drawer.drawn("5000.00") for _ in range(3))
    drawer.disburse(disbursed, 500_000)
    assert drawer.of_draw("draw.approved", approved) == ("applied", None)
    _withdraw_consent(drawer)
    shown = [drawer.lender.see(each) for each in (disbursed, approved, requested)]
    assert [(each["status"], each["reason"]) for each in shown] == [
        ("current", None), ("draw_requested", None), ("draw_closed", "consent_withdrawn"),
    ]  # fmt: skip
    assert drawer.exposed() == (99_000_000, 500_000, 500_000)
    assert drawer.lender.pay(disbursed, 500_000) == ("applied", None), "repayments go on"


def test_a_draw_stays_while_another_consent_to_its_bank_is_live(drawer: Drawer) -> None:
    loan_id = drawer.drawn("5000.00")
    drawer.consent("boc")
    _withdraw_consent(drawer)
    assert drawer.lender.see(loan_id)["status"] == "draw_requested"
    _withdraw_consent(drawer)
    assert (drawer.lender.see(loan_id)["status"], drawer.exposed()) == ("draw_closed", FREE)


def _withdraw_consent(drawer: Drawer) -> None:
    """The first one that is live; everybody hears of it twice."""
    live = drawer.trade.api.get("/v1/consents?status=live", drawer.trade.supplier)["items"]
    assert drawer.post(f"/v1/consents/{live[0]['id']}/withdraw").status == 200
    for _ in range(2):
        drawer.follow()
