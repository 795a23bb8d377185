"""The badge: the storefront in one signed sentence, and the keys to check it with.

The secret `badge-key` is `{"kid", "pem", "retired": [JWK…]}`: the key that signs, and the public halves of those that did. What
signs is imported when something is signed: a cold start that sells nothing but orders does not pay for it.
"""

from __future__ import annotations

import json
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec

from chalicelib.shared import clock, observe, policies, secrets
from chalicelib.shared.errors import Unavailable
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import RequestContext
from chalicelib.shared.settings import settings
from chalicelib.shared.store_errors import STORE_ERRORS
from chalicelib.suppliers.rules import badge as rules
from chalicelib.suppliers.rules.figures import FigureTerms
from chalicelib.suppliers.service.storefront import storefront
from chalicelib.suppliers.views.badge import BadgeKey, BadgeKeysView, BadgeView, unknown, view
from chalicelib.suppliers.views.storefront import StorefrontView, summary


class KeyUnreadable(Exception):
    """The signing key is missing, malformed or out of reach. Told in the log; the public is told UNKNOWN."""


class Key(msgspec.Struct, frozen=True):
    kid: str
    private: Any
    public: tuple[BadgeKey, ...]


def badge(member_id: str, request: RequestContext) -> BadgeView:
    """The signed statement; UNKNOWN, and unsigned, where the record or the key cannot be read. NotFound for no such member."""
    try:
        return _signed(storefront(member_id, request), _key(), request)
    except (*STORE_ERRORS, KeyUnreadable) as failure:
        observe.logger.error("badge unknown", extra={"reason": repr(failure), "request_id": request.request_id})
        observe.count("BadgeUnknown")
        return unknown(member_id, request.now)


def badge_keys() -> BadgeKeysView:
    """The public halves of the signing key and of retired ones, as a JSON Web Key Set."""
    try:
        return BadgeKeysView(keys=list(_key().public))
    except KeyUnreadable as failure:
        raise Unavailable("The keys cannot be read at the moment.") from failure


def _signed(shown: StorefrontView, key: Key, request: RequestContext) -> BadgeView:
    figures_summary = summary(shown)
    claims = rules.claims(
        settings().base_url or f"urn:surety:{settings().stage}",
        shown.id,
        shown.badge,
        msgspec.to_builtins(figures_summary),
        as_of=request.now,
        signed_at=clock.real(),
        minutes=_minutes(request.now),
    )
    return view(shown, figures_summary, claims, kid=key.kid, statement=_sign(claims, key))


def _sign(claims: dict[str, Any], key: Key) -> str:
    import jwt

    return jwt.encode(claims, key.private, algorithm=rules.ALGORITHM, headers={"kid": key.kid, "typ": rules.TYPE})


def _key() -> Key:
    try:
        return _read(secrets.required("badge-key"))
    except (LookupError, TypeError, ValueError, *STORE_ERRORS) as failure:
        raise KeyUnreadable(type(failure).__name__) from failure


@lru_cache(maxsize=4)
def _read(text: str) -> Key:
    """The parameter's text as keys. ValueError, TypeError or KeyError where it is none."""
    from cryptography.hazmat.primitives.serialization import load_pem_private_key
    from jwt.algorithms import ECAlgorithm

    told = json.loads(text)
    private: Any = load_pem_private_key(told["pem"].encode(), password=None)
    current = ECAlgorithm.to_jwk(private.public_key(), as_dict=True) | {"kid": told["kid"]}
    return Key(told["kid"], private, tuple(_public(jwk) for jwk in (current, *told.get("retired", []))))


def _public(jwk: dict[str, Any]) -> BadgeKey:
    """Only what anybody may see, whatever else was stored."""
    kept = {name: jwk[name] for name in rules.PUBLIC_MEMBERS if name in jwk}
    return msgspec.convert(kept | {"alg": rules.ALGORITHM, "use": "sig"}, BadgeKey)


def _minutes(now: datetime) -> int:
    return policies.in_force("figures", business_date(now)).read_as(FigureTerms).badge_minutes
