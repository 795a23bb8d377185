"""A currency in which nobody can be paid, or which is not that of the thing, is refused at every place of a request that holds one.

The places come from the forms of the endpoints themselves. Orders and quotes, whose currency is one for all places of theirs, are in
`tests/orders/test_cover_asked_for.py`, rulebooks and deductions in `tests/deposits/test_rulebooks.py`, what a claim allows only later in
`tests/claims/test_endpoints_in_every_state.py`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any, Final

import pytest
from msgspec import inspect as forms

from chalicelib.banks.service import inbox
from chalicelib.channels.examples import TERMS as CHANNEL_TERMS
from chalicelib.shared import clock
from chalicelib.shared.http.endpoints import Endpoint
from chalicelib.shared.money import Money
from tests.api.api_requests import ApiRequest, ApiUnderTest, endpoints, example_body, must_be_documented, name
from tests.api.seeds import Seeds
from tests.api.test_extremes import Place, _parties, _token, with_value
from tests.world import Reply

NOBODYS: Final = "BRL"
"""A currency of which we hold no account."""
FACTS: Final = {
    "POST /v1/trades",
    "POST /v1/suppliers/{member_id}/limit-simulations",
    "POST /v1/firms/{member_id}/change",
    "POST /v1/exports",
    "POST /v1/credit-limit-simulations",
}
"""What was traded or exported elsewhere, in whatever currency that was, what if, and a firm's capital: nobody is paid."""
OTHERS: Final = {"POST /v1/sandbox/banks/{bank_id}/behaviour"}
"""What a partner bank says that it moved: what is not the instruction's is contradicted, and told."""
CODES: Final = {
    "currency_not_payable",
    "not_the_deposits_currency",
    "not_the_recoverys_currency",
    "not_the_groups_currency",
    "other_currency",
    "simulation_other_currency",
    "amount_outside_product",
    "debts_not_in_yuan",
    "payment_in_another_currency",
    "bad_terms",
}
ASKED_FIRST: Final = {
    "POST /v1/quotes": (404, "not_found"),
    "POST /v1/payments/{payment_id}/refund": (409, "payment_not_in_this_status"),
    "POST /v1/listings": (404, "not_found"),
    "POST /v1/listings/{listing_id}/edit": (400, "malformed"),
    "POST /v1/credit-lines/{line_id}/draws": (404, "not_found"),
    "POST /v1/firms": (409, "firm_exists"),
    "POST /v1/loans/{loan_id}/rescues": (404, "not_found"),
    "POST /v1/exports/{declaration_id}/correct": (422, "unfit_declaration"),
    "POST /v1/deposits/{seller_id}/deductions": (422, "unknown_payee"),
    "POST /v1/deposits/{seller_id}/holds": (422, "more_than_available"),
    "POST /v1/deposits/{seller_id}/releases": (409, "nothing_to_release"),
    "POST /v1/deposits/{seller_id}/substitutes/{insurance_id}/receipts": (404, "not_on_the_deposit"),
    "POST /v1/orders/{order_id}/accept-short-payment": (409, "not_in_this_state"),
    "POST /v1/orders/{order_id}/early-payout": (409, "not_in_this_state"),
    "POST /v1/suppliers/{member_id}/payouts": (409, "no_bank_account"),
    "POST /v1/claims/{claim_id}/edit": (409, "claim_not_in_this_state"),
    "POST /v1/claims/{claim_id}/appeal": (409, "claim_not_in_this_state"),
    "POST /v1/claims/{claim_id}/inspection": (409, "claim_not_in_this_state"),
    "POST /v1/claims/{claim_id}/determine": (409, "claim_not_in_this_state"),
    "POST /v1/claims/{claim_id}/decide-appeal": (409, "claim_not_in_this_state"),
    "POST /v1/orders/{order_id}/claims": (409, "not_covered"),
}
"""What is asked before the currency is looked at, in the small world: whatever is sent, it is refused."""
CHANGED: Final[dict[str, dict[str, Any]]] = {"POST /v1/recoveries/{recovery_id}/receipts": {"bank_ref": "NEW-1"}}
MISSING: Final[dict[str, dict[str, Any]]] = {
    "POST /v1/channels": {"terms": CHANNEL_TERMS},
    "POST /v1/orders/{order_id}/accept-short-payment": {"shortfall": {"amount": "1.00", "currency": "USD"}},
    "POST /v1/claims/{claim_id}/appeal": {"concedes": {"amount": "1.00", "currency": "USD"}},
    "POST /v1/suppliers/{member_id}/limit-simulations": {"gmv": {"amount": "1.00", "currency": "USD"}},
    "POST /v1/exports/{declaration_id}/correct": {
        "returns": [{"on": "2026-03-01", "money": {"amount": "1.00", "currency": "USD"}}]
    },
    "POST /v1/credit-limit-simulations": {
        "member_id": "",
        "returns": [{"money": {"amount": "1.00", "currency": "USD"}}],
    },
    "POST /v1/sandbox/banks/{bank_id}/behaviour": {"next": [{"moves": {"amount": "1.00", "currency": "USD"}}]},
}
"""Fields with a currency that the examples leave out."""


def currencies_of(form: forms.Type, above: Place = ()) -> Iterator[Place]:
    """Where a form holds a currency: in an amount, or by itself."""
    match form:
        case forms.Metadata(type=inner):
            yield from currencies_of(inner, above)
        case forms.UnionType(types=choices):
            for choice in choices:
                yield from currencies_of(choice, above)
        case forms.ListType(item_type=inner) | forms.VarTupleType(item_type=inner):
            yield from currencies_of(inner, (*above, "[]"))
        case forms.StructType(cls=cls) if issubclass(cls, Money):
            yield (*above, "currency")
        case forms.StructType(fields=fields):
            for field in fields:
                yield from currencies_of(field.type, (*above, field.encode_name))
        case forms.StrType() if above and above[-1] == "currency":
            yield above
        case _:
            pass


PLACES: Final = [
    (endpoint, place)
    for endpoint in endpoints()
    if endpoint.request is not None
    for place in dict.fromkeys(currencies_of(forms.type_info(endpoint.request)))
]


def send(under_test: ApiUnderTest, seeds: Seeds, endpoint: Endpoint, place: Place) -> Reply:
    body = _parties(
        (example_body(endpoint) or {}) | deepcopy(CHANGED.get(name(endpoint), {}) | MISSING.get(name(endpoint), {})),
        seeds,
    )
    assert with_value(body, place, NOBODYS), f"the example of {name(endpoint)} has no {'.'.join(place)}: see MISSING"
    reply = under_test.send(
        ApiRequest(endpoint, by=_token(endpoint, seeds), ids=seeds.ids, body=json.dumps(body).encode())
    )
    must_be_documented(endpoint, reply)
    return reply


@pytest.mark.parametrize(
    ("endpoint", "place"), PLACES, ids=[f"{name(endpoint)} {'.'.join(place)}" for endpoint, place in PLACES]
)
def test_a_currency_nobody_is_paid_in_is_refused_wherever_it_stands(
    under_test: ApiUnderTest, seeds: Seeds, endpoint: Endpoint, place: Place
) -> None:
    reply = send(under_test, seeds, endpoint, place)
    if name(endpoint) in FACTS | OTHERS:
        assert reply.status == 200, reply.body
    elif name(endpoint) in ASKED_FIRST:
        assert (reply.status, reply["code"]) == ASKED_FIRST[name(endpoint)], reply.body
    else:
        assert (reply.status, reply["code"] in CODES) == (422, True), reply.body
        top, last = place[0], str(reply["param"]).rpartition(".")[2]
        assert (str(reply["param"]).partition(".")[0].partition("[")[0], last) == (top, "currency"), reply.body


def test_that_currency_is_nobodys() -> None:
    assert NOBODYS not in inbox.policy(clock.now()).currencies
