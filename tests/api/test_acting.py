"""A marketplace's backend acts for its members: in everything a member may do, under both names, and in nothing else.

What comes of it, step by step, is in `tests/stories/test_through_a_backend.py`.
"""

from __future__ import annotations

import itertools
import json
from typing import Any, Final

import pytest

from chalicelib.orders.examples import TERMS
from chalicelib.shared import access
from chalicelib.shared.commit import overheard
from chalicelib.shared.http import CORS, Door
from tests.api.knocking import (
    NOBODY_MEMBER,
    ROLES,
    House,
    Knock,
    doors,
    must_be_documented,
    name,
    operation,
    token_of,
)
from tests.api.seeds import Seeds
from tests.api.test_examples import ONLY_LATER, SUPPLIERS
from tests.dispute import Dispute, file_of
from tests.trade import Trade
from tests.world import Reply, token

HEADER: Final = "surety-acting-for"
BACKEND: Final = token("officer", "marketplace", "act")
SECOND: Final = token("officer", "marketplace-two", "act", "feeds")
NOT_PUBLIC: Final = [door for door in doors() if not door.public]
MEMBERS: Final = [door for door in NOT_PUBLIC if "member" in door.by.roles]
COMMANDS: Final = [door for door in MEMBERS if door.keyed and "/sandbox/" not in door.path]
READS: Final = [door for door in MEMBERS if door.method == "GET"]

TELL_THE_TIME: Final = ("GET /v1/sandbox/clock", "GET /v1/claims/{claim_id}/evidence/{evidence_id}")


def act(house: House, door: Door, member_id: str, by: str = BACKEND, **more: Any) -> Reply:
    headers = {HEADER: member_id} | more.pop("headers", {})
    told = house.answer(Knock(door, by=by, headers=headers, **more))
    must_be_documented(door, told)
    return told


def owner_of(door: Door, seeds: Seeds) -> tuple[str, str]:
    """The member whose example it is, and its token."""
    of_supplier = ("{member_id}", "{seller_id}", "{recovery_id}", "{account}")
    if name(door) in SUPPLIERS or any(part in door.path for part in of_supplier):
        return seeds.ids["member_id"], seeds.supplier
    return seeds.buyer_id, seeds.buyer


# --- what a member may do ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("door", READS, ids=name)
def test_a_backend_reads_what_the_member_reads(house: House, seeds: Seeds, door: Door) -> None:
    member_id, own = owner_of(door, seeds)
    told = act(house, door, member_id, ids=seeds.ids)
    assert told.status == (404 if name(door) in ONLY_LATER or "{endpoint_id}" in door.path else 200), told.body
    read = house.answer(Knock(door, by=own, ids=seeds.ids))
    if name(door) in TELL_THE_TIME:
        assert set(told.body) == set(read.body)
    else:
        assert told.raw == read.raw


@pytest.mark.parametrize("door", COMMANDS, ids=name)
def test_a_backend_does_what_the_member_does_and_both_names_stand_in_the_entry(
    house: House, seeds: Seeds, door: Door
) -> None:
    """And a key is the backend's own for that member: again it is the first answer, and nobody else's request."""
    member_id, own = owner_of(door, seeds)
    key = {"idempotency-key": f"acting-{door.path}".replace(" ", "-")}
    with overheard() as made:
        told = act(house, door, member_id, ids=seeds.ids, headers=key)
    assert told.status in (200, 201, 202, 404, 409, 422), told.body
    if told.status >= 300:
        return
    last = made[-1].by
    assert (last.sub, last.role, last.actor, last.duties) == (member_id, "member", "marketplace", ())
    again = act(house, door, member_id, ids=seeds.ids, headers=key)
    assert (again.status, again.raw, again.headers["Idempotent-Replayed"]) == (told.status, told.raw, "true")
    for by, headers in ((own, key), (SECOND, key | {HEADER: member_id})):
        other = house.answer(Knock(door, by=by, ids=seeds.ids, headers=headers))
        assert "Idempotent-Replayed" not in other.headers, other.body


def test_an_order_is_made_and_agreed_through_the_backend_and_its_timeline_tells_both_names(trade: Trade) -> None:
    api, body = trade.api, {"buyer_id": trade.buyer_id, "supplier_id": trade.supplier_id, "terms": TERMS}
    made = api.post("/v1/orders", body, BACKEND, Surety_Acting_For=trade.buyer_id)
    assert made.status == 201, made.body
    agreed = api.post(f"/v1/orders/{made['id']}/accept", {"version": 1}, BACKEND, Surety_Acting_For=trade.supplier_id)
    assert agreed.status == 200, agreed.body
    own = api.post(f"/v1/orders/{made['id']}/cancel", {"reason": "changed my mind"}, trade.buyer)
    assert own.status == 200, own.body
    told = api.get(f"/v1/orders/{made['id']}/timeline", trade.supplier)["items"]
    assert [(line["by"], line["actor"]) for line in told] == [
        ("buyer", "marketplace"),
        ("supplier", "marketplace"),
        ("buyer", None),
    ]


# --- what it may not -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("door", MEMBERS, ids=name)
def test_what_is_not_the_members_is_not_there_for_who_acts_for_it(house: House, seeds: Seeds, door: Door) -> None:
    told = act(house, door, NOBODY_MEMBER, ids=seeds.ids)
    own = house.answer(Knock(door, by=token("member", NOBODY_MEMBER), ids=seeds.ids))
    assert (told.status, told.raw) == (own.status, own.raw) or told.status < 300


@pytest.mark.parametrize("door", [door for door in NOT_PUBLIC if door not in MEMBERS], ids=name)
def test_what_officers_decide_is_closed_to_who_acts_for_a_member(house: House, seeds: Seeds, door: Door) -> None:
    for by, ids in itertools.product((BACKEND, SECOND), (None, seeds.ids)):
        told = act(house, door, seeds.buyer_id, by=by, ids=ids)
        assert (told.status, told["code"]) == (403, "not_allowed"), told.body


@pytest.mark.parametrize("door", NOT_PUBLIC, ids=name)
def test_the_duty_opens_nothing_without_the_header_that_names_a_member(house: House, seeds: Seeds, door: Door) -> None:
    told = house.answer(Knock(door, by=BACKEND, ids=seeds.ids))
    assert told.status == 403 or door.by.duties == frozenset(), told.body


@pytest.mark.parametrize("door", NOT_PUBLIC, ids=name)
def test_nobody_without_the_duty_acts_for_anybody(house: House, seeds: Seeds, door: Door) -> None:
    others = [token("officer", "officer-1", duty) for duty in sorted(access.DUTIES - {access.ACT})]
    for by in [*map(token_of, ROLES), *others, seeds.supplier]:
        told = act(house, door, seeds.buyer_id, by=by, ids=seeds.ids)
        assert (told.status, told["code"]) == (403, "not_allowed"), told.body
        assert "'act'" in told["detail"]


@pytest.mark.parametrize("wrong", ["", "mem_1", "marketplace", "ord_0000000000000000000000000Z", f"{NOBODY_MEMBER} "])
def test_the_header_names_a_member_by_its_id(house: House, wrong: str) -> None:
    door = next(door for door in doors() if name(door) == "GET /v1/orders")
    told = act(house, door, wrong)
    assert (told.status, told["code"], told["param"]) == (400, "bad_field", "Surety-Acting-For")


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


@pytest.mark.parametrize("door", NOT_PUBLIC, ids=name)
def test_the_document_offers_the_header_where_members_may_call(door: Door) -> None:
    offered = {"$ref": "#/components/parameters/Surety-Acting-For"} in operation(door)["parameters"]
    assert offered == ("member" in door.by.roles)


def test_browsers_are_offered_the_headers_that_are_read_and_no_other() -> None:
    assert CORS.allow_headers.split(",") == [
        "Authorization",
        "Content-Type",
        "Idempotency-Key",
        "If-Match",
        "Surety-Acting-For",
        "X-Request-Id",
    ]


def test_a_token_that_acts_and_decides_is_not_given_out(house: House) -> None:
    door = next(door for door in doors() if name(door) == "POST /v1/sandbox/tokens")
    for duty in sorted(access.DUTIES - {access.ACT}):
        body = json.dumps({"role": "officer", "sub": "marketplace", "duties": ["act", duty]}).encode()
        told = house.answer(Knock(door, body=body))
        assert (told.status == 200) == (duty == "feeds"), (duty, told.body)
        by = token("officer", "marketplace", "act", duty)
        orders = next(door for door in doors() if name(door) == "GET /v1/orders")
        assert act(house, orders, NOBODY_MEMBER, by=by).status == (200 if duty == "feeds" else 401)
