"""The bank as a process: takes signed messages on loopback, answers at once, works behind that, and sends signed events of its own.

with FakeBank("ccb", "http://127.0.0.1:8000", secret, port=8100) as bank:
    … bank.url …

POST /surety       our messages, signed
GET  /books?on=    what it is owed, by loan, and the hash of that
GET  /messages     what it has been told, newest last
POST /payments     {"loan_id", "amount", "on"?}: a customer pays
                   with "seat" a guarantor does, on the call that runs; "named": false without naming it
POST /reversals    {"loan_id", "bank_ref"}
POST /defaults     {"loan_id"}: it does not expect the debtor to pay
POST /calls        {"loan_id"}: it asks the guarantors, who do as its rules say when they are noticed
POST /withdrawals  {"loan_id"}: it asks them no more, and gives back what they paid
POST /charges      {"loan_id", "until"?}: interest that was not charged yet; that of a period that ends it charges by itself
POST /overdue      {"loan_id"}
POST /closings     {"loan_id"}
POST /snapshots    {"as_of"?}: it tells all its balances
POST /mischief     {"ways": […], "seed"}: how its messages come from now on; what it kept to itself is sent then
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import pickle
import threading
import time
import urllib.error
import urllib.request
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Empty, Queue
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qs, urlsplit

from infra.local.client import Client, Refused, until
from infra.local.fake_bank import guarantees, mischief
from infra.local.fake_bank.core import Core, Event
from infra.local.fake_bank.counter import Counter, day_of

RULES: Final = Path(__file__).parent / "rules.json"
LOOPBACK: Final = "127.0.0.1"
MOST_BODY: Final = 20_000
MOST_KEPT: Final = 5_000
"""Messages and events that are remembered: a bank of this size forgets nothing that matters here."""
TOLERANCE_SECONDS: Final = 300
GAP_SECONDS: Final = 3.0
"""So long a missing message is waited for; then it is asked for."""
TRIES: Final = 8
Json = dict[str, Any]


class _State(NamedTuple):
    """All that a bank knows: its books, what it told and what it kept to itself, and the number of the next message of each feed."""

    core: guarantees.Bank
    sent: dict[str, list[tuple[str, Event]]]
    kept_back: list[Event]
    expected: dict[str, int]


class FakeBank(Counter):
    """A bank that listens at `url`. Messages are worked on one by one, in the order of their numbers.

    `inbox` is where its events go: `/v1/webhooks/<inbox>/<id>`; `core_of` makes what decides behind it. What it knows is `kept` in a file,
    where there is one, and taken up by the next run.
    """

    inbox = "banks"

    @staticmethod
    def core_of(bank_id: str, rules: Json | None) -> Any:
        return guarantees.Bank(bank_id, rules or rules_of(), refs=time.time_ns() // 1_000_000)

    def __init__(
        self,
        bank_id: str,
        service: str,
        secret: str,
        *,
        port: int = 0,
        rules: Json | None = None,
        ways: Sequence[str] = (),
        seed: int = 0,
        tell: Callable[[str], object] = lambda line: None,
        kept: Path | None = None,
    ) -> None:
        self.core: guarantees.Bank = self.core_of(bank_id, rules)
        self._kept = kept
        self.problems: deque[str] = deque(maxlen=MOST_KEPT)
        self._client, self._secret, self._tell = Client(service), secret, tell
        self._ways, self._seed = tuple(ways), seed
        self.lock = threading.RLock()
        self._inbox = Queue[Json](maxsize=MOST_KEPT)
        self._outbox = Queue[tuple[str, Event]](maxsize=MOST_KEPT)
        self._kept_back: list[Event] = []
        self._sent: dict[str, list[tuple[str, Event]]] = {}
        self._expected: dict[str, int] = {}
        self._take_up()
        self._seen: deque[str] = deque(maxlen=MOST_KEPT)
        self._ending = threading.Event()
        self._server = ThreadingHTTPServer((LOOPBACK, port), self._handler())
        self.url = f"http://{LOOPBACK}:{self._server.server_port}"
        self._endpoint: Json = {}
        self._threads = [
            threading.Thread(target=work, daemon=True) for work in (self._server.serve_forever, self._work, self._send)
        ]

    def __enter__(self) -> FakeBank:
        for thread in self._threads:
            thread.start()
        self._register()
        return self

    def __exit__(self, *failure: object) -> None:
        self._ending.set()
        self._server.shutdown()
        for thread in self._threads:
            thread.join(10)
        self._server.server_close()

    @property
    def is_idle(self) -> bool:
        """Whether it has done and said all that it was told."""
        return not (self._inbox.unfinished_tasks or self._outbox.unfinished_tasks)

    def now(self) -> datetime:
        """The time of business, which the service says: it may be ahead of the wall's."""
        now: str = self._client.get("/v1/health")["now"]
        return datetime.fromisoformat(now)

    def misbehave(self, ways: Sequence[str], seed: int = 0) -> None:
        """From now on. What it kept to itself is told, in the new way."""
        mischief.order([], ways, seed)
        with self.lock:
            self._ways, self._seed = tuple(ways), seed
            events, self._kept_back = self._kept_back, []
            self.say(events)

    def do(self, act: Callable[[Core, datetime], list[Event]]) -> list[Event]:
        """Let something happen at the bank, tell of it, and keep how things stand then."""
        with self.lock:
            events = super().do(act)
            self._keep()
        return events

    # What it keeps from one run to the next

    def _keep(self) -> None:
        if self._kept is None:
            return
        state = _State(self.core, self._sent, self._kept_back, self._expected)
        new = self._kept.with_suffix(".new")
        new.write_bytes(pickle.dumps(state))
        new.replace(self._kept)

    def _take_up(self) -> None:
        """Go on where an earlier run ended: sequences too, for what is told under a number once is known to whoever heard it. Rules are today's."""
        if self._kept is None or not self._kept.exists():
            return
        state: _State = pickle.loads(self._kept.read_bytes())
        self.go_by(state.core, self.core)
        self.core, self._sent, self._kept_back, self._expected = state

    @staticmethod
    def go_by(kept: Any, new: Any) -> None:
        kept.rules = new.rules

    # What it takes in

    def take(self, headers: dict[str, str], body: bytes) -> int:
        """The status of the answer: 401 for what we did not sign, 200 for what it has, 202 for what it will do."""
        if not is_signed(self._endpoint.get("secret", ""), headers, body):
            return 401
        with self.lock:
            name = headers["webhook-id"]
            if name in self._seen:
                return 200
            self._seen.append(name)
        self._inbox.put(json.loads(body))
        return 202

    def _work(self) -> None:
        """Messages of a feed in the order of their numbers; what is missing is asked for, and not waited for when it is not kept."""
        feeds: dict[str, dict[int, Json]] = defaultdict(dict)
        expected = self._expected
        since = time.monotonic()
        while not self._ending.is_set():
            try:
                message = self._inbox.get(timeout=0.1)
            except Empty:
                if any(feeds.values()) and time.monotonic() - since > GAP_SECONDS:
                    expected |= {
                        feed: self._ask_for(expected.get(feed, 1), early) for feed, early in feeds.items() if early
                    }
                    since = time.monotonic()
            else:
                if "feed_id" not in message["data"]:
                    self._inbox.task_done()  # about its own endpoint
                    continue
                feed, seq = message["data"]["feed_id"], message["data"]["seq"]
                if seq < expected.get(feed, 1):
                    self._inbox.task_done()  # heard by an earlier run
                    continue
                feeds[feed][seq] = message
                since = time.monotonic()
            for feed, early in feeds.items():
                while (next_one := early.pop(expected.get(feed, 1), None)) is not None:
                    expected[feed] = expected.get(feed, 1) + 1
                    self._hear(next_one)
                    self._inbox.task_done()

    def _ask_for(self, expected: int, early: dict[int, Json]) -> int:
        """The number to go on with: the missing one, or the first that is there where nothing of it is kept."""
        first = min(early)
        body = {"aggregate_id": early[first]["data"]["feed_id"], "from_seq": expected, "to_seq": first - 1}
        try:
            replay = self._client.post(f"/v1/webhook-endpoints/{self._endpoint['id']}/replay", body, self._token)
        except Refused:
            return first
        return expected if replay["replayed"] else first

    def _hear(self, message: Json) -> None:
        kind, data = message["type"], message["data"]
        self._tell(f"heard {kind} {_about(data)}")
        if kind == "replay.requested":
            self._repeat(data)
        elif kind in ("event.refused", "reconciliation.mismatch"):
            self.problems.append(json.dumps({"type": kind, **data}))
        self.do(lambda core, now: core.hear(kind, data, now))

    def _repeat(self, data: Json) -> None:
        """Send again what was told of an aggregate, under the names it had."""
        for name, event in self._sent.get(data["aggregate_id"], []):
            if event.data["seq"] <= data["until_seq"]:
                self._outbox.put((name, event))

    # What it sends

    def say(self, events: list[Event]) -> None:
        if "silent" in self._ways:
            self._kept_back += events
            return
        for event in events:
            self._sent.setdefault(event.of, []).append((event.name, event))
        for each in mischief.order(events, self._ways, self._seed):
            self._outbox.put(each)

    def _send(self) -> None:
        while not self._ending.is_set():
            try:
                name, event = self._outbox.get(timeout=0.1)
            except Empty:
                continue
            try:
                status = self._post(name, event)
                self._tell(f"told {event.type} {_about(event.data)}: {status}")
            finally:
                self._outbox.task_done()

    def _post(self, name: str, event: Event) -> int:
        """Try until it is taken or refused: a new signature each time, the same bytes."""
        body = json.dumps(
            {"type": event.type, "timestamp": event.data["occurred_at"], "data": event.data}, sort_keys=True
        ).encode()
        for number in range(TRIES):
            request = urllib.request.Request(
                f"{self._client.url}/v1/webhooks/{self.inbox}/{self.core.bank_id}",
                body,
                {"Content-Type": "application/json", **signature(self._secret, name, body)},
            )
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    return int(answer.status)
            except urllib.error.HTTPError as refused:
                if refused.code < 500 and refused.code != 429:
                    self.problems.append(f"{event.type} {name}: {refused.code} {refused.read().decode()[:300]}")
                    return refused.code
            except urllib.error.URLError:
                pass
            if self._ending.wait(min(2.0**number / 10, 10)):
                break
        self.problems.append(f"{event.type} {name}: nobody took it")
        return 0

    def _register(self) -> None:
        """Its endpoint with the service, in the place of what an earlier run left. The service may start after the bank."""
        self._token = until(self._signed_in, f"Nobody answered at {self._client.url}")
        for old in self._client.get("/v1/webhook-endpoints", self._token)["items"]:
            self._client.post(f"/v1/webhook-endpoints/{old['id']}/delete", None, self._token)
        wanted = {"url": f"{self.url}/surety", "kinds": ["*"], "description": "fake bank"}
        self._endpoint = self._client.post("/v1/webhook-endpoints", wanted, self._token)

    def _signed_in(self) -> str | None:
        try:
            return self._client.token("bank", self.core.bank_id)
        except urllib.error.URLError:
            return None

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        bank = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                place = urlsplit(self.path)
                query = {name: values[0] for name, values in parse_qs(place.query).items()}
                match place.path:
                    case "/books":
                        self._answer(200, bank.books(day_of(query.get("on"))))
                    case "/messages":
                        self._answer(
                            200, {"messages": [list(each) for each in bank.core.heard], "problems": list(bank.problems)}
                        )
                    case _:
                        self._answer(404, {"detail": "There is no such page."})

            def do_POST(self) -> None:
                size = int(self.headers.get("content-length") or 0)
                if size > MOST_BODY:
                    self._answer(413, {"detail": "A message is smaller."})
                    return
                body = self.rfile.read(size)
                headers = {name.lower(): value for name, value in self.headers.items()}
                if self.path == "/surety":
                    self._answer(bank.take(headers, body), {})
                    return
                try:
                    self._answer(
                        200, {"events": [event.name for event in bank.act(self.path, json.loads(body or b"{}"))]}
                    )
                except (KeyError, ValueError, StopIteration) as wrong:
                    self._answer(400, {"detail": f"{type(wrong).__name__}: {wrong}"})

            def _answer(self, status: int, answer: Json) -> None:
                body = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments: object) -> None:
                """Nothing of HTTP: what the bank hears and tells is said where it happens."""

        return Handler


def rules_of(file: Path = RULES) -> Json:
    rules: Json = json.loads(file.read_text())
    return rules


def signature(secret: str, name: str, body: bytes, at: int | None = None) -> dict[str, str]:
    """The headers of Standard Webhooks 1.0."""
    seconds = str(int(time.time()) if at is None else at)
    return {"webhook-id": name, "webhook-timestamp": seconds, "webhook-signature": _v1(secret, name, seconds, body)}


def _v1(secret: str, name: str, seconds: str, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, b".".join((name.encode(), seconds.encode(), body)), hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def is_signed(secret: str, headers: dict[str, str], body: bytes) -> bool:
    try:
        name, seconds, offered = (headers[f"webhook-{each}"] for each in ("id", "timestamp", "signature"))
        expected = _v1(secret, name, seconds, body)
        return abs(time.time() - int(seconds)) <= TOLERANCE_SECONDS and any(
            hmac.compare_digest(expected, each) for each in offered.split(" ")
        )
    except (KeyError, ValueError):
        return False


def _about(data: Json) -> str:
    names = ("loan_id", "line_id", "agreement_id", "review_id", "aggregate_id")
    return next((str(data[name]) for name in names if name in data), "")
