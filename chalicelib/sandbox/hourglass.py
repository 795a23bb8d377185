"""Work that ends with its time, wherever it then is."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any, Final

from chalicelib.shared.tables import engine

CALLS: Final = "before-call.dynamodb"


class TimeIsOver(BaseException):
    """A job stops here as it does where its process dies, which every job withstands: none takes this for the fault of an item."""


@contextmanager
def until(ends: float) -> Iterator[None]:
    """The first call of this thread to the store after that moment is not made: TimeIsOver."""
    worker, events = threading.get_ident(), engine().client.meta.events

    def look(**_: Any) -> None:
        if threading.get_ident() == worker and monotonic() >= ends:
            raise TimeIsOver

    events.register_first(CALLS, look)
    try:
        yield
    finally:
        events.unregister(CALLS, look)
