"""Whose request a request is: a key, a cursor and a place belong to one role and one `sub`, and to nobody who only looks like it."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path
from typing import Final

import pytest
from msgspec.structs import replace

from chalicelib.banks.rules.inbox import arrived
from chalicelib.banks.service import inbox as banks_inbox
from chalicelib.shared import pages
from chalicelib.shared.http import Endpoint
from chalicelib.shared.request import CLOCK, ENDPOINT, Caller, RequestContext
from chalicelib.shared.webhooks import Signed
from tests.api.api_requests import (
    NOBODY_MEMBER,
    ROLES,
    ApiRequest,
    ApiUnderTest,
    endpoints,
    example_body,
    items_kept,
    name,
    token_of,
)
from tests.api.seeds import Seeds
from tests.world import START, token

CHALICELIB: Final = Path(__file__).parents[2] / "chalicelib"
KEYED: Final = [endpoint for endpoint in endpoints() if endpoint.keyed]
SUBS: Final = ("clock", "bank:boc", "platform", "officer-1", "public", NOBODY_MEMBER)
NO_MEMBERS: Final = ("platform", "clock", "bank:boc", "officer-1", "mem_1", "ord_0000000000000000000000000Z", "mem_")


@pytest.mark.parametrize("endpoint", KEYED, ids=name)
def test_a_key_of_one_role_is_no_key_of_another(under_test: ApiUnderTest, seeds: Seeds, endpoint: Endpoint) -> None:
    """The same `sub`, key, path and body under every role: nobody is given another role's stored answer, or told of its key."""
    for role in ROLES:
        by = token(role, seeds.ids["member_id"], *(["admin"] if role == "officer" else []))
        reply = under_test.send(
            ApiRequest(endpoint, by=by, ids=seeds.ids, headers={"idempotency-key": f"shared:{endpoint.path}"})
        )
        assert "Idempotent-Replayed" not in reply.headers, (role, reply.body)
        assert reply.status < 400 or reply["code"] != "idempotency_key_reused", role


def test_an_officer_with_a_members_sub_is_not_the_member(under_test: ApiUnderTest, seeds: Seeds) -> None:
    """The row as it was found: an officer was given a member's stored answer, and with it the member's endpoint."""
    endpoint = next(endpoint for endpoint in KEYED if name(endpoint) == "POST /v1/webhook-endpoints")
    first, second = (
        under_test.send(ApiRequest(endpoint, by=by, headers={"idempotency-key": "one-for-both"}))
        for by in (seeds.buyer, token("officer", seeds.buyer_id, "admin"))
    )
    assert (first.status, second.status) == (201, 201)
    assert first["id"] != second["id"]


def test_no_token_reaches_what_the_platform_does_by_itself() -> None:
    """Whatever sub, role and key a token comes with, its entry has another name than that of the clock, of a bank's event, of a follower."""
    event = arrived("boc", Signed("msg-1", START), b"{}", START)
    own = [
        RequestContext.of_clock("ord_1", 2, START),
        RequestContext(caller=CLOCK, now=START, request_id="r", key="follows:ent_1"),
        banks_inbox.request_of(event, START),
        RequestContext(caller=Caller("officer-1", "officer"), now=START, request_id="r", key="k").derived(
            "member", "S-1", "d"
        ),
        banks_inbox.request_of(event, START).derived("allocation", "S-1", "d"),
    ]
    names = {request_context.entry_id for request_context in own}
    assert len(names) == len(own)
    keys = [request_context.key for request_context in own]
    roles = [*ROLES, "clock", "public"]
    asked = [
        RequestContext(caller=Caller(sub, role), now=START, request_id="r", key=key, name_space=ENDPOINT)
        for sub, role, key in itertools.product(SUBS, roles, dict.fromkeys(keys))
    ]
    theirs = {request_context.entry_id for request_context in asked}
    assert len(theirs) == len(asked)
    assert not names & theirs


def test_only_http_makes_requests_in_the_name_space_of_endpoints() -> None:
    users = {
        path.relative_to(CHALICELIB).as_posix()
        for path in CHALICELIB.rglob("*.py")
        if re.search(r"name_space\s*=|\bENDPOINT\b.*import.*request|request import .*\bENDPOINT\b", path.read_text())
    }
    assert users == {"shared/request.py", "shared/http/requests.py"}


@pytest.mark.parametrize("sub", NO_MEMBERS)
def test_a_members_token_names_a_member(under_test: ApiUnderTest, sub: str) -> None:
    endpoint = next(endpoint for endpoint in KEYED if name(endpoint) == "POST /v1/webhook-endpoints")
    reply = under_test.send(ApiRequest(endpoint, by=token("member", sub)))
    assert (reply.status, reply["code"]) == (401, "unauthenticated")


@pytest.mark.parametrize(
    "endpoint",
    [endpoint for endpoint in KEYED if "member" in endpoint.by.roles and endpoint.group != "Sandbox"],
    ids=name,
)
def test_who_is_a_member_by_a_token_alone_changes_nothing(
    under_test: ApiUnderTest, seeds: Seeds, endpoint: Endpoint
) -> None:
    """Of others, of what is its own by its id, and of nothing at all."""
    before = items_kept()
    own = seeds.ids | {"member_id": NOBODY_MEMBER, "seller_id": NOBODY_MEMBER}
    for ids in (seeds.ids, own):
        reply = under_test.send(ApiRequest(endpoint, by=token_of("member"), ids=ids))
        assert 400 <= reply.status < 500, reply.body
    assert items_kept() == before


def test_nobody_draws_up_an_order_in_the_name_of_a_member_that_is_not_there(
    under_test: ApiUnderTest, seeds: Seeds
) -> None:
    endpoint = next(endpoint for endpoint in KEYED if name(endpoint) == "POST /v1/orders")
    body = (example_body(endpoint) or {}) | {"buyer_id": NOBODY_MEMBER, "supplier_id": seeds.ids["member_id"]}
    reply = under_test.send(ApiRequest(endpoint, by=token_of("member"), body=json.dumps(body).encode()))
    assert (reply.status, reply["code"]) == (422, "not_registered")


@pytest.mark.parametrize("other", [role for role in ROLES if role != "member"])
def test_a_cursor_of_one_role_is_no_cursor_of_another(under_test: ApiUnderTest, other: str) -> None:
    member = Caller(NOBODY_MEMBER, "member")
    cursor = pages.encode_cursor(1, member, "list")
    assert pages.decode_cursor(cursor, member, "list") == 1
    for stranger in (replace(member, role=other), replace(member, sub="x"), replace(member, sub="", role=other)):
        with pytest.raises(pages.BadCursor):
            pages.decode_cursor(cursor, stranger, "list")
