"""Reading a JSON Web Token: ES256 or RS256 against the stage's key set, with issuer, audience, times and role pinned."""

from __future__ import annotations

import time
from functools import lru_cache
from typing import Any, Final

from chalicelib.identity import signatures
from chalicelib.identity.signatures import BadSignature, Check
from chalicelib.shared.access import DUTIES, ROLES
from chalicelib.shared.settings import settings

LEEWAY_SECONDS: Final = 5
LONGEST_SUB: Final = 100


class BadToken(Exception):
    """The token proves nothing. The message is for our log, not for the caller."""


def read(token: str) -> tuple[str, str, tuple[str, ...]]:
    """`(sub, role, duties)` of a good token; BadToken says what is wrong with any other."""
    try:
        claims = signatures.verified(token, _keys())
    except BadSignature as wrong:
        raise BadToken(str(wrong)) from wrong
    _must_be_for_us(claims)
    _must_be_timely(claims, time.time())
    sub, role, duties = claims.get("sub"), claims.get("role"), claims.get("duties", [])
    if not isinstance(sub, str) or not 1 <= len(sub) <= LONGEST_SUB or not sub.isprintable() or not sub.isascii():
        raise BadToken("no usable sub")
    if not isinstance(role, str) or role not in ROLES:
        raise BadToken("no usable role")
    if not isinstance(duties, list) or not DUTIES.issuperset(map(str, duties)):
        raise BadToken("unknown duties")
    return sub, role, tuple(duties) if role == "officer" else ()


def _must_be_for_us(claims: dict[str, Any]) -> None:
    if claims.get("iss") != settings().issuer:
        raise BadToken("another issuer")
    audience = claims.get("aud")
    if settings().audience not in (audience if isinstance(audience, list) else [audience]):
        raise BadToken("another audience")


def _must_be_timely(claims: dict[str, Any], now: float) -> None:
    """`exp` and `nbf` are required, `iat` may be left out; each is a number of seconds."""
    expires, begins, issued = _moment(claims, "exp"), _moment(claims, "nbf"), _moment({"iat": 0} | claims, "iat")
    if now >= expires + LEEWAY_SECONDS:
        raise BadToken("expired")
    if max(begins, issued) > now + LEEWAY_SECONDS:
        raise BadToken("not valid yet")


def _moment(claims: dict[str, Any], name: str) -> float:
    told = claims.get(name)
    if not isinstance(told, (int, float)) or isinstance(told, bool):
        raise BadToken(f"no usable {name}")
    return told


@lru_cache(maxsize=1)
def _keys() -> dict[tuple[str, str], Check]:
    return signatures.checks(settings().jwks)
