"""The loops of `make run`: each record, message and tick reaches its handler, in order, and what fails is put aside."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from math import inf
from pathlib import Path
from typing import Any

import boto3
import pytest
from chalice.app import Chalice

from chalicelib.dead_letters import queues as dead_queues
from chalicelib.shared import queues as shared_queues
from chalicelib.shared.aws import client
from chalicelib.shared.settings import settings
from infra.local import resources
from infra.local.bell import Bell
from infra.local.pollers import LONGEST_PAUSE_SECONDS, Pollers, queues, streams
from infra.local.pollers.queues import Queue
from infra.local.pollers.schedules import Schedules, is_due
from infra.local.pollers.streams import MOST_TRIES, Stream
from infra.local.runner import Surety
from infra.local.services import OtherServices
from tests.machine import forget_machine

NAME = "journal_followed"
TABLE, WORK = settings().name("journal"), settings().name("work")


class Handler:
    """Takes records but for those it is told to fail on; keeps what it took."""

    def __init__(self, *poison: str, raises: bool = False) -> None:
        self.poison, self.raises = set(poison), raises
        self.taken: list[str] = []

    def records(self, event: dict[str, Any], context: Any) -> Any:
        return self._take(
            [(r["dynamodb"]["SequenceNumber"], r["dynamodb"]["Keys"]["entry_id"]["S"]) for r in event["Records"]]
        )

    def messages(self, event: dict[str, Any], context: Any) -> Any:
        return self._take([(record["messageId"], record["body"]) for record in event["Records"]])

    def _take(self, content: list[tuple[str, str]]) -> Any:
        if self.raises and self.poison & {name for _, name in content}:
            raise RuntimeError("poison")
        self.taken += [name for _, name in content if name not in self.poison]
        return {"batchItemFailures": [{"itemIdentifier": item} for item, name in content if name in self.poison]}


@pytest.fixture
def clients(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A function that makes clients of an engine of its own, with the journal and the queues in it."""
    services = OtherServices()
    _reset(services.url)
    monkeypatch.setenv("AWS_ENDPOINT_URL", services.url)
    monkeypatch.setattr(streams, "AFTER_FAILURE_SECONDS", 0)
    monkeypatch.setattr(queues, "AGAIN_AFTER_SECONDS", 0)
    client.cache_clear()
    shared_queues.url.cache_clear()
    make = boto3.Session().client
    resources.create_tables(make("dynamodb"), settings().stage)
    resources.create_queues(make("sqs"), settings().stage)
    yield make
    client.cache_clear()
    shared_queues.url.cache_clear()
    _reset(services.url)
    services.stop()
    forget_machine()


def _reset(url: str) -> None:
    """Empty the engine. Its memory is the process's: the other tests' engine is emptied too, and has to be made anew."""
    urllib.request.urlopen(f"{url}/moto-api/reset", b"", timeout=10).close()


def write(dynamodb: Any, *names: str) -> None:
    for name in names:
        dynamodb.put_item(TableName=TABLE, Item={"entry_id": {"S": name}, "body": {"B": b"\x00\xff"}})


def read_all(stream: Stream) -> None:
    while stream.turn():
        pass


def dead(sqs: Any, queue: str) -> list[str]:
    url = sqs.get_queue_url(QueueName=settings().name(queue))["QueueUrl"]
    return [
        message["Body"] for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    ]


def test_a_stream_is_read_in_order_and_goes_on_where_it_was_left(clients: Any, tmp_path: Path) -> None:
    dynamodb, kept = clients("dynamodb"), tmp_path / "place.json"
    write(dynamodb, "a", "b", "c")
    first = Handler()
    read_all(Stream(first.records, NAME, TABLE, 2, kept, print))
    write(dynamodb, "d")
    second = Handler()
    read_all(Stream(second.records, NAME, TABLE, 2, kept, print))
    assert (first.taken, second.taken) == (["a", "b", "c"], ["d"])


def test_a_stream_without_news_is_asked_for_its_records_alone(clients: Any) -> None:
    write(clients("dynamodb"), "a")
    stream, asked = Stream(Handler().records, NAME, TABLE, 2, None, print), list[str]()
    read_all(stream)
    stream._streams.meta.events.register("before-call", lambda model, **_: asked.append(model.name))
    assert not stream.turn()
    assert asked == ["GetRecords"]


@pytest.mark.parametrize("raises", [False, True], ids=["named in the answer", "raised"])
def test_a_record_that_fails_is_tried_again_and_put_aside_and_the_rest_goes_on(clients: Any, raises: bool) -> None:
    write(clients("dynamodb"), "a", "b", "c", "d")
    handler, said = Handler("b", raises=raises), list[str]()
    read_all(Stream(handler.records, NAME, TABLE, 100, None, said.append))
    assert list(dict.fromkeys(handler.taken)) == ["a", "c", "d"]
    [aside] = dead(clients("sqs"), "streams-dead")
    place = json.loads(aside)["DDBStreamBatchInfo"]
    assert place["startSequenceNumber"] == place["endSequenceNumber"]
    assert place["batchSize"] == 1
    assert '"b"' not in aside, "a position, and nothing of what stands there"
    [record] = dead_queues.records_at(dead_queues.position(aside))
    assert record["dynamodb"]["Keys"] == {"entry_id": {"S": "b"}}
    assert "put aside" in said[-1]


def test_a_binary_value_arrives_as_lambda_gives_it(clients: Any) -> None:
    write(clients("dynamodb"), "a")
    seen: list[Any] = []
    read_all(Stream(lambda event, context: seen.extend(event["Records"]), NAME, TABLE, 100, None, print))
    assert seen[0]["dynamodb"]["NewImage"]["body"] == {"B": "AP8="}
    assert json.dumps(seen)


def test_a_message_that_fails_comes_again_and_ends_among_the_dead(clients: Any) -> None:
    sqs = clients("sqs")
    url = sqs.get_queue_url(QueueName=WORK)["QueueUrl"]
    for body in ("a", "b"):
        sqs.send_message(QueueUrl=url, MessageBody=body)
    handler = Handler("b")
    queue = Queue(handler.messages, WORK, 10, print)
    for _ in range(MOST_TRIES + 1):
        queue.turn()
    assert handler.taken == ["a"]
    assert dead(sqs, "work-dead") == ["b"]


@pytest.mark.parametrize(
    ("expression", "at", "due"),
    [
        ("rate(1 minute)", "2026-03-02T02:15", True),
        ("rate(5 minutes)", "2026-03-02T02:15", True),
        ("rate(5 minutes)", "2026-03-02T02:16", False),
        ("cron(30 18 L * ? *)", "2026-02-28T18:30", True),
        ("cron(30 18 L * ? *)", "2026-02-27T18:30", False),
        ("cron(30 16 9 * ? *)", "2026-03-09T16:30", True),
        ("cron(30 16 9 * ? *)", "2026-03-09T16:31", False),
        ("cron(0/10 8-17 ? * 2-6 *)", "2026-03-02T09:20", True),
        ("cron(0/10 8-17 ? * 2-6 *)", "2026-03-01T09:20", False),
        ("cron(0 0 1,15 1 ? 2027)", "2027-01-15T00:00", True),
        ("cron(0 0 1,15 1 ? 2027)", "2026-01-15T00:00", False),
    ],
)
def test_a_schedule_is_due_in_its_minute_in_utc(expression: str, at: str, due: bool) -> None:
    assert is_due(expression, datetime.fromisoformat(at).replace(tzinfo=UTC)) is due


def test_a_schedule_is_tried_three_times_and_then_put_aside_with_its_tick(clients: Any) -> None:
    tries: list[str] = []

    def fails(tick: dict[str, Any], context: Any) -> None:
        tries.append(tick["time"])
        raise RuntimeError("poison")

    feed = Schedules({"books_close": ("rate(1 minute)", fails)}, print)
    feed._seen -= timedelta(minutes=1)
    feed.turn()
    assert tries == [tries[0]] * 3
    [aside] = dead(clients("sqs"), "schedules-dead")
    undone = dead_queues.undone(aside)
    assert "-BooksClose-" in undone.request_context.function_arn
    assert undone.request_payload["time"] == tries[0]


# --- pauses -----------------------------------------------------------------------------------------------------------


class Source:
    """A source that has work in some of its turns, and ends everything after the last."""

    def __init__(self, *turns: bool) -> None:
        self.turns, self.feeds = list(turns), Pollers(Chalice("nothing"), bell=Silent())

    def most_pause(self) -> float:
        return inf

    def turn(self) -> bool:
        worked = self.turns.pop(0)
        if not self.turns:
            self.feeds._ending.set()
        return worked

    def pauses(self) -> list[float]:
        self.feeds._keep_turning(self)  # type: ignore[arg-type]
        bell = self.feeds._bell
        assert isinstance(bell, Silent)
        return bell.pauses


class Silent(Bell):
    """A bell that waits for nothing, and tells how long it was to wait."""

    def __init__(self) -> None:
        super().__init__()
        self.pauses: list[float] = []

    def wait(self, since: int, seconds: float) -> bool:
        if self.rung != since:
            return True
        self.pauses.append(seconds)
        return False


def test_a_source_without_work_is_asked_after_pauses_that_grow() -> None:
    pauses = Source(*[False] * 12).pauses()
    assert pauses[:4] == [0.2, 0.4, 0.8, 1.6]
    assert pauses[-3:] == [LONGEST_PAUSE_SECONDS] * 3


def test_a_source_with_work_is_asked_again_at_once_and_its_pauses_begin_anew() -> None:
    assert Source(False, False, True, True, False, False).pauses() == [0.2, 0.4, 0.2, 0.4]


def test_a_source_without_work_is_asked_once_a_minute_after_the_second() -> None:
    """What that costs is part of what an idle service costs, which is to be at most two percent of a core with the engine's own."""
    at = list(accumulate(Source(*[False] * 20).pauses()))
    assert sum(120 < moment <= 180 for moment in at) == 1


def test_what_is_written_rings(clients: Any) -> None:
    rung = list[str]()
    services = OtherServices(lambda: rung.append("."))
    try:
        sqs: Any = boto3.Session().client("sqs", endpoint_url=services.url)
        s3: Any = boto3.Session().client("s3", endpoint_url=services.url)
        url = sqs.get_queue_url(QueueName=WORK)["QueueUrl"]
        sqs.receive_message(QueueUrl=url)
        assert rung == []
        sqs.send_message(QueueUrl=url, MessageBody="a")
        assert len(rung) == 1
        s3.create_bucket(Bucket="files")
        s3.put_object(Bucket="files", Key="a", Body=b"a")
        assert len(rung) == 3
        s3.get_object(Bucket="files", Key="a")
        assert len(rung) == 3
    finally:
        services.stop()


@pytest.mark.parametrize(("method", "rings"), [("POST", True), ("GET", False), ("HEAD", False)])
def test_a_request_that_may_have_written_rings(tmp_path: Path, method: str, rings: bool) -> None:
    surety = Surety(8000, sandbox=True, home=tmp_path, quiet=True)
    surety._hear(method, "/v1/orders", 201, 0.1)
    assert bool(surety._bell.rung) is rings


def test_a_schedule_pauses_until_the_next_minute_at_most(clients: Any) -> None:
    assert 0 <= Schedules({}, print).most_pause() <= 60
