"""A deposit's statement tells of everything in it that ends what ended it: whose decision, or which moment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.deposits.declared import DEPOSITS
from chalicelib.deposits.examples import INSURANCE, RISK
from chalicelib.deposits.views.statement import TEXTS
from tests.deposits.account.shop import G4, SECOND, Shop, yuan
from tests.world import token

CASE = "C-2207"
Line = dict[str, Any]


@pytest.fixture
def trading(shop: Shop) -> Shop:
    """A shop that has paid its base of 500."""
    shop.at("2023-02-09 20:00").sells(4, G4, 4_000, "2023-02-09", status="completed")
    shop.at("2023-02-10 00:05").day_runs("2023-02-09")
    shop.at("2023-02-10 10:00").pays("500.00", "D-1")
    return shop


def do(shop: Shop, action: str, body: Any = None, by: str | None = None) -> Any:
    reply = shop.act(action, body, *([by] if by else []))
    assert reply.status in (200, 201), reply.body
    return reply


def lines(shop: Shop) -> list[Line]:
    shop.streams()
    items: list[Line] = shop.see("/statements?limit=100")["items"]
    return items


def hold(shop: Shop) -> str:
    return str(do(shop, "holds", {"money": yuan("200.00"), "case": CASE, "reason": "A complaint."})["holds"][0]["id"])


def lift_the_hold(shop: Shop) -> None:
    do(shop, f"holds/{hold(shop)}/lift")


def deduct_for_its_case(shop: Shop) -> None:
    hold(shop)
    body = {"money": yuan("200.00"), "cause": CASE, "reason": "not as described", "payee_id": shop.seller_id}
    do(shop, "deductions", body | {"bank_id": "boc", "account": "6217000010001234567"})


def let_the_bank_take_it_back(shop: Shop) -> None:
    hold(shop)
    data = {"bank_ref": "D-1", "seq": 2, "seller_id": shop.seller_id, "money": yuan("500.00"), "reason": "recalled"}
    body = {"type": "payment.returned", "data": data | {"order_id": "ord_00000000000000000000000000"}}
    sent = shop.api.post("/v1/sandbox/banks/boc/events", body, token("bank", "boc"))
    shop.streams()
    allocate = {"seller_id": shop.seller_id}
    reply = shop.api.post(f"/v1/bank-events/{sent['id']}/allocate", allocate, token("officer", "p", "payments"))
    assert reply.status == 200, reply.body


def risk(shop: Shop) -> str:
    return str(do(shop, "risks", RISK)["risks"][0]["id"])


def let_its_time_pass(shop: Shop) -> None:
    do(shop, f"risks/{risk(shop)}/close")
    shop.time.at = DEPOSITS.due_at(shop.seller_id, shop.time.at) or shop.time.at
    while shop.kept.risks:
        shop.time.at = max(shop.time.at, DEPOSITS.next_due() or shop.time.at)
        DEPOSITS.sweep(shop.time.at)


def strike_it_out(shop: Shop) -> None:
    proposed = do(shop, "corrections", {"risk_id": risk(shop), "reason": "It had the certificate."})
    do(shop, f"corrections/{proposed['corrections'][0]['id']}/approve", None, SECOND)


def reject_a_correction(shop: Shop) -> None:
    proposed = do(shop, "corrections", {"base": yuan("50.00"), "reason": "Told late."})
    do(shop, f"corrections/{proposed['corrections'][0]['id']}/reject", None, SECOND)


def let_insurance_lapse(shop: Shop) -> None:
    dates = {"valid_from": "2023-02-10T10:00:00+08:00", "valid_until": "2023-03-10T10:00:00+08:00"}
    do(shop, "substitutes", INSURANCE | dates)
    shop.at("2023-04-01 00:00")
    DEPOSITS.sweep(shop.time.at)


def close_as_seller(shop: Shop) -> None:
    do(shop, "close", None, shop.seller)


def close_as_officer(shop: Shop) -> None:
    do(shop, "close")


ENDS: list[tuple[Callable[[Shop], None], str, str, dict[str, Any], str]] = [
    (lift_the_hold, "hold_lifted", "officer", {"case": CASE}, f"not held for the case {CASE} any more"),
    (deduct_for_its_case, "deducted", "officer", {"cause": CASE, "from_hold": yuan("200.00")}, f"deducted for {CASE}"),
    (
        let_the_bank_take_it_back,
        "payment_charged_back",
        "officer",
        {"ref": "boc:D-1", "from_hold": yuan("200.00")},
        "200.00 CNY of it was held for cases",
    ),
    (let_its_time_pass, "risk_ended", "clock", {"case": CASE}, f"The time of the case {CASE} is over"),
    (strike_it_out, "corrected", "officer", {"case": CASE, "reason": "It had the certificate."}, "Two officers agreed"),
    (reject_a_correction, "correction_rejected", "officer", {"reason": "Told late."}, "was not approved"),
    (let_insurance_lapse, "insurance_lapsed", "clock", {"insurer": INSURANCE["insurer"]}, "is over"),
    (close_as_seller, "closed", "member", {}, "The shop closed"),
    (close_as_officer, "closed", "officer", {}, "The shop closed"),
]


@pytest.mark.parametrize(("ends", "kind", "by", "payload", "text"), ENDS, ids=[each[0].__name__ for each in ENDS])
def test_the_reason_is_the_one_that_acted(
    trading: Shop, ends: Callable[[Shop], None], kind: str, by: str, payload: dict[str, Any], text: str
) -> None:
    before = len(lines(trading))
    ends(trading)
    told = [line for line in lines(trading)[before:] if line["kind"] == f"deposit.{kind}"]
    assert [(line["kind"], line["by"]) for line in told] == [(f"deposit.{kind}", by)], lines(trading)[before:]
    assert payload.items() <= told[0]["payload"].items(), told
    assert text in told[0]["text"]


def test_every_kind_of_line_that_ends_something_is_here() -> None:
    ending = ("_lifted", "_ended", "_lapsed", "_rejected", "_charged_back", ".closed", ".corrected", ".deducted")
    assert {kind for kind in TEXTS if kind.endswith(ending)} == {f"deposit.{each[1]}" for each in ENDS}
