"""Rung when there may be something to feed: after a request that may have written, a message, a file, a turn that found work.

So whoever feeds may sleep long while nothing happens, and wakes at once when something does.
"""

from __future__ import annotations

import threading


class Bell:
    """`rung` counts how often it rang; `wait` sleeps until it has rung since a count, or so many seconds."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self.rung = 0

    def ring(self) -> None:
        with self._condition:
            self.rung += 1
            self._condition.notify_all()

    def wait(self, since: int, seconds: float) -> bool:
        """Whether it rang."""
        with self._condition:
            return self._condition.wait_for(lambda: self.rung != since, seconds)
