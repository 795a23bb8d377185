"""Sending a message to an address somebody else chose, without becoming their way into our network.

The host is resolved once. If anything it resolves to is not a public address, nothing is sent; else the connection is made to that
very address, under the host's name for TLS. Nothing is followed, nothing of the answer is kept but its status, and all of
it has five seconds. `use` puts another sender in place: tests.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from functools import lru_cache
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Final

from chalicelib.notices.rules import BadAddress, Outcome, Place, may_reach, place
from chalicelib.shared.settings import settings

SECONDS: Final = 5.0
MOST_ANSWER_BYTES: Final = 64 * 1024

Sender = Callable[[str, Mapping[str, str], bytes], Outcome]


def post(url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
    """Send a message and say what became of it. Never raises for what a receiver does."""
    return _sender(url, headers, body)


def use(sender: Sender | None) -> None:
    """Send by other means, or, with None, by HTTPS again."""
    global _sender
    _sender = sender or over_https


def over_https(url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
    loopback = settings().sandbox and settings().loopback_callbacks
    try:
        where = place(url, loopback=loopback)
        address = _resolve(where, loopback=loopback)
        return _exchange(where, address, headers, body)
    except BadAddress:
        return Outcome(why="address_not_allowed")
    except socket.gaierror:
        return Outcome(why="host_unknown")
    except ssl.SSLError:
        return Outcome(why="tls_failed")
    except TimeoutError:
        return Outcome(why="timed_out")
    except (OSError, HTTPException):
        return Outcome(why="no_answer")


def _resolve(where: Place, *, loopback: bool) -> str:
    """The one address that is connected to. One forbidden address among several forbids them all."""
    found = socket.getaddrinfo(where.host, where.port, type=socket.SOCK_STREAM)
    addresses = [str(told[4][0]) for told in found]
    if not addresses or not all(may_reach(address, loopback=loopback) for address in addresses):
        raise BadAddress("The host resolves to an address that is not public.")
    return addresses[0]


def _exchange(where: Place, address: str, headers: Mapping[str, str], body: bytes) -> Outcome:
    with closing(socket.create_connection((address, where.port), timeout=SECONDS)) as plain, _ends(plain) as ended:
        try:
            return _ask(where, plain, headers, body)
        except (OSError, HTTPException) as failure:
            raise TimeoutError if ended.is_set() else failure from failure


@contextmanager
def _ends(connection: socket.socket) -> Iterator[threading.Event]:
    """A bound on the whole exchange: a receiver that answers a byte at a time would outlast every time-out of a single read."""
    ended = threading.Event()

    def end() -> None:
        ended.set()
        with suppress(OSError):  # it may have ended by itself in this very moment
            connection.shutdown(socket.SHUT_RDWR)

    bound = threading.Timer(SECONDS, end)
    bound.daemon = True
    bound.start()
    try:
        yield ended
    finally:
        bound.cancel()


def _ask(where: Place, plain: socket.socket, headers: Mapping[str, str], body: bytes) -> Outcome:
    connection: HTTPConnection
    if where.tls:
        connection = HTTPSConnection(where.host, where.port, timeout=SECONDS)
        connection.sock = _trusted().wrap_socket(plain.dup(), server_hostname=where.host)
    else:
        connection = HTTPConnection(where.host, where.port, timeout=SECONDS)
        connection.sock = plain.dup()
    with closing(connection):
        connection.request("POST", where.path, body, {**headers, "Connection": "close"})
        answer = connection.getresponse()
        answer.read(MOST_ANSWER_BYTES)
        return Outcome(code=answer.status, why=_why(answer), wait_seconds=_retry_after(answer))


def _why(answer: HTTPResponse) -> str:
    if 200 <= answer.status < 300:
        return ""
    return "redirected" if 300 <= answer.status < 400 else "refused"


def _retry_after(answer: HTTPResponse) -> int:
    told = answer.getheader("Retry-After") or ""
    return int(told) if told.isascii() and told.isdigit() and len(told) < 10 else 0


@lru_cache(maxsize=1)
def _trusted() -> ssl.SSLContext:
    return ssl.create_default_context()


_sender: Sender = over_https
