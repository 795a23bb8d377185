"""Who may do what with a deposit, and what is heard otherwise: the table says it, the view shows it, every command is held to it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.deposits.rules.account import Correction, Hold, Receivable
from chalicelib.deposits.rules.deposit import Deposit, Risk, Special
from chalicelib.deposits.rules.timers import MACHINE
from chalicelib.deposits.rules.transitions import TABLE
from tests.deposits.account.shop import G4, OFFICER, Shop, shanghai, yuan
from tests.deposits.rules.sellers import BOOKS, days, seller

NOW = shanghai("2023-03-03 12:00")
ALWAYS = ["payments", "close"]
OF_OFFICERS = ["risks", "specials", "substitutes", "deductions", "corrections"]

RISK = Risk(id="rsk_1", class_="R2", minor=200_000, opened_at=NOW, ends_at=NOW + timedelta(days=90))


def with_account(**known: Any) -> Deposit:
    was = seller(base=500)
    return replace(was, account=replace(was.account, **known))


@pytest.mark.parametrize(
    ("deposit", "more", "of_seller"),
    [
        (seller(base=500), [], []),
        (seller(base=500, cash=500), ["holds"], []),
        (seller(base=500, cash=501), ["holds", "releases"], ["releases"]),
        (seller(base=500, risks=(RISK,)), ["close-risk"], []),
        (seller(base=500, specials=(Special(id="M4", market="M4", minor=1, entered_at=NOW),)), ["leave-special"], []),
        (with_account(holds=(Hold(id="hld_1", minor=0, case="c", reason="r", at=NOW),)), ["lift-hold"], []),
        (
            with_account(corrections=(Correction(id="cor_1", base_minor=1, reason="r", by="o", at=NOW),)),
            ["approve-correction", "reject-correction"],
            [],
        ),
        (with_account(receivables=(Receivable(id="sub_1", claimed_minor=2, received_minor=1),)), ["receipts"], []),
        (with_account(receivables=(Receivable(id="sub_1", claimed_minor=2, received_minor=2),)), [], []),
    ],
)
def test_what_is_offered_is_what_is_there(deposit: Deposit, more: list[str], of_seller: list[str]) -> None:
    assert sorted(TABLE.allowed(deposit, "officer", BOOKS, NOW)) == sorted(ALWAYS + OF_OFFICERS + more)
    assert sorted(TABLE.allowed(deposit, "seller", BOOKS, NOW)) == sorted(ALWAYS + of_seller)


def test_a_closed_shop_enters_no_market_and_may_only_be_reopened() -> None:
    shut = seller(cash=100, status="closed")
    assert sorted(TABLE.allowed(shut, "seller", BOOKS, NOW)) == ["payments", "releases", "reopen"]
    assert sorted(TABLE.allowed(shut, "officer", BOOKS, NOW)) == sorted(
        ["payments", "releases", "reopen", "holds", *OF_OFFICERS[:1], *OF_OFFICERS[2:]]
    )


def test_every_deadline_is_told_with_whose_it_is_the_first_first() -> None:
    owing = seller(base=500, risks=(RISK,), due_at=NOW, dunning_stage=1, awaiting_first_trade=False)
    deadlines = [(each.name, each.owner, each.default_outcome) for each in MACHINE.deadlines(owing, BOOKS)]
    assert deadlines == [
        ("overdue_2", "seller", "no_campaigns"),
        ("overdue_3", "seller", "hidden"),
        ("overdue_4", "seller", "supervised"),
        ("overdue_5", "seller", "payment_control"),
        ("risk rsk_1", "clock", "risk_ended"),
    ]


def test_what_falls_due_at_one_instant_does_so_in_its_order() -> None:
    """A first trading day, two risks that end and one of the dunning stages: each is one entry, as of that midnight."""
    midnight = shanghai("2023-03-02 00:00")
    risks = tuple(Risk(id=f"rsk_{n}", class_="R1", minor=50_000, opened_at=NOW, ends_at=midnight) for n in (2, 1))
    shop = seller(awaiting_first_trade=True, risks=risks, due_at=midnight, sold=days(("2023-03-01", "G1", 12, 900)))
    changes = list(MACHINE.overdue(replace(shop, owed_minor=100_000), BOOKS, midnight))
    assert [(each.event.kind, each.event.payload.get("risk"), each.at) for each in changes] == [
        ("deposit.assessed", None, midnight),
        ("deposit.risk_ended", "rsk_1", midnight),
        ("deposit.risk_ended", "rsk_2", midnight),
        ("deposit.overdue", None, midnight),
    ]


@pytest.fixture
def trading(shop: Shop) -> Shop:
    """A shop that owes a base of 500."""
    shop.at("2023-02-09 20:00").sells(4, G4, 4_000, "2023-02-09")
    shop.at("2023-02-10 00:05").day_runs("2023-02-09")
    return shop


@pytest.mark.parametrize(
    ("action", "body", "status", "code", "numbers"),
    [
        ("releases", {}, 409, "nothing_to_release", {"required": yuan("500.00")}),
        ("reopen", None, 409, "deposit_not_closed", {}),
        (
            "holds",
            {"money": yuan("1.00"), "case": "C-1", "reason": "x"},
            422,
            "more_than_available",
            {"maximum": yuan("0.00")},
        ),
        ("holds/hld_1/lift", None, 404, "no_such_hold", {}),
        ("risks/rsk_1/close", None, 404, "not_on_the_deposit", {}),
        ("specials/M4/leave", None, 404, "not_on_the_deposit", {}),
        ("corrections/cor_1/approve", None, 404, "not_on_the_deposit", {}),
        ("corrections/cor_1/reject", None, 404, "not_on_the_deposit", {}),
    ],
)
def test_what_is_not_offered_is_refused_by_name_with_what_is_allowed(
    trading: Shop, action: str, body: Any, status: int, code: str, numbers: dict[str, Any]
) -> None:
    refused = trading.act(action, body)
    assert (refused.status, refused["code"], refused["deposit_status"]) == (status, code, "open")
    assert refused["allowed_actions"] == trading.see(by=OFFICER)["allowed_actions"] == [*ALWAYS, *OF_OFFICERS]
    assert {name: refused[name] for name in numbers} == numbers
