"""Windows that end before they begin, in every query that has two dates or instants: nothing is found, or they are refused by name."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from typing import Any, Final

import msgspec
import pytest
from msgspec import inspect as forms

from chalicelib.members.rules import id_of
from chalicelib.shared.http import Endpoint
from tests.api.api_requests import (
    ApiRequest,
    ApiUnderTest,
    endpoints,
    example_query,
    must_be_documented,
    name,
    token_of,
)
from tests.world import Api, token

LATER: Final[dict[type[Any], str]] = {forms.DateType: "2026-03-03", forms.DateTimeType: "2026-03-03T00:00:00Z"}
EARLIER: Final[dict[type[Any], str]] = {forms.DateType: "2026-03-01", forms.DateTimeType: "2026-03-01T00:00:00Z"}
WITH_DATES: Final = [
    endpoint
    for endpoint in endpoints()
    if endpoint.method == "GET" and isinstance(endpoint.query, type) and issubclass(endpoint.query, msgspec.Struct)
]


def kinds(told: forms.Type) -> Iterator[type[Any]]:
    """The kinds of moments that a field takes."""
    if isinstance(told, forms.Metadata):
        yield from kinds(told.type)
    elif isinstance(told, forms.UnionType):
        for each in told.types:
            yield from kinds(each)
    elif type(told) in LATER:
        yield type(told)


def moments(endpoint: Endpoint) -> dict[str, type[Any]]:
    """The fields of a query that take a date or an instant."""
    described = forms.type_info(endpoint.query)
    assert isinstance(described, forms.StructType)
    return {field.encode_name: kind for field in described.fields for kind in kinds(field.type)}


@pytest.mark.parametrize("endpoint", [each for each in WITH_DATES if len(moments(each)) > 1], ids=name)
def test_a_window_that_ends_before_it_begins_is_empty_or_refused_by_name(api: Api, endpoint: Endpoint) -> None:
    member = {"external_ref": "firm-1", "name": "Firm", "country": "CN"}
    assert api.post("/v1/members", member, token_of("officer")).status == 201
    member_id = id_of("firm-1")
    ids = dict.fromkeys(("member_id", "seller_id", "supplier_id"), member_id)
    for first, second in permutations(moments(endpoint).items(), 2):
        window = {first[0]: LATER[first[1]], second[0]: EARLIER[second[1]]}
        asked = "&".join(f"{key}={value}" for key, value in (example_query(endpoint) | window).items())
        for by in (token_of("officer"), token("member", member_id)) if not endpoint.public else (None,):
            reply = ApiUnderTest().send(ApiRequest(endpoint, by=by, ids=ids, query=asked))
            must_be_documented(endpoint, reply)
            assert reply.status < 500, reply.body
            assert reply.status < 400 or reply["code"] != "not_storable", reply.body
