"""Nothing that opens an endpoint is kept: an entry's answer holds no signed form and no secret, and who repeats a request gets a new form."""

from __future__ import annotations

import json
import re
from typing import Any, Final

import pytest

from chalicelib.shared.http import Endpoint
from chalicelib.shared.journal import JournalRow
from tests.api.api_requests import ApiRequest, ApiUnderTest, endpoints, name
from tests.api.seeds import Seeds
from tests.api.test_examples import caller_of
from tests.dispute import Dispute, file_of, upload
from tests.world import START, Api, Reply, StandingClock

SIGNED: Final = re.compile(rb"signature|x-amz-|whsec_|\"policy\":\s*\"[A-Za-z0-9+/=]{60}", re.IGNORECASE)
"""How a presigned form or address shows, and a webhook's secret."""
WITH_FORMS: Final = [endpoint for endpoint in endpoints() if endpoint.completes is not None]


def test_no_entry_keeps_anything_that_is_signed(under_test: ApiUnderTest, seeds: Seeds) -> None:
    """Of everything that was sown: an announced file, an open import, an endpoint, runs with files among it."""
    answers = [(row.entry_id, row.response or b"") for row in JournalRow.scan(consistent_read=True)]
    assert len(answers) > 20
    assert not [entry_id for entry_id, answer in answers if SIGNED.search(answer)]


def test_the_routes_that_answer_with_a_form_are_known() -> None:
    """A view that holds an upload form is completed after the entry is written, never before."""
    with_upload = {
        name(endpoint)
        for endpoint in endpoints()
        if endpoint.keyed and "upload" in getattr(endpoint.response, "__struct_fields__", ())
    }
    assert with_upload == {name(endpoint) for endpoint in WITH_FORMS}
    assert len(with_upload) == 7


@pytest.mark.parametrize("endpoint", WITH_FORMS, ids=name)
def test_a_repetition_gets_a_form_of_its_own_and_else_the_same(
    under_test: ApiUnderTest, seeds: Seeds, endpoint: Endpoint
) -> None:
    first, again = (_ask(under_test, seeds, endpoint, f"form:{endpoint.path}") for _ in range(2))
    assert (first.status, again.status) == (201, 201)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert first["upload"]["fields"]["key"] == again["upload"]["fields"]["key"]
    assert _without(first) == _without(again)


def test_a_file_that_came_is_sent_by_no_new_form(dispute: Dispute) -> None:
    claim_id = dispute.claim(dispute.late())
    body = file_of(b"proof", "photos")
    first = dispute.act(claim_id, "evidence", "buyer", body, key="announce")
    assert first["upload"]
    upload(first, b"proof")
    dispute.pump()
    again = dispute.act(claim_id, "evidence", "buyer", body, key="announce")
    assert (again.status, again.body.get("upload"), again["evidence_id"]) == (201, None, first["evidence_id"])


def test_an_import_that_is_too_late_for_its_file_gives_no_form(api: Api, time: StandingClock, officer: str) -> None:
    body = {"kind": "trade_history"}
    first = api.post("/v1/imports", body, officer, key="open")
    assert first["upload"]["expires_at"] > START.isoformat()
    time.advance(days=30)
    again = api.post("/v1/imports", body, officer, key="open")
    assert (again["id"], again["upload"]) == (first["id"], None)


def _ask(under_test: ApiUnderTest, seeds: Seeds, endpoint: Endpoint, key: str) -> Reply:
    body = json.dumps(file_of(b"another", "photos")).encode() if "evidence" in endpoint.path else None
    by = caller_of(endpoint, seeds)
    headers = {"idempotency-key": key} | ({"surety-acting-person": seeds.person} if by == seeds.buyer else {})
    return under_test.send(ApiRequest(endpoint, by=by, ids=seeds.ids, body=body, headers=headers))


def _without(reply: Reply) -> dict[str, Any]:
    return {field: value for field, value in reply.body.items() if field != "upload"}
