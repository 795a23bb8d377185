"""Fixtures: an engine with the tables of `infra/tables.yaml`, a clock that stands still, and a client that speaks as anybody."""

from __future__ import annotations

import base64
import itertools
import json
import random
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, ClassVar, Final, Self

import jwt
import pytest
from chalice.local import RouteMatcher
from chalice.test import Client

from chalicelib.deposits.rulebooks import rulebook_repository
from chalicelib.identity import signatures
from chalicelib.sandbox import clock_offset
from chalicelib.sandbox import service as sandbox
from chalicelib.shared import clock, machines, secrets
from chalicelib.shared.aws import client as aws_client
from chalicelib.shared.settings import settings
from chalicelib.webhooks.service import silence
from tests import provoked
from tests.conftest import TOKEN_KEY
from tests.ledger.books import project, raw_journal, stream
from tests.letters import waiting
from tests.machine import has_messages, machine, stored
from tests.permits import acting_as
from tests.round_trips import who_listens

PATIENCE_SECONDS = 600.0
START = datetime(2026, 3, 2, 2, 15, tzinfo=UTC)


class StandingClock:
    """Business time in tests: it moves only when told."""

    def __init__(self, start: datetime) -> None:
        self.at = start

    def __call__(self) -> datetime:
        return self.at

    def advance(self, **by: float) -> datetime:
        self.at += timedelta(**by)
        return self.at


@dataclass(frozen=True)
class Reply:
    status: int
    body: Any
    headers: dict[str, str]
    raw: bytes

    def __getitem__(self, name: str) -> Any:
        return self.body[name]


_READS_BOOKS: Final = re.compile(r"[^?]*/timeline(\?|$)|/v1/loans/[^/]+/statement(\?|$)")


class Routes(RouteMatcher):
    """Finds what chalice would, which takes every declared path apart for each request: first among those that begin with the same two words."""

    def __init__(self, routes: list[str]) -> None:
        super().__init__(routes)
        self._by_start = {
            start: RouteMatcher(list(those)) for start, those in itertools.groupby(sorted(routes, key=_start), _start)
        }

    def match_route(self, url: str) -> Any:
        try:
            return self._by_start[_start(url)].match_route(url)
        except (KeyError, ValueError):
            return super().match_route(url)


def _start(url: str) -> str:
    return "/".join(url.partition("?")[0].split("/", 3)[:3])


@lru_cache(maxsize=1)
def _routes() -> Routes:
    import app

    return Routes(list(app.app.routes))


class Api:
    """Speaks to the application as a client does. `by` is a token: see `token`."""

    def __init__(self) -> None:
        import app

        self._http = Client(app.app, stage_name="dev").http
        self._http._local_gateway.event_converter._route_matcher = _routes()
        self._keys = itertools.count(1)

    def get(self, path: str, by: str | None = None, **headers: str) -> Reply:
        if _READS_BOOKS.match(path):
            project(stream(raw_journal()))  # which the journal's stream does within seconds
        return self._send("GET", path, by, None, headers)

    def post(
        self, path: str, body: Any = None, by: str | None = None, *, key: str | None = None, **headers: str
    ) -> Reply:
        headers.setdefault("Idempotency-Key", key or f"key-{next(self._keys)}")
        return self._send("POST", path, by, body, headers)

    def _send(self, method: str, path: str, by: str | None, body: Any, headers: dict[str, str]) -> Reply:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if by is not None:
            sent["Authorization"] = f"Bearer {by}"
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        sent.setdefault("Content-Type", "application/json")
        with nullcontext() if path.startswith("/v1/sandbox") else acting_as("api_handler"):
            got = self._http.request(method, path, headers=sent, body=raw)
        content = json.loads(got.body) if "json" in got.headers.get("Content-Type", "") else got.body
        provoked.note(method, path, sent, raw, got.status_code, content)
        return Reply(got.status_code, content, dict(got.headers), got.body)


def token(role: str, sub: str, *duties: str) -> str:
    """A token as the marketplace's identity provider would sign it. It is good for an hour, and the same for a quarter of one."""
    return _signed(role, sub, duties, int(clock.real().timestamp()) // 900 * 900)


@lru_cache(maxsize=1_000)
def _signed(role: str, sub: str, duties: tuple[str, ...], now: int) -> str:
    claims = {
        "iss": settings().issuer,
        "aud": settings().audience,
        "sub": sub,
        "role": role,
        "nbf": now - 60,
        "exp": now + 3600,
    }
    return jwt.encode(
        claims | ({"duties": list(duties)} if duties else {}), TOKEN_KEY, algorithm="ES256", headers={"kid": "test-1"}
    )


@contextmanager
def empty_engine() -> Iterator[None]:
    """An engine with empty tables, queues and a bucket, and with this API's secrets."""
    machine().wipe()
    secrets.forget()
    clock_offset.forget()
    silence.forget()
    rulebook_repository.forget()
    yield
    assert not (left := who_listens()), f"{left} listen to every call after this test too: round_trips.listening"


@pytest.fixture(autouse=True, scope="session")
def patience() -> Iterator[None]:
    """Sweeps and the sandbox's clock arrive however slow the machine is: the time they give themselves is for what waits for them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sandbox, "MOST_SECONDS", PATIENCE_SECONDS)
        patch.setattr(silence, "REST", 0.0)  # no wall clock in what tests see
        patch.setattr(clock_offset, "KEPT_SECONDS", PATIENCE_SECONDS)  # nobody else moves it here
        patch.setattr(machines, "SECONDS", PATIENCE_SECONDS)
        patch.setitem(signatures._MAKERS, ("EC", "P-256"), ("ES256", _remembering))
        yield


def _remembering(key: Mapping[str, str]) -> signatures.Check:
    """That a signature fits is found out once, as thousands of tests show the same few tokens; one that does not is looked at each time."""
    return lru_cache(maxsize=1_000)(signatures._es256(key))


@pytest.fixture
def aws() -> Iterator[None]:
    """An empty engine."""
    with empty_engine():
        yield


@pytest.fixture
def time() -> Iterator[StandingClock]:
    standing = StandingClock(START)
    clock.use(standing)
    yield standing
    clock.use(clock.real)


@pytest.fixture
def api(aws: None, time: StandingClock) -> Api:
    return Api()


@pytest.fixture
def officer() -> str:
    return token("officer", "officer-1", "admin")


class Pump:
    """Feeds the messages of the queues to the handlers of `app.py`, as Lambda does, until none is left."""

    HANDLERS: ClassVar = {"uploads": "files_arrived", "work": "shards_waiting", "webhooks": "webhooks_waiting"}

    def __call__(self, *, times: int = 1) -> int:
        """Every message is delivered `times` times. Returns how many messages there were."""
        delivered = 0
        while turns := sum(self.turn(queue, times=times) for queue in self.HANDLERS):
            delivered += turns
        return delivered

    def turn(self, queue: str, *, times: int = 1) -> int:
        """One batch of one queue. What the handler could not take becomes visible again, and is dead-lettered after five times."""
        import app

        if not has_messages(queue):
            return 0
        sqs = aws_client("sqs")
        url = sqs.get_queue_url(QueueName=settings().name(queue))["QueueUrl"]
        messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        if not messages:
            return 0
        records = [{"messageId": told["MessageId"], "body": told["Body"], "attributes": {}} for told in messages]
        for _ in range(times):
            with acting_as(self.HANDLERS[queue]):
                answer = app.app.handler_map[self.HANDLERS[queue]]({"Records": records}, None)
        failed = {item["itemIdentifier"] for item in answer["batchItemFailures"]}
        for told in messages:
            which = {"QueueUrl": url, "ReceiptHandle": told["ReceiptHandle"]}
            if told["MessageId"] in failed:
                sqs.change_message_visibility(**which, VisibilityTimeout=0)
            else:
                sqs.delete_message(**which)
        return len(messages)


@pytest.fixture
def pump(api: Api) -> Pump:
    return Pump()


class Streams:
    """Feeds what changed in the tables with a stream to the handlers of `app.py`, as Lambda does.

    moto keeps no streams in process: new images are found by looking at the tables. `chance` delivers them in disorder, some twice.
    """

    HANDLERS: ClassVar = {
        "bank-events": ("event_id", ["bank_events_changed"]),
        "journal": (
            "entry_id",
            ["journal_written", "journal_followed"],
        ),
        "exports": ("declaration_id", ["exports_changed"]),
    }

    def __init__(self) -> None:
        self._seen: dict[int, Any] = {}
        self._fed: dict[str, Any] = {}
        self._numbers = itertools.count(1)

    def __call__(self, chance: random.Random | None = None, *, tables: Iterable[str] = tuple(HANDLERS)) -> int:
        """Feed until nothing changes any more. Returns how many records there were."""
        delivered = 0
        while turns := sum(self.turn(table, chance) for table in tables):
            delivered += turns
        assert not (left := waiting()), left
        return delivered

    def again(self) -> Self:
        """One that goes on where this one is: for a world that is put back."""
        return self.after(*self.fed())

    def fed(self) -> tuple[list[Any], dict[str, Any]]:
        """The items it has seen, and the images it has fed."""
        return list(self._seen.values()), dict(self._fed)

    @classmethod
    def after(cls, seen: Iterable[Any], fed: Mapping[str, Any]) -> Self:
        """One that goes on where another has come to."""
        made = cls()
        made._seen, made._fed = {id(item): item for item in seen}, dict(fed)
        return made

    def forget(self) -> None:
        """What was fed is fed once more."""
        self._seen.clear()
        self._fed.clear()

    def turn(self, table: str, chance: random.Random | None = None) -> int:
        """One batch of one stream, to each of its handlers."""
        import app

        records = self.records(table)
        batch = chance.sample(records + records[:2], len(records + records[:2])) if chance else records
        for handler in self.HANDLERS[table][1] if batch else ():
            with acting_as(handler):
                failed = getattr(app, handler)({"Records": batch}, None)["batchItemFailures"]
            assert not failed, failed
        return len(records)

    def records(self, table: str) -> list[dict[str, Any]]:
        """What changed since this was asked last, as records of the stream."""
        key = self.HANDLERS[table][0]
        return [self._record(image, key) for image in self._changed(table, key)]

    def _changed(self, table: str, key: str) -> Iterator[dict[str, Any]]:
        for item, see in stored(table):
            if self._seen.get(id(item)) is item:
                continue
            image = see()
            self._seen[id(item)] = item
            name = f"{table}/{image[key]['S']}"
            if self._fed.get(name) != image:
                self._fed[name] = image
                yield image

    def _record(self, image: dict[str, Any], key: str) -> dict[str, Any]:
        """With bytes in base 64, as Lambda hands them over."""
        data = {
            name: {"B": base64.b64encode(value["B"]).decode()} if "B" in value else value
            for name, value in image.items()
        }
        number = str(next(self._numbers))
        stream: dict[str, Any] = {"SequenceNumber": number, "Keys": {key: image[key]}, "NewImage": data}
        stream |= {"ApproximateCreationDateTime": clock.real().timestamp(), "StreamViewType": "NEW_IMAGE"}
        return {"eventID": number, "eventName": "INSERT", "eventSource": "aws:dynamodb", "dynamodb": stream}


@pytest.fixture
def streams(api: Api) -> Streams:
    return Streams()
