"""Speaks to a running Surety over HTTP, as anybody the sandbox signs a token for."""

from __future__ import annotations

import io
import itertools
import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Any, BinaryIO, Final, Protocol

from rich.console import Console

CHUNK_BYTES: Final = 1 << 18
MOST_TRIES: Final = 30
PATIENCE_SECONDS: Final = 180
INTERRUPTED: Final = 130
"""What a shell expects of a process that Ctrl-C ended."""


class Refused(Exception):
    """The service said no: `problem` is its answer, `again_after` how many seconds later it may say something else."""

    def __init__(self, status: int, problem: dict[str, Any], again_after: int | None = None) -> None:
        super().__init__(f"{status} {problem.get('code')}: {problem.get('detail')} {problem.get('fix')}")
        self.status = status
        self.problem = problem
        self.again_after = again_after


class Speaks(Protocol):
    """Who brings requests to the API, files to the bucket, and waits for what they cause: `Client` over HTTP, the suite in its own process."""

    def token(self, role: str, sub: str, *duties: str) -> str: ...

    def get(self, path: str, by: str | None = None) -> Any: ...

    def post(self, path: str, body: Any = None, by: str | None = None, *, key: str = "", person: str = "") -> Any: ...

    def upload(self, form: dict[str, Any], content: bytes) -> None: ...

    def until(self, there: Callable[[], Any], otherwise: str) -> Any: ...

    def now(self) -> datetime: ...


class Client:
    """`by` is a token: `token("officer", "somebody", "admin")`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._run = os.urandom(6).hex()
        self._numbers = itertools.count(1)

    def token(self, role: str, sub: str, *duties: str) -> str:
        body = {"role": role, "sub": sub} | ({"duties": list(duties)} if duties else {})
        token: str = self._send("POST", "/v1/sandbox/tokens", body, {})["token"]
        return token

    def get(self, path: str, by: str | None = None) -> Any:
        return self._send("GET", path, None, _signed(by))

    def text(self, path: str, by: str | None = None) -> str:
        """What is answered in another form than JSON."""
        request = urllib.request.Request(self.url + path, headers=_signed(by))
        with urllib.request.urlopen(request, timeout=120) as answer:
            return str(answer.read().decode())

    def problem(self, path: str, by: str, language: str) -> dict[str, Any]:
        """What is refused there, in the words of who reads that language."""
        try:
            self._send("GET", path, None, _signed(by) | {"Accept-Language": language})
        except Refused as refused:
            return refused.problem
        raise AssertionError(f"{path} was not refused")

    def post(self, path: str, body: Any = None, by: str | None = None, *, key: str = "", person: str = "") -> Any:
        """Under a new Idempotency-Key, or under one that makes it the same request whenever it is sent. `person` binds the firm that asks."""
        keyed = {"Idempotency-Key": key or f"{self._run}-{next(self._numbers)}"}
        keyed |= {"Surety-Acting-Person": person} if person else {}
        return self._send("POST", path, {} if body is None else body, _signed(by) | keyed)

    def upload(self, form: dict[str, Any], content: bytes) -> None:
        """What is small enough to be held at once."""
        upload(form, io.BytesIO(content), len(content))

    def until(self, there: Callable[[], Any], otherwise: str) -> Any:
        return until(there, otherwise)

    def now(self) -> datetime:
        """The time of business there."""
        now: str = self.get("/v1/health")["now"]
        return datetime.fromisoformat(now)

    def _send(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        """Where the service asks to come again, as it does while its engine warms up on a busy machine, it is asked again."""
        for _ in range(MOST_TRIES - 1):
            try:
                return self._send_once(method, path, body, headers)
            except Refused as error:
                if error.again_after is None:
                    raise
                time.sleep(error.again_after)
        return self._send_once(method, path, body, headers)

    def _send_once(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        sent = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self.url + path, sent, {"Content-Type": "application/json", **headers}, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            after = error.headers.get("Retry-After", "")
            problem = json.loads(error.read())
            raise Refused(error.code, problem, int(after) if after.isdigit() else None) from None


def upload(form: dict[str, Any], file: BinaryIO, size: int, sent: Callable[[int], object] = lambda count: None) -> None:
    """Post a file into the bucket with its presigned form, read as it is sent; Refused where the bucket says no."""
    boundary = f"----surety{os.urandom(12).hex()}"
    fields = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in form["fields"].items()
    )
    head = f'{fields}--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="file"\r\n\r\n'.encode()
    tail = f"\r\n--{boundary}--\r\n".encode()

    def body() -> Iterator[bytes]:
        yield head
        while chunk := file.read(CHUNK_BYTES):
            yield chunk
            sent(len(chunk))
        yield tail

    headers = {
        "Content-Type": f"multipart/form-data; boundary={boundary}",
        "Content-Length": str(len(head) + size + len(tail)),
    }
    try:
        with urllib.request.urlopen(urllib.request.Request(form["url"], body(), headers, method="POST"), timeout=600):
            pass
    except urllib.error.HTTPError as error:
        raise Refused(error.code, {"code": "upload_refused", "detail": error.read().decode()[:300]}) from None


def from_terminal(work: Callable[[Client], bool], say: Console) -> int:
    """Do it with the service of SURETY_URL, or the one that `make run` serves. Returns what the process exits with."""
    url = os.environ.get("SURETY_URL") or f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
    try:
        return 0 if work(Client(url.rstrip("/"))) else 1
    except Refused as error:
        say.print(f"Refused: {error}")
    except KeyboardInterrupt:
        say.print("\nNobody watches any more; what was asked for goes on.")
        return INTERRUPTED
    except urllib.error.URLError as silent:
        say.print(f"Nobody answers at {url} ({silent.reason}): is `make run` running?")
    return 1


def until(there: Callable[[], Any], otherwise: str) -> Any:
    """What `there` finds, as soon as it finds something: much happens off the request."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < ends:
        if result := there():
            return result
        time.sleep(0.1)
    raise SystemExit(f"{otherwise} in time.")


def move_clock(
    to: datetime, post: Callable[[str, Any], Any], wait: Callable[[Callable[[], Any], str], Any] = until
) -> None:
    """Move the sandbox's clock there, by as many requests as it takes: there is patience for each step of the way, however long it is.

    A request that outlasted its time may have arrived without saying so.
    """

    def moved(reached: str) -> Any:
        try:
            answer = post("/v1/sandbox/clock", {"now": to.isoformat()})
        except Refused as refused:
            if refused.problem.get("code") != "clock_only_forward":
                raise
            return {"arrived": True}
        return answer if answer["arrived"] or answer["now"] != reached else None

    reached = ""
    while not (answer := wait(partial(moved, reached), "The clock did not move on"))["arrived"]:
        reached = answer["now"]


def _signed(by: str | None) -> dict[str, str]:
    return {"Authorization": f"Bearer {by}"} if by else {}
