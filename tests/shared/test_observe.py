"""What a request leaves behind: one line with its id and nothing personal."""

from __future__ import annotations

import pytest

from tests.world import Api


def test_a_request_is_one_line_with_its_id_and_nothing_personal(
    api: Api, officer: str, caplog: pytest.LogCaptureFixture
) -> None:
    asked = {"external_ref": "ref-of-acme", "name": "Confidential GmbH", "country": "DE"}
    api.post("/v1/members", asked, officer, X_Request_Id="request-77")
    [told] = [vars(record) for record in caplog.records if record.message == "request"]
    assert (told["request_id"], told["route"], told["status"]) == ("request-77", "POST /v1/members", 201)
    assert not any(word in repr(told) for word in ("Confidential", "ref-of-acme", officer))
