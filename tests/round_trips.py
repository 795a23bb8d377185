"""What the application asks of the engine, call by call."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from chalicelib.shared.tables import engine

OURS: Final = "tests."


@contextmanager
def listening(event: str, hear: Callable[..., Any]) -> Iterator[None]:
    """Tell `hear` meanwhile of an event of the engine's client. The client outlives the test: who goes on listening slows every call after it."""
    events = engine().client.meta.events
    events.register(event, hear)
    try:
        yield
    finally:
        events.unregister(event, hear)


@contextmanager
def calls() -> Iterator[list[str]]:
    """The operations the application sends to DynamoDB meanwhile."""
    sent: list[str] = []

    def note(request: Any, **_: Any) -> None:
        if b"-sandbox" not in request.body:  # the sandbox's clock looks now and then how far it is ahead
            sent.append(request.headers["X-Amz-Target"].decode().split(".")[-1])

    with listening("before-send.dynamodb", note):
        yield sent


_looked_at: list[Any] = [None]


def who_listens() -> list[str]:
    """What of the tests is told of an event of the engine's client. The client forgets what it looked up whenever somebody is to be told, or no more."""
    client: Any = engine().client
    told = client.meta.events._emitter
    if told._lookup_cache is _looked_at[0]:
        return []
    _looked_at[0] = told._lookup_cache
    found, left = list[str](), [told._handlers._root]
    while left:
        place = left.pop()
        left.extend(place["children"].values())
        listeners = itertools.chain.from_iterable(place["values"] or ())
        found += [repr(hear) for hear in listeners if getattr(hear, "__module__", "").startswith(OURS)]
    return found
