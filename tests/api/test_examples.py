"""The examples of the document, sent as they stand by somebody the endpoint is open to: they can be copied."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chalicelib.shared.http import MEMBER, Endpoint
from tests.api.api_requests import (
    ApiRequest,
    ApiUnderTest,
    endpoints,
    has_a_protocol_of_its_own,
    must_be_documented,
    name,
    operation,
)
from tests.api.seeds import Seeds
from tests.world import Reply

SUPPLIERS = (
    "POST /v1/orders/{order_id}/ship",
    "POST /v1/orders/{order_id}/accept-short-payment",
    "POST /v1/orders/{order_id}/early-payout",
    "POST /v1/payments/{payment_id}/refund",
    "POST /v1/claims/{claim_id}/acknowledge-return",
    "POST /v1/peer-reports/{report_id}/answer",
    "POST /v1/recoveries/{recovery_id}/instalments",
    "POST /v1/receivables/{receivable_id}/withdraw",
    "POST /v1/orders/{order_id}/take-back",
    *(name(endpoint) for endpoint in endpoints() if endpoint.path.startswith("/v1/listings") and endpoint.by == MEMBER),
    "POST /v1/nominations/{nomination_id}/accept",
    "POST /v1/nominations/{nomination_id}/decline",
    "POST /v1/channel-memberships/{membership_id}/appeal",
    "POST /v1/member-claims/{member_claim_id}/dispute",
    "POST /v1/suppliers/{member_id}/bank-account",
    "POST /v1/suppliers/{member_id}/payouts",
    "POST /v1/suppliers/{member_id}/penalties/{penalty_id}/appeal",
    *(name(endpoint) for endpoint in endpoints() if endpoint.path.startswith("/v1/firms/") and endpoint.by == MEMBER),
)
ONLY_LATER = (
    "GET /v1/credit-lines/{line_id}/data-pack",
    "GET /v1/credit-lines/{line_id}/statement",
    "GET /v1/deposits/{seller_id}/adjustments/{period}",
    "GET /v1/firms/{member_id}/persons",
    "GET /v1/loans/{loan_id}/restructurings",
    "GET /v1/portfolio",
)
"""What the small world has nothing of: its deposit was opened after the last month was decided, no bank sees its firm, no
line was renewed or has a statement, no guarantor is asked to consent, and no month was reported."""
UNSIGNED = [endpoint for endpoint in endpoints() if not endpoint.headers]


def caller_of(endpoint: Endpoint, seeds: Seeds) -> str | None:
    """Somebody to whom the endpoint shows or does what its example says."""
    if endpoint.public:
        return None
    return seeds.supplier if name(endpoint) in SUPPLIERS else seeds.token_for(endpoint.by.roles)


@pytest.mark.parametrize("endpoint", [endpoint for endpoint in UNSIGNED if endpoint.method == "GET"], ids=name)
def test_every_read_is_answered_in_the_form_the_document_promises(
    under_test: ApiUnderTest, seeds: Seeds, endpoint: Endpoint
) -> None:
    reply = under_test.send(ApiRequest(endpoint, by=caller_of(endpoint, seeds), ids=seeds.ids))
    must_be_documented(endpoint, reply)
    assert reply.status == (404 if name(endpoint) in ONLY_LATER else 200), reply.body


def lasting(reply: Reply) -> Any:
    """An answer but for the form of an upload, which is signed anew each time, with the second at which it was."""
    return {**reply.body, "upload": reply["upload"]["url"]} if "upload" in reply.body else reply.raw


@pytest.mark.parametrize("endpoint", [endpoint for endpoint in UNSIGNED if endpoint.method == "POST"], ids=name)
def test_every_example_is_understood_and_answered_alike_twice(
    under_test: ApiUnderTest, seeds: Seeds, endpoint: Endpoint
) -> None:
    by = caller_of(endpoint, seeds)
    body = (
        operation(endpoint).get("requestBody", {}).get("content", {}).get("application/json", {"examples": {"": None}})
    )
    for title, example in body["examples"].items():
        raw = b"" if example is None else json.dumps(example["value"]).encode()
        headers = {"idempotency-key": f"example-{endpoint.path}-{title}".replace(" ", "-")} if endpoint.keyed else {}
        headers |= {"surety-acting-person": seeds.person} if by == seeds.buyer else {}
        reply, again = (
            under_test.send(ApiRequest(endpoint, by=by, ids=seeds.ids, body=raw, headers=headers)) for _ in range(2)
        )
        must_be_documented(endpoint, reply)
        assert reply.status in (200, 201, 202, 404, 409, 422), reply.body
        if endpoint.keyed and reply.status < 300:
            assert (again.status, lasting(again)) == (reply.status, lasting(reply))
            assert again.headers["Idempotent-Replayed"] == "true"
        elif not has_a_protocol_of_its_own(endpoint):
            assert again.status == reply.status, again.body
