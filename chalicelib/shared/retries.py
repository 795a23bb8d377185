"""Patience with AWS: the one place that says whether a failed call is made again, when, and when no longer.

botocore's own retries are off. Every client asks `next_try` after each failed try (its event `needs-retry`), loops of ours ask `attempts`;
both draw on the same patience: seconds that failing may take. A request has `REQUEST_SECONDS` for all its calls together, so that whoever
waits is told 503 within two seconds; a job has `CALL_SECONDS` for each call; a run over millions outlasts minutes of throttling.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from chalicelib.shared.errors import Unavailable
from chalicelib.shared.store_errors import STORE_ERRORS, is_transient, is_transient_answer
from chalicelib.shared.texts import Text

REQUEST_SECONDS: Final = 1.8
CALL_SECONDS: Final = 10.0
OUTLAST_SECONDS: Final = 300.0
LONGEST_PAUSE: Final = 0.4
LONGEST_OUTLASTING_PAUSE: Final = 10.0


class Patience:
    """Seconds that failing may still take, and how long one pause may be."""

    def __init__(self, seconds: float, longest_pause: float = LONGEST_PAUSE) -> None:
        self.left = seconds
        self.longest_pause = longest_pause

    def after(self, tries: int, lost: float) -> float | None:
        """The pause before another try, or None where another try that fails like the last would take too long."""
        self.left -= lost
        delay = jitter(tries, self.longest_pause)
        if self.left < delay + lost or self.left <= 0:
            return None
        self.left -= delay
        return delay


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """All calls made within have these seconds together. None left: nothing is tried twice."""
    shared = Patience(seconds)
    with _granting(lambda: shared):
        yield


@contextmanager
def outlasting() -> Iterator[None]:
    """Each call made within outlasts minutes of throttling: for runs that would else begin anew. A request that waits does not."""
    waited_for = _granted.get() is not _for_a_call
    with _granting(_granted.get() if waited_for else _for_minutes):
        yield


def attempts(why: Text) -> Iterator[int]:
    """Numbers of tries from 1 on, with a pause between them. Unavailable, saying why, where patience ends."""
    granted = _granted.get()()
    tries = 1
    while True:
        yield tries
        delay = granted.after(tries, 0.0)
        if delay is None:
            raise Unavailable(why)
        time.sleep(delay)
        tries += 1


def pause(tries: int) -> None:
    """Wait before the next of several tries: longer each time, by chance, at most 0.4 seconds."""
    time.sleep(jitter(tries, LONGEST_PAUSE))


def jitter(tries: int, longest: float) -> float:
    return random.uniform(0, min(longest, 0.01 * 2 ** min(tries, 16)))  # noqa: S311 - jitter, not a secret


def govern(events: Any) -> None:
    """Let a client's tries be decided here. `events`: `client.meta.events`."""
    events.register("before-call", _began)
    events.register("needs-retry", next_try)


def next_try(
    attempts: int,
    response: tuple[Any, Mapping[str, Any]] | None,
    caught_exception: BaseException | None,
    request_dict: Mapping[str, Any],
    **_: Any,
) -> float | None:
    """Seconds until the next try of a call, or None: it succeeded, would fail again, or has failed for long enough."""
    if not _failed_in_passing(response, caught_exception):
        return None
    about, now = request_dict["context"], time.monotonic()
    delay: float | None = about["surety_patience"].after(attempts, max(0.0, now - about["surety_tried_at"]))
    if delay is not None:
        about["surety_tried_at"] = now + delay
    return delay


def _began(context: dict[str, Any], **_: Any) -> None:
    context["surety_patience"] = _granted.get()()
    context["surety_tried_at"] = time.monotonic()


def _failed_in_passing(response: tuple[Any, Mapping[str, Any]] | None, failure: BaseException | None) -> bool:
    if failure is not None:
        return isinstance(failure, STORE_ERRORS) and is_transient(failure)
    return response is not None and response[0].status_code >= 300 and is_transient_answer(response[1])


@contextmanager
def _granting(grant: Callable[[], Patience]) -> Iterator[None]:
    token = _granted.set(grant)
    try:
        yield
    finally:
        _granted.reset(token)


def _for_a_call() -> Patience:
    return Patience(CALL_SECONDS)


def _for_minutes() -> Patience:
    return Patience(OUTLAST_SECONDS, LONGEST_OUTLASTING_PAUSE)


_granted: ContextVar[Callable[[], Patience]] = ContextVar("granted", default=_for_a_call)
