"""Checks a JSON Web Token's signature: compact JWS (RFC 7515) with ES256 or RS256 (RFC 7518) and keys in JWK form (RFC 7517).

PyJWT, which signs elsewhere in this code, takes two thirds of the authorizer's cold start to import, for key formats and downloads it has no
use for. So the envelope is opened here; the signature itself is `cryptography`'s work.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

LONGEST_TOKEN: Final = 8192
FEWEST_RSA_BITS: Final = 2048
ES256_BYTES: Final = 64

Check = Callable[[bytes, bytes], None]
"""Takes a signature and what it signs; raises InvalidSignature."""


class BadSignature(Exception):
    """The token was not signed by a key of the set. The message is for our log."""


def verified(token: str, keys: Mapping[tuple[str, str], Check]) -> dict[str, Any]:
    """The claims of a token signed by one of `keys`, which are found by key id and algorithm."""
    if len(token) > LONGEST_TOKEN or token.count(".") != 2:
        raise BadSignature("not three parts")
    header, claims, signature = token.split(".")
    fields = _object(header)
    check = keys.get((str(fields.get("kid")), str(fields.get("alg"))))
    if check is None or "crit" in fields:
        raise BadSignature("no such key or algorithm")
    try:
        check(_bytes(signature), f"{header}.{claims}".encode())
    except InvalidSignature:
        raise BadSignature("the signature does not fit") from None
    return _object(claims)


def checks(key_set: str) -> dict[tuple[str, str], Check]:
    """A key set's public keys by key id and algorithm. Keys of other kinds, and keys without an id, prove nothing here."""
    by_key = {}
    for key in json.loads(key_set)["keys"]:
        algorithm, make = _MAKERS.get((key.get("kty"), key.get("crv")), ("", None))
        if make and key.get("kid") and key.get("alg", algorithm) == algorithm:
            by_key[key["kid"], algorithm] = make(key)
    return by_key


def _es256(key: Mapping[str, str]) -> Check:
    public = ec.EllipticCurvePublicNumbers(_whole(key["x"]), _whole(key["y"]), ec.SECP256R1()).public_key()

    def check(signature: bytes, signed: bytes) -> None:
        if len(signature) != ES256_BYTES:
            raise InvalidSignature
        both = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
        public.verify(encode_dss_signature(*both), signed, ec.ECDSA(SHA256()))

    return check


def _rs256(key: Mapping[str, str]) -> Check:
    from cryptography.hazmat.primitives.asymmetric import padding, rsa  # most stages have no such key

    public = rsa.RSAPublicNumbers(_whole(key["e"]), _whole(key["n"])).public_key()
    if public.key_size < FEWEST_RSA_BITS:
        raise ValueError(f"an RSA key of {public.key_size} bits is too short")
    return lambda signature, signed: public.verify(signature, signed, padding.PKCS1v15(), SHA256())


_MAKERS: Final[dict[tuple[str, str | None], tuple[str, Callable[[Mapping[str, str]], Check]]]] = {
    ("EC", "P-256"): ("ES256", _es256),
    ("RSA", None): ("RS256", _rs256),
}


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _object(part: str) -> dict[str, Any]:
    try:
        decoded = json.loads(_bytes(part), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise BadSignature("a part is not JSON") from None
    if not isinstance(decoded, dict):
        raise BadSignature("a part is not a JSON object")
    return decoded


def _bytes(part: str) -> bytes:
    try:
        return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise BadSignature("a part is not base64url") from None


def _whole(part: str) -> int:
    return int.from_bytes(_bytes(part), "big")
