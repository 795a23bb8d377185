"""Address blocks that are not for anybody's public server: IANA's two registries of special-purpose addresses, as data.

https://www.iana.org/assignments/iana-ipv4-special-registry and https://www.iana.org/assignments/iana-ipv6-special-registry, whole: blocks
inside others are left in, so that the list reads as theirs, and a new block is a line. Python's `ipaddress` knows an excerpt, another one
in each version.

Compared on 2026-11-28, block by block, with copies of both registries' tables in public repositories (26 blocks of IPv4, 25 of IPv6; the latest
are 3fff::/20, RFC 9637, 5f00::/16, RFC 9602, and 100:0:0:1::/64, RFC 9780 of 2025), and with `Lib/ipaddress.py` of CPython's main branch, whose
networks are all refused.
"""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Final

_IPV4: Final = {
    "0.0.0.0/8": "this network",
    "0.0.0.0/32": "this host on this network",
    "10.0.0.0/8": "private use",
    "100.64.0.0/10": "shared address space",
    "127.0.0.0/8": "loopback",
    "169.254.0.0/16": "link local",
    "172.16.0.0/12": "private use",
    "192.0.0.0/24": "IETF protocol assignments",
    "192.0.0.0/29": "IPv4 service continuity",
    "192.0.0.8/32": "dummy address",
    "192.0.0.9/32": "port control protocol anycast",
    "192.0.0.10/32": "traversal using relays around NAT anycast",
    "192.0.0.170/32": "NAT64/DNS64 discovery",
    "192.0.0.171/32": "NAT64/DNS64 discovery",
    "192.0.2.0/24": "documentation",
    "192.31.196.0/24": "AS112",
    "192.52.193.0/24": "AMT",
    "192.88.99.0/24": "deprecated: 6to4 relay anycast",
    "192.88.99.2/32": "6a44 relay anycast",
    "192.168.0.0/16": "private use",
    "192.175.48.0/24": "direct delegation AS112",
    "198.18.0.0/15": "benchmarking",
    "198.51.100.0/24": "documentation",
    "203.0.113.0/24": "documentation",
    "240.0.0.0/4": "reserved",
    "255.255.255.255/32": "limited broadcast",
}
_IPV6: Final = {
    "::1/128": "loopback",
    "::/128": "unspecified",
    "::ffff:0:0/96": "IPv4-mapped",
    "64:ff9b::/96": "IPv4-IPv6 translation",
    "64:ff9b:1::/48": "IPv4-IPv6 translation",
    "100::/64": "discard only",
    "100:0:0:1::/64": "dummy prefix",
    "2001::/23": "IETF protocol assignments",
    "2001::/32": "Teredo",
    "2001:1::1/128": "port control protocol anycast",
    "2001:1::2/128": "traversal using relays around NAT anycast",
    "2001:1::3/128": "DNS-SD service registration anycast",
    "2001:2::/48": "benchmarking",
    "2001:3::/32": "AMT",
    "2001:4:112::/48": "AS112",
    "2001:10::/28": "deprecated: ORCHID",
    "2001:20::/28": "ORCHIDv2",
    "2001:30::/28": "drone remote identification",
    "2001:db8::/32": "documentation",
    "2002::/16": "6to4",
    "2620:4f:8000::/48": "direct delegation AS112",
    "3fff::/20": "documentation",
    "5f00::/16": "segment routing identifiers",
    "fc00::/7": "unique local",
    "fe80::/10": "link local",
}

SPECIAL: Final[tuple[IPv4Network | IPv6Network, ...]] = tuple(map(ip_network, (*_IPV4, *_IPV6)))
GLOBAL_UNICAST: Final = IPv6Network("2000::/3")
"""Of IPv6 only this is given out to anybody's servers."""
