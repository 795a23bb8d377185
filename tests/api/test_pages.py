"""Lists end their pages by bytes as well as by count: for every route that answers one, whatever fills its items."""

from __future__ import annotations

import json
from typing import Any, Final, get_args, get_origin
from urllib.parse import quote

import msgspec
import pytest

from chalicelib.shared import pages
from chalicelib.shared.http import Endpoint
from chalicelib.shared.pages import Page, fill
from chalicelib.shared.request import PUBLIC, Caller
from tests.api.api_requests import ApiRequest, ApiUnderTest, endpoints, example_query, name
from tests.api.seeds import Seeds
from tests.ledger.books import project, raw_journal, stream
from tests.world import Reply

WITHIN_AN_ANSWER: Final = 6 * 1024 * 1024
"""What a Lambda function may answer."""

JSON: Final = "application/json"


def _page_at(answers: Any) -> str | None:
    """Where in an answer its page is: "" for the answer itself, else a field; None where it is no list."""
    if get_origin(answers) is Page:
        return ""
    if not (isinstance(answers, type) and issubclass(answers, msgspec.Struct)):
        return None
    fields = {field.name: field.type for field in msgspec.structs.fields(answers)}
    if {"items", "next_cursor"} <= fields.keys():
        return ""
    return next((field for field, form in fields.items() if get_origin(form) is Page), None)


LISTS: Final = {name(endpoint): endpoint for endpoint in endpoints() if _page_at(endpoint.response) is not None}


def test_every_route_with_a_cursor_is_a_list() -> None:
    """But for pages that people read, whose cursor stands in a link: `tests/showcase` follows it."""
    with_cursor = {
        name(endpoint)
        for endpoint in endpoints()
        if endpoint.media == JSON
        and endpoint.query is not None
        and "cursor" in {field.name for field in msgspec.structs.fields(endpoint.query)}
    }
    assert with_cursor - LISTS.keys() == {"GET /v1/ledger/verification"}, "which tells of a walk, not of items"
    assert len(LISTS) >= 15
    assert all(get_args(endpoint.response) for endpoint in LISTS.values() if get_origin(endpoint.response) is Page)


@pytest.mark.parametrize("endpoint", LISTS.values(), ids=list(LISTS))
def test_a_page_that_is_full_by_bytes_has_a_cursor_and_nothing_is_lost(
    under_test: ApiUnderTest, seeds: Seeds, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    project(stream(raw_journal()))
    whole = _walk(under_test, seeds, endpoint)
    assert len(whole) <= 1, "what was sown fits one page"
    monkeypatch.setattr(pages, "MOST_BYTES", 1)
    parts = _walk(under_test, seeds, endpoint)
    assert [item for part in parts for item in part] == [item for part in whole for item in part]
    assert all(len(part) <= 1 for part in parts)


def test_the_bound_is_well_within_what_a_function_may_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Items as large as the largest records there can be: seven hundred thousand bytes of answer each."""
    items = ["x" * 700_000] * 20
    told = fill(enumerate(items), lambda item: item, 100, caller=PUBLIC, of="list")
    assert len(msgspec.json.encode(told)) < WITHIN_AN_ANSWER / 3
    small = fill(enumerate(["x" * 9_000] * 200), lambda item: item, 100, caller=PUBLIC, of="list")
    assert len(small.items) == 100, "a hundred of what is common fit"


@pytest.mark.parametrize("hidden", [(), (1,), (1, 2), (2, 3, 4, 5), (0, 5)])
def test_a_page_says_of_nothing_behind_it_that_its_reader_may_not_see(hidden: tuple[int, ...]) -> None:
    """An officer sees everything that stands in a list, and is asked no more of the store."""
    seen: list[int] = []

    def show(number: int) -> int | None:
        seen.append(number)
        return None if number in hidden else number

    def walk(caller: Caller, limit: int) -> list[list[int]]:
        parts, after = list[list[int]](), -1
        while True:
            page = fill(((each, each) for each in range(after + 1, 6)), show, limit, caller=caller, of="list")
            parts.append(page.items)
            if page.next_cursor is None:
                return parts
            after = pages.decode_cursor(page.next_cursor, caller, "list")
            assert after == page.items[-1], "the place of what is shown"

    visible = [number for number in range(6) if number not in hidden]
    for limit in (1, 2, 6):
        assert walk(Caller(sub="mem_1", role="member"), limit) == [
            visible[first : first + limit] for first in range(0, len(visible), limit)
        ]
    seen.clear()
    fill(((each, each) for each in range(6)), show, 1, caller=Caller(sub="ann", role="officer"), of="list")
    assert seen == ([0, 1] if 0 in hidden else [0])


def _walk(under_test: ApiUnderTest, seeds: Seeds, endpoint: Endpoint) -> list[list[Any]]:
    """The items of every page that has any."""
    found: list[list[Any]] = []
    cursor = ""
    while True:
        query = example_query(endpoint) | {"limit": "100"} | ({"cursor": cursor} if cursor else {})
        text = "&".join(f"{key}={quote(value)}" for key, value in query.items())
        by = None if endpoint.public else seeds.token_for(endpoint.by.roles)
        reply = under_test.send(ApiRequest(endpoint, by=by, ids=seeds.ids, query=text))
        assert reply.status == 200, reply.body
        page = _page_of(endpoint, reply)
        found += [page["items"]] if page["items"] else []
        cursor = page["next_cursor"]
        if not cursor:
            return found


def items_of(endpoint: Endpoint, reply: Reply) -> list[Any]:
    """What a list answered."""
    items: list[Any] = _page_of(endpoint, reply)["items"]
    return items


def _page_of(endpoint: Endpoint, reply: Reply) -> Any:
    where = _page_at(endpoint.response)
    return reply[where] if where else json.loads(reply.raw)


def test_a_cursor_of_a_group_that_is_none_any_more_is_refused_by_name() -> None:
    left = ("boc", "lon_1")
    assert list(pages.in_groups(["boc"], left, lambda group, after: [f"{group} behind {after}"])) == [
        (("boc", "boc behind lon_1"), "boc behind lon_1")
    ]
    with pytest.raises(pages.BadCursor):
        list(pages.in_groups(["cmb"], left, lambda group, after: []))
