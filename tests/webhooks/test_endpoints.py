"""Endpoints through their endpoints: secrets shown once, limits, and what belongs to whom."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.shared.journal import JournalRow
from chalicelib.webhooks import records
from tests.round_trips import calls
from tests.webhooks.conftest import URL, Desk
from tests.world import Api

ASKED = {"url": URL, "kinds": ["order.*", "order.*", "claim.filed"], "description": "our desk"}


def test_a_secret_is_shown_by_the_request_that_makes_it_and_by_no_other(desk: Desk) -> None:
    api, buyer = desk.trade.api, desk.trade.buyer
    reply = api.post("/v1/webhook-endpoints", ASKED, buyer, key="once")
    assert (reply.status, reply["status"], reply["version"]) == (201, "enabled", 1)
    assert reply["kinds"] == ["order.*", "claim.filed"]
    assert reply["secret"].startswith("whsec_")
    again = api.post("/v1/webhook-endpoints", ASKED, buyer, key="once")
    assert (again.raw, again.headers["Idempotent-Replayed"]) == (reply.raw, "true")
    assert api.get(f"/v1/webhook-endpoints/{reply['id']}", buyer)["secret"] is None
    assert [told["secret"] for told in api.get("/v1/webhook-endpoints", buyer)["items"]] == [None]


def test_a_book_and_its_owner_are_read_in_one_round_trip(desk: Desk) -> None:
    """Before it, whether this was asked before; after it, the secret that is shown once."""
    with calls() as sent:
        reply = desk.trade.api.post("/v1/webhook-endpoints", ASKED, desk.trade.buyer)
    assert reply.status == 201, reply.body
    assert sent == ["GetItem", "BatchGetItem", "TransactWriteItems", "GetItem"]


def test_the_journal_holds_no_secret(desk: Desk) -> None:
    endpoint = desk.register(desk.trade.buyer)
    secret = desk.do(endpoint["id"], "rotate-secret", desk.trade.buyer)["secret"]
    for row in JournalRow.scan():
        told = repr((row.entry().event, row.entry().response))
        assert endpoint["secret"] not in told
        assert secret not in told


def test_a_rotated_secret_is_shown_once_and_the_old_one_has_a_day(desk: Desk) -> None:
    buyer, endpoint = desk.trade.buyer, desk.register(desk.trade.buyer)
    answer = desk.do(endpoint["id"], "rotate-secret", buyer, key="rotate")
    assert answer["secret"] not in (None, endpoint["secret"])
    assert [(one["name"], one["due_at"]) for one in answer["deadlines"]] == [("old_secret", "2026-03-03T02:15:00Z")]
    assert desk.do(endpoint["id"], "rotate-secret", buyer, key="rotate").raw == answer.raw
    assert len(records.endpoint_set(desk.trade.buyer_id).endpoints[0].keys) == 2
    desk.trade.time.advance(hours=24)
    assert desk.trade.api.get(f"/v1/webhook-endpoints/{endpoint['id']}", buyer)["deadlines"] == []


def test_a_secret_that_has_ended_is_shown_to_nobody(desk: Desk) -> None:
    buyer = desk.trade.buyer
    reply = desk.trade.api.post("/v1/webhook-endpoints", ASKED, buyer, key="first")
    for _ in range(2):
        desk.do(reply["id"], "rotate-secret", buyer)
    assert desk.trade.api.post("/v1/webhook-endpoints", ASKED, buyer, key="first")["secret"] is None


def test_the_eleventh_endpoint_is_refused_and_the_tenth_can_still_be_asked_about(desk: Desk) -> None:
    api, buyer = desk.trade.api, desk.trade.buyer
    made = [api.post("/v1/webhook-endpoints", ASKED, buyer, key=f"n-{number}") for number in range(10)]
    assert api.post("/v1/webhook-endpoints", ASKED, buyer, key="n-9").raw == made[9].raw
    refused = api.post("/v1/webhook-endpoints", ASKED, buyer, key="n-10")
    assert (refused.status, refused["code"], refused["maximum"]) == (422, "too_many_endpoints", 10)
    assert desk.do(made[0]["id"], "delete", buyer).status == 200
    assert api.post("/v1/webhook-endpoints", ASKED, buyer, key="n-10").status == 201
    assert desk.register(desk.trade.supplier).status == 201


def test_endpoints_are_listed_page_by_page(desk: Desk) -> None:
    buyer, endpoint = desk.trade.buyer, list[str]()
    for _ in range(5):
        endpoint.append(desk.register(buyer)["id"])
        desk.trade.time.advance(seconds=1)
    page = desk.trade.api.get("/v1/webhook-endpoints?limit=3", buyer)
    rest = desk.trade.api.get(f"/v1/webhook-endpoints?limit=3&cursor={page['next_cursor']}", buyer)
    assert [told["id"] for told in page["items"] + rest["items"]] == endpoint
    assert rest["next_cursor"] is None
    for shown in (endpoint[0], endpoint[2]):  # also the one that the cursor names
        assert desk.do(shown, "delete", buyer).status == 200
        rest = desk.trade.api.get(f"/v1/webhook-endpoints?cursor={page['next_cursor']}", buyer)
        assert [told["id"] for told in rest["items"]] == endpoint[3:], "what is deleted lets none be left out"


def test_officers_share_the_endpoints_of_the_platform_and_see_no_members(desk: Desk, officer: str) -> None:
    theirs, ours = desk.register(desk.trade.buyer), desk.register(officer)
    assert [told["id"] for told in desk.trade.api.get("/v1/webhook-endpoints", officer)["items"]] == [ours["id"]]
    for by, other in ((officer, theirs), (desk.trade.buyer, ours), (desk.trade.supplier, theirs)):
        assert desk.trade.api.get(f"/v1/webhook-endpoints/{other['id']}", by).status == 404
        assert desk.do(other["id"], "ping", by).status == 404
        assert desk.trade.api.get(f"/v1/webhook-endpoints/{other['id']}/deliveries", by).status == 404


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"url": "http://receiver.example/"}, 422),
        ({"url": "https://127.0.0.1/"}, 422),
        ({"url": "https://169.254.169.254/latest"}, 422),
        ({"url": ""}, 400),
        ({"url": None}, 400),
        ({"kinds": []}, 400),
        ({"kinds": ["order*"]}, 400),
        ({"kinds": ["Order.*"]}, 400),
        ({"kinds": [".*"]}, 400),
        ({"kinds": ["order.*\n"]}, 400),
        ({"kinds": ["*"] * 21}, 400),
        ({"secret": "mine"}, 400),
    ],
)
def test_what_cannot_be_an_endpoint_is_refused(api: Api, officer: str, changes: dict[str, Any], status: int) -> None:
    refused = api.post("/v1/webhook-endpoints", ASKED | changes, officer)
    assert refused.status == status, refused.body
    assert api.get("/v1/webhook-endpoints", officer)["items"] == []


def test_every_change_is_made_once_and_only_from_where_it_is_drawn(desk: Desk) -> None:
    buyer, endpoint = desk.trade.buyer, desk.register(desk.trade.buyer)
    for action, status in (("disable", "disabled"), ("enable", "enabled"), ("ping", "enabled")):
        answer = desk.do(endpoint["id"], action, buyer, key=action)
        assert (answer.status, answer["status"], answer["secret"]) == (200, status, None)
        assert desk.do(endpoint["id"], action, buyer, key=action).raw == answer.raw
    assert answer["version"] == 4
    assert desk.do(endpoint["id"], "enable", buyer)["code"] == "endpoint_unchanged"
    assert desk.do(endpoint["id"], "disable", buyer, If_Match='"3"')["code"] == "version_mismatch"
    desk.do(endpoint["id"], "disable", buyer)
    assert desk.do(endpoint["id"], "ping", buyer)["code"] == "endpoint_disabled"
    gone = desk.do(endpoint["id"], "delete", buyer, key="delete")
    assert (gone.status, gone["version"]) == (200, 6)
    assert desk.do(endpoint["id"], "delete", buyer, key="delete").raw == gone.raw
    assert desk.do(endpoint["id"], "enable", buyer).status == 404


def test_the_chain_of_an_endpoint_verifies(desk: Desk, officer: str) -> None:
    endpoint = desk.register(desk.trade.buyer)
    for action in ("disable", "enable", "rotate-secret", "ping", "delete"):
        assert desk.do(endpoint["id"], action, desk.trade.buyer).status == 200
    desk.run()
    reply = desk.trade.api.get(f"/v1/ledger/verification?aggregate_id={endpoint['id']}", officer)
    assert reply.status == 200, reply.body
    assert reply["first_bad"] is None


def test_a_secret_is_of_32_random_bytes(desk: Desk) -> None:
    secrets = {desk.register(desk.trade.buyer)["secret"] for _ in range(5)}
    assert len(secrets) == 5
    assert {len(secret) for secret in secrets} == {len("whsec_") + 44}
