"""Faults below the AWS client: where a request leaves botocore for the engine, it is answered otherwise, or not at all.

Everything above is the real thing: parsing, the decision whether to try again. Nobody waits meanwhile: pauses, and the time a
silent engine takes, are only counted.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from types import SimpleNamespace
from typing import Any, Final

import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError
from moto.core.botocore_stubber import BotocoreStubber, MockRawResponse

from chalicelib.shared import retries
from chalicelib.shared.settings import Settings

PATIENCE: Final = Settings().store_seconds
"""How long the API waits for an answer of an engine that gives none."""

Fault = Callable[[Any, Callable[[], Any]], Any]
"""Takes the request, and what would carry it out; returns the answer or raises what a socket would."""


def silent(request: Any, execute: Callable[[], Any]) -> Any:
    """The engine takes the request and never answers."""
    _silences.append(PATIENCE)
    raise ReadTimeoutError(endpoint_url=request.url)


def unreachable(request: Any, execute: Callable[[], Any]) -> Any:
    """Nobody listens there, or the name is not known."""
    raise EndpointConnectionError(endpoint_url=request.url, error="Connection refused")


def lost(request: Any, execute: Callable[[], Any]) -> Any:
    """The engine does what it is asked, and its answer is lost."""
    execute()
    _silences.append(PATIENCE)
    raise ReadTimeoutError(endpoint_url=request.url)


def throttled(request: Any, execute: Callable[[], Any]) -> Any:
    """The engine answers that it is asked for too much."""
    return answer(request, 400, "ThrottlingException")


def broken(request: Any, execute: Callable[[], Any]) -> Any:
    """The engine answers that something is wrong with it."""
    return answer(request, 500, "InternalServerError")


def babbling(request: Any, execute: Callable[[], Any]) -> Any:
    """Something in between answers instead of the engine."""
    return _told(request, 502, "text/html", b"<html>Bad Gateway</html>")


ALL: Final[tuple[Fault, ...]] = (silent, unreachable, throttled, broken, babbling)
"""Those after which nothing has happened."""


def answer(request: Any, status: int, code: str, **more: Any) -> Any:
    """A refusal in the words of the service that is asked."""
    if ".s3." in request.url or "s3.amazonaws" in request.url:
        told = f"<Error><Code>{code}</Code><Message>injected</Message></Error>".encode()
        return _told(request, status, "application/xml", told)
    told = json.dumps({"__type": f"com.amazonaws#{code}", "message": "injected", **more}).encode()
    return _told(request, status, "application/x-amz-json-1.0", told)


def answered(request: Any, data: dict[str, Any]) -> Any:
    """What the engine says where it does as it was asked."""
    return _told(request, 200, "application/x-amz-json-1.0", json.dumps(data).encode())


@dataclass
class Below:
    """What was asked of the machine below, how often a fault was met, and how long was waited between tries."""

    asked: list[str] = field(default_factory=list)
    met: int = 0
    pauses: list[float] = field(default_factory=list)
    silences: list[float] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """How long all of it would have taken."""
        return sum(self.pauses) + sum(self.silences)


def operation(request: Any) -> str:
    """`DynamoDB_20120810.GetItem`; S3's requests have a method only."""
    target = request.headers.get("X-Amz-Target", request.method)
    return target.decode() if isinstance(target, bytes) else str(target)


@contextmanager
def failing(
    fault: Fault, *, after: int = 0, times: int | None = None, only: Callable[[Any], bool] = lambda request: True
) -> Iterator[Below]:
    """Of the requests that `only` picks, those after the first `after` meet the fault: `times` of them, or all from there on."""
    below = Below()
    real: Any = BotocoreStubber.__call__
    _silences.clear()
    below.silences = _silences

    def call(self: Any, event_name: str, request: Any, **about: Any) -> Any:
        execute = partial(real, self, event_name, request, **about)
        if not only(request):
            return execute()
        below.asked.append(operation(request))
        if len(below.asked) <= after or (times is not None and below.met >= times):
            return execute()
        below.met += 1
        return fault(request, execute)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BotocoreStubber, "__call__", call)
        patch.setattr("time.sleep", lambda seconds: below.pauses.append(seconds))
        patch.setattr(retries, "time", SimpleNamespace(sleep=time.sleep, monotonic=lambda: below.seconds))
        yield below


def _told(request: Any, status: int, media: str, body: bytes) -> Any:
    headers: Any = {"content-type": media}
    return AWSResponse(request.url, status, headers, MockRawResponse(body))


_silences: list[float] = []
