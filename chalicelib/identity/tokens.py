"""Reading a JSON Web Token: ES256 or RS256 against the stage's key set, with issuer, audience, times and role pinned."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import jwt

from chalicelib.shared.settings import settings

ALGORITHMS: Final = ("ES256", "RS256")
ROLES: Final = frozenset({"member", "bank", "agency", "officer"})
DUTIES: Final = frozenset({"claims", "deposits", "risk", "admin"})
LEEWAY_SECONDS: Final = 5


class BadToken(Exception):
    """The token proves nothing. The message is for our log, not for the caller."""


def read(token: str) -> tuple[str, str, tuple[str, ...]]:
    """`(sub, role, duties)` of a good token; BadToken says what is wrong with any other."""
    try:
        head = jwt.get_unverified_header(token)
        algorithm = head.get("alg")
        key = _keys().get(str(head.get("kid")))
        if algorithm not in ALGORITHMS or key is None or key.algorithm_name != algorithm:
            raise BadToken("no such key or algorithm")
        claims: dict[str, Any] = jwt.decode(
            token,
            key.key,
            algorithms=[algorithm],
            issuer=settings().issuer,
            audience=settings().audience,
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "nbf", "iss", "aud", "sub"]},
        )
    except jwt.PyJWTError as wrong:
        raise BadToken(type(wrong).__name__) from wrong
    sub, role, duties = claims["sub"], claims.get("role"), claims.get("duties", [])
    if not sub or len(sub) > 100 or not sub.isprintable() or not sub.isascii() or role not in ROLES:
        raise BadToken("no usable sub or role")
    if not isinstance(duties, list) or not DUTIES.issuperset(map(str, duties)):
        raise BadToken("unknown duties")
    return sub, role, tuple(duties) if role == "officer" else ()


@lru_cache(maxsize=1)
def _keys() -> dict[str, jwt.PyJWK]:
    return {key.key_id: key for key in jwt.PyJWKSet.from_json(settings().jwks).keys if key.key_id}
