"""Who did what: by actor, by thing, by request; and what followed."""

from __future__ import annotations

from typing import Any, Final

from chalicelib.dead_letters.service import letters
from tests.trade import Trade
from tests.webhooks.conftest import Desk
from tests.world import Api, StandingClock, Streams, token

ADMIN: Final = token("officer", "officer-1", "admin")
CHANNELS: Final = token("officer", "officer-2", "channels")


def test_entries_are_found_by_who_acted_by_thing_and_by_request_the_newest_first(
    api: Api, trade: Trade, streams: Streams, time: StandingClock
) -> None:
    order = trade.propose()
    began = time.advance(hours=1)
    accepted = api.post(
        f"/v1/orders/{order['id']}/accept", {"version": order["version"]}, trade.supplier, X_Request_Id="call-7"
    )
    assert accepted.status == 200, accepted.body
    streams(tables=["journal"])
    path = f"/v1/entries?aggregate={order['id']}"
    entries = api.get(path, ADMIN)["items"]
    timeline = api.get(f"/v1/orders/{order['id']}/timeline", ADMIN)["items"]
    assert [each["type"] for each in entries] == [each["kind"] for each in reversed(timeline)]
    assert (entries[0]["actor"], entries[0]["role"], entries[0]["kind"]) == (trade.supplier_id, "member", "order")
    assert api.get(entries[0]["href"], ADMIN)["id"] == order["id"]
    assert api.get("/v1/entries?request_id=call-7", ADMIN)["items"] == [entries[0]]
    since = began.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert api.get(f"/v1/entries?actor={trade.supplier_id}&from={since}", ADMIN)["items"] == [entries[0]]
    assert entries[0] not in api.get(f"/v1/entries?actor={trade.supplier_id}&to={since}", ADMIN)["items"]
    assert pages_of(api, f"{path}&limit=1") == entries
    assert api.get(path, CHANNELS)["items"] == [], "no duty of theirs opens an order"


def test_what_followed_from_an_entry_is_told_with_it(desk: Desk, streams: Streams) -> None:
    api, trade = desk.trade.api, desk.trade
    endpoint = desk.register(trade.buyer, "order.*")["id"]
    order = trade.propose()["id"]
    streams()
    [entry] = api.get(f"/v1/entries?aggregate={order}", ADMIN)["items"]
    letters.keep("webhooks.notify", "change", entry["id"], "It was away.")
    followed = api.get(f"/v1/entries/{entry['id']}", ADMIN)
    assert [(each["endpoint_id"], each["status"]) for each in followed["deliveries"]] == [(endpoint, "queued")]
    assert [(each["name"], each["failures"]) for each in followed["not_taken"]] == [("webhooks.notify", 1)]
    assert api.get(f"/v1/entries/{entry['id']}", CHANNELS).status == 404


def test_entries_are_asked_for_by_one_name(api: Api) -> None:
    assert api.get("/v1/entries?actor=officer-1&aggregate=ord_1", ADMIN)["code"] == "name_one_of"
    assert api.get("/v1/entries", ADMIN)["items"] == [], "one's own"


def pages_of(api: Api, path: str) -> list[Any]:
    items: list[Any] = []
    cursor = ""
    while True:
        reply = api.get(f"{path}&cursor={cursor}" if cursor else path, ADMIN)
        items += reply["items"]
        cursor = reply["next_cursor"]
        if not cursor:
            return items
