"""The way of a request, or of a bank's event, from `app.py` to the commit: short, downward, and never from the commit back into HTTP."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import Any, Final

import pytest

import app
from chalicelib.shared import commit
from tests.bank_events.conftest import Bank
from tests.trade import Trade
from tests.world import Streams

ROOT: Final = Path(__file__).parents[2]
MOST_FILES: Final = 20


@pytest.fixture
def ways(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The product's files on the stack at each commit, from the outermost in, each where it first stands."""
    seen: list[list[str]] = []
    write = commit._write

    def written(*args: Any, **kwargs: Any) -> Any:
        files = [Path(frame.filename) for frame in traceback.extract_stack()]
        ours = [str(file.relative_to(ROOT)) for file in files if file.is_relative_to(ROOT)]
        seen.append([file for file in dict.fromkeys(ours) if file == "app.py" or file.startswith("chalicelib/")])
        return write(*args, **kwargs)

    monkeypatch.setattr(commit, "_write", written)
    return seen


def must_be_short(way: list[str]) -> None:
    assert "app.py" in way[:2], way
    assert len(way) <= MOST_FILES, way
    beyond = way[way.index("chalicelib/shared/aggregates.py") :]
    assert not [file for file in beyond if file.startswith("chalicelib/shared/http/")], way


def test_a_request_passes_few_files_on_its_way_to_the_commit(trade: Trade, ways: list[list[str]]) -> None:
    order_id = trade.agree()
    trade.fund(order_id)
    ways.clear()
    assert trade.ship(order_id).status == 200
    [way] = ways
    must_be_short(way)


def test_a_banks_event_passes_few_files_on_its_way_to_the_commit(
    bank: Bank, trade: Trade, streams: Streams, ways: list[list[str]]
) -> None:
    order_id = trade.agree()
    event_id = bank.pay(order_id, "1500.00", 1)
    batch = streams.records("bank-events")
    ways.clear()
    assert app.bank_events_changed({"Records": batch}, None) == {"batchItemFailures": []}
    assert bank.status(event_id) == "applied"
    assert ways
    for way in ways:
        must_be_short(way)
