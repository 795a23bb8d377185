"""Lists of things that wait for something are narrowed by when that is due: every one of them, from the registry."""

from __future__ import annotations

from typing import Any, Final

from chalicelib.shared.http import Endpoint
from chalicelib.shared.pages import Waiting
from tests.api.api_requests import ApiRequest, ApiUnderTest, endpoints, example_query, name
from tests.api.seeds import Seeds

DATED_OTHERWISE: Final = {
    "GET /v1/imports",
    "GET /v1/suppliers",
    "GET /v1/webhook-endpoints/{endpoint_id}/deliveries",
}
"""What has no machine of its own, or is in the order of time anyhow."""
OF_WAITING: Final = [each for each in endpoints() if isinstance(each.query, type) and issubclass(each.query, Waiting)]


def test_every_list_of_things_that_wait_is_narrowed_by_when_something_is_due(
    under_test: ApiUnderTest, seeds: Seeds
) -> None:
    narrowed = 0
    for endpoint in OF_WAITING:
        whole = _items(under_test, seeds, endpoint, "")
        due = _items(under_test, seeds, endpoint, "2027-12-31T00:00:00Z")
        assert _items(under_test, seeds, endpoint, "2020-01-01T00:00:00Z") == [], name(endpoint)
        assert all(each["deadlines"] for each in due), name(endpoint)
        assert [each for each in whole if each in due] == due, name(endpoint)
        narrowed += bool(due)
    assert narrowed >= 12, "most of what was sown waits for something"


def _items(under_test: ApiUnderTest, seeds: Seeds, endpoint: Endpoint, due_before: str) -> list[dict[str, Any]]:
    query = example_query(endpoint) | {"limit": "100"} | ({"due_before": due_before} if due_before else {})
    text = "&".join(f"{key}={value}" for key, value in query.items())
    by = None if endpoint.public else seeds.token_for(endpoint.by.roles)
    reply = under_test.send(ApiRequest(endpoint, by=by, ids=seeds.ids, query=text))
    assert reply.status == 200, (name(endpoint), reply.body)
    items: list[dict[str, Any]] = reply["items"]
    return items


def test_every_machine_with_a_list_is_narrowed_so() -> None:
    with_status = {
        name(each)
        for each in endpoints()
        if each.item is not None
        and {"deadlines", "allowed_actions"} <= set(getattr(each.item, "__struct_fields__", ()))
        and {"status", "cursor"} <= set(each.query.__struct_fields__)
    }
    assert with_status - {name(each) for each in OF_WAITING} <= DATED_OTHERWISE
