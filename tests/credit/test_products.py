"""What banks offer: read from the policy, public, as of a day, and found again by the version that was pinned."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import get_args

import pytest

from chalicelib.banks.rules.partners import Policy as Banks
from chalicelib.credit.rules import products
from chalicelib.credit.rules.products import NoSuchProduct, Part, Product
from chalicelib.shared import policies
from tests.world import Api

PRODUCTS = "/v1/credit-products"
TODAY = date(2026, 3, 2)
OFFERED = products.offered(TODAY).products
BANKS = policies.in_force("banks", TODAY).read_as(Banks)


def test_what_banks_offer_is_public_and_alike_whoever_reads_it(api: Api) -> None:
    first, again = api.get(PRODUCTS), api.get(PRODUCTS)

    assert first.raw == again.raw
    assert first["on"] == "2026-03-02"
    assert first["hash"] == policies.in_force("credit-products", TODAY).hash
    term = next(each for each in first["products"] if each["id"] == "ccb-term")
    assert (term["bank_id"], term["kind"], term["currency"]) == ("ccb", "term", "CNY")
    assert term["most"] == {"amount": "10000000.00", "currency": "CNY"}
    assert term["limit"]["per_usd"] == "1"


def test_all_seven_partners_offer_something_and_nobody_else_does() -> None:
    assert {product.bank_id for product in OFFERED} == {partner.id for partner in BANKS.partners}


def test_no_two_products_have_one_name() -> None:
    assert len({product.id for product in OFFERED}) == len(OFFERED)


@pytest.mark.parametrize("product", OFFERED, ids=lambda product: product.id)
def test_the_terms_of_a_product_fit_together(product: Product) -> None:
    partner = BANKS.partner(product.bank_id)
    assert partner is not None
    assert partner.accounts.get(product.currency), "its bank pays in its currency"
    assert 0 < product.least_minor <= product.most_minor
    assert sorted(product.allocation) == sorted(get_args(Part)), "a payment goes to each part once"
    assert product.term_months, product.methods
    assert Fraction(product.limit.per_usd) > 0
    assert max(Fraction(product.limit.elsewhere), Fraction(product.limit.related)) <= 1
    assert (product.kind == "receivable") == (product.advance_bp > 0)
    assert (product.kind in ("card", "revolving")) == (product.statement_day > 0 and product.grace_days > 0)


def test_a_product_says_otherwise_than_its_kind_and_all() -> None:
    assert products.find("psbc-term", TODAY).day_count == "30/360"
    assert products.find("ccb-term", TODAY).day_count == "ACT/360"


def test_a_pinned_product_is_found_again() -> None:
    product = products.find("boc-receivable", TODAY)
    assert products.pinned(product.id, product.policy) == product


def test_a_product_that_nobody_offers_is_not_found() -> None:
    with pytest.raises(NoSuchProduct):
        products.find("ccb-gold", TODAY)


@pytest.mark.parametrize("query", ["on=yesterday", "on=1999-12-31", "bank=ccb"])
def test_a_day_that_is_none_is_refused(api: Api, query: str) -> None:
    assert api.get(f"{PRODUCTS}?{query}").status in (400, 422)
