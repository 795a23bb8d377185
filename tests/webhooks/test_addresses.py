"""Where a callback may go, and how the answer is heard."""

from __future__ import annotations

import ipaddress
import socket
import threading
import time as wall
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from functools import partial
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.shared import clock, https
from chalicelib.shared.addresses import BadAddress, Place, Ways, may_reach, place
from chalicelib.shared.special_addresses import SPECIAL
from chalicelib.webhooks import transport
from chalicelib.webhooks.rules.delivery import Outcome
from tests.stage import read_settings

LOOPBACK = Ways(loopback=True, any_port=True)
NOT_PUBLIC = [
    "192.0.0.192",
    "192.0.0.9",
    "192.88.99.1",
    "3fff::1",
    "5f00::1",
    "4000::1",
    "2620:4f:8000::1",
    "127.0.0.1",
    "127.9.9.9",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::ffff:a9fe:a9fe",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::7f00:1",
    "2001:0:7f00:1::",
    "2002:7f00:1::",
    "2001:db8::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "2606:4700::1111%1",
]


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_an_address_that_is_not_public_is_never_reached(address: str) -> None:
    assert not may_reach(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:4700:4700::1111"])
def test_a_public_address_is_reached(address: str) -> None:
    assert may_reach(address)


@pytest.mark.parametrize("address", ["not an address", "", "8.8.8", "0x7f.1", "2130706433"])
def test_what_is_no_address_is_not_reached(address: str) -> None:
    assert not may_reach(address, LOOPBACK)


def test_where_it_is_allowed_loopback_is_reached_and_nothing_else_that_is_not_public() -> None:
    reached = {address for address in NOT_PUBLIC if may_reach(address, LOOPBACK)}
    assert {"127.0.0.1", "127.9.9.9", "::1"} <= reached
    assert not {"10.1.2.3", "169.254.169.254", "0.0.0.0", "fe80::1", "::ffff:127.0.0.1"} & reached


@given(st.ip_addresses(v=4, network="10.0.0.0/8") | st.ip_addresses(v=6, network="fc00::/7"))
def test_no_private_address_is_public(address: Any) -> None:
    assert not may_reach(str(address))


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_in_the_clothes_of_ipv6_is_not_public(address: Any) -> None:
    assert not may_reach(f"::ffff:{address}")
    assert not may_reach(str(ip_address((0x2002 << 112) | int(address) << 80)))


@given(st.sampled_from(SPECIAL), st.integers(0))
def test_no_address_of_a_special_purpose_block_is_public(block: Any, offset: int) -> None:
    assert not may_reach(str(block[offset % block.num_addresses]))


NEWEST = {
    "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.0.170/31 192.0.2.0/24 192.168.0.0/16",
    "198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 240.0.0.0/4 255.255.255.255/32 224.0.0.0/4 ::1/128 ::/128 ::ffff:0:0/96 64:ff9b:1::/48",
    "100::/64 2001::/23 2001:db8::/32 2002::/16 3fff::/20 fc00::/7 fe80::/10 fec0::/10 ff00::/8 ::/8 100::/8 200::/7 400::/6 800::/5 1000::/4",
    "4000::/3 6000::/3 8000::/3 a000::/3 c000::/3 e000::/4 f000::/5 f800::/6 fe00::/9",
}
"""What `ipaddress` of CPython's main branch held on 2026-11-28 for not global, reserved, site-local or multicast."""


def standard_networks() -> list[IPv4Network | IPv6Network]:
    """The same of this Python, and of the newest."""
    constants = [vars(getattr(ipaddress, f"_IPv{version}Constants")) for version in (4, 6)]
    told = [value for each in constants for name, value in each.items() if not name.endswith("_exceptions")]
    groups = [value if isinstance(value, list) else [value] for value in told]
    own = {each for group in groups for each in group if isinstance(each, IPv4Network | IPv6Network)}
    newest = {ip_network(text) for line in NEWEST for text in line.split()}
    assert len(own) > 30
    return sorted(own | newest, key=str)


@pytest.mark.parametrize("network", standard_networks(), ids=str)
def test_every_network_that_the_standard_library_calls_not_global_is_refused(
    network: IPv4Network | IPv6Network,
) -> None:
    middle = network.num_addresses // 2
    assert [place for place in (0, middle, -1) if may_reach(str(network[place]))] == []


@given(st.ip_addresses())
def test_whatever_this_python_knows_to_be_not_global_is_not_public_either(address: Any) -> None:
    assert address.is_global or not may_reach(str(address))


def test_an_address_is_taken_apart() -> None:
    assert place("https://Receiver.example/a/b?c=d") == Place(
        host="receiver.example", port=443, path="/a/b?c=d", tls=True
    )
    assert place("https://receiver.example:8443", Ways(any_port=True)) == Place(
        host="receiver.example", port=8443, path="/", tls=True
    )
    assert place("http://127.0.0.1:9000/in", LOOPBACK).tls is False


@pytest.mark.parametrize(
    "url",
    [
        "http://receiver.example/",
        "ftp://receiver.example/",
        "//receiver.example/",
        "receiver.example",
        "https://",
        "https:///path",
        "https://user@receiver.example/",
        "https://user:secret@receiver.example/",
        "https://receiver.example/#part",
        "https://receiver.example:99999/",
        "https://receiver.example:8443/",
        "https://receiver.example:22/",
        "https://receiver.example:0/",
        "https://receiver.example:port/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://169.254.169.254/latest/meta-data",
        "https://-bad-.example/",
        "https://under_score.example/",
        "https://receiver.example/a b",
        "https://receiver.example/\r\nHost: other",
        "https://räuber.example/",
        "https://receiver.example/" + "a" * 1000,
        "https://[::1/",
    ],
)
def test_an_address_that_must_not_be_sent_to_is_refused_by_its_text(url: str) -> None:
    with pytest.raises(BadAddress):
        place(url)


# --- the exchange itself, with a receiver on this machine ------------------------------------------------------------------

BODY = b"{}"
Answering = Callable[[bytes], str]


@pytest.fixture
def loopback(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A stage that may send to its own machine."""
    monkeypatch.setenv("SURETY_LOOPBACK_CALLBACKS", "true")
    read_settings()
    yield
    monkeypatch.undo()
    read_settings()


@pytest.fixture
def receiver(loopback: None) -> Iterator[Answering]:
    """Answers each connection with the given bytes, and says under which address."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        yield partial(_answer_with, listening)


def _answer_with(listening: socket.socket, answer: bytes) -> str:
    def serve() -> None:
        taken, _ = listening.accept()
        with closing(taken), suppress(OSError):  # whoever sent may have heard enough
            heard = b""
            while not heard.endswith(BODY):
                heard += taken.recv(65536)
            for start in range(0, len(answer), 65536):
                taken.sendall(answer[start : start + 65536])

    threading.Thread(target=serve, daemon=True).start()
    return f"http://127.0.0.1:{listening.getsockname()[1]}/in"


def _post(url: str) -> Outcome:
    return transport.over_https(url, {"webhook-id": "ntc_1"}, BODY)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (b"HTTP/1.1 204 No Content\r\n\r\n", Outcome(code=204)),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", Outcome(code=200)),
        (b"HTTP/1.1 500 Oh\r\n\r\n", Outcome(code=500, why="refused")),
        (b"HTTP/1.1 410 Gone\r\n\r\n", Outcome(code=410, why="refused")),
        (b"HTTP/1.1 503 Later\r\nRetry-After: 120\r\n\r\n", Outcome(code=503, why="refused", wait_seconds=120)),
        (
            b"HTTP/1.1 503 Later\r\nRetry-After: Mon, 02 Mar 2026 02:17:00 GMT\r\n\r\n",
            Outcome(code=503, why="refused", wait_seconds=90),
        ),
        (b"HTTP/1.1 503 Later\r\nRetry-After: Mon, 02 Mar 2026 02:00:00 GMT\r\n\r\n", Outcome(code=503, why="refused")),
        (b"HTTP/1.1 503 Later\r\nRetry-After: tomorrow\r\n\r\n", Outcome(code=503, why="refused")),
        (b"", Outcome(why="no_answer")),
        (b"not HTTP at all\r\n\r\n", Outcome(why="no_answer")),
    ],
)
def test_the_outcome_is_what_the_receiver_answered(
    receiver: Answering, answer: bytes, outcome: Outcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "real", lambda: datetime(2026, 3, 2, 2, 15, 30, tzinfo=UTC))
    assert _post(receiver(answer)) == outcome


def test_a_redirection_is_not_followed(receiver: Answering) -> None:
    away = b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\n\r\n"
    assert _post(receiver(away)) == Outcome(code=302, why="redirected")


def test_no_more_than_64_kb_of_an_answer_are_read(receiver: Answering) -> None:
    size = 50 * 1024 * 1024
    assert _post(receiver(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size + b"x" * 1024 * 256)).accepted


def test_a_receiver_that_answers_by_the_byte_is_cut_off(loopback: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each byte comes in time; the whole does not."""
    monkeypatch.setattr(https, "SECONDS", 0.3)
    ended = threading.Event()
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:

        def drip() -> None:
            taken, _ = listening.accept()
            with closing(taken), suppress(OSError):
                while not ended.is_set():
                    taken.sendall(b"H")
                    wall.sleep(0.02)

        threading.Thread(target=drip, daemon=True).start()
        outcome = _post(f"http://127.0.0.1:{listening.getsockname()[1]}/in")
        ended.set()
    assert outcome == Outcome(why="timed_out")


def test_nobody_there_is_no_answer(loopback: None) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        port = listening.getsockname()[1]
    assert _post(f"http://127.0.0.1:{port}/in") == Outcome(why="no_answer")


@pytest.mark.parametrize(("sandbox", "why"), [("true", "host_unknown"), ("false", "address_not_allowed")])
def test_only_a_sandbox_sends_to_another_port(monkeypatch: pytest.MonkeyPatch, sandbox: str, why: str) -> None:
    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror

    monkeypatch.setenv("SURETY_SANDBOX", sandbox)
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    read_settings()
    try:
        assert _post("https://receiver.example:8443/in") == Outcome(why=why)
    finally:
        monkeypatch.undo()
        read_settings()


def test_a_stage_that_is_no_sandbox_sends_nothing_to_itself() -> None:
    assert _post("http://127.0.0.1:9/in") == Outcome(why="address_not_allowed")


@pytest.mark.parametrize("among", [["10.0.0.7"], ["93.184.216.34", "127.0.0.1"], ["::ffff:10.0.0.1"], []])
def test_a_host_that_resolves_to_a_private_address_is_not_connected_to(
    monkeypatch: pytest.MonkeyPatch, among: list[str]
) -> None:
    resolve = lambda *_, **__: [(socket.AF_INET, 1, 6, "", (address, 443)) for address in among]  # noqa: E731
    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", _never)
    assert _post("https://rebound.example/in") == Outcome(why="address_not_allowed")


def test_a_host_is_resolved_once_and_connected_to_where_it_was_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever answers a second question with another address gets no second question."""
    asked: list[str] = []
    connected: list[Any] = []

    def resolve(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, 1, 6, "", ("93.184.216.34", port))]

    def connect(address: Any, **_: Any) -> Any:
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", connect)
    assert _post("https://receiver.example/in") == Outcome(why="no_answer")
    assert (asked, connected) == (["receiver.example"], [("93.184.216.34", 443)])


def test_a_name_that_takes_too_long_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """The resolver's time is part of the five seconds."""
    ended = threading.Event()
    monkeypatch.setattr(https, "SECONDS", 0.05)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: ended.wait(60) and [])
    assert _post("https://slow.example/in") == Outcome(why="timed_out")
    ended.set()


def test_no_more_names_are_looked_up_at_once_than_threads_can_be_spared(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(https, "SECONDS", 0.05)
    monkeypatch.setattr(https, "_lookups", threading.BoundedSemaphore(1))
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *_, **__: asked.append(host))
    with https._lookups:
        assert _post("https://receiver.example/in") == Outcome(why="timed_out")
    assert asked == []


def test_a_host_nobody_knows_is_told_as_that(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert _post("https://receiver.example/in") == Outcome(why="host_unknown")


def _never(*_: Any, **__: Any) -> Any:
    raise AssertionError("nothing may be connected to")
