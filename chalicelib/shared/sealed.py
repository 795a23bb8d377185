"""Personal data as it is kept: each field encrypted by itself, with the data key of the person it is about. Pure values.

What is sealed stands in states and in the payloads of entries, never its plaintext: a chain's hashes cover the ciphertext, so that destroying a
person's key (`shared/data_keys.py`) erases the person everywhere at once and breaks no chain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, Final

import msgspec

ERASED: Final = "erased"
"""What is shown where the key is gone."""
MOST_CIPHERTEXT: Final = 1_200
"""Of 200 characters of four bytes each, with nonce and tag, in base 64."""


class Sealed(msgspec.Struct, frozen=True):
    """One field of a person or firm: only the key of `sealed_for` opens it, and only as this field of that one."""

    sealed_for: str
    field: str
    ciphertext: Annotated[str, msgspec.Meta(max_length=MOST_CIPHERTEXT)]


def as_payload(sealed: Sealed) -> dict[str, str]:
    """A sealed field for the payload of an entry."""
    return msgspec.structs.asdict(sealed)


def subjects_of(payload: Any) -> frozenset[str]:
    """Whose fields are sealed anywhere in a payload."""
    return frozenset(each.sealed_for for each in _sealed_in(payload))


def opened(payload: Any, show: Callable[[Sealed], str]) -> Any:
    """A payload with every sealed field in it shown."""
    if sealed := _as_sealed(payload):
        return show(sealed)
    if isinstance(payload, Mapping):
        return {name: opened(value, show) for name, value in payload.items()}
    if isinstance(payload, list | tuple):
        return [opened(value, show) for value in payload]
    return payload


def _sealed_in(payload: Any) -> Iterator[Sealed]:
    if sealed := _as_sealed(payload):
        yield sealed
    elif isinstance(payload, Mapping):
        for value in payload.values():
            yield from _sealed_in(value)
    elif isinstance(payload, list | tuple):
        for value in payload:
            yield from _sealed_in(value)


def _as_sealed(value: Any) -> Sealed | None:
    is_sealed = isinstance(value, Mapping) and value.keys() == set(Sealed.__struct_fields__)
    return Sealed(**value) if is_sealed else None
