"""Sending a request until it is answered: again after pauses, where the API or the network says that may help.

A request keeps its Idempotency-Key however often it is sent, so that it is carried out once.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import httpx

from surety_client.problems import Unreachable, seconds_to_wait

AGAIN: Final = frozenset({429, 502, 503, 504})
"""Statuses after which the same request may be answered otherwise."""
RACE_LOST: Final = "race_lost"
"""The code of a 409 that says so too: somebody else was faster, and the request may be repeated with its key."""


@dataclass(frozen=True)
class Retries:
    """How often, and after which pauses: each up to twice as long as the one before, of a random length, and never shorter than `Retry-After` says."""

    tries: int = 5
    first_seconds: float = 0.25
    longest_seconds: float = 8.0
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random

    def send(self, once: Callable[[], httpx.Response]) -> httpx.Response:
        """The answer, or the last one of those that said to come again; Unreachable where there was none."""
        for number in range(1, self.tries + 1):
            answer, fault = _tried(once)
            if answer is not None and not _may_be_repeated(answer):
                return answer
            if number < self.tries:
                self.sleep(self.pause(number, answer))
        if answer is None:
            raise Unreachable(f"Nobody answered in {self.tries} tries ({type(fault).__name__}).") from fault
        return answer

    def pause(self, number: int, answer: httpx.Response | None) -> float:
        """Seconds after the try of that number."""
        longest = min(self.longest_seconds, self.first_seconds * 2.0 ** (number - 1))
        seconds = seconds_to_wait(answer) if answer is not None else None
        return (seconds or 0.0) + longest * self.chance()


def _tried(once: Callable[[], httpx.Response]) -> tuple[httpx.Response | None, httpx.TransportError | None]:
    try:
        return once(), None
    except httpx.TransportError as fault:
        return None, fault


def _may_be_repeated(answer: httpx.Response) -> bool:
    if answer.status_code in AGAIN:
        return True
    return answer.status_code == 409 and f'"{RACE_LOST}"' in answer.text
