"""What an error of AWS means to us: whether it passes by itself, and what the caller is told.

It comes as PynamoDB wraps it, as botocore raises it, or as a refused answer; where the machine below was silent there is no answer to look
into at all. `STORE_ERRORS` are all of them, for `except`; nothing else reads an error's code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,
    HTTPClientError,
    IncompleteReadError,
    ParamValidationError,
)
from botocore.parsers import ResponseParserError
from pynamodb.exceptions import PynamoDBException

STORE_ERRORS: Final = (PynamoDBException, BotoCoreError, ClientError, ResponseParserError)

_TRANSIENT: Final = frozenset(
    {
        "InternalServerError",
        "InternalError",
        "InternalFailure",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "RequestTimeout",
        "RequestTimeoutException",
        "ServiceUnavailable",
        "ServiceUnavailableException",
        "SlowDown",
        "Throttling",
        "ThrottledException",
        "ThrottlingError",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionConflict",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)
"""What a service says when it would take the same thing a little later. Any status from 500 on says so too."""

_SILENCE: Final = (ConnectionError, HTTPClientError, IncompleteReadError, ResponseParserError)
"""What botocore raises where there was no answer, half of one, or one that nobody can read."""


def is_transient(failure: BaseException) -> bool:
    """Whether the same call may well succeed a little later: silence, throttling, a conflict, a fault inside AWS."""
    cause = _cause(failure)
    return isinstance(cause, _SILENCE) or is_transient_answer(_answer(cause))


def is_transient_answer(answer: Mapping[str, Any]) -> bool:
    """The same of an answer that refuses. A transaction passes if every action that stopped it does."""
    if reasons := _reason_codes(answer):
        return reasons <= _TRANSIENT
    status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return bool(_code(answer) in _TRANSIENT or status >= 500)


def is_of_store(failure: BaseException) -> bool:
    """Whether it is the store's own trouble, and not that of the item it was asked about: it is no reason to set the item aside."""
    return isinstance(failure, STORE_ERRORS) and not (is_unstorable(failure) or is_our_fault(failure))


def is_condition_failed(failure: BaseException) -> bool:
    """Whether a single write was refused because its condition does not hold."""
    return _code(_answer(_cause(failure))) == "ConditionalCheckFailedException"


def is_unstorable(failure: BaseException) -> bool:
    """Whether the engine will never keep these values, whoever sends them and when."""
    answer = _answer(_cause(failure))
    return _code(answer) == "ValidationException" or "ValidationError" in _reason_codes(answer)


def is_our_fault(failure: BaseException) -> bool:
    """Whether the call was never one: its parameters do not fit the service's own description."""
    return isinstance(_cause(failure), ParamValidationError)


def _cause(failure: BaseException | None) -> BaseException | None:
    """botocore's own error under what PynamoDB makes of it."""
    while isinstance(failure, PynamoDBException):
        failure = failure.cause
    inner = failure.__cause__ if isinstance(failure, ClientError) else None
    return inner if isinstance(inner, ClientError) else failure


def _answer(cause: BaseException | None) -> Mapping[str, Any]:
    """The service's answer, or nothing: a connection that broke bears the attribute too, and None in it."""
    return cause.response if isinstance(cause, ClientError) else {}


def _code(answer: Mapping[str, Any]) -> str:
    return str(answer.get("Error", {}).get("Code", ""))


def _reason_codes(answer: Mapping[str, Any]) -> frozenset[str]:
    reasons: Iterable[Mapping[str, Any]] = answer.get("CancellationReasons") or ()
    return frozenset(reason["Code"] for reason in reasons if reason.get("Code", "None") != "None")
