"""Personal data as it is kept: each field encrypted by itself, with the data key of the person it is about. Pure values.

What is sealed stands in states and in the payloads of entries, never its plaintext: a chain's hashes cover the ciphertext, so that destroying a
person's key (`shared/data_keys.py`) erases the person everywhere at once and breaks no chain.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Final

import msgspec

ERASED: Final = "erased"
"""What is shown where the key is gone."""
SEALED: Final = "sealed"
"""What is shown to whoever may not read it."""
MOST_CIPHERTEXT: Final = 1_200
"""Of 200 characters of four bytes each, with nonce and tag, in base 64."""


class Sealed(msgspec.Struct, frozen=True):
    """One field of a person or firm: only the key of `sealed_for` opens it, and only as this field of that one."""

    sealed_for: str
    field: str
    ciphertext: Annotated[str, msgspec.Meta(max_length=MOST_CIPHERTEXT)]


def in_payload(fields: Iterable[Sealed]) -> dict[str, Any]:
    """Sealed fields for the payload of an entry, where nobody is told of them: neither a timeline nor a webhook as such."""
    return {"private": {"sealed": [msgspec.structs.asdict(each) for each in fields]}}


def of_payload(payload: Mapping[str, Any]) -> list[Sealed]:
    """The sealed fields that an entry holds."""
    return msgspec.convert(payload.get("private", {}).get("sealed", []), list[Sealed])
