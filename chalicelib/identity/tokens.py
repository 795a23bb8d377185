"""Reading a JSON Web Token: ES256 or RS256 against the stage's key set, with issuer, audience, times and role pinned.

Which claims say who calls, and by how much clocks may differ, are settings of the stage.
"""

from __future__ import annotations

import math
import time
from functools import lru_cache
from typing import Any, Final, NamedTuple

from chalicelib.identity import signatures
from chalicelib.identity.signatures import BadSignature, Check
from chalicelib.shared import access, ids
from chalicelib.shared.access import DUTIES, ROLES
from chalicelib.shared.settings import settings

LONGEST_SUB: Final = 100
LAST_SECOND: Final = 2**53
"""Beyond it no number of seconds is exact, and some are none that can be counted with."""


class BadToken(Exception):
    """The token proves nothing. The message is for our log, not for the caller."""


class Proven(NamedTuple):
    """Who a good token speaks for, and from when until when (seconds since 1970)."""

    sub: str
    role: str
    duties: tuple[str, ...]
    since: int
    until: int


def read(token: str) -> Proven:
    """What a good token proves; BadToken says what is wrong with any other, now and ever. One that begins later is good from then on."""
    try:
        claims = signatures.verified(token, _keys())
    except BadSignature as wrong:
        raise BadToken(str(wrong)) from wrong
    _must_be_for_us(claims)
    since, until = _times(claims)
    if time.time() >= until:
        raise BadToken("expired")
    names = settings()
    sub, role, duties = claims.get(names.sub_claim), claims.get(names.role_claim), claims.get(names.duties_claim, [])
    if not isinstance(sub, str) or not 1 <= len(sub) <= LONGEST_SUB or not sub.isprintable() or not sub.isascii():
        raise BadToken(f"no usable {names.sub_claim}")
    if not isinstance(role, str) or role not in ROLES:
        raise BadToken(f"no usable {names.role_claim}")
    if role == "member" and not ids.is_id(sub, ids.MEMBER):
        raise BadToken("no member's sub")
    if not isinstance(duties, list) or not DUTIES.issuperset(map(str, duties)):
        raise BadToken(f"unknown {names.duties_claim}")
    if not access.fit_together(duties):
        raise BadToken("acts for members and decides about them")
    return Proven(sub, role, tuple(duties) if role == "officer" else (), since, until)


def _must_be_for_us(claims: dict[str, Any]) -> None:
    if claims.get("iss") != settings().issuer:
        raise BadToken("another issuer")
    audience = claims.get("aud")
    if settings().audience not in (audience if isinstance(audience, list) else [audience]):
        raise BadToken("another audience")


def _times(claims: dict[str, Any]) -> tuple[int, int]:
    """From when until when the token is believed. `exp` is required, `nbf` and `iat` may be left out; each is a number of seconds."""
    begins = max(_moment({name: 0} | claims, name) for name in ("nbf", "iat"))
    return (
        math.ceil(begins) - settings().token_leeway,
        math.floor(_moment(claims, "exp")) + settings().expiry_leeway,
    )


def _moment(claims: dict[str, Any], name: str) -> float:
    seconds = claims.get(name)
    if not isinstance(seconds, (int, float)) or isinstance(seconds, bool) or not abs(seconds) <= LAST_SECOND:
        raise BadToken(f"no usable {name}")
    return seconds


@lru_cache(maxsize=1)
def _keys() -> dict[tuple[str, str], Check]:
    return signatures.checks(settings().jwks)
