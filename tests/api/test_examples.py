"""The examples of the document, sent as they stand by somebody the door is open to: they can be copied."""

from __future__ import annotations

import json

import pytest

from chalicelib.shared.http import Door
from tests.api.knocking import (
    House,
    Knock,
    doors,
    has_a_protocol_of_its_own,
    must_be_documented,
    name,
    operation,
)
from tests.api.seeds import Seeds

SUPPLIERS = (
    "POST /v1/orders/{order_id}/ship",
    "POST /v1/orders/{order_id}/accept-short-payment",
    "POST /v1/orders/{order_id}/early-payout",
    "POST /v1/claims/{claim_id}/acknowledge-return",
    "POST /v1/recoveries/{recovery_id}/instalments",
    "POST /v1/suppliers/{member_id}/bank-account",
    "POST /v1/suppliers/{member_id}/payouts",
    "POST /v1/suppliers/{member_id}/penalties/{penalty_id}/appeal",
)
ONLY_LATER = ("GET /v1/deposits/{seller_id}/adjustments/{period}",)
"""What the small world has nothing of: its deposit was opened after the last month was decided."""
UNSIGNED = [door for door in doors() if not door.headers]


@pytest.mark.parametrize("door", [door for door in UNSIGNED if door.method == "GET"], ids=name)
def test_every_read_is_answered_in_the_form_the_document_promises(house: House, seeds: Seeds, door: Door) -> None:
    told = house.answer(Knock(door, by=None if door.public else seeds.token_for(door.by.roles), ids=seeds.ids))
    must_be_documented(door, told)
    assert told.status == (404 if name(door) in ONLY_LATER else 200), told.body


@pytest.mark.parametrize("door", [door for door in UNSIGNED if door.method == "POST"], ids=name)
def test_every_example_is_understood_and_answered_alike_twice(house: House, seeds: Seeds, door: Door) -> None:
    by = None if door.public else seeds.supplier if name(door) in SUPPLIERS else seeds.token_for(door.by.roles)
    body = operation(door).get("requestBody", {}).get("content", {}).get("application/json", {"examples": {"": None}})
    for title, example in body["examples"].items():
        raw = b"" if example is None else json.dumps(example["value"]).encode()
        headers = {"idempotency-key": f"example-{door.path}-{title}".replace(" ", "-")} if door.keyed else {}
        told, again = (house.answer(Knock(door, by=by, ids=seeds.ids, body=raw, headers=headers)) for _ in range(2))
        must_be_documented(door, told)
        assert told.status in (200, 201, 202, 404, 409, 422), told.body
        if door.keyed and told.status < 300:
            assert (again.status, again.raw) == (told.status, told.raw)
            assert again.headers["Idempotent-Replayed"] == "true"
        elif not has_a_protocol_of_its_own(door):
            assert again.status == told.status, again.body
