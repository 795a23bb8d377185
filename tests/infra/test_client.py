"""What speaks to a running service: how long it waits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from infra.local import client
from infra.local.client import Refused, move_clock

TO = datetime(2026, 7, 1, tzinfo=UTC)


class Clock:
    """A clock that goes a day each time it is asked, and each time takes all the patience there is."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, stands_still: bool = False) -> None:
        self._now, self._wall, self._stands_still = TO - timedelta(days=9), 0.0, stands_still
        self.asked = 0
        monkeypatch.setattr("time.monotonic", lambda: self._wall)
        monkeypatch.setattr("time.sleep", lambda seconds: None)

    def post(self, path: str, body: Any) -> Any:
        self.asked += 1
        self._wall += client.PATIENCE_SECONDS
        self._now += timedelta() if self._stands_still else timedelta(days=1)
        return {"now": self._now.isoformat(), "arrived": self._now == TO}


def test_a_clock_that_moves_on_is_waited_for_however_long_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    move_clock(TO, clock.post)
    assert clock.asked == 9


def test_a_clock_that_stands_still_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch, stands_still=True)
    with pytest.raises(SystemExit, match="did not move on"):
        move_clock(TO, clock.post)
    assert clock.asked == 2


def test_a_clock_that_is_there_already_refuses_to_go_back() -> None:
    def post(path: str, body: Any) -> Any:
        raise Refused(409, {"code": "clock_only_forward"})

    move_clock(TO, post)
