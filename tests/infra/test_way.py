"""The way of a request from `app.py` to the commit, and of a bank's event: how many files stand on it, and that it does not turn back."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, Final

from chalicelib.shared.commit import commit
from tests.bank_events.conftest import Bank
from tests.trade import Trade
from tests.world import Api, Streams

ROOT: Final = Path(__file__).parents[2]
MOST_FILES: Final = 12


class Way:
    """Of each commit the files of ours that led to it, outermost first; and those that were called from within one."""

    def __init__(self) -> None:
        self.to_commits: list[list[str]] = []
        self.within: set[str] = set()
        self._depth = 0

    def hear(self, frame: FrameType, event: str, _: Any) -> None:
        if frame.f_code is commit.__code__ and event in ("call", "return"):
            self._depth += 1 if event == "call" else -1
            if event == "call":
                self.to_commits.append(list(dict.fromkeys(reversed(list(_files(frame))))))
        elif self._depth and event == "call":
            self.within.update(_file(frame))


def _files(frame: FrameType | None) -> Iterator[str]:
    while frame:
        yield from _file(frame)
        frame = frame.f_back


def _file(frame: FrameType) -> Iterator[str]:
    path = Path(frame.f_code.co_filename)
    if path.is_relative_to(ROOT) and path.relative_to(ROOT).parts[0] in ("app.py", "chalicelib"):
        yield str(path.relative_to(ROOT))


@contextmanager
def followed() -> Iterator[Way]:
    way, before = Way(), sys.getprofile()
    sys.setprofile(way.hear)
    try:
        yield way
    finally:
        sys.setprofile(before)


def test_a_request_and_a_banks_event_come_to_the_commit_by_few_files_and_not_back_into_http(
    api: Api, trade: Trade, streams: Streams, officer: str
) -> None:
    with followed() as accepted:
        order_id = trade.agree()
    Bank(api, streams, officer).pay(order_id, "500.00", 1)
    with followed() as paid:
        streams(tables=["bank-events"])
    for way, room in ((accepted, "chalicelib/orders/routes.py"), (paid, "chalicelib/bank_events/jobs.py")):
        last = way.to_commits[-1]
        assert "app.py" in last[:2], "in the trigger's log at most"
        assert room in last
        assert all(len(files) <= MOST_FILES for files in way.to_commits), way.to_commits
        assert way.within >= {"chalicelib/shared/tables.py"}
        assert not [name for name in way.within if "/http/" in name or "/routes" in name or "/service" in name]
