"""The process stops: any call to the engine, the queue or the bucket is made the last one before it dies.

Once just before the call is sent and once just after it was carried out; between two calls nothing outlives the process, so these are all
instants there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import botocore.client
import pytest

from chalicelib.sandbox import clock_offset
from tests.machine import Snapshot, machine
from tests.size import IS_FULL
from tests.world import StandingClock

READS: Final = frozenset({"GetItem", "BatchGetItem", "Query", "Scan"})
STRIDE: Final = 3
"""At small size a command is stopped at each call that changes something and at every third that reads."""


class Stopped(BaseException):
    """The process is gone: no handler of ours sees it."""


def try_every_stop(
    name: str,
    command: Callable[[], Any],
    time: StandingClock | None = None,
    *,
    compared: Callable[[Snapshot], Any] = Snapshot.items,
) -> list[str]:
    """Stop `command` at every instant there is and send it again: the tables end as those of a run that nothing disturbed.

    It is left carried out. Returns the calls it makes. What a process reads once and then knows is not among them.
    """
    before, started = machine().snapshot(), time.at if time else None

    def put_back() -> None:
        machine().restore(before)
        if time is not None and started is not None:
            time.at = started

    command()
    put_back()
    with counted() as calls:
        command()
    undisturbed = compared(machine().snapshot())
    assert calls, name
    for call in range(len(calls)):
        if not IS_FULL and calls[call] in READS and call % STRIDE:
            continue
        for after in (False, True):
            put_back()
            with stopping(call, after=after), pytest.raises(Stopped):
                command()
            if time is not None and started is not None:
                time.at = started
            command()
            end = compared(machine().snapshot())
            assert end == undisturbed, f"{name}: stopped {'after' if after else 'before'} call {call} of {calls}"
    return calls


@contextmanager
def stopping(at: int, *, after: bool) -> Iterator[None]:
    """The engine's call number `at` is the last: the process stops before it is sent, or after it was carried out."""
    made = 0

    def call(client: Any, operation: str, arguments: Any) -> Any:
        nonlocal made
        made += 1
        if made == at + 1 and not after:
            raise Stopped
        answer = real(client, operation, arguments)
        if made == at + 1:
            raise Stopped
        return answer

    with calls_through(call) as real:
        yield


@contextmanager
def counted() -> Iterator[list[str]]:
    """The operations that are called meanwhile."""
    made: list[str] = []

    def call(client: Any, operation: str, arguments: Any) -> Any:
        made.append(operation)
        return real(client, operation, arguments)

    with calls_through(call) as real:
        yield made


@contextmanager
def calls_through(call: Callable[[Any, str, Any], Any]) -> Iterator[Callable[[Any, str, Any], Any]]:
    """Every call of every client goes through `call`, which is given the real way."""
    clock_offset.forget()  # each time the clock is read anew, however soon it is
    real: Any = vars(botocore.client.BaseClient)["_make_api_call"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.client.BaseClient, "_make_api_call", call)
        yield real
