"""What a request leaves behind: one line with its id and nothing personal."""

from __future__ import annotations

import json
import logging
from pathlib import PurePath
from typing import Any

import pytest
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter

from chalicelib.shared.observe import Line
from tests.world import Api


def test_a_request_is_one_line_with_its_id_and_nothing_personal(
    api: Api, officer: str, caplog: pytest.LogCaptureFixture
) -> None:
    body = {"external_ref": "ref-of-acme", "name": "Confidential GmbH", "country": "DE"}
    api.post("/v1/members", body, officer, X_Request_Id="request-77")
    [told] = [vars(record) for record in caplog.records if record.message == "request"]
    assert (told["request_id"], told["route"], told["status"]) == ("request-77", "POST /v1/members", 201)
    assert not any(word in repr(told) for word in ("Confidential", "ref-of-acme", officer))


@pytest.mark.parametrize(
    "more", [{}, {"status": 201, "code": "", "left_out": None, "of": PurePath("x"), "said": "“né”"}]
)
def test_a_log_line_says_what_powertools_says(more: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_X_AMZN_TRACE_ID", "Root=1-67-9;Parent=8;Sampled=0")
    record = logging.makeLogRecord({"msg": "request", "levelname": "INFO", "funcName": "f", "lineno": 7, **more})
    ours, theirs = (form(service="surety").format(record) for form in (Line, LambdaPowertoolsFormatter))
    assert json.loads(ours) == json.loads(theirs)
    assert list(json.loads(ours)) == list(json.loads(theirs))
    assert "\n" not in ours


def test_a_log_line_of_a_fault_is_powertools_own() -> None:
    try:
        raise ValueError("no")
    except ValueError as fault:
        record = logging.makeLogRecord({"msg": "failed", "exc_info": (ValueError, fault, fault.__traceback__)})
    assert json.loads(Line(service="surety").format(record))["exception_name"] == "ValueError"
