"""What a request leaves behind: one line with its id and nothing personal, one count, a subsegment where the stage traces."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.shared import observe
from chalicelib.shared.settings import settings
from tests.world import Api


def test_a_request_is_one_line_with_its_id_and_nothing_personal(
    api: Api, officer: str, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = {"external_ref": "ref-of-acme", "name": "Confidential GmbH", "country": "DE"}
    api.post("/v1/members", asked, officer, X_Request_Id="request-77")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    [told] = [line for line in lines if line.get("message") == "request"]
    assert (told["request_id"], told["door"], told["status"]) == ("request-77", "POST /v1/members", 201)
    assert not {"Confidential", "ref-of-acme", officer} & set(json.dumps(lines).replace('"', " ").split())


def test_a_use_case_is_a_subsegment_only_where_the_stage_traces(monkeypatch: pytest.MonkeyPatch) -> None:
    def use_case(number: int) -> int:
        return number + 1

    assert observe.traced(use_case) is use_case
    monkeypatch.setattr(observe, "settings", lambda: replace(settings(), trace=True))
    traced: Any = observe.traced(use_case)
    assert traced is not use_case
    assert traced(1) == 2
    assert "aws_lambda_powertools.tracing" in sys.modules
