"""A supplier's money: what may be drawn, bank accounts, payouts; through the API, on the books as far as they have come."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.members.rules import id_of
from chalicelib.shared import journal
from chalicelib.shared.commit import commit
from chalicelib.shared.journal import JournalRow
from chalicelib.shared.request import CLOCK, RequestContext
from chalicelib.suppliers import records
from chalicelib.suppliers.rules import balance
from chalicelib.suppliers.rules.balance import Balance, BalanceShort
from chalicelib.suppliers.rules.coverage import CoverChange
from chalicelib.suppliers.service import money as suppliers_money
from chalicelib.suppliers.service import programme
from tests.ledger.books import Chains, project_all
from tests.suppliers.test_coverage import entry
from tests.suppliers.test_programme import RISK, SELLER, enrol, member, penalize, seller, trading, usd
from tests.world import Api, Reply, StandingClock, token

__all__ = ["member", "trading"]

ACCOUNT = {"bank_id": "boc", "account": "6217000010001234567", "currency": "USD"}
BUYER = token("member", id_of("buyer-1"))


def register(api: Api, **other: str) -> Reply:
    return api.post(f"/v1/suppliers/{SELLER}/bank-account", ACCOUNT | other, seller())


def pay_out(api: Api, amount: str, *, currency: str = "USD", key: str | None = None) -> Reply:
    money = {"amount": amount, "currency": currency}
    return api.post(f"/v1/suppliers/{SELLER}/payouts", {"money": money}, seller(), key=key)


def see(api: Api, by: str | None = None) -> Reply:
    return api.get(f"/v1/suppliers/{SELLER}/balance", by or seller())


def release(minor: int, *, order: str = "ord_1", currency: str = "USD", booked: bool = True) -> None:
    """Money of an order released to the seller, as its completion does it."""
    postings = journal.transfer(minor, currency, debit_to=("held", order), credit_to=("supplier_balance", SELLER))
    Chains().write(order, "order.completed", *postings)
    if booked:
        project_all()


# the rule


def test_the_balance_is_what_was_released_less_what_was_drawn() -> None:
    assert balance.balance_of("USD", 500, {"USD": 120, "CNY": 7}, 2) == Balance(380, 120, 2, {"CNY": 7})


def test_books_that_lag_make_the_balance_smaller_and_never_negative() -> None:
    assert balance.balance_of("USD", 100, {"USD": 120}, 1).minor == 0


def test_exactly_the_balance_can_be_drawn_and_not_a_cent_more() -> None:
    seen = Balance(100, 20, 1, {"CNY": 7})
    assert balance.draw("USD", 100, seen).drawn == {"USD": 120, "CNY": 7}
    with pytest.raises(BalanceShort) as raised:
        balance.draw("USD", 101, seen)
    assert raised.value.numbers == {"shortfall": usd("0.01"), "maximum": usd("1.00")}


@given(st.lists(st.tuples(st.sampled_from(["USD", "CNY"]), st.integers(1, 50)), max_size=8))
def test_draws_in_all_currencies_add_up_and_never_pass_what_was_released(draws: list[tuple[str, int]]) -> None:
    drawn: dict[str, int] = {}
    for number, (currency, minor) in enumerate(draws):
        seen = balance.balance_of(currency, 100, drawn, number)
        if minor <= seen.minor:
            drawn = balance.draw(currency, minor, seen).drawn
    assert all(minor <= 100 for minor in drawn.values())


# accounts


def test_a_bank_account_is_registered_masked_and_replaced_by_currency(api: Api, trading: str) -> None:
    enrol(api)
    reply = register(api)
    assert (reply.status, reply["version"], reply["status"]) == (200, 2, "active")
    assert reply["limit"] == usd("2900.00")
    assert [(known["account"], known["currency"]) for known in reply["accounts"]] == [("***************4567", "USD")]
    assert b"6217000010001234567" not in reply.raw
    changed = register(api, account="CN4400001111")
    assert [known["account"] for known in changed["accounts"]] == ["********1111"]
    both = register(api, currency="CNY")
    assert [known["currency"] for known in both["accounts"]] == ["USD", "CNY"]
    bank_account = suppliers_money.account(SELLER, "USD")
    assert bank_account is not None
    assert (bank_account.bank_id, bank_account.account) == ("boc", "CN4400001111")
    assert suppliers_money.account(SELLER, "EUR") is None
    assert suppliers_money.account("mem_X", "USD") is None


def test_the_same_account_sent_twice_with_one_key_is_one_registration(api: Api, trading: str) -> None:
    enrol(api)
    first, again = (api.post(f"/v1/suppliers/{SELLER}/bank-account", ACCOUNT, seller(), key="k") for _ in range(2))
    assert first.raw == again.raw
    assert again.headers["Idempotent-Replayed"] == "true"


def test_who_never_joined_may_have_an_account_and_join_later_but_takes_no_points(api: Api, trading: str) -> None:
    reply = register(api)
    assert (reply.status, reply["status"], reply["version"], reply["decision"]) == (200, "not_enrolled", 1, None)
    refused = api.post(f"/v1/suppliers/{SELLER}/penalties", {"reason": "failed_delivery"}, RISK)
    assert (refused.status, refused["code"]) == (409, "never_joined")
    joined = enrol(api)
    assert (joined["status"], joined["version"], len(joined["accounts"])) == ("active", 2, 1)


@pytest.mark.parametrize(
    ("other", "status", "code"),
    [
        ({"bank_id": "nobody"}, 422, "not_a_partner_bank"),
        ({"currency": "XXX"}, 422, "unknown_currency"),
        ({"account": "1234"}, 400, "bad_field"),
        ({"account": "6217 0000 1000"}, 400, "bad_field"),
        ({"account": "é" * 12}, 400, "bad_field"),
        ({"owner": "me"}, 400, "bad_field"),
    ],
)
def test_an_account_that_will_not_do_is_refused_by_name(
    api: Api, trading: str, other: dict[str, str], status: int, code: str
) -> None:
    refused = register(api, **other)
    assert (refused.status, refused["code"]) == (status, code)


# payouts


def test_a_payout_moves_the_money_and_tells_the_bank_in_one_entry(api: Api, trading: str) -> None:
    enrol(api)
    register(api)
    release(100_000)
    reply = pay_out(api, "400.00")
    assert (reply.status, reply["status"], reply["money"], reply["version"]) == (201, "requested", usd("400.00"), 1)
    assert reply["to"]["account"] == "***************4567"
    (entry,) = [row.entry() for row in JournalRow.scan() if row.aggregate_id == reply["id"]]
    assert [(leg.account, leg.owner_id, leg.debit_minor, leg.credit_minor) for leg in entry.event.postings] == [
        ("supplier_balance", SELLER, 40_000, 0),
        ("payouts_payable", SELLER, 0, 40_000),
    ]
    (payment_order,) = entry.event.payment_orders
    assert (
        payment_order.kind,
        payment_order.bank_id,
        payment_order.aggregate_id,
        payment_order.party,
        payment_order.account,
        payment_order.amount_minor,
        payment_order.currency,
    ) == (
        "payout",
        "boc",
        SELLER,
        SELLER,
        "6217000010001234567",
        40_000,
        "USD",
    )
    assert "6217000010001234567" not in str(entry.event.payload)
    assert b"6217000010001234567" not in entry.response


def test_all_of_the_balance_can_be_paid_out_once(api: Api, trading: str) -> None:
    enrol(api)
    register(api)
    release(100_000)
    first, again = (pay_out(api, "1000.00", key="all") for _ in range(2))
    assert (first.status, first.raw) == (201, again.raw)
    refused = pay_out(api, "0.01")
    assert (refused.status, refused["code"], refused["maximum"]) == (409, "balance_short", usd("0.00"))
    project_all()
    assert see(api)["balances"] == [
        {
            "currency": "USD",
            "released": usd("1000.00"),
            "drawn": usd("1000.00"),
            "available": usd("0.00"),
            "free": usd("0.00"),
        }
    ]


def test_what_the_books_have_not_seen_yet_waits(api: Api, trading: str) -> None:
    enrol(api)
    register(api)
    release(100_000, booked=False)
    assert pay_out(api, "1.00")["code"] == "balance_short"
    project_all()
    assert pay_out(api, "1.00").status == 201


def test_two_payouts_decided_on_one_balance_are_decided_again(
    api: Api, trading: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody draws between the reading and the writing: the guard finds it, and the second decision sees what is left."""
    enrol(api)
    register(api)
    release(100_000)
    real = records.change_cover
    calls: list[Any] = []

    def after_another(member_id: str, change: CoverChange, draw: Any = None) -> Any:
        if not calls:
            calls.append(draw)
            other = balance.draw("USD", 70_000, suppliers_money.balance(member_id, "USD"))
            commit(entry(), real(member_id, change, other))
        return real(member_id, change, draw)

    monkeypatch.setattr(records, "change_cover", after_another)
    refused = pay_out(api, "400.00")
    assert (refused.status, refused["code"], refused["maximum"]) == (409, "balance_short", usd("300.00"))
    assert pay_out(api, "300.00").status == 201
    assert records.drawn(SELLER) == (2, {"USD": 100_000})


def test_currencies_are_drawn_apart(api: Api, trading: str) -> None:
    enrol(api)
    register(api)
    register(api, currency="CNY")
    release(100_000)
    release(70_000, order="ord_2", currency="CNY")
    assert pay_out(api, "700.00", currency="CNY").status == 201
    assert pay_out(api, "0.01", currency="CNY")["code"] == "balance_short"
    assert pay_out(api, "1000.00").status == 201
    assert [(line["currency"], line["available"]["amount"]) for line in see(api)["balances"]] == [
        ("CNY", "0.00"),
        ("USD", "0.00"),
    ]
    assert see(api)["version"] == 2


def test_without_an_account_for_the_currency_nothing_is_paid_out(api: Api, trading: str) -> None:
    assert pay_out(api, "1.00")["code"] == "no_bank_account"
    enrol(api)
    release(100_000)
    assert pay_out(api, "1.00")["code"] == "no_bank_account"
    register(api, currency="CNY")
    assert pay_out(api, "1.00")["code"] == "no_bank_account"


@pytest.mark.parametrize("amount", ["0.00", "-1.00", "1", "1.000", "1e3", "x"])
def test_an_amount_that_is_none_is_malformed(api: Api, trading: str, amount: str) -> None:
    assert pay_out(api, amount).status == 400


def test_suspension_and_points_do_not_touch_what_is_the_suppliers_own(api: Api, trading: str) -> None:
    enrol(api)
    register(api)
    release(100_000)
    penalize(api, 48)
    assert pay_out(api, "1000.00").status == 201


def test_nothing_is_paid_out_while_a_debt_is_overdue(api: Api, trading: str, time: StandingClock) -> None:
    enrol(api)
    register(api)
    release(100_000)
    clock = RequestContext(caller=CLOCK, now=time.at, request_id="r", key="k")
    assert programme.suspend_for(SELLER, "An advance is overdue.", "rcv_1", clock)
    refused = pay_out(api, "1.00")
    assert (refused.status, refused["code"], refused["overdue"]) == (409, "payout_held", ["rcv_1"])
    assert see(api)["status"] == "held"
    assert programme.reinstate_for(SELLER, "Paid.", "rcv_1", clock)
    assert pay_out(api, "1.00").status == 201


def test_the_balance_is_for_the_supplier_and_officers(api: Api, trading: str) -> None:
    assert see(api)["balances"] == []
    assert see(api)["allowed_actions"] == ["bank-account"]
    enrol(api)
    register(api)
    release(100_000)
    reply = see(api, RISK)
    assert reply["balances"][0]["available"] == usd("1000.00")
    assert see(api)["allowed_actions"] == ["bank-account", "payouts"]
    assert see(api, BUYER).status == 404
    assert api.post(f"/v1/suppliers/{SELLER}/bank-account", ACCOUNT, BUYER).status == 404
    assert api.post(f"/v1/suppliers/{SELLER}/payouts", {"money": usd("1.00")}, BUYER).status == 404
    assert api.post(f"/v1/suppliers/{SELLER}/payouts", {"money": usd("1.00")}, RISK).status == 403
