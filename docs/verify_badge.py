"""Verifies a badge offline, with the published keys and nothing but Python's standard library.

    curl -s https://<api>/v1/badge-keys > keys.json
    curl -s https://<api>/v1/storefronts/<member>/channel-badge > badge.json
    python3 verify_badge.py keys.json < badge.json

That is a national badge; the badge of protection is `…/badge`, and is verified by `python3 verify_badge.py keys.json protection`; a firm's integrity
index is `…/integrity`, or what the firm handed on, and is verified by `… integrity`. What is read may be the answer or its `statement` alone.

The first line that it prints is VALID, SUSPENDED, REVOKED, EXPIRED, NOT_ENROLLED or UNKNOWN; the claims follow. It ends with 0 for VALID alone.
Unknown is never valid: whatever is not signed by one of the keys, not a badge of the kind that is asked for, or past its `exp`, is UNKNOWN. Take the
keys from the platform, and never from whoever shows the badge.

A badge is a compact JWS (RFC 7515) with ES256: ECDSA on the curve P-256 with SHA-256 (FIPS 186-4).
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
import time
from typing import Any, NamedTuple

TYPES = {"national": "surety-channel-badge+jwt", "protection": "surety-badge+jwt", "integrity": "surety-integrity+jwt"}
STATUSES = ("VALID", "SUSPENDED", "REVOKED", "EXPIRED", "NOT_ENROLLED")

P = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)

Point = tuple[int, int] | None
"""A point of the curve; None is the one at infinity."""


class Verdict(NamedTuple):
    """What a statement proves: its status, and the claims where it was signed."""

    status: str
    claims: dict[str, Any]

    @property
    def is_valid(self) -> bool:
        return self.status == "VALID"


UNKNOWN = Verdict("UNKNOWN", {})


def verify(statement: str, keys: dict[str, Any], at: float, kind: str = "national") -> Verdict:
    """The verdict on a statement at a moment (seconds since 1970), by a JSON Web Key Set."""
    try:
        header, claims, signature = statement.strip().split(".")
        told, said = (json.loads(_bytes(part)) for part in (header, claims))
        if (told["typ"], told["alg"]) != (TYPES[kind], "ES256"):
            return UNKNOWN
        key = next(key for key in keys["keys"] if (key["kid"], key["kty"], key["crv"]) == (told["kid"], "EC", "P-256"))
        raw = _bytes(signature)
        r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
        public = tuple(int.from_bytes(_bytes(key[name]), "big") for name in ("x", "y"))
        is_good = len(raw) == 64 and is_signed_by((public[0], public[1]), f"{header}.{claims}".encode(), r, s)
        if not is_good or at >= said["exp"]:
            return UNKNOWN
    except (ValueError, KeyError, TypeError, StopIteration):
        return UNKNOWN
    if kind == "integrity":  # it has points and a level, and no status: what is signed is so
        return Verdict("VALID", said)
    return Verdict(said["status"] if said.get("status") in STATUSES else "UNKNOWN", said)


def is_signed_by(public: tuple[int, int], message: bytes, r: int, s: int) -> bool:
    """Whether (r, s) is the ECDSA signature of a message by the key."""
    x, y = public
    if (y * y - (x * x * x - 3 * x + B)) % P or not (0 <= x < P and 0 <= y < P and 0 < r < N and 0 < s < N):
        return False
    digest, inverse = int.from_bytes(hashlib.sha256(message).digest(), "big"), pow(s, -1, N)
    point = _add(_times(digest * inverse % N, G), _times(r * inverse % N, public))
    return point is not None and point[0] % N == r


def _add(one: Point, other: Point) -> Point:
    if one is None or other is None:
        return other or one
    (x1, y1), (x2, y2) = one, other
    if x1 == x2 and (y1 + y2) % P == 0:
        return None
    slope = (3 * x1 * x1 - 3) * pow(2 * y1, -1, P) if one == other else (y2 - y1) * pow(x2 - x1, -1, P)
    x = (slope * slope - x1 - x2) % P
    return x, (slope * (x1 - x) - y1) % P


def _times(number: int, point: Point) -> Point:
    total: Point = None
    while number:
        if number & 1:
            total = _add(total, point)
        point, number = _add(point, point), number >> 1
    return total


def _bytes(part: str) -> bytes:
    return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)


def _statement(given: str) -> str:
    """Of an answer of the API what is signed in it; of one that could not be signed nothing."""
    return str(json.loads(given)["statement"]) if given.lstrip().startswith("{") else given


def main() -> int:
    with open(sys.argv[1], encoding="utf-8") as file:
        keys = json.load(file)
    verdict = verify(_statement(sys.stdin.read()), keys, time.time(), *sys.argv[2:3])
    sys.stdout.write(f"{verdict.status}\n{json.dumps(verdict.claims, indent=2)}\n")
    return 0 if verdict.is_valid else 1


if __name__ == "__main__":
    sys.exit(main())
