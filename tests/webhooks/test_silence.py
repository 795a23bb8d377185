"""A receiver that keeps us waiting waits for its turn: the others are sent to first, and no clock stands still for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from chalicelib.sandbox import service as sandbox
from chalicelib.shared import clock
from chalicelib.shared.machines import Due
from chalicelib.webhooks import transport
from chalicelib.webhooks.declared import DELIVERIES
from chalicelib.webhooks.rules.delivery import Outcome
from chalicelib.webhooks.service import silence
from tests.due import failures_of
from tests.webhooks.conftest import Desk

GONE, SOUND = "https://gone.example/hook", "https://sound.example/hook"
MESSAGES = 12


class Line:
    """Two receivers: one lets us wait for five seconds and says nothing, one takes everything at once."""

    def __init__(self) -> None:
        self.seconds = 1_000.0
        self.asked: list[str] = []

    def __call__(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        self.asked.append(url)
        if url == SOUND:
            return Outcome(code=204)
        self.seconds += 5.0
        return Outcome(why="timed_out")

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def line(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[Line]:
    line = Line()
    monkeypatch.setattr("chalicelib.webhooks.service.silence.monotonic", line.monotonic)
    monkeypatch.setattr("chalicelib.webhooks.service.sending.monotonic", line.monotonic)
    silence.forget()
    transport.use(line)
    yield line
    silence.forget()


@pytest.fixture
def waiting(desk: Desk, line: Line) -> str:
    """Messages for both that lie in the queue. Returns the endpoint of the one that is gone."""
    gone = desk.register(desk.trade.buyer, "order.*", url=GONE)["id"]
    desk.register(desk.trade.supplier, "order.*", url=SOUND)
    for _ in range(MESSAGES):
        desk.trade.propose()
    return str(gone)


def test_one_silent_receiver_is_asked_once_and_the_others_get_theirs(desk: Desk, line: Line, waiting: str) -> None:
    desk.run()
    assert line.asked.count(SOUND) == MESSAGES
    assert line.asked.count(GONE) == 1
    told = desk.log(waiting, desk.trade.buyer)
    assert sorted(len(one["attempts"]) for one in told) == [0] * (MESSAGES - 1) + [1]
    assert {one["status"] for one in told} == {"queued"}
    assert [failures_of(DELIVERIES, one["id"]) for one in told if not one["attempts"]] == [1] * (MESSAGES - 1)


def test_a_silent_receiver_gets_everything_once_it_answers_again(desk: Desk, line: Line, waiting: str) -> None:
    desk.run()
    line.seconds += silence.TIMES_AS_LONG * 5.0
    transport.use(lambda url, headers, body: line.asked.append(url) or Outcome(code=204))  # type: ignore[func-returns-value]
    DELIVERIES.sweep(desk.trade.time.advance(hours=1))
    desk.run()
    assert {one["status"] for one in desk.log(waiting, desk.trade.buyer)} == {"delivered"}


def test_the_sandboxs_clock_waits_for_a_silent_receiver_once_in_a_month(
    desk: Desk, line: Line, waiting: str, officer: str
) -> None:
    desk.streams()
    moved = desk.trade.api.post("/v1/sandbox/clock", {"advance_hours": 720}, officer)
    assert moved["arrived"] is True
    assert line.asked.count(GONE) <= 2
    assert line.asked.count(SOUND) >= MESSAGES
    assert DELIVERIES.due(desk.trade.time.at, 99) == []


def test_the_sandboxs_clock_leaves_messages_to_the_queue_when_its_patience_is_spent(
    desk: Desk, line: Line, waiting: str, officer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "FOR_MESSAGES", 0.0)
    desk.streams()
    moved = desk.trade.api.post("/v1/sandbox/clock", {"advance_hours": 24}, officer)
    assert (moved["arrived"], DELIVERIES.name in moved["counts"], line.asked) == (True, False, [])
    assert len(DELIVERIES.due(clock.now(), 99)) >= MESSAGES


def test_who_fails_at_once_keeps_nobody_waiting_and_is_asked_each_time(desk: Desk, line: Line, waiting: str) -> None:
    transport.use(lambda url, headers, body: line.asked.append(url) or Outcome(why="no_answer"))  # type: ignore[func-returns-value]
    desk.run()
    assert line.asked.count(GONE) == MESSAGES


def test_who_refuses_many_times_in_a_row_is_asked_once_in_a_while(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(silence, "REST", 60.0)
    for _ in range(silence.MOST_REFUSALS):
        silence.note(GONE, Outcome(why="no_answer"), 0.0)
        silence.must_not_be_silent(GONE)
    silence.note(GONE, Outcome(why="no_answer"), 0.0)
    with pytest.raises(silence.Silent):
        silence.must_not_be_silent(GONE)
    silence.note(GONE, Outcome(code=500), 0.0)
    silence.must_not_be_silent(GONE)


def test_the_silent_take_a_tenth_of_the_time_however_many_they_are(line: Line) -> None:
    """An owner may have ten endpoints, and a host as many addresses as it likes."""
    silent, sound = [f"{GONE}/{number}" for number in range(50)], 0
    began, waited = line.seconds, 0.0
    while line.seconds < began + 20_000:
        for url in (*silent, SOUND):
            try:
                silence.must_not_be_silent(url)
            except silence.Silent:
                continue
            was = line.seconds
            silence.note(url, line(url, {}, b""), 0.0 if url == SOUND else 5.0)
            waited += line.seconds - was
            sound += url == SOUND
        line.seconds += 0.5  # all else that there is to do
    assert waited / (line.seconds - began) < 0.15
    assert {url for url in line.asked if url != SOUND} == set(silent)


def test_what_is_remembered_is_bounded(line: Line) -> None:
    for number in range(silence.MOST_ADDRESSES + 5):
        silence.note(f"https://{number}.example", Outcome(why="timed_out"), 5.0)
    assert len(silence._silent_until) <= silence.MOST_ADDRESSES
    silence.note(GONE, Outcome(why="timed_out"), 5.0)
    with pytest.raises(silence.Silent):
        silence.must_not_be_silent(GONE)
    silence.note(GONE, Outcome(code=500), 5.0)
    silence.must_not_be_silent(GONE)


def test_a_message_that_moved_on_is_not_pushed_back(desk: Desk, line: Line, waiting: str) -> None:
    desk.run()
    [one, *_] = desk.log(waiting, desk.trade.buyer)
    assert DELIVERIES.push_back(Due(desk.trade.time.at, one["id"]), desk.trade.time.at) is None
