"""Names of things: a prefix, then 26 characters that sort by the moment they were made.

The alphabet is Crockford's base 32 (no I, L, O, U); the first ten characters are milliseconds, the rest is chance.
Names that must be the same whenever they are made come from `named`. What belongs to another thing by number
(a claim to its order) bears that thing's characters and the number: `clm_01JA…_02`.
"""

from __future__ import annotations

import hashlib
import os
import re
from datetime import datetime
from typing import Final

from chalicelib.shared.periods import to_ms

MEMBER: Final = "mem"
"""The prefix of a member's id, which is also the `sub` of its tokens."""
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS: Final = tuple(left + right for left in _ALPHABET for right in _ALPHABET)
"""Two characters at a time: a run that writes millions of things makes millions of names."""
_SHAPE: Final = re.compile(r"[a-z]{3}_[0-9A-HJKMNP-TV-Z]{26}(_[0-9]{2,3})?", re.ASCII)


def fresh(prefix: str, now: datetime) -> str:
    """A new name, `ord_01JA…`; later names sort after earlier ones."""
    return f"{prefix}_{_base32(to_ms(now) << 80 | int.from_bytes(os.urandom(10)))}"


def named(prefix: str, *parts: str) -> str:
    """The one name that belongs to these parts, whoever asks and whenever."""
    digest = hashlib.sha256("\0".join(parts).encode()).digest()
    return f"{prefix}_{_base32(int.from_bytes(digest[:16]))}"


def looks_like(text: str, prefix: str) -> bool:
    return text.startswith(prefix + "_") and _SHAPE.fullmatch(text) is not None


def _base32(number: int) -> str:
    return "".join([_PAIRS[number >> shift & 1023] for shift in range(120, -1, -10)])
