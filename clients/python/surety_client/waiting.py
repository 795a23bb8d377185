"""Waiting for what happens off the request: a bank's event, a delivery, a run."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, TypeVar

from surety_client.problems import SuretyError

T = TypeVar("T")
POLL_SECONDS: Final = 0.2


class TookTooLong(SuretyError):
    """What was waited for did not come."""


def until(look: Callable[[], T | bool | None], *, seconds: float = 60.0) -> T:
    """What `look` finds, as soon as it finds something."""
    ends = time.monotonic() + seconds
    while not (result := look()):
        if time.monotonic() > ends:
            raise TookTooLong(f"Nothing came in {seconds:g} seconds.")
        time.sleep(POLL_SECONDS)
    return result  # type: ignore[return-value]  # what is true here is a T
