"""Cover is what was asked for, or the order is not made; and what a supplier has free is its own to know."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.banks.rules.partners import Policy as BankPolicy
from chalicelib.banks.service import inbox as banks_inbox
from chalicelib.deposits.rulebooks import rulebook_repository
from chalicelib.orders.examples import TERMS
from chalicelib.orders.rules.terms import CoverChoice
from chalicelib.shared import fx, journal, policies
from chalicelib.shared.commit import commit
from chalicelib.shared.iso_codes import DIGITS
from chalicelib.shared.journal import Event
from chalicelib.shared.money import Money
from chalicelib.shared.request import CLOCK, RequestContext
from chalicelib.suppliers import records as suppliers
from chalicelib.suppliers.service.changing import chain
from tests.trade import Trade
from tests.world import START, Reply, token

NOT_IN_IT: dict[str, dict[str, Any]] = {
    "applied": {"why": "supplier_not_qualified", "code": "evaluation", "owner": "clock", "at": "2026-03-09T16:30:00Z"},
    "suspended": {"why": "supplier_not_active", "code": "reinstatement", "owner": "officer", "at": None},
    "disqualified": {"why": "supplier_not_active", "code": "reapplication", "owner": "supplier", "at": None},
    "not_enrolled": {"why": "supplier_not_enrolled", "code": "enrolment", "owner": "supplier", "at": None},
}
PAYABLE = banks_inbox.policy(START).currencies


def stands(trade: Trade, status: str) -> None:
    """The supplier's status is another one from now on."""
    loaded = suppliers.load(trade.supplier_id)
    assert loaded is not None
    was = loaded[0]
    after = replace(was, version=was.version + 1, status=status)
    request = RequestContext(caller=CLOCK, now=trade.time.at, request_id="x", key=f"{status}-{after.version}")
    entry = journal.entry(
        request, Event("supplier.x", {}), aggregate_id=chain(was.id), seq=after.version, prev=was.entry_hash
    )
    commit(entry, suppliers.change(was, after, entry))


def ask(trade: Trade, **more: Any) -> Reply:
    terms = TERMS | {"cover": "total"} | more.pop("terms", {})
    return trade.api.post(
        "/v1/orders", {"buyer_id": trade.buyer_id, "supplier_id": trade.supplier_id, "terms": terms} | more, trade.buyer
    )


def quote(trade: Trade, by: str, **terms: Any) -> Reply:
    return trade.api.post("/v1/cover-quotes", {"supplier_id": trade.supplier_id, "terms": TERMS | terms}, by)


@pytest.mark.parametrize("status", NOT_IN_IT)
@pytest.mark.parametrize("cover", ["deposit", "total"])
def test_cover_that_the_supplier_does_not_take_is_refused_with_why_and_what_would_help(
    trade: Trade, status: str, cover: CoverChoice
) -> None:
    stands(trade, status)
    told = dict(NOT_IN_IT[status])
    why = told.pop("why")
    for refused in (ask(trade, terms={"cover": cover}), ask(trade, terms={"cover": cover}, propose=False)):
        assert (refused.status, refused["code"], refused["param"]) == (409, "not_covered", "terms.cover")
        assert (refused["why"], refused["awaits"]) == ([why], [told])
        assert "accept_uncovered" in refused["fix"]
    quoted = quote(trade, trade.buyer, cover=cover)
    assert (quoted["covered"], quoted["why"], quoted["awaits"]) == (False, [why], [told])
    assert trade.api.get("/v1/orders", trade.buyer)["items"] == []


def test_uncovered_is_accepted_where_the_request_says_so_and_never_otherwise(trade: Trade) -> None:
    stands(trade, "suspended")
    reply = ask(trade, accept_uncovered=True)
    assert (reply.status, reply["terms"]["cover"], reply["warning"]) == (201, "none", "supplier_not_active")
    assert ask(trade, terms={"cover": "none"}).status == 201
    again = {"terms": TERMS | {"cover": "total"}}
    assert trade.act(reply["id"], "amend", trade.buyer, again)["code"] == "not_covered"
    amended = trade.act(reply["id"], "amend", trade.buyer, again | {"accept_uncovered": True})
    assert (amended.status, amended["terms"]["cover"], amended["warning"]) == (200, "none", "supplier_not_active")
    stands(trade, "active")
    amended = trade.act(reply["id"], "amend", trade.buyer, again | {"accept_uncovered": True})
    assert (amended["terms"]["cover"], amended["warning"]) == ("total", None)


# what can be paid


@pytest.mark.parametrize("currency", PAYABLE)
def test_an_order_is_agreed_covered_and_paid_in_every_currency_of_a_partner_bank(trade: Trade, currency: str) -> None:
    order_id = trade.agree(**_in(currency))
    trade.pay(order_id, _minor(currency), currency=currency)
    order = trade.see(order_id)
    assert (order["status"], order["cover"]["state"], order["cover"]["active"]["currency"]) == (
        "funded",
        "active",
        currency,
    )
    assert order["cover"]["active"] == order["terms"]["total"]


@pytest.mark.parametrize("currency", ["KWD", "BHD", "VND", "BRL"])
def test_nothing_is_agreed_in_a_currency_in_which_nobody_can_be_paid(trade: Trade, currency: str) -> None:
    account = {"bank_id": "boc", "account": "6217000010001234567", "currency": currency}
    for refused, param in (
        (ask(trade, terms=_in(currency)), "terms.currency"),
        (ask(trade, terms=_in(currency) | {"cover": "none"}), "terms.currency"),
        (quote(trade, trade.buyer, **_in(currency)), "terms.currency"),
        (trade.api.post(f"/v1/suppliers/{trade.supplier_id}/bank-account", account, trade.supplier), "currency"),
    ):
        assert (refused.status, refused["code"], refused["param"]) == (422, "currency_not_payable", param)
        assert refused["currencies"] == PAYABLE


def test_a_suppliers_account_is_at_a_bank_that_pays_in_its_currency(trade: Trade) -> None:
    account = {"bank_id": "psbc", "account": "6217000010001234567", "currency": "EUR"}
    refused = trade.api.post(f"/v1/suppliers/{trade.supplier_id}/bank-account", account, trade.supplier)
    assert (refused["code"], refused["currencies"]) == ("currency_not_payable", ["CNY", "USD"])


# what is a supplier's own to know


def test_others_hear_that_it_is_enough_for_their_order_and_nothing_else(trade: Trade, officer: str) -> None:
    """100,000.00 USD are free."""
    stranger = token("member", "mem_0000000000000000000000000Z")
    small, large = {"cover": "total"}, _worth("150000.00")
    for who in (trade.buyer, stranger):
        enough, short = quote(trade, who, **small), quote(trade, who, **large)
        assert (enough["covered"], enough["maximum"], enough["shortfall"]) == (True, _usd("5000.00"), _usd("0.00"))
        assert (short["covered"], short["maximum"], short["shortfall"]) == (False, None, None)
        assert short["why"] == ["capacity_exceeded"]
        assert b"100000" not in enough.raw + short.raw
        assert b"50000" not in short.raw.replace(b"150000", b"")
    for who in (trade.supplier, officer):
        exact = quote(trade, who, **large)
        assert (exact["maximum"], exact["shortfall"]) == (_usd("100000.00"), _usd("50000.00"))


def test_who_accepts_hears_how_much_is_free_only_of_itself(trade: Trade) -> None:
    terms = TERMS | _worth("150000.00")
    parties = {"buyer_id": trade.buyer_id, "supplier_id": trade.supplier_id, "terms": terms}
    reply = trade.api.post("/v1/orders", parties, trade.supplier)
    refused = trade.act(reply["id"], "accept", trade.buyer, {"version": 1})
    assert (refused.status, refused["code"]) == (409, "capacity_exceeded")
    assert not {"maximum", "shortfall"} & set(refused.body)
    assert b"100000" not in refused.raw


# tables that must agree


def test_currencies_of_banks_rates_policies_and_digits_agree() -> None:
    """A partner bank's currency has digits and a rate; a rulebook's and the limit's can be paid; a rate is of a known currency."""
    paid: set[str] = set()
    for policy in policies.versions("banks"):
        for partner in policy.read_as(BankPolicy).partners:
            paid |= set(partner.accounts)
            for currency, accounts in partner.accounts.items():
                assert accounts, f"{partner.id} holds no account in {currency}"
                assert currency in DIGITS
                assert float(fx.quote(currency, policy.effective_on).rate) > 0
    for rates in policies.versions("fx"):
        for currency in rates.values["monthly"]:
            assert currency in DIGITS
            assert float(fx.quote(currency, date(2026, 3, 2)).rate) > 0
    assert {fx.LIMIT_CURRENCY, *(book.terms.currency for book in rulebook_repository.shipped())} <= paid


def _usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


def _minor(currency: str) -> int:
    return 2000 * int(10 ** DIGITS[currency])


def _in(currency: str) -> dict[str, Any]:
    """A thousand buttons in a currency, covered whole."""
    each, total = (
        {"amount": Money.of(minor, currency).amount, "currency": currency}
        for minor in (_minor(currency) // 1000, _minor(currency))
    )
    return {
        "currency": currency,
        "items": [{"name": "Buttons", "quantity": 1000, "unit_price": each}],
        "instalments": [{"name": "all", "money": total}],
        "cover": "total",
    }


def _worth(amount: str) -> dict[str, Any]:
    return {
        "items": [{"name": "Crane", "quantity": 1, "unit_price": _usd(amount)}],
        "instalments": [{"name": "all", "money": _usd(amount)}],
        "cover": "total",
    }
