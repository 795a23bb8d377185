"""Where a callback may go: public addresses only, over TLS. Pure.

Whoever registers an address could name one of ours: a machine of the network the sender runs in, its metadata service, itself. So
the text is checked when it is registered, and what its host resolves to when a message is sent, whatever it resolved to before.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import SplitResult, urlsplit

import msgspec

from chalicelib.shared.refusal import Unfit

MOST_CHARACTERS: Final = 1000
_VISIBLE: Final = re.compile(r"[\x21-\x7e]+", re.ASCII)
_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*", re.ASCII)
_TUNNELS: Final = tuple(map(IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16")))
"""IPv6 addresses that carry an IPv4 address to be reached through somebody's gateway."""


class BadAddress(Unfit):
    code = "callback_address"
    title = "Nothing is sent to that address."
    fix = "Give an https:// address of a public host, without user name, password or fragment."


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A callback address in its parts. `path` has the query with it."""

    host: str
    port: int
    path: str
    tls: bool


def place(url: str, *, loopback: bool) -> Place:
    """The parts of an address that may be sent to as far as its text says, or BadAddress.

    `loopback`: this stage may also speak http to its own machine.
    """
    if len(url) > MOST_CHARACTERS or not _VISIBLE.fullmatch(url):
        raise _bad(f"An address has at most {MOST_CHARACTERS} visible ASCII characters.")
    parts, port = _split(url)
    host = (parts.hostname or "").lower()
    if parts.scheme not in (("https", "http") if loopback else ("https",)):
        raise _bad("Messages are sent over https only.")
    if "@" in parts.netloc or "#" in url:
        raise _bad("An address has no user name, password or fragment.")
    literal = _literal(host)
    if literal is None and not _HOST.fullmatch(host):
        raise _bad("The host is not one.")
    if literal is not None and not may_reach(host, loopback=loopback):
        raise _bad("The host is not a public address.")
    tls = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Place(host=host, port=port or (443 if tls else 80), path=path, tls=tls)


def may_reach(address: str, *, loopback: bool) -> bool:
    """Whether a resolved address is one that anybody on the Internet could reach, or this machine where that is allowed."""
    found = _literal(address)
    if found is None:
        return False
    return (loopback and found.is_loopback) or is_public(found)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Neither loopback, private, link-local, shared, reserved, multicast nor unspecified, and no IPv4 address in disguise."""
    if not address.is_global or address.is_multicast or address.is_reserved or address.is_unspecified:
        return False
    if isinstance(address, IPv4Address):
        return True
    disguised = address.ipv4_mapped is not None or any(address in tunnel for tunnel in _TUNNELS)
    return not (disguised or address.is_site_local or address.scope_id)


def _split(url: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(url)
        return parts, parts.port
    except ValueError as broken:
        raise _bad("The address cannot be read.") from broken


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _bad(detail: str) -> BadAddress:
    return BadAddress(detail, param="url")
