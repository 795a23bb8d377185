"""A marketplace's backend acts for its members: in everything a member may do, under both names, and in nothing else.

What comes of it, step by step, is in `tests/stories/test_through_a_backend.py`.
"""

from __future__ import annotations

import itertools
import json
from typing import Any, Final

import pytest

from chalicelib.orders.examples import TERMS
from chalicelib.shared import access, clock, journal
from chalicelib.shared.http import CORS, Endpoint
from chalicelib.shared.journal import Entry
from chalicelib.shared.request import ENDPOINT, Caller, RequestContext
from tests.api.api_requests import (
    NOBODY_MEMBER,
    ROLES,
    ApiRequest,
    ApiUnderTest,
    endpoints,
    must_be_documented,
    name,
    operation,
    token_of,
)
from tests.api.seeds import Seeds
from tests.api.test_authorisation import SIGNERS
from tests.api.test_examples import ONLY_LATER, SUPPLIERS
from tests.dispute import Dispute, file_of
from tests.trade import Trade
from tests.world import Reply, token

HEADER: Final = "surety-acting-for"
BACKEND: Final = token("officer", "marketplace", "act")
SECOND: Final = token("officer", "marketplace-two", "act", "feeds")
NOT_PUBLIC: Final = [endpoint for endpoint in endpoints() if not endpoint.public]
MEMBERS: Final = [endpoint for endpoint in NOT_PUBLIC if "member" in endpoint.by.roles]
COMMANDS: Final = [endpoint for endpoint in MEMBERS if endpoint.keyed and "/sandbox/" not in endpoint.path]
READS: Final = [endpoint for endpoint in MEMBERS if endpoint.method == "GET"]

TELL_THE_TIME: Final = (
    "GET /v1/sandbox/clock",
    "GET /v1/members/{member_id}/integrity/statement",
    "GET /v1/claims/{claim_id}/evidence/{evidence_id}",
    "GET /v1/listings/{listing_id}/documents/{document_id}",
    "GET /v1/firms/{member_id}/documents/{document_id}",
    "GET /v1/credit-applications/{application_id}/documents/{document_id}",
    "GET /v1/peer-reports/{report_id}/documents/{document_id}",
    "GET /v1/listings/{listing_id}/documents/{document_id}",
)
SEALED: Final = ("POST /v1/peer-reports", "POST /v1/peer-reports/{report_id}/documents")
"""Whose entries name neither the member nor who acts for it."""


def act(under_test: ApiUnderTest, endpoint: Endpoint, member_id: str, by: str = BACKEND, **more: Any) -> Reply:
    headers = {HEADER: member_id} | more.pop("headers", {})
    reply = under_test.send(ApiRequest(endpoint, by=by, headers=headers, **more))
    must_be_documented(endpoint, reply)
    return reply


def entry_of(member_id: str, actor: str, key: str) -> Entry | None:
    """What such a request has written."""
    caller = Caller(sub=member_id, role="member", actor=actor)
    request = RequestContext(caller=caller, now=clock.now(), request_id="", key=key, name_space=ENDPOINT)
    return journal.read(request.entry_id)


def owner_of(endpoint: Endpoint, seeds: Seeds) -> tuple[str, str]:
    """The member whose example it is, and its token."""
    of_supplier = (
        "{member_id}",
        "{seller_id}",
        "{recovery_id}",
        "{account}",
        "{line_id}",
        "{loan_id}",
        "{incentive_id}",
        "{settlement_id}",
        "{nomination_id}",
        "{membership_id}",
        "{sanction_id}",
        "{alert_id}",
        "{score_id}",
        "{declaration_id}",
        "/v1/listings",
    )
    if name(endpoint) in SUPPLIERS or any(part in endpoint.path for part in of_supplier):
        return seeds.ids["member_id"], seeds.supplier
    return seeds.buyer_id, seeds.buyer


# --- what a member may do ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("endpoint", READS, ids=name)
def test_a_backend_reads_what_the_member_reads(under_test: ApiUnderTest, seeds: Seeds, endpoint: Endpoint) -> None:
    member_id, own = owner_of(endpoint, seeds)
    reply = act(under_test, endpoint, member_id, ids=seeds.ids)
    assert reply.status == (404 if name(endpoint) in ONLY_LATER or "{endpoint_id}" in endpoint.path else 200), (
        reply.body
    )
    read = under_test.send(ApiRequest(endpoint, by=own, ids=seeds.ids))
    if name(endpoint) in TELL_THE_TIME:
        assert set(reply.body) == set(read.body)
    else:
        assert reply.raw == read.raw


@pytest.mark.parametrize("endpoint", COMMANDS, ids=name)
def test_a_backend_does_what_the_member_does_and_both_names_stand_in_the_entry(
    under_test: ApiUnderTest, seeds: Seeds, endpoint: Endpoint
) -> None:
    """And a key is the backend's own for that member: again it is the first answer, and nobody else's request."""
    member_id, own = owner_of(endpoint, seeds)
    key = {"idempotency-key": f"acting-{endpoint.path}".replace(" ", "-")}
    reply = act(under_test, endpoint, member_id, ids=seeds.ids, headers=key)
    assert reply.status in (200, 201, 202, 404, 409, 422) or reply["code"] in SIGNERS, reply.body
    if reply.status >= 300:
        return
    entry = entry_of(member_id, "marketplace", key["idempotency-key"])
    assert (entry is None) == (name(endpoint) in SEALED)
    assert entry is None or entry.by == Caller(sub=member_id, role="member", actor="marketplace")
    again = act(under_test, endpoint, member_id, ids=seeds.ids, headers=key)
    assert (again.status, again.headers["Idempotent-Replayed"]) == (reply.status, "true")
    if endpoint.completes:  # by a form that is signed anew each time
        assert [told.pop("upload")["url"] for told in (again.body, reply.body)]
        assert again.body == reply.body
    else:
        assert again.raw == reply.raw
    for by, headers in ((own, key), (SECOND, key | {HEADER: member_id})):
        other = under_test.send(ApiRequest(endpoint, by=by, ids=seeds.ids, headers=headers))
        assert "Idempotent-Replayed" not in other.headers, other.body


def test_an_order_is_made_and_agreed_through_the_backend_and_its_timeline_tells_both_names(trade: Trade) -> None:
    api, body = trade.api, {"buyer_id": trade.buyer_id, "supplier_id": trade.supplier_id, "terms": TERMS}
    reply = api.post("/v1/orders", body, BACKEND, Surety_Acting_For=trade.buyer_id)
    assert reply.status == 201, reply.body
    agreed = api.post(f"/v1/orders/{reply['id']}/accept", {"version": 1}, BACKEND, Surety_Acting_For=trade.supplier_id)
    assert agreed.status == 200, agreed.body
    own = api.post(f"/v1/orders/{reply['id']}/cancel", {"reason": "changed my mind"}, trade.buyer)
    assert own.status == 200, own.body
    timeline = api.get(f"/v1/orders/{reply['id']}/timeline", trade.supplier)["items"]
    assert [(line["by"], line["actor"]) for line in timeline] == [
        ("buyer", "marketplace"),
        ("supplier", "marketplace"),
        ("buyer", None),
    ]


# --- what it may not -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("endpoint", MEMBERS, ids=name)
def test_what_is_not_the_members_is_not_there_for_who_acts_for_it(
    under_test: ApiUnderTest, seeds: Seeds, endpoint: Endpoint
) -> None:
    reply = act(under_test, endpoint, NOBODY_MEMBER, ids=seeds.ids)
    own = under_test.send(ApiRequest(endpoint, by=token("member", NOBODY_MEMBER), ids=seeds.ids))
    assert (reply.status, reply.raw) == (own.status, own.raw) or reply.status < 300


@pytest.mark.parametrize("endpoint", [endpoint for endpoint in NOT_PUBLIC if endpoint not in MEMBERS], ids=name)
def test_what_officers_decide_is_closed_to_who_acts_for_a_member(
    under_test: ApiUnderTest, seeds: Seeds, endpoint: Endpoint
) -> None:
    for by, ids in itertools.product((BACKEND, SECOND), (None, seeds.ids)):
        reply = act(under_test, endpoint, seeds.buyer_id, by=by, ids=ids)
        assert (reply.status, reply["code"]) == (403, "not_allowed"), reply.body


@pytest.mark.parametrize("endpoint", NOT_PUBLIC, ids=name)
def test_the_duty_opens_nothing_without_the_header_that_names_a_member(
    under_test: ApiUnderTest, seeds: Seeds, endpoint: Endpoint
) -> None:
    reply = under_test.send(ApiRequest(endpoint, by=BACKEND, ids=seeds.ids))
    assert reply.status == 403 or endpoint.by.duties == frozenset(), reply.body


@pytest.mark.parametrize("endpoint", NOT_PUBLIC, ids=name)
def test_nobody_without_the_duty_acts_for_anybody(under_test: ApiUnderTest, seeds: Seeds, endpoint: Endpoint) -> None:
    others = [token("officer", "officer-1", duty) for duty in sorted(access.DUTIES - {access.ACT})]
    for by in [*map(token_of, ROLES), *others, seeds.supplier]:
        reply = act(under_test, endpoint, seeds.buyer_id, by=by, ids=seeds.ids)
        assert (reply.status, reply["code"]) == (403, "not_allowed"), reply.body
        assert "'act'" in reply["detail"]


@pytest.mark.parametrize("wrong", ["", "mem_1", "marketplace", "ord_0000000000000000000000000Z", f"{NOBODY_MEMBER} "])
def test_the_header_names_a_member_by_its_id(under_test: ApiUnderTest, wrong: str) -> None:
    endpoint = next(endpoint for endpoint in endpoints() if name(endpoint) == "GET /v1/orders")
    reply = act(under_test, endpoint, wrong)
    assert (reply.status, reply["code"], reply["param"]) == (400, "bad_field", "Surety-Acting-For")


def test_one_identity_does_not_speak_for_both_sides_of_a_claim(dispute: Dispute) -> None:
    api, trade = dispute.trade.api, dispute.trade
    order_id = dispute.late()
    body = {"reason": "late_shipment", "amount": {"amount": "1000.00", "currency": "USD"}}
    buyers, suppliers = {"Surety_Acting_For": trade.buyer_id}, {"Surety_Acting_For": trade.supplier_id}
    claim = api.post(f"/v1/orders/{order_id}/claims", body, BACKEND, **buyers)
    assert claim.status == 201, claim.body
    path = f"/v1/claims/{claim['id']}"
    offer = {"kind": "partial", "amount": {"amount": "500.00", "currency": "USD"}}
    for action, said in (("offers", offer), ("escalate", None), ("evidence", file_of(b"x", "photos"))):
        refused = api.post(f"{path}/{action}", said, BACKEND, **suppliers)
        assert (refused.status, refused["code"]) == (403, "represents_other_side"), refused.body
    offered = api.post(f"{path}/offers", offer, SECOND, **suppliers)
    assert offered.status == 200, offered.body
    accept = f"{path}/offers/{offered['offers'][0]['id']}/accept"
    assert api.post(accept, None, SECOND, **buyers)["code"] == "represents_other_side"
    agreed = api.post(accept, None, BACKEND, **buyers)
    assert agreed.status == 200, agreed.body
    assert [(line["by"], line["actor"]) for line in api.get(f"{path}/timeline", trade.buyer)["items"]][:3] == [
        ("buyer", "marketplace"),
        ("supplier", "marketplace-two"),
        ("buyer", "marketplace"),
    ]


def test_who_has_acted_for_a_party_does_not_decide_on_its_claim(dispute: Dispute) -> None:
    api, trade = dispute.trade.api, dispute.trade
    claim_id = dispute.claim(dispute.late())
    trade.time.advance(hours=72)
    called = api.post(f"/v1/claims/{claim_id}/escalate", None, BACKEND, Surety_Acting_For=trade.buyer_id)
    assert called.status == 200, called.body
    refused = dispute.act(claim_id, "open-evidence", "marketplace")
    assert (refused.status, refused["code"]) == (403, "conflict_of_interest"), refused.body
    assert dispute.act(claim_id, "open-evidence", "officer-a").status == 200


def test_a_side_has_at_most_four_identities_that_speak_for_it(dispute: Dispute) -> None:
    claim_id = dispute.claim(dispute.late())
    body = {"statement": "Late."}
    names = [token("officer", f"marketplace-{number}", "act") for number in range(5)]
    told = [
        dispute.trade.api.post(f"/v1/claims/{claim_id}/edit", body, by, Surety_Acting_For=dispute.trade.buyer_id)
        for by in names
    ]
    assert [reply.status for reply in told] == [200, 200, 200, 200, 409]
    assert (told[-1]["code"], told[-1]["maximum"]) == ("too_many_representatives", 4)
    assert dispute.act(claim_id, "edit", "buyer", body).status == 200


# --- how it is told ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("endpoint", NOT_PUBLIC, ids=name)
def test_the_document_offers_the_header_where_members_may_call(endpoint: Endpoint) -> None:
    offered = {"$ref": "#/components/parameters/Surety-Acting-For"} in operation(endpoint)["parameters"]
    assert offered == ("member" in endpoint.by.roles)


def test_browsers_are_offered_the_headers_that_are_read_and_no_other() -> None:
    assert CORS.allow_headers.split(",") == [
        "Authorization",
        "Content-Type",
        "Idempotency-Key",
        "If-Match",
        "Surety-Acting-For",
        "Surety-Acting-Person",
        "X-Request-Id",
    ]


def test_a_token_that_acts_and_decides_is_not_given_out(under_test: ApiUnderTest) -> None:
    endpoint = next(endpoint for endpoint in endpoints() if name(endpoint) == "POST /v1/sandbox/tokens")
    for duty in sorted(access.DUTIES - {access.ACT}):
        body = json.dumps({"role": "officer", "sub": "marketplace", "duties": ["act", duty]}).encode()
        reply = under_test.send(ApiRequest(endpoint, body=body))
        assert (reply.status == 200) == (duty == "feeds"), (duty, reply.body)
        by = token("officer", "marketplace", "act", duty)
        orders = next(endpoint for endpoint in endpoints() if name(endpoint) == "GET /v1/orders")
        assert act(under_test, orders, NOBODY_MEMBER, by=by).status == (200 if duty == "feeds" else 401)
