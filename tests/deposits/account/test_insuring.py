"""Insurance pays before money: what of it, which policy, what its insurer then owes, and what it does not cover any more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some
from msgspec.structs import replace

from chalicelib.deposits.rules import deducting, insuring, payments, requirement_changes
from chalicelib.deposits.rules.account import MOST_MATTERS, TooManyMatters
from chalicelib.deposits.rules.amounts import Payee
from chalicelib.deposits.rules.decision import decide
from chalicelib.deposits.rules.deposit import Deposit, Insurance
from chalicelib.deposits.rules.explanation import explain
from chalicelib.deposits.rules.requirement import requirement
from chalicelib.shared.journal import imbalance
from chalicelib.shared.money import Money
from tests.deposits.account.shop import G4, OFFICER, Shop, books, yuan
from tests.deposits.rules.sellers import BOOKS, EX_2023, seller, shanghai, varied
from tests.world import Reply, token

NOW = shanghai("2023-03-02 10:00")
PAYEE = Payee(member_id="mem_b", bank_id="boc", account="6217000010001234567")
TERMS = EX_2023.terms
TOTAL = varied(insurance_scope="total").terms


def policy(minor: int, *, name: str = "sub_a", starts: int = -9, days: int = 9, used: int = 0) -> Insurance:
    """A policy that is valid from so many days before NOW until so many after it."""
    return Insurance(
        id=name,
        minor=minor,
        from_=NOW + timedelta(days=starts),
        until=NOW + timedelta(days=days),
        insurer=f"insurer of {name}",
        used_minor=used,
    )


def insured(*policies: Insurance, base: int = 500, cash: int = 0) -> Deposit:
    return seller(base=base, cash=cash, insurances=policies)


def deducted(was: Deposit, minor: int) -> Any:
    return deducting.deducted(was, minor, "CLM-1", "not as described", PAYEE, BOOKS, NOW)


# --- rules ------------------------------------------------------------------------------------------------------------


def test_insurance_pays_first_and_money_the_rest() -> None:
    step = deducted(insured(policy(10_000), base=300, cash=200), 15_000)

    assert [(leg.account, leg.owner_id, leg.debit_minor - leg.credit_minor) for leg in step.event.postings] == [
        ("insurers_receivable", "sub_a", 10_000),
        ("deposits_held", "mem_1", -10_000),
        ("deposits_held", "mem_1", 15_000),
        ("payouts_payable", "mem_b", -15_000),
    ]
    assert (step.state.available_minor, step.event.payload["insured_minor"]) == (15_000, 10_000)
    assert (step.state.insurances[0].remaining_minor, step.state.account.receivables[0].owed_minor) == (0, 10_000)


def test_what_a_policy_has_paid_it_covers_no_more_and_the_shop_has_72_hours() -> None:
    was = insured(policy(10_000), base=300, cash=200)
    after = deducted(was, 15_000).state

    assert requirement(was, EX_2023, NOW).arrears_minor == 0
    assert requirement(after, EX_2023, NOW).arrears_minor == 15_000
    assert after.due_at == NOW + timedelta(hours=72)


def test_the_policy_that_expires_first_pays_first() -> None:
    late, soon = policy(20_000, name="sub_late", days=30), policy(20_000, name="sub_soon", days=3, used=5_000)
    parts, after = insuring.drawn(insured(late, soon), 18_000, TERMS, NOW)

    assert parts == (("sub_soon", 15_000), ("sub_late", 3_000))
    assert [each.used_minor for each in after.insurances] == [3_000, 20_000], "in the order they were registered"


@pytest.mark.parametrize("unfit", [{"starts": 1}, {"days": 0}, {"used": 10_000}])
def test_a_policy_that_is_not_valid_or_used_up_pays_nothing(unfit: Any) -> None:
    was = insured(policy(10_000, **unfit))

    assert insuring.drawn(was, 15_000, TERMS, NOW) == ((), was)


@pytest.mark.parametrize(("terms", "paid"), [(TERMS, 50_000), (TOTAL, 80_000)])
def test_insurance_for_the_base_alone_pays_no_more_than_the_base(terms: Any, paid: int) -> None:
    parts, _ = insuring.drawn(insured(policy(90_000)), 80_000, terms, NOW)

    assert parts == (("sub_a", paid),)


def test_a_debit_that_the_bank_takes_back_is_no_matter_of_the_insurer() -> None:
    was = insured(policy(10_000), cash=200)
    after = payments.charged_back(was, payments.by_debit(was.id, "ins_1", 2, 15_000), BOOKS, NOW).state

    assert (after.insurances, after.available_minor) == (was.insurances, 5_000)


def test_an_insurer_owes_what_its_policy_paid_when_that_is_over_too() -> None:
    after = deducted(insured(policy(10_000)), 10_000).state
    lapsed = replace(after, insurances=())
    step = insuring.received(lapsed, "sub_a", "boc", "R-1", 4_000, BOOKS, NOW)

    assert step.state.account.receivables[0].owed_minor == 6_000
    assert step.state.available_minor == lapsed.available_minor, "what the insurer pays is the platform's"
    assert [(leg.account, leg.owner_id) for leg in step.event.postings] == [
        ("bank_clearing", "boc"),
        ("insurers_receivable", "sub_a"),
    ]


def test_no_more_insurers_owe_than_a_deposit_holds() -> None:
    """A policy that is over and was not paid keeps its place: else the deposit grew with each that is registered, used and lapses."""
    deposit = seller(base=500)
    for number in range(MOST_MATTERS):
        registered = requirement_changes.insurance_on(deposit, policy(100, name=f"sub_{number}"), BOOKS, NOW).state
        deposit = replace(deducted(registered, 100).state, insurances=())
    assert len(deposit.account.receivables) == MOST_MATTERS
    with pytest.raises(TooManyMatters):
        requirement_changes.insurance_on(deposit, policy(100, name="sub_new"), BOOKS, NOW)
    same = requirement_changes.insurance_on(deposit, policy(100, name="sub_3"), BOOKS, NOW).state
    assert len(deducted(same, 100).state.account.receivables) == MOST_MATTERS
    paid = insuring.received(deposit, "sub_3", "boc", "R-1", 100, BOOKS, NOW).state
    after = deducted(requirement_changes.insurance_on(paid, policy(100, name="sub_new"), BOOKS, NOW).state, 100).state
    assert len(after.account.receivables) == MOST_MATTERS
    assert "sub_3" not in {each.id for each in after.account.receivables}


def test_the_cut_off_finds_what_was_left_of_the_cover_and_says_so() -> None:
    was = seller(base=500, cash=450, insurances=(policy(50_000, used=46_000),))
    decision = decide(was, EX_2023, "2023-03")

    assert (decision.cover_minor, decision.in_debt) == (4_000, True), "the policy has paid 460, so 10 are missing"
    assert explain(decision, EX_2023).insurance == Money.of(4_000, "CNY")


def test_a_policy_registered_before_insurance_paid_reads_as_unused() -> None:
    told = b'{"id":"sub_a","minor":10000,"from":"2023-01-01T00:00:00Z","until":"2024-01-01T00:00:00Z"}'

    assert msgspec.json.decode(told, type=Insurance).remaining_minor == 10_000


amounts = some.integers(0, 40_000)
policies = some.lists(
    some.builds(policy, amounts.map(lambda minor: minor + 1), starts=some.integers(-3, 1), days=some.integers(0, 9)),
    max_size=4,
).map(lambda made: tuple(replace(each, id=f"sub_{number}") for number, each in enumerate(made)))


@given(
    policies,
    amounts,
    some.lists(some.integers(1, 50_000), min_size=1, max_size=4),
    some.sampled_from(["base", "total"]),
)
def test_the_parts_are_the_deduction_and_no_policy_pays_more_than_it_covers(
    taken_out: tuple[Insurance, ...], cash: int, deductions: list[int], scope: str
) -> None:
    book = varied(insurance_scope=scope)
    deposit = replace(insured(*taken_out), available_minor=cash)
    for minor in deductions:
        was = deposit
        most, cover = insuring.most_minor(was, book.terms, NOW), sum(each.remaining_minor for each in was.insurances)
        taken, fields = deducting.insured_first(was, minor, "CLM-1", book, NOW)
        deposit = replace(was, **fields)

        assert taken.insured_minor + taken.available_minor + taken.frozen_minor + taken.advance_minor == minor
        assert taken.insured_minor == min(minor, most) <= cover
        assert taken.available_minor == 0 or taken.insured_minor == most, "no money is taken while insurance pays"
        assert sum(each.remaining_minor for each in deposit.insurances) == cover - taken.insured_minor
        assert all(0 <= each.used_minor <= each.minor for each in deposit.insurances)
        assert not imbalance(deducting.out_of("mem_1", taken, ("payouts_payable", "mem_b"), "CNY"))
    claimed = sum(each.claimed_minor for each in deposit.account.receivables)
    assert claimed == sum(each.used_minor for each in deposit.insurances)


# --- through the API --------------------------------------------------------------------------------------------------


@pytest.fixture
def trading(shop: Shop) -> Shop:
    """A shop that owes a base of 500, of which 300 are insured and 200 paid."""
    shop.at("2023-02-09 20:00").sells(4, G4, 4_000, "2023-02-09", status="completed")
    shop.at("2023-02-10 00:05").day_runs("2023-02-09")
    shop.at("2023-02-10 10:00")
    insure(shop, "300.00")
    shop.pays("200.00")
    return shop


def insure(shop: Shop, amount: str) -> Reply:
    body = {
        "insurer": "Ping An",
        "reference": "PA-88",
        "money": yuan(amount),
        "valid_from": "2023-02-10T00:00:00+08:00",
        "valid_until": "2023-02-20T00:00:00+08:00",
    }
    reply = shop.act("substitutes", body)
    assert reply.status == 200, reply.body
    return reply


def deduct(shop: Shop, amount: str) -> Reply:
    body = {"money": yuan(amount), "cause": "CLM-1", "reason": "not as described", "payee_id": shop.seller_id}
    reply = shop.act("deductions", body | {"bank_id": "boc", "account": "6217000010001234567"})
    assert reply.status == 200, reply.body
    return reply


def pays_in(shop: Shop, amount: str, ref: str = "PA-1", by: str = OFFICER, **more: Any) -> Reply:
    policy_id = shop.see()["receivables"][0]["id"]
    body = {"money": yuan(amount), "bank_id": "boc", "bank_ref": ref}
    return shop.act(f"substitutes/{policy_id}/receipts", body, by, **more)


def test_a_deduction_is_told_by_source_and_lowers_the_cover_at_once(trading: Shop) -> None:
    assert trading.see()["status"] == "clear"
    reply = deduct(trading, "350.00")
    assert (reply["balance"]["held"], reply["requirement"]["insurances"]) == (yuan("150.00"), yuan("0.00"))
    assert (reply["insurances"][0]["used"], reply["insurances"][0]["remaining"]) == (yuan("300.00"), yuan("0.00"))
    assert (reply["requirement"]["arrears"], reply["due_at"]) == (yuan("350.00"), "2023-02-13T02:00:00Z")
    assert books() == {
        "bank_clearing:CNY": 20_000,
        "insurers_receivable:CNY": 30_000,
        "deposits_held:CNY": -15_000,
        "payouts_payable:CNY": -35_000,
    }
    trading.streams()
    line = trading.see("/statements?limit=100")["items"][-1]
    assert line["text"].startswith("350.00 CNY was deducted for CLM-1, of which insurance pays 300.00 CNY: ")


def test_the_insurer_pays_in_parts_and_never_more_than_it_owes(trading: Shop) -> None:
    deduct(trading, "350.00")
    first, again = (pays_in(trading, "100.00", key="insurer-1") for _ in range(2))
    assert (first.status, first.raw) == (200, again.raw), first.body
    told = first["receivables"][0]
    assert (told["claimed"], told["received"], told["owed"]) == (yuan("300.00"), yuan("100.00"), yuan("200.00"))
    twice = pays_in(trading, "100.00")
    assert (twice.status, twice["code"]) == (409, "bank_reference_used")
    above = pays_in(trading, "200.01", "PA-2")
    assert (above.status, above["code"], above["maximum"]) == (422, "more_than_insurer_owes", yuan("200.00"))
    assert pays_in(trading, "200.00", "PA-2").status == 200
    assert "insurers_receivable:CNY" not in books()
    assert trading.see()["balance"]["held"] == yuan("150.00")
    trading.streams()
    told = trading.see("/statements?limit=100")["items"]
    assert [line["text"] for line in told if line["kind"] == "deposit.insurer_paid"] == [
        "Ping An paid 100.00 CNY for what its insurance has paid, boc:PA-1. It owes 200.00 CNY more. 350.00 CNY is missing.",
        "Ping An paid 200.00 CNY for what its insurance has paid, boc:PA-2. It owes nothing more. 350.00 CNY is missing.",
    ]


def test_an_insurer_pays_in_the_deposits_currency(trading: Shop) -> None:
    deduct(trading, "100.00")
    policy_id, dollars = trading.see()["receivables"][0]["id"], {"amount": "10.00", "currency": "USD"}
    reply = trading.act(f"substitutes/{policy_id}/receipts", {"money": dollars, "bank_id": "boc", "bank_ref": "PA-1"})
    assert (reply.status, reply["code"], reply["param"]) == (422, "not_the_deposits_currency", "money.currency")


def test_a_policy_that_is_over_leaves_what_its_insurer_owes(trading: Shop) -> None:
    deduct(trading, "100.00")
    reply = trading.at("2023-02-21 10:00").see()
    assert (reply["insurances"], reply["receivables"][0]["owed"]) == ([], yuan("100.00"))
    assert "receipts" in trading.see(by=OFFICER)["allowed_actions"]
    assert pays_in(trading, "100.00").status == 200
    assert "receipts" not in trading.see(by=OFFICER)["allowed_actions"]


def test_one_transfer_is_not_the_sellers_and_the_insurers(trading: Shop) -> None:
    deduct(trading, "100.00")
    trading.pays("50.00", "D-9")
    assert pays_in(trading, "50.00", "D-9")["code"] == "bank_reference_used"
    assert pays_in(trading, "60.00", "PA-1").status == 200
    event_id = trading.pays("60.00", "PA-1")
    reply = trading.api.get(f"/v1/bank-events/{event_id}", OFFICER)
    assert (reply["status"], reply["reason"]) == ("suspense", "reference_reused")
    assert "reverse" in reply["allowed_actions"]


def test_what_an_insurer_paid_is_recorded_by_officers_with_the_duty(trading: Shop) -> None:
    deduct(trading, "100.00")
    assert pays_in(trading, "10.00", by=trading.seller).status == 403
    assert pays_in(trading, "10.00", by=token("officer", "officer-3", "claims")).status == 403
    body = {"money": yuan("10.00"), "bank_id": "boc", "bank_ref": "PA-1"}
    assert trading.act("substitutes/sub_nothing/receipts", body)["code"] == "not_on_the_deposit"
    unknown = trading.act("substitutes/sub_nothing/receipts", body | {"bank_id": "no-bank"})
    assert (unknown.status, unknown["param"]) == (422, "bank_id")
