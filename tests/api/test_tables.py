"""Every list is to be had as CSV: the same page, with a header row from the view of its items."""

from __future__ import annotations

import csv
import io
import re
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import pytest

from chalicelib.cases.views.case import CaseView
from chalicelib.shared.http import Endpoint, tables
from chalicelib.shared.money import Money
from tests.api.api_requests import ApiRequest, ApiUnderTest, endpoints, example_query, name
from tests.api.seeds import Seeds
from tests.ledger.books import project, raw_journal, stream
from tests.world import Reply

CSV: Final = {"Accept": "text/csv"}
LISTS: Final = [each for each in endpoints() if each.item is not None]


def asked(under_test: ApiUnderTest, seeds: Seeds, endpoint: Endpoint, query: dict[str, str], **headers: str) -> Reply:
    by = None if endpoint.public else seeds.token_for(endpoint.by.roles)
    text = "&".join(f"{key}={value}" for key, value in query.items())
    reply = under_test.send(ApiRequest(endpoint, by=by, ids=seeds.ids, query=text, headers=headers))
    assert reply.status == 200, (name(endpoint), reply.body)
    return reply


def rows_of(reply: Reply) -> list[list[str]]:
    assert reply.headers["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(reply.raw.decode(), newline="")))


def test_every_list_says_as_a_file_what_it_says_as_json(under_test: ApiUnderTest, seeds: Seeds) -> None:
    project(stream(raw_journal()))
    with_rows = 0
    for endpoint in LISTS:
        query = example_query(endpoint) | {"limit": "100"}
        items = asked(under_test, seeds, endpoint, query)["items"]
        header, *rows = rows_of(asked(under_test, seeds, endpoint, query, **CSV))
        assert header == [".".join(column) for column in tables.columns(endpoint.item)], name(endpoint)
        assert len(rows) == len(items), name(endpoint)
        assert all(len(row) == len(header) for row in rows)
        assert not [value for row in rows for value in row if re.match(r"[=+@\t\r]", value)]
        with_rows += bool(rows)
    assert with_rows >= 20, "most of what was sown is in a list"


def test_a_file_goes_on_where_its_link_says(under_test: ApiUnderTest, seeds: Seeds) -> None:
    [endpoint] = [each for each in LISTS if name(each) == "GET /v1/members"]
    whole = [row[0] for row in rows_of(asked(under_test, seeds, endpoint, {"limit": "100"}, **CSV))[1:]]
    found: list[str] = []
    query = {"limit": "1"}
    while query:
        reply = asked(under_test, seeds, endpoint, query, **CSV)
        found += [row[0] for row in rows_of(reply)[1:]]
        link = re.fullmatch(r'<([^>]*)>; rel="next"', reply.headers.get("Link", ""))
        query = dict(parse_qsl(urlsplit(link[1]).query)) if link else {}
    assert found == whole
    assert len(whole) >= 2


@pytest.mark.parametrize(
    ("accept", "is_wanted"),
    [
        ("text/csv", True),
        ("text/csv;q=0.9, application/json;q=0.1", True),
        ("application/json, text/csv", False),
        ("*/*", False),
        ("", False),
        ("text/csv;q=none", False),
    ],
)
def test_a_file_is_answered_to_whom_it_is_worth_more_than_json(accept: str, is_wanted: bool) -> None:
    assert tables.is_accepted(accept) is is_wanted


def test_a_value_that_begins_like_a_formula_is_no_formula_and_what_has_parts_is_flat_or_json() -> None:
    assert ("about", "id") in tables.columns(CaseView)
    assert ("messages",) in tables.columns(CaseView)
    body = b'{"items":[{"amount":"=1+1","currency":"USD"}],"next_cursor":null}'
    told: Any = tables.answer(body, Money, "/v1/x", {}, {})
    assert told.body == "amount,currency\r\n'=1+1,USD\r\n"
