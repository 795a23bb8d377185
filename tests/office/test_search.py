"""Search: by id, by reference, by how a name begins; what is open to whom; and what it costs."""

from __future__ import annotations

from typing import Any, Final

import pytest

from chalicelib.office.rules import terms
from chalicelib.office.rules.terms import MOST_TERMS, Terms
from chalicelib.office.rules.things import THINGS
from chalicelib.registry import MACHINES
from tests.due import Planter
from tests.stopping import counted
from tests.trade import Trade
from tests.world import Api, Streams, token

ADMIN: Final = token("officer", "officer-1", "admin")
CHANNELS: Final = token("officer", "officer-2", "channels")


def search(api: Api, q: str, by: str = ADMIN) -> list[dict[str, Any]]:
    reply = api.get(f"/v1/search?q={q}", by)
    assert reply.status == 200, reply.body
    items: list[dict[str, Any]] = reply["items"]
    return items


@pytest.mark.parametrize(
    ("name", "looked_for"),
    [
        ("Shenzhen Bright Lights Co", "shenzhen bri"),
        ("Shenzhen Bright Lights Co", "LIGHTS"),
        ("ＡＣＭＥ Export", "acme"),
        ("Café Orient", "cafe\u0301 o"),
        ("深圳明亮公司", "深圳"),
    ],
)
def test_a_name_is_found_by_how_it_or_one_of_its_words_begins_however_it_is_typed(name: str, looked_for: str) -> None:
    found = terms.folded(looked_for)
    assert any(
        bucket == terms.bucket(found) and term.startswith(found) for bucket, term in terms.places(Terms(names=(name,)))
    )


def test_a_thing_has_so_many_terms_and_no_more() -> None:
    many = Terms(tuple(f"R-{number}" for number in range(100)), ("one two three four five six " * 20,) * 5)
    assert len(terms.places(many)) == MOST_TERMS


def planted(planter: Planter, name: str) -> str:
    return planter(next(each for each in MACHINES if each.name == name))


def test_officers_find_things_by_id_by_reference_and_by_name_and_only_what_their_duty_opens(
    api: Api, trade: Trade, planter: Planter, streams: Streams
) -> None:
    event, channel = planted(planter, "bank-events"), planted(planter, "channels")
    order = trade.propose()["id"]
    streams()
    member = api.get(f"/v1/members/{trade.supplier_id}", ADMIN).body
    event_ref = api.get(f"/v1/bank-events/{event}", ADMIN)["bank_ref"]
    name = api.get(f"/v1/channels/{channel}", ADMIN)["name"]
    for q, thing, by in (
        (order, order, "id"),
        (trade.supplier_id, trade.supplier_id, "id"),
        (member["external_ref"], trade.supplier_id, "reference"),
        (member["name"][:5].upper(), trade.supplier_id, "name"),
        (event_ref, event, "reference"),
        (name[:4], channel, "name"),
    ):
        found = {item["id"]: item for item in search(api, q)}
        assert thing in found, (q, by)
        assert api.get(found[thing]["href"], ADMIN).status == 200
    assert search(api, order)[0]["status"] == "proposed", "as it is now"
    assert search(api, order, CHANNELS) == []
    assert [item["id"] for item in search(api, name[:4], CHANNELS)] == [channel]
    assert search(api, "ord_0000000000000000000000000Z") == []


def test_what_is_found_comes_in_pages_and_costs_as_much_as_it_shows(api: Api, trade: Trade, streams: Streams) -> None:
    for number in range(7):
        body = {"external_ref": f"alike-{number}", "name": f"Alike {number}", "country": "CN"}
        assert api.post("/v1/members", body, ADMIN).status == 201
    streams(tables=["journal"])
    names, path = [], "/v1/search?q=alike&limit=3"
    while path:
        with counted() as calls:
            reply = api.get(path, ADMIN)
        assert len(calls) <= 6, calls
        names += [item["title"] for item in reply["items"]]
        path = f"/v1/search?q=alike&limit=3&cursor={reply['next_cursor']}" if reply["next_cursor"] else ""
    assert names == [f"Alike {number}" for number in range(7)]


@pytest.mark.parametrize("ending", ["", ":", "_"])
def test_the_beginning_of_an_id_finds_nothing_and_is_no_fault(api: Api, ending: str) -> None:
    """`firm:` names no firm: the store is not asked for one without a name."""
    for prefix in THINGS:
        assert search(api, f"{prefix}{ending}") == [], prefix
