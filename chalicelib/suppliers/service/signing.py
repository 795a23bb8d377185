"""What the platform signs for others to check: a compact JWS (RFC 7515, ES256), with the keys that anybody can read at /v1/badge-keys.

The secret `badge-key` is `{"kid", "pem", "retired": [JWK…]}`: the key that signs, and the public halves of those that did. What
signs is imported when something is signed: a cold start that sells nothing but orders does not pay for it.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

import msgspec

from chalicelib.shared import secrets
from chalicelib.shared.settings import settings
from chalicelib.shared.store_errors import STORE_ERRORS
from chalicelib.suppliers.rules import badge as rules
from chalicelib.suppliers.views.badge import BadgeKey


class KeyUnreadable(Exception):
    """The signing key is missing, malformed or out of reach. Told in the log."""


class Key(msgspec.Struct, frozen=True):
    kid: str
    private: Any
    public: tuple[BadgeKey, ...]


def key() -> Key:
    """The key that signs now. KeyUnreadable where there is none."""
    try:
        return _read(secrets.required("badge-key"))
    except (LookupError, TypeError, ValueError, *STORE_ERRORS) as failure:
        raise KeyUnreadable(type(failure).__name__) from failure


def sign(payload: bytes, kind: str, key: Key) -> str:
    """The statement whose payload these bytes are; `kind` is its `typ`."""
    from jwt import api_jws

    return api_jws.encode(payload, key.private, algorithm=rules.ALGORITHM, headers={"kid": key.kid, "typ": kind})


def sign_claims(claims: dict[str, Any], kind: str, key: Key) -> str:
    """The statement of these claims."""
    return sign(json.dumps(claims, separators=(",", ":")).encode(), kind, key)


def issuer() -> str:
    """Who signs: the stage, by where clients reach it, or by its name."""
    return settings().base_url or f"urn:surety:{settings().stage}"


@lru_cache(maxsize=4)
def _read(text: str) -> Key:
    """The parameter's text as keys. ValueError, TypeError or KeyError where it is none."""
    from cryptography.hazmat.primitives.serialization import load_pem_private_key
    from jwt.algorithms import ECAlgorithm

    stored = json.loads(text)
    private: Any = load_pem_private_key(stored["pem"].encode(), password=None)
    current = ECAlgorithm.to_jwk(private.public_key(), as_dict=True) | {"kid": stored["kid"]}
    return Key(stored["kid"], private, tuple(_public(jwk) for jwk in (current, *stored.get("retired", []))))


def _public(jwk: dict[str, Any]) -> BadgeKey:
    """Only what anybody may see, whatever else was stored."""
    kept = {name: jwk[name] for name in rules.PUBLIC_MEMBERS if name in jwk}
    return msgspec.convert(kept | {"alg": rules.ALGORITHM, "use": "sig"}, BadgeKey)
