"""The one HTTPS client of ours: to partners, and to addresses somebody else chose, without becoming their way into our network.

The host is resolved once; if anything it resolves to may not be reached, nothing is sent; else the connection is made to that very address, under
the host's name for TLS. No redirect is followed, at most 64 KB of an answer are read, and one clock of five seconds runs over all of it: the
name, the connection, the handshake, the answer.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Final

import msgspec

from chalicelib.shared.addresses import Place

SECONDS: Final = 5.0
MOST_RESPONSE_BYTES: Final = 64 * 1024
MOST_LOOKUPS: Final = 16
"""Names that are looked up at the same time: a resolver that hangs cannot be stopped, only left behind."""


class NoResponse(Exception):
    """There was no answer to be had. `why` is `address_not_allowed`, `host_unknown`, `tls_failed`, `timed_out` or `no_answer`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Response(msgspec.Struct, frozen=True):
    status: int
    body: bytes = b""
    retry_after: str = ""
    """The header as it came."""

    def wait_seconds(self, now: datetime) -> int:
        """For how long we are asked to wait: the header gives seconds or a date (RFC 9110, 10.2.3). 0 where it says nothing we understand."""
        header = self.retry_after.strip()
        if header.isascii() and header.isdigit():
            return int(header) if len(header) < 10 else 0
        try:
            until = parsedate_to_datetime(header)
        except (ValueError, IndexError, OverflowError):
            return 0
        until = until if until.tzinfo else until.replace(tzinfo=UTC)
        return max(0, round((until - now).total_seconds()))


def post(there: Place, headers: Mapping[str, str], body: bytes, *, may_reach: Callable[[str], bool]) -> Response:
    """What the receiver answers, or NoAnswer. `may_reach` is asked about every address the host resolves to."""
    clock = Clock(SECONDS)
    try:
        address = _resolve(there, may_reach, clock)
        return _exchange(there, address, headers, body, clock)
    except socket.gaierror as failure:
        raise NoResponse("host_unknown") from failure
    except ssl.SSLError as failure:
        raise NoResponse("tls_failed") from failure
    except TimeoutError as failure:
        raise NoResponse("timed_out") from failure
    except (OSError, HTTPException) as failure:
        raise NoResponse("no_answer") from failure


class Clock:
    """Counts down over a whole exchange."""

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """Seconds that are left. TimeoutError where none are."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


def _resolve(there: Place, may_reach: Callable[[str], bool], clock: Clock) -> str:
    """The one address that is connected to. One forbidden address among several forbids them all."""
    infos = _look_up(there, clock)
    addresses = [str(info[4][0]) for info in infos]
    if not addresses or not all(map(may_reach, addresses)):
        raise NoResponse("address_not_allowed")
    return addresses[0]


def _look_up(there: Place, clock: Clock) -> list[Any]:
    """What the system's resolver says, which knows no time-out: it works in a thread of its own, and who waits too long goes on without it."""
    answers: list[Any] = []
    places = _lookups
    if not places.acquire(timeout=clock.left):
        raise TimeoutError

    def look_up() -> None:
        try:
            answers.append(socket.getaddrinfo(there.host, there.port, type=socket.SOCK_STREAM))
        except Exception as failure:
            answers.append(failure)
        finally:
            places.release()

    asking = threading.Thread(target=look_up, daemon=True)
    asking.start()
    asking.join(clock.left)
    if not answers:
        raise TimeoutError
    if isinstance(answers[0], Exception):
        raise answers[0]
    infos: list[Any] = answers[0]
    return infos


def _exchange(there: Place, address: str, headers: Mapping[str, str], body: bytes, clock: Clock) -> Response:
    with (
        closing(socket.create_connection((address, there.port), timeout=clock.left)) as plain,
        _ends(plain, clock) as ended,
    ):
        try:
            return _ask(there, plain, headers, body, clock)
        except (OSError, HTTPException) as failure:
            raise TimeoutError if ended.is_set() else failure from failure


@contextmanager
def _ends(connection: socket.socket, clock: Clock) -> Iterator[threading.Event]:
    """A receiver that answers a byte at a time would outlast every time-out of a single read: the connection is cut when time is over."""
    ended = threading.Event()

    def end() -> None:
        ended.set()
        with suppress(OSError):  # it may have ended by itself in this very moment
            connection.shutdown(socket.SHUT_RDWR)

    bound = threading.Timer(clock.left, end)
    bound.daemon = True
    bound.start()
    try:
        yield ended
    finally:
        bound.cancel()


def _ask(there: Place, plain: socket.socket, headers: Mapping[str, str], body: bytes, clock: Clock) -> Response:
    connection: HTTPConnection
    plain.settimeout(clock.left)
    if there.tls:
        connection = HTTPSConnection(there.host, there.port)
        connection.sock = _trusted().wrap_socket(plain.dup(), server_hostname=there.host)
    else:
        connection = HTTPConnection(there.host, there.port)
        connection.sock = plain.dup()
    with closing(connection):
        connection.request("POST", there.path, body, {**headers, "Connection": "close"})
        answer = connection.getresponse()
        return Response(answer.status, answer.read(MOST_RESPONSE_BYTES), answer.getheader("Retry-After") or "")


@lru_cache(maxsize=1)
def _trusted() -> ssl.SSLContext:
    return ssl.create_default_context()


_lookups: Final = threading.BoundedSemaphore(MOST_LOOKUPS)
