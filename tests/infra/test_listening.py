"""A test that goes on listening to the engine's client fails, whoever it is: else it slows every test after it and nothing tells."""

from __future__ import annotations

from typing import Any

from tests.round_trips import listening, who_listens


def hear(**_: Any) -> None:
    """Nothing."""


def test_who_goes_on_listening_is_named_until_it_stops(aws: None) -> None:
    with listening("before-send", hear):
        assert who_listens() == [repr(hear)]
    assert who_listens() == []
