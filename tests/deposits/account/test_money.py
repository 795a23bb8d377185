"""Money into a deposit, held within it and out of it: to the cent, twice, late, and by strangers."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.deposits.rules import deducting
from chalicelib.deposits.rules.deducting import Given
from chalicelib.deposits.rules.timers import MACHINE
from chalicelib.deposits.service import claims
from chalicelib.ledger.rules.chart import REFUNDS_PAYABLE
from chalicelib.shared import ids, journal
from chalicelib.shared.commit import commit
from chalicelib.shared.journal import Event
from chalicelib.shared.request import CLOCK, RequestContext
from tests.deposits.account.shop import G4, OFFICER, SECOND, Shop, books, yuan
from tests.world import Reply, Streams, token

STRANGER = token("member", "mem_0000000000000000000000000Z")
PAYEE_ACCOUNT = {"bank_id": "boc", "account": "6217000010001234567"}


@pytest.fixture
def trading(shop: Shop) -> Shop:
    """A shop that owes a base of 500 since the midnight of 10 February."""
    shop.at("2023-02-09 20:00").sells(4, G4, 4_000, "2023-02-09", status="completed")
    shop.at("2023-02-10 00:05").day_runs("2023-02-09")
    shop.at("2023-02-10 10:00")
    return shop


def deduct(shop: Shop, amount: str, cause: str = "CLM-1", by: str = OFFICER, **more: Any) -> Reply:
    body = {"money": yuan(amount), "cause": cause, "reason": "not as described", "payee_id": shop.seller_id}
    return shop.act("deductions", body | PAYEE_ACCOUNT, by, **more)


# --- payments ---------------------------------------------------------------------------------------------------------


def test_what_is_missing_is_asked_for_with_accounts_and_reference(trading: Shop) -> None:
    reply = trading.act("payments", {}, trading.seller)
    assert (reply.status, reply["money"], reply["reference"]) == (201, yuan("500.00"), trading.seller_id)
    assert {"bank_id": "boc", "bank": "Bank of China", "account": "TA-CNY-01"} in reply["pay_into"]
    assert reply["due_at"] == "2023-02-12T16:00:00Z"


def test_a_payment_asked_for_twice_with_one_key_is_one_request(trading: Shop) -> None:
    first, again = (trading.act("payments", {}, trading.seller, key="pay-1") for _ in range(2))
    assert (first.raw, again.headers["Idempotent-Replayed"]) == (again.raw, "true")


def test_a_payment_ends_the_arrears(trading: Shop) -> None:
    trading.pays("500.00")
    reply = trading.see()
    assert (reply["status"], reply["due_at"], reply["balance"]["held"]) == ("clear", None, yuan("500.00"))
    assert books() == {"bank_clearing:CNY": 50_000, "deposits_held:CNY": -50_000}


def test_a_part_payment_leaves_the_rest_due_at_the_same_time(trading: Shop) -> None:
    trading.pays("200.00")
    reply = trading.see()
    assert (reply["status"], reply["balance"]["to_pay"], reply["due_at"]) == (
        "due",
        yuan("300.00"),
        "2023-02-12T16:00:00Z",
    )


def test_nothing_is_asked_for_where_nothing_is_missing_unless_an_amount_is_named(trading: Shop) -> None:
    trading.pays("500.00")
    reply = trading.act("payments", {}, trading.seller)
    assert (reply.status, reply["code"]) == (409, "nothing_to_pay")
    assert trading.act("payments", {"money": yuan("10.00")}, trading.seller).status == 201


def test_one_payment_told_of_twice_under_two_names_is_booked_once(trading: Shop) -> None:
    trading.pays("500.00", "D-77")
    event_id = trading.pays("500.00", "D-77")
    reply = trading.api.get(f"/v1/bank-events/{event_id}", token("officer", "o", "admin"))
    assert (reply["status"], reply["reason"]) == ("refused", "duplicate_notice")
    assert trading.see()["balance"]["held"] == yuan("500.00")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"seller_id": "mem_0000000000000000000000000Z"}, "no_deposit"),
        ({"money": {"amount": "70.00", "currency": "USD"}, "account": "TA-USD-01"}, "not_the_deposits_currency"),
        ({"account": "TA-CNY-09"}, "not_our_account"),
        ({"bank_ref": "D-1", "money": yuan("9.00")}, "reference_reused"),
    ],
)
def test_money_that_is_not_for_a_deposit_waits_in_suspense(trading: Shop, changes: dict[str, Any], reason: str) -> None:
    trading.pays("1.00", "D-1")
    event_id = trading.pays("500.00", **changes)
    reply = trading.api.get(f"/v1/bank-events/{event_id}", token("officer", "o", "admin"))
    assert reply["status"] == "suspense", reply.body
    assert trading.see()["balance"]["held"] == yuan("1.00")


def allocate(shop: Shop, event_id: str, body: dict[str, str], by: str = OFFICER, **more: Any) -> Reply:
    return shop.api.post(f"/v1/bank-events/{event_id}/allocate", body, by, **more)


def suspended(shop: Shop, **changes: Any) -> str:
    """500.00 that came for nobody's deposit. Returns the bank event's id."""
    return shop.pays("500.00", "D-500", **{"seller_id": "mem_0000000000000000000000000Z", **changes})


def event(shop: Shop, event_id: str) -> Reply:
    return shop.api.get(f"/v1/bank-events/{event_id}", OFFICER)


def test_suspended_money_is_put_once_into_the_deposit_an_officer_names(trading: Shop) -> None:
    event_id, named = suspended(trading), {"seller_id": trading.seller_id}
    assert books() == {"bank_clearing:CNY": 50_000, "suspense:CNY": -50_000}
    assert allocate(trading, event_id, named, trading.seller).status == 403
    first, again = (allocate(trading, event_id, named, key="k") for _ in range(2))
    assert (first.status, first["status"]) == (200, "allocated"), first.body
    assert first["allocated_to"] == {"kind": "deposit", "id": trading.seller_id, "part": None}
    assert first.raw == again.raw
    for _ in range(2):
        trading.streams()
        Streams()()
    assert event(trading, event_id)["status"] == "allocated"
    assert (trading.see()["status"], trading.see()["balance"]["held"]) == ("clear", yuan("500.00"))
    assert books() == {"bank_clearing:CNY": 50_000, "deposits_held:CNY": -50_000}
    late = allocate(trading, event_id, named)
    assert (late.status, late["code"]) == (409, "not_in_suspense")
    told_again = trading.pays("500.00", "D-500")
    assert event(trading, told_again)["reason"] == "duplicate_notice"


def test_money_a_deposit_refuses_stays_in_suspense(trading: Shop) -> None:
    event_id = suspended(trading, money={"amount": "70.00", "currency": "USD"}, account="TA-USD-01")
    refused = allocate(trading, event_id, {"seller_id": trading.seller_id})
    assert (refused.status, refused["code"]) == (422, "not_the_deposits_currency")
    trading.streams()
    reply = event(trading, event_id)
    assert (reply["status"], reply["reason"]) == ("suspense", "no_deposit")
    assert reply["allowed_actions"] == ["allocate", "return"]
    assert books() == {"bank_clearing:USD": 7_000, "suspense:USD": -7_000}
    assert trading.see()["balance"]["held"]["amount"] == "0.00"


def test_money_is_allocated_to_a_deposit_that_is_there_or_to_an_order(trading: Shop) -> None:
    event_id = suspended(trading)
    nobody = allocate(trading, event_id, {"seller_id": "mem_0000000000000000000000000Z"})
    assert (nobody.status, nobody["code"]) == (404, "no_deposit")
    for body in ({}, {"seller_id": trading.seller_id, "order_id": "ord_00000000000000000000000000"}):
        assert allocate(trading, event_id, body).status == 400
    assert event(trading, event_id)["version"] == 1


def test_what_a_bank_took_back_of_a_deposit_is_taken_out_of_it(trading: Shop) -> None:
    data = {"bank_ref": "R-1", "seq": 1, "order_id": "ord_00000000000000000000000000", "money": yuan("5.00")}
    body = {"type": "payment.returned", "data": data}
    sent = trading.api.post("/v1/sandbox/banks/boc/events", body, token("bank", "boc"))
    trading.streams()
    trading.pays("20.00", "D-1")
    reply = allocate(trading, sent["id"], {"seller_id": trading.seller_id})
    assert (reply.status, reply["status"]) == (200, "allocated"), reply.body
    assert trading.see()["balance"]["held"] == yuan("15.00")
    assert books() == {"bank_clearing:CNY": 1_500, "deposits_held:CNY": -1_500}


def test_a_debit_that_brings_less_is_credited_when_the_rest_has_come(trading: Shop) -> None:
    trading.registers_account()
    trading.act("payments", {"by": "debit"}, trading.seller)
    trading.streams()
    says(trading, "400.00")
    reply = trading.see()
    assert (reply["status"], reply["balance"]["held"]["amount"]) == ("due", "0.00")
    assert books() == {"bank_clearing:CNY": 40_000, "collected:CNY": -40_000}
    [debit] = debits(trading)
    assert trading.api.post(f"/v1/bank-instructions/{debit['id']}/retry", None, OFFICER).status == 200
    trading.streams()
    says(trading, "100.00")
    assert (trading.see()["status"], trading.see()["balance"]["held"]) == ("clear", yuan("500.00"))
    assert books() == {"bank_clearing:CNY": 50_000, "deposits_held:CNY": -50_000}


def test_a_debit_that_brought_less_than_the_bank_first_said_is_taken_out_until_the_rest_has_come(trading: Shop) -> None:
    trading.registers_account()
    trading.act("payments", {"by": "debit"}, trading.seller)
    trading.streams()
    says(trading, "500.00")
    assert trading.see()["balance"]["held"] == yuan("500.00")
    says(trading, "400.00", seq=2)
    assert trading.see()["balance"]["held"]["amount"] == "0.00"
    assert books() == {"bank_clearing:CNY": 40_000, "collected:CNY": -40_000}
    says(trading, "500.00", seq=3)
    assert trading.see()["balance"]["held"] == yuan("500.00")
    assert books() == {"bank_clearing:CNY": 50_000, "deposits_held:CNY": -50_000}


def debits(shop: Shop) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = shop.api.get(f"/v1/bank-instructions?aggregate_id={shop.seller_id}", OFFICER)["items"]
    return items


def says(shop: Shop, amount: str, seq: int = 1, outcome: str = "settled") -> None:
    """The bank says what the last attempt of the one debit brought, or that it brought nothing."""
    [debit] = debits(shop)
    attempt = debit["attempts"][-1]["id"]
    data = {"attempt_id": attempt, "bank_ref": f"B-{attempt[-6:]}", "seq": seq, "money": yuan(amount)}
    sent = shop.api.post("/v1/sandbox/banks/boc/events", {"type": f"debit.{outcome}", "data": data}, OFFICER)
    assert sent.status == 202, sent.body
    shop.streams()


def test_a_debit_is_asked_for_carried_out_and_booked(trading: Shop) -> None:
    trading.registers_account()
    reply = trading.act("payments", {"by": "debit"}, trading.seller)
    assert (reply.status, reply["debited_account"]) == (201, "************2233")
    assert trading.see()["balance"]["being_debited"] == yuan("500.00")
    again = trading.act("payments", {"by": "debit"}, trading.seller)
    assert (again.status, again["code"]) == (409, "debit_under_way")

    settle_instructions(trading)
    reply = trading.see()
    assert (reply["status"], reply["balance"]["held"], reply["balance"]["being_debited"]["amount"]) == (
        "clear",
        yuan("500.00"),
        "0.00",
    )
    assert books() == {"bank_clearing:CNY": 50_000, "deposits_held:CNY": -50_000}


def test_a_debit_that_fails_is_told_and_tried_again(trading: Shop) -> None:
    trading.registers_account()
    behaviour = {"next": [{"does": "refuse", "reason": "insufficient_funds"}]}
    reply = trading.api.post("/v1/sandbox/banks/boc/behaviour", behaviour, OFFICER)
    assert reply.status == 200, reply.body
    trading.act("payments", {"by": "debit"}, trading.seller)
    trading.streams()
    assert "deposit.debit_failed" in [line["kind"] for line in trading.see("/statements?limit=100")["items"]]
    assert trading.see()["balance"]["being_debited"] == yuan("500.00"), "the bank tries again by itself"


def test_a_debit_that_came_back_is_under_way_again_while_the_bank_tries_by_itself(trading: Shop) -> None:
    """Else the seller would be debited twice for the same."""
    trading.registers_account()
    trading.act("payments", {"by": "debit"}, trading.seller)
    trading.streams()
    says(trading, "500.00")
    assert trading.see()["balance"]["being_debited"]["amount"] == "0.00"
    says(trading, "500.00", seq=2, outcome="failed")
    balance = trading.see()["balance"]
    assert (balance["held"]["amount"], balance["being_debited"]) == ("0.00", yuan("500.00"))
    again = trading.act("payments", {"by": "debit"}, trading.seller)
    assert (again.status, again["code"]) == (409, "debit_under_way")
    says(trading, "500.00", seq=3)
    balance = trading.see()["balance"]
    assert (balance["held"], balance["being_debited"]["amount"]) == (yuan("500.00"), "0.00")


def test_a_debit_needs_an_account(trading: Shop) -> None:
    reply = trading.act("payments", {"by": "debit"}, trading.seller)
    assert (reply.status, reply["code"]) == (409, "no_bank_account")


# --- holds ------------------------------------------------------------------------------------------------------------


def test_a_hold_keeps_money_from_being_released_and_still_covers(trading: Shop) -> None:
    trading.pays("600.00")
    reply = trading.act("holds", {"money": yuan("150.00"), "case": "C-1", "reason": "a complaint"})
    assert (reply["balance"]["available"], reply["balance"]["frozen"]) == (yuan("450.00"), yuan("150.00"))
    assert (reply["requirement"]["arrears"], reply["requirement"]["releasable"]) == (yuan("0.00"), yuan("100.00"))
    assert books()["deposits_frozen:CNY"] == -15_000

    lifted = trading.act(f"holds/{reply['holds'][0]['id']}/lift", None)
    assert (lifted["balance"]["frozen"], lifted["holds"]) == (yuan("0.00"), [])
    assert trading.act(f"holds/{reply['holds'][0]['id']}/lift", None).status == 404


def test_no_more_is_held_than_is_available(trading: Shop) -> None:
    trading.pays("100.00")
    reply = trading.act("holds", {"money": yuan("100.01"), "case": "C-1", "reason": "a complaint"})
    assert (reply.status, reply["code"], reply["maximum"]) == (422, "more_than_available", yuan("100.00"))


def test_money_is_held_once_for_a_case_and_anew_after_it_was_lifted(trading: Shop) -> None:
    trading.pays("600.00")
    case = {"money": yuan("10.00"), "case": "C-1", "reason": "a complaint"}
    first = trading.act("holds", case)
    for name in ("C-1", "c-1", "C-1"):
        reply = trading.act("holds", case | {"money": yuan("20.00"), "case": name})
        assert (reply.status, reply["code"], reply["hold_id"]) == (409, "hold_known", first["holds"][0]["id"])
    assert trading.see()["balance"]["frozen"] == yuan("10.00")
    trading.act(f"holds/{first['holds'][0]['id']}/lift", None)
    assert trading.act("holds", case | {"money": yuan("20.00")})["balance"]["frozen"] == yuan("20.00")


# --- deductions -------------------------------------------------------------------------------------------------------


def test_a_deduction_takes_the_hold_of_its_case_first_and_pays_a_member(trading: Shop) -> None:
    trading.pays("500.00")
    trading.act("holds", {"money": yuan("100.00"), "case": "CLM-0", "reason": "another case"})
    trading.act("holds", {"money": yuan("100.00"), "case": "CLM-1", "reason": "this case"})
    reply = deduct(trading, "150.00")
    assert (reply["balance"]["available"], reply["balance"]["frozen"]) == (yuan("250.00"), yuan("100.00"))
    assert [hold["case"] for hold in reply["holds"]] == ["CLM-0"]
    assert books()["payouts_payable:CNY"] == -15_000
    settle_instructions(trading)
    assert books() == {"bank_clearing:CNY": 35_000, "deposits_held:CNY": -25_000, "deposits_frozen:CNY": -10_000}


def test_a_case_is_the_same_in_capitals_for_its_hold_its_violation_and_its_deduction(trading: Shop) -> None:
    """Else the platform would advance what lies in the deposit for that very case."""
    trading.pays("500.00")
    trading.act("holds", {"money": yuan("500.00"), "case": "clm-1", "reason": "this case"})
    reply = deduct(trading, "450.00")
    assert (reply["balance"]["frozen"], reply["balance"]["advanced"]) == (yuan("50.00"), yuan("0.00"))

    trading.act("risks", {"risk_class": "R1", "case": "c-9", "reason": "late"})
    assert trading.act("risks", {"risk_class": "R1", "case": "C-9", "reason": "late"})["code"] == "already_there"


def test_what_is_held_for_another_case_is_not_spent_on_this_one(trading: Shop) -> None:
    trading.pays("500.00")
    trading.act("holds", {"money": yuan("200.00"), "case": "CLM-0", "reason": "another case"})
    reply = deduct(trading, "450.00")
    assert [hold["money"] for hold in reply["holds"]] == [yuan("200.00")]
    assert (reply["balance"]["available"], reply["balance"]["advanced"]) == (yuan("0.00"), yuan("150.00"))


def test_what_the_platform_advanced_is_not_releasable_though_money_held_for_another_case_covers_it(shop: Shop) -> None:
    shop.pays("500.00")
    held = shop.act("holds", {"money": yuan("500.00"), "case": "CLM-0", "reason": "another case"})["holds"][0]["id"]
    reply = deduct(shop, "300.00")
    assert (reply["balance"]["advanced"], reply["requirement"]["owed"]) == (yuan("300.00"), yuan("300.00"))
    reply = shop.act(f"holds/{held}/lift", None)
    assert (reply["requirement"]["releasable"], reply["balance"]["to_pay"]) == (yuan("200.00"), yuan("300.00"))
    shop.pays("300.00")
    reply = shop.see()
    assert (reply["requirement"]["owed"], reply["requirement"]["releasable"]) == (yuan("0.00"), yuan("500.00"))


def test_what_the_deposit_does_not_hold_the_platform_advances_and_payments_make_good_first(trading: Shop) -> None:
    trading.pays("500.00")
    reply = deduct(trading, "650.00")
    assert (reply["balance"]["held"], reply["balance"]["advanced"]) == (yuan("0.00"), yuan("150.00"))
    assert (reply["requirement"]["arrears"], reply["balance"]["to_pay"]) == (yuan("650.00"), yuan("650.00"))
    assert books()["deposit_advances:CNY"] == 15_000

    trading.pays("100.00")
    reply = trading.see()
    assert (reply["balance"]["held"], reply["balance"]["advanced"]) == (yuan("0.00"), yuan("50.00"))
    assert reply["requirement"]["arrears"] == yuan("550.00")

    trading.pays("550.00")
    reply = trading.see()
    assert (reply["status"], reply["balance"]["held"], reply["balance"]["advanced"]) == (
        "clear",
        yuan("500.00"),
        yuan("0.00"),
    )


def test_a_cause_is_deducted_for_once(trading: Shop) -> None:
    trading.pays("500.00")
    first, again = (deduct(trading, "50.00", key="deduct-1") for _ in range(2))
    assert first.raw == again.raw
    reply = deduct(trading, "50.00")
    assert (reply.status, reply["code"]) == (409, "cause_known")


# --- claims -----------------------------------------------------------------------------------------------------------


def give(shop: Shop, currency: str, most: int, name: str = "1") -> Given:
    """What the claims' waterfall would do: read, decide, and put it into the claim's own commit."""
    claim_id, order_id = ids.derived_id("clm", name), ids.derived_id("ord", name)
    source = claims.source(shop.seller_id, shop.time.at)
    assert source is not None
    given = deducting.given(*source, currency, most, claim_id, (REFUNDS_PAYABLE, order_id), shop.time.at)
    request = RequestContext(caller=CLOCK, now=shop.time.at, request_id="claim", key=f"claim-{name}")
    legs = tuple(leg for effect in given.effects for leg in effect.postings)
    event = Event("claim.payable", {"amount_minor": given.taken_minor}, legs)
    changes = [claims.EFFECTS[type(effect)](shop.seller_id, [effect]) for effect in given.effects]
    commit(journal.entry(request, event, aggregate_id=claim_id, seq=1, prev=journal.GENESIS), *changes)
    shop.streams()
    return given


def test_a_deposit_gives_for_a_claim_in_another_currency_what_it_holds_and_no_more(trading: Shop) -> None:
    trading.pays("500.00")
    given = give(trading, "USD", 10_000)
    assert (given.taken_minor, given.deposit_minor) == (7_250, 50_000), "500.00 CNY at 0.1450"
    reply = trading.see()
    assert (reply["balance"]["held"], reply["requirement"]["arrears"]) == (yuan("0.00"), yuan("500.00"))
    assert {name: minor for name, minor in books().items() if name.startswith("fx_position")} == {
        "fx_position:CNY": -50_000,
        "fx_position:USD": 7_250,
    }
    kinds = [line["kind"] for line in trading.see("/statements?limit=100")["items"]]
    assert kinds[-1] == "deposit.deducted_for_claim"


def test_a_seller_never_gives_more_than_the_claim_is_worth(trading: Shop) -> None:
    trading.pays("500.00")
    given = give(trading, "USD", 333)
    assert (given.taken_minor, given.deposit_minor) == (333, 2_296), "333 cents are 2,296.55 fen"


def test_a_claim_in_yuan_needs_no_exchange(trading: Shop) -> None:
    trading.pays("500.00")
    given = give(trading, "CNY", 20_000)
    assert (given.taken_minor, given.deposit_minor) == (20_000, 20_000)
    assert not [name for name in books() if name.startswith("fx_position")]


def test_a_seller_without_a_deposit_or_with_an_empty_one_gives_nothing(trading: Shop) -> None:
    assert give(trading, "USD", 100) == Given()
    assert claims.source("mem_x", trading.time.at) is None


# --- releases ---------------------------------------------------------------------------------------------------------


def test_the_six_conditions_are_told_one_by_one_with_the_date_each_will_hold(trading: Shop) -> None:
    trading.pays("700.00")
    trading.sells(1, G4, 100, "2023-02-10 09:00")
    reply = trading.see("/release-checks")
    assert [(check["condition"], check["passes"]) for check in reply["checks"]] == [
        ("no_open_trade", False),
        ("no_open_refund", True),
        ("no_open_complaint", True),
        ("no_arrears", True),
        ("no_violation_hold", True),
        ("quiet_30_days", False),
    ]
    assert reply["checks"][5]["passes_at"] == "2023-03-13T16:00:00Z", (
        "30 days after the day of the last completed trade"
    )
    assert reply["granted"] is False


def test_a_release_is_refused_with_the_checks_and_then_granted(trading: Shop) -> None:
    trading.pays("700.00")
    trading.registers_account()
    refused = trading.act("releases", {}, trading.seller)
    assert (refused.status, refused["code"], len(refused["checks"])) == (409, "release_refused", 6)

    trading.at("2023-03-14 12:00")
    reply = trading.act("releases", {}, trading.seller)
    assert (reply.status, reply["balance"]["held"]) == (200, yuan("500.00")), reply.body
    assert books()["payouts_payable:CNY"] == -20_000
    settle_instructions(trading)
    assert books() == {"bank_clearing:CNY": 50_000, "deposits_held:CNY": -50_000}


def test_a_violation_stands_against_a_release_until_its_days_are_over(trading: Shop) -> None:
    trading.pays("2700.00")
    reply = trading.act("risks", {"risk_class": "R2", "case": "C-1", "reason": "false advertising"})
    trading.act(f"risks/{reply['risks'][0]['id']}/close", None)
    check = trading.see("/release-checks")["checks"][4]
    assert (check["passes"], check["passes_at"]) == (False, "2023-05-11T02:00:00Z")


def test_no_more_is_released_than_is_releasable(trading: Shop) -> None:
    trading.pays("700.00")
    trading.registers_account()
    trading.at("2023-03-14 12:00")
    reply = trading.act("releases", {"money": yuan("200.01")}, trading.seller)
    assert (reply.status, reply["maximum"]) == (422, yuan("200.00"))


def test_money_in_another_currency_is_neither_held_nor_released(trading: Shop) -> None:
    trading.pays("700.00")
    trading.registers_account()
    trading.at("2023-03-14 12:00")
    dollars = {"money": {"amount": "1.00", "currency": "USD"}}
    for action, more in (("holds", {"case": "C-1", "reason": "x"}), ("releases", {})):
        reply = trading.act(action, dollars | more)
        assert (reply.status, reply["code"], reply["param"]) == (422, "not_the_deposits_currency", "money.currency")


def test_releasing_nothing_is_refused_by_name(trading: Shop) -> None:
    trading.pays("500.00")
    trading.registers_account()
    trading.at("2023-03-14 12:00")
    before = trading.see().body
    reply = trading.act("releases", {}, trading.seller)
    assert (reply.status, reply["code"], reply["required"]) == (409, "nothing_to_release", yuan("500.00"))
    assert trading.see().body == before


# --- strangers --------------------------------------------------------------------------------------------------------


def test_a_deposit_is_its_sellers_and_officers_business_alone(trading: Shop) -> None:
    assert trading.see(by=STRANGER).status == 404
    assert trading.act("payments", {}, STRANGER).status == 404
    assert trading.act("risks", {"risk_class": "R1", "case": "C", "reason": "x"}, trading.seller).status == 403
    without = token("officer", "officer-3", "claims")
    assert deduct(trading, "1.00", by=without).status == 403


def test_a_correction_takes_two_officers(trading: Shop) -> None:
    reply = trading.act("corrections", {"base": yuan("50.00"), "reason": "late refunds"})
    correction = reply["corrections"][0]["id"]
    assert reply["requirement"]["base"] == yuan("500.00")
    alone = trading.act(f"corrections/{correction}/approve", None)
    assert (alone.status, alone["code"]) == (403, "same_officer")
    answer = trading.act(f"corrections/{correction}/approve", None, SECOND)
    assert (answer["requirement"]["base"], answer["corrections"]) == (yuan("50.00"), [])


def test_a_closed_shop_has_no_base_to_correct(trading: Shop) -> None:
    """Else its money would be required for a shop that is gone, and never be released."""
    trading.pays("500.00")
    risk = trading.act("risks", {"risk_class": "R1", "case": "C-1", "reason": "late"})["risks"][0]["id"]
    trading.act("corrections", {"risk_id": risk, "reason": "it was not late"})
    correction = trading.act("corrections", {"base": yuan("600.00"), "reason": "late orders"})["corrections"][1]["id"]
    closed = trading.act("close", None)
    assert [each["risk_id"] for each in closed["corrections"]] == [risk]
    assert trading.act(f"corrections/{correction}/approve", None, SECOND)["code"] == "not_on_the_deposit"
    reply = trading.act("corrections", {"base": yuan("600.00"), "reason": "late orders"})
    assert (reply.status, reply["code"], reply["deposit_status"]) == (409, "deposit_closed", "closed")
    assert trading.see()["requirement"]["base"] == yuan("0.00")


def test_a_rejected_correction_changes_nothing(trading: Shop) -> None:
    reply = trading.act("corrections", {"base": yuan("50.00"), "reason": "late refunds"})
    answer = trading.act(f"corrections/{reply['corrections'][0]['id']}/reject", None)
    assert (answer["requirement"]["base"], answer["corrections"]) == (yuan("500.00"), [])


@pytest.mark.parametrize("body", [{}, {"base": yuan("50.00"), "risk_id": "rsk_1"}, {"base": yuan("500.00")}])
def test_a_correction_that_corrects_nothing_says_what_one_is_for(trading: Shop, body: dict[str, Any]) -> None:
    reply = trading.act("corrections", body | {"reason": "x"})
    assert (reply.status, reply["code"]) == (422, "corrects_nothing")
    assert {"`base`", "`risk_id`"} <= set(reply["fix"].split())


def test_a_violation_that_was_none_is_struck_out_by_two_officers(trading: Shop) -> None:
    """Closing its case would leave the amount required for another ninety days."""
    opened = trading.act("risks", {"risk_class": "R2", "case": "C-1", "reason": "false advertising"})
    body = {"risk_id": opened["risks"][0]["id"], "reason": "shown on appeal"}
    reply = trading.act("corrections", body)
    assert (reply["requirement"]["risk"], reply["corrections"][0]["risk_id"]) == (yuan("2000.00"), body["risk_id"])
    approve = f"corrections/{reply['corrections'][0]['id']}/approve"
    assert trading.act(approve, None)["code"] == "same_officer"
    answer = trading.act(approve, None, SECOND)
    assert (answer["risks"], answer["requirement"]["total"]) == ([], yuan("500.00"))
    trading.streams()
    assert trading.see("/statements?limit=100")["items"][-1]["text"] == (
        "Two officers agreed on striking out the violation of class R2, case C-1, of 2,000.00 CNY: shown on appeal 500.00 CNY is missing."
    )
    assert trading.act("corrections", body)["code"] == "not_on_the_deposit"


def test_a_correction_of_a_violation_that_has_ended_since_can_only_be_rejected(trading: Shop) -> None:
    opened = trading.act("risks", {"risk_class": "R1", "case": "C-1", "reason": "late"})
    risk_id = opened["risks"][0]["id"]
    reply = trading.act("corrections", {"risk_id": risk_id, "reason": "x"})
    trading.act(f"risks/{risk_id}/close", None)
    trading.at("2023-03-20 10:00")
    correction = f"corrections/{reply['corrections'][0]['id']}"
    assert trading.act(f"{correction}/approve", None, SECOND)["code"] == "not_on_the_deposit"
    assert trading.act(f"{correction}/reject", None, SECOND)["corrections"] == []


def settle_instructions(shop: Shop) -> None:
    """The sandbox's bank takes what it is told, and says when it is asked that it is done."""
    from chalicelib.banks.declared import INSTRUCTIONS

    shop.streams()
    shop.time.advance(minutes=16)
    INSTRUCTIONS.sweep(shop.time.at)
    shop.streams()


def test_the_record_stands_in_the_index_of_due_things_when_something_will_happen(trading: Shop) -> None:
    from chalicelib.deposits.rulebooks import rulebook_repository

    assert MACHINE.next_due(trading.kept, rulebook_repository.books(trading.time.at)) == trading.kept.due_at
