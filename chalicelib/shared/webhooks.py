"""Standard Webhooks 1.0, for what banks tell us and for what we tell others: whether a message is what its sender signed, a moment ago. Pure.

The sender signs `id.timestamp.body` with HMAC-SHA256 and sends `webhook-id`, `webhook-timestamp` (whole seconds since 1970) and
`webhook-signature`: one or more `v1,<base 64>`, separated by blanks. While a key is being replaced two are live.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from chalicelib.shared.errors import Unauthenticated
from chalicelib.shared.periods import from_ms

LIVE_KEYS: Final = 2
TOLERANCE: Final = timedelta(seconds=300)
MOST_SIGNATURES: Final = 8
"""A message carries one signature for each live key; whoever sends more is trying keys out."""
KEY_PREFIX: Final = "whsec_"
KEY_BYTES: Final = range(24, 65)

_ID: Final = re.compile(r"[\x21-\x2d\x2f-\x7e]{1,255}", re.ASCII)
"""Visible ASCII without the full stop, which separates the signed parts: with it one signature would fit two messages."""
_SECONDS: Final = re.compile(r"[1-9][0-9]{0,10}", re.ASCII)


class BadSignature(Unauthenticated):
    """One answer for every way in which a message fails: it does not say which."""

    code = "bad_signature"
    title = "The message is not signed by a sender we know."
    fix = "Sign it as Standard Webhooks 1.0 says, with one of your live keys and the present time."

    def __init__(self) -> None:
        super().__init__("The signature does not verify.")


class Signed(msgspec.Struct, frozen=True):
    """What the signature vouches for beside the body."""

    id: str
    at: datetime


def verify(keys: Sequence[bytes], headers: Mapping[str, str], body: bytes, now: datetime) -> Signed:
    """The message's id and time, or BadSignature. Takes as long whichever key or signature is wrong."""
    webhook_id = headers.get("webhook-id") or ""
    seconds = headers.get("webhook-timestamp") or ""
    offered = (headers.get("webhook-signature") or "").split(" ")
    if not _ID.fullmatch(webhook_id) or not _SECONDS.fullmatch(seconds) or len(offered) > MOST_SIGNATURES:
        raise BadSignature
    at = from_ms(int(seconds) * 1000)
    expected = [_v1(key, webhook_id, seconds, body) for key in keys[:LIVE_KEYS]]
    matches = [hmac.compare_digest(good, given.encode("utf-8", "replace")) for good in expected for given in offered]
    if not any(matches) or abs(now - at) > TOLERANCE:
        raise BadSignature
    return Signed(webhook_id, at)


def sign(keys: Sequence[bytes], webhook_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The headers a sender adds: one signature for each key."""
    seconds = str(int(at.timestamp()))
    signatures = " ".join(_v1(key, webhook_id, seconds, body).decode() for key in keys)
    return {"webhook-id": webhook_id, "webhook-timestamp": seconds, "webhook-signature": signatures}


def keys_of(secret: str) -> tuple[bytes, ...]:
    """The keys of a sender's secret, newest first: a JSON list of `whsec_…`. ValueError where it is anything else."""
    return tuple(key_of(text) for text in msgspec.json.decode(secret, type=tuple[str, ...]))


def key_of(text: str) -> bytes:
    """The key that `whsec_…` writes, or ValueError."""
    key = b64decode(text.removeprefix(KEY_PREFIX), validate=True)
    if not text.startswith(KEY_PREFIX) or len(key) not in KEY_BYTES:
        raise ValueError("a key is whsec_ and 24 to 64 bytes in base 64")
    return key


def _v1(key: bytes, webhook_id: str, seconds: str, body: bytes) -> bytes:
    signed = b".".join((webhook_id.encode(), seconds.encode(), body))
    return b"v1," + b64encode(hmac.new(key, signed, hashlib.sha256).digest())
