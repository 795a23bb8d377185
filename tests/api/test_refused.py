"""Refusals that no other test asks for over the API, each by one request in the small world."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pytest

from tests.api.api_requests import ApiRequest, ApiUnderTest, endpoints, example_body, name
from tests.api.seeds import Seeds
from tests.api.test_examples import caller_of
from tests.world import Reply, token

BY_NAME: Final = {name(endpoint): endpoint for endpoint in endpoints()}
LONG: Final = "x" * 300_000


@dataclass(frozen=True)
class Asked:
    """What is asked of an endpoint: its example with other fields or query, by somebody else, `times` over."""

    route: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    query: str | None = None
    by: str = ""
    person: str = ""
    """The field that names the signer."""
    times: int = 1


STRANGER: Final = token("member", "mem_0000000000000000000000000Z")
REFUSED: Final[dict[str, Asked]] = {
    "bad_cursor": Asked("GET /v1/orders", query="cursor=x"),
    "bad_window": Asked("GET /v1/members/{member_id}/day-book", query="from=2026-03-02&to=2026-03-01"),
    "body_too_large": Asked("POST /v1/cases", {"text": LONG}),
    "callback_address": Asked("POST /v1/webhook-endpoints", {"url": "https://10.0.0.1/hook"}),
    "not_a_party": Asked("POST /v1/orders"),
    "rulebook_incomplete": Asked("POST /v1/deposit-rulebooks", {"terms": {"tiers": 5}, "based_on": None}),
    "not_a_signer": Asked("POST /v1/consents", by=STRANGER),
    "freeze_over": Asked("POST /v1/credit-lines/{line_id}/freeze", {"until": "2026-03-01"}),
    "appealed_before": Asked("POST /v1/suppliers/{member_id}/penalties/{penalty_id}/appeal", times=2),
    "bad_schedule": Asked("POST /v1/loans/{loan_id}/restructurings"),
    "clock_only_forward": Asked("POST /v1/sandbox/clock", {"now": "2026-01-01T00:00:00Z", "advance_hours": None}),
    "as_of_in_future": Asked("POST /v1/sandbox/jobs/{job}", {"as_of": "2027-01-01"}),
    "text_twice": Asked("POST /v1/deposit-rulebooks", {"terms": {"categories": {"\u00e9": "G1", "e\u0301": "G1"}}}),
    "already_registered": Asked("POST /v1/trainings/{training_id}/register", person="person_id", times=2),
}


@pytest.mark.parametrize("code", REFUSED)
def test_it_is_refused_by_name(under_test: ApiUnderTest, seeds: Seeds, code: str) -> None:
    asked = REFUSED[code]
    for _ in range(asked.times):
        reply = send(under_test, seeds, asked)
    assert reply.body.get("code") == code, reply.body


def send(under_test: ApiUnderTest, seeds: Seeds, asked: Asked) -> Reply:
    endpoint = BY_NAME[asked.route]
    by = asked.by or caller_of(endpoint, seeds)
    person = {asked.person: seeds.person} if asked.person else {}
    body = json.dumps({**(example_body(endpoint) or {}), **asked.fields, **person}).encode()
    headers = {"surety-acting-person": seeds.person} if by == seeds.buyer else {}
    return under_test.send(
        ApiRequest(
            endpoint,
            by=by,
            ids=seeds.ids,
            query=asked.query,
            body=body if endpoint.method == "POST" else None,
            headers=headers,
        )
    )
