"""What a request leaves behind: one line with its id and nothing personal, one count, a subsegment where the stage traces."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.shared import observe
from tests.world import Api


def test_a_request_is_one_line_with_its_id_and_nothing_personal(
    api: Api, officer: str, caplog: pytest.LogCaptureFixture
) -> None:
    asked = {"external_ref": "ref-of-acme", "name": "Confidential GmbH", "country": "DE"}
    api.post("/v1/members", asked, officer, X_Request_Id="request-77")
    [told] = [vars(record) for record in caplog.records if record.message == "request"]
    assert (told["request_id"], told["door"], told["status"]) == ("request-77", "POST /v1/members", 201)
    assert not any(word in repr(told) for word in ("Confidential", "ref-of-acme", officer))


def test_a_use_case_is_a_subsegment_only_where_the_stage_traces(monkeypatch: pytest.MonkeyPatch) -> None:
    def use_case(number: int) -> int:
        return number + 1

    assert observe.traced(use_case) is use_case
    monkeypatch.setattr(observe, "settings", lambda: SimpleNamespace(trace=True))
    traced: Any = observe.traced(use_case)
    assert traced is not use_case
    assert traced(1) == 2
    assert "aws_lambda_powertools.tracing" in sys.modules
