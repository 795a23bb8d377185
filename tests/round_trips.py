"""What the application asks of the engine, call by call."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chalicelib.shared.tables import engine


@contextmanager
def calls() -> Iterator[list[str]]:
    """The operations the application sends to DynamoDB meanwhile."""
    sent: list[str] = []

    def note(request: Any, **_: Any) -> None:
        if b"-sandbox" not in request.body:  # the sandbox's clock looks now and then how far it is ahead
            sent.append(request.headers["X-Amz-Target"].decode().split(".")[-1])

    events = engine().client.meta.events
    events.register("before-send.dynamodb", note)
    yield sent
    events.unregister("before-send.dynamodb", note)
