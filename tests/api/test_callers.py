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
from chalicelib.shared.http import Door
from chalicelib.shared.request import CLOCK, ENDPOINT, Caller, Request
from chalicelib.shared.webhooks import Signed
from tests.api.knocking import NOBODY_MEMBER, ROLES, House, Knock, doors, example_body, items_kept, name, token_of
from tests.api.seeds import Seeds
from tests.world import START, token

CHALICELIB: Final = Path(__file__).parents[2] / "chalicelib"
KEYED: Final = [door for door in doors() if door.keyed]
SUBS: Final = ("clock", "bank:boc", "platform", "officer-1", "public", NOBODY_MEMBER)
NO_MEMBERS: Final = ("platform", "clock", "bank:boc", "officer-1", "mem_1", "ord_0000000000000000000000000Z", "mem_")


@pytest.mark.parametrize("door", KEYED, ids=name)
def test_a_key_of_one_role_is_no_key_of_another(house: House, seeds: Seeds, door: Door) -> None:
    """The same `sub`, key, path and body under every role: nobody is given another role's stored answer, or told of its key."""
    for role in ROLES:
        by = token(role, seeds.ids["member_id"], *(["admin"] if role == "officer" else []))
        told = house.answer(Knock(door, by=by, ids=seeds.ids, headers={"idempotency-key": f"shared:{door.path}"}))
        assert "Idempotent-Replayed" not in told.headers, (role, told.body)
        assert told.status < 400 or told["code"] != "idempotency_key_reused", role


def test_an_officer_with_a_members_sub_is_not_the_member(house: House, seeds: Seeds) -> None:
    """The row as it was found: an officer was given a member's stored answer, and with it the member's endpoint."""
    door = next(door for door in KEYED if name(door) == "POST /v1/webhook-endpoints")
    first, second = (
        house.answer(Knock(door, by=by, headers={"idempotency-key": "one-for-both"}))
        for by in (seeds.buyer, token("officer", seeds.buyer_id, "admin"))
    )
    assert (first.status, second.status) == (201, 201)
    assert first["id"] != second["id"]


def test_no_token_reaches_what_the_platform_does_by_itself() -> None:
    """Whatever sub, role and key a token comes with, its entry has another name than that of the clock, of a bank's event, of a follower."""
    event = arrived("boc", Signed("msg-1", START), b"{}", START)
    own = [
        Request.of_clock("ord_1", 2, START),
        Request(caller=CLOCK, now=START, request_id="r", key="follows:ent_1"),
        banks_inbox.request_of(event, START),
        Request(caller=Caller("officer-1", "officer"), now=START, request_id="r", key="k").derived(
            "member", "S-1", "d"
        ),
        banks_inbox.request_of(event, START).derived("allocation", "S-1", "d"),
    ]
    names = {made.entry_id for made in own}
    assert len(names) == len(own)
    keys = [made.key for made in own]
    roles = [*ROLES, "clock", "public"]
    asked = [
        Request(caller=Caller(sub, role), now=START, request_id="r", key=key, name_space=ENDPOINT)
        for sub, role, key in itertools.product(SUBS, roles, dict.fromkeys(keys))
    ]
    theirs = {made.entry_id for made in asked}
    assert len(theirs) == len(asked)
    assert not names & theirs


def test_only_http_makes_requests_in_the_name_space_of_endpoints() -> None:
    users = {
        path.relative_to(CHALICELIB).as_posix()
        for path in CHALICELIB.rglob("*.py")
        if re.search(r"name_space\s*=|\bENDPOINT\b.*import.*request|request import .*\bENDPOINT\b", path.read_text())
    }
    assert users == {"shared/request.py", "shared/http/reading.py"}


@pytest.mark.parametrize("sub", NO_MEMBERS)
def test_a_members_token_names_a_member(house: House, sub: str) -> None:
    door = next(door for door in KEYED if name(door) == "POST /v1/webhook-endpoints")
    told = house.answer(Knock(door, by=token("member", sub)))
    assert (told.status, told["code"]) == (401, "unauthenticated")


@pytest.mark.parametrize(
    "door", [door for door in KEYED if "member" in door.by.roles and door.group != "Sandbox"], ids=name
)
def test_who_is_a_member_by_a_token_alone_changes_nothing(house: House, seeds: Seeds, door: Door) -> None:
    """Of others, of what is its own by its id, and of nothing at all."""
    before = items_kept()
    own = seeds.ids | {"member_id": NOBODY_MEMBER, "seller_id": NOBODY_MEMBER}
    for ids in (seeds.ids, own):
        told = house.answer(Knock(door, by=token_of("member"), ids=ids))
        assert 400 <= told.status < 500, told.body
    assert items_kept() == before


def test_nobody_draws_up_an_order_in_the_name_of_a_member_that_is_not_there(house: House, seeds: Seeds) -> None:
    door = next(door for door in KEYED if name(door) == "POST /v1/orders")
    asked = (example_body(door) or {}) | {"buyer_id": NOBODY_MEMBER, "supplier_id": seeds.ids["member_id"]}
    told = house.answer(Knock(door, by=token_of("member"), body=json.dumps(asked).encode()))
    assert (told.status, told["code"]) == (422, "not_registered")


@pytest.mark.parametrize("other", [role for role in ROLES if role != "member"])
def test_a_cursor_of_one_role_is_no_cursor_of_another(house: House, other: str) -> None:
    member = Caller(NOBODY_MEMBER, "member")
    cursor = pages.seal(1, member, "list")
    assert pages.unseal(cursor, member, "list") == 1
    for stranger in (replace(member, role=other), replace(member, sub="x"), replace(member, sub="", role=other)):
        with pytest.raises(pages.BadCursor):
            pages.unseal(cursor, stranger, "list")
