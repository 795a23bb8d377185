"""What an error of AWS means, in every form in which it reaches us."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ParamValidationError,
    ReadTimeoutError,
)
from botocore.parsers import ResponseParserError
from pynamodb.exceptions import DoesNotExist, GetError, TransactWriteError

from chalicelib.shared.errors import Unavailable
from chalicelib.shared.http import NotStorable, status_of
from chalicelib.shared.http.responses import InternalError, to_domain_error
from chalicelib.shared.store_errors import is_condition_failed, is_transient, is_unstorable

WHERE = "https://dynamodb.invalid"
SILENCE: list[Exception] = [
    ReadTimeoutError(endpoint_url=WHERE),
    ConnectTimeoutError(endpoint_url=WHERE),
    EndpointConnectionError(endpoint_url=WHERE),
    ResponseParserError("not JSON"),
]


def refused(code: str, status: int = 400, reasons: list[str] | None = None) -> ClientError:
    data: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(data | ({"CancellationReasons": [{"Code": name} for name in reasons]} if reasons else {}), "X")


@pytest.mark.parametrize("failure", SILENCE, ids=lambda failure: type(failure).__name__)
def test_silence_passes_whether_it_comes_bare_or_wrapped(failure: Exception) -> None:
    for told in (failure, GetError("no", failure), TransactWriteError("no", failure)):
        assert is_transient(told)
        assert not is_condition_failed(told)
        assert type(to_domain_error(told)) is Unavailable


@pytest.mark.parametrize(
    ("failure", "passes"),
    [
        (refused("ThrottlingException"), True),
        (refused("ProvisionedThroughputExceededException"), True),
        (refused("Unheard", 503), True),
        (refused("SlowDown", 503), True),
        (refused("AccessDeniedException"), False),
        (refused("ResourceNotFoundException"), False),
        (refused("TransactionCanceledException", reasons=["None", "TransactionConflict"]), True),
        (refused("TransactionCanceledException", reasons=["ThrottlingError", "TransactionConflict"]), True),
        (refused("TransactionCanceledException", reasons=["TransactionConflict", "ConditionalCheckFailed"]), False),
        (refused("TransactionCanceledException", reasons=["TransactionConflict", "ValidationError"]), False),
        (DoesNotExist(), False),
        (ValueError("ours"), False),
    ],
)
def test_a_refusal_passes_if_everything_that_stopped_it_does(failure: Exception, passes: bool) -> None:
    assert is_transient(failure) is passes
    if isinstance(failure, ClientError):
        assert is_transient(GetError("no", failure)) is passes


def test_values_that_can_never_be_kept_are_the_senders() -> None:
    for failure in (
        refused("ValidationException"),
        refused("TransactionCanceledException", reasons=["None", "ValidationError"]),
    ):
        assert is_unstorable(TransactWriteError("no", failure))
        assert type(to_domain_error(failure)) is NotStorable


@pytest.mark.parametrize(
    "failure", [ValueError("ours"), ParamValidationError(report="x"), GetError("no", BotoCoreError())]
)
def test_nothing_of_the_store_is_told_as_500_and_only_a_fault_of_ours_is(failure: Exception) -> None:
    ours = not isinstance(failure, GetError)
    assert type(to_domain_error(failure)) is (InternalError if ours else Unavailable)
    assert status_of(to_domain_error(failure)) == (500 if ours else 503)
