"""Where something may be sent over HTTPS, and which addresses anybody on the Internet could reach. Pure.

Whoever registers an address could name one of ours: a machine of the network the sender runs in, its metadata service, itself. So
the text is checked when it is registered, and what its host resolves to when a message is sent, whatever it resolved to before.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final
from urllib.parse import SplitResult, urlsplit

import msgspec

from chalicelib.shared.errors import RuleViolation
from chalicelib.shared.special_addresses import GLOBAL_UNICAST, SPECIAL
from chalicelib.shared.texts import Text, say

MOST_CHARACTERS: Final = 1000
HTTPS_PORT: Final = 443
_VISIBLE: Final = re.compile(r"[\x21-\x7e]+", re.ASCII)
_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*", re.ASCII)


class BadAddress(RuleViolation):
    code = "callback_address"
    title = "Nothing is sent to that address."
    fix = "Give an https:// address of a public host on port 443, without user name, password or fragment."


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """An address in its parts. `path` has the query with it."""

    host: str
    port: int
    path: str
    tls: bool


class Ways(msgspec.Struct, frozen=True):
    """What a stage may do beside HTTPS to public hosts on port 443: send to its own machine, also without TLS; use any port."""

    loopback: bool = False
    any_port: bool = False


PUBLIC_ONLY: Final = Ways()


def place(url: str, ways: Ways = PUBLIC_ONLY) -> Place:
    """The parts of an address that may be sent to as far as its text says, or BadAddress."""
    if len(url) > MOST_CHARACTERS or not _VISIBLE.fullmatch(url):
        raise _bad(say("An address has at most {most} visible ASCII characters.", most=MOST_CHARACTERS))
    parts, port = _split(url)
    host = (parts.hostname or "").lower()
    if parts.scheme not in (("https", "http") if ways.loopback else ("https",)):
        raise _bad(say("Messages are sent over https only."))
    if "@" in parts.netloc or "#" in url:
        raise _bad(say("An address has no user name, password or fragment."))
    literal = _literal(host)
    if literal is None and not _HOST.fullmatch(host):
        raise _bad(say("The host is not one."))
    if literal is not None and not may_reach(host, ways):
        raise _bad(say("The host is not a public address."))
    tls = parts.scheme == "https"
    port = (HTTPS_PORT if tls else 80) if port is None else port
    if port != HTTPS_PORT and not (ways.any_port and port):
        raise _bad(say("Messages are sent to port {port} only.", port=HTTPS_PORT))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Place(host=host, port=port, path=path, tls=tls)


def may_reach(address: str, ways: Ways = PUBLIC_ONLY) -> bool:
    """Whether a resolved address is one that anybody on the Internet could reach, or this machine where that is allowed."""
    ip = _literal(address)
    if ip is None:
        return False
    return (ways.loopback and ip.is_loopback) or is_public(ip)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """In no block that has a special purpose, not even one that is reachable everywhere: nobody's receiver lives there. No multicast."""
    if address.is_multicast or any(address in block for block in SPECIAL if block.version == address.version):
        return False
    return isinstance(address, IPv4Address) or (address in GLOBAL_UNICAST and not address.scope_id)


def _split(url: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(url)
        return parts, parts.port
    except ValueError as broken:
        raise _bad(say("The address cannot be read.")) from broken


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _bad(detail: Text) -> BadAddress:
    return BadAddress(detail, param="url")
