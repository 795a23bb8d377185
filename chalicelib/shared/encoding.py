"""The bytes of a response: JSON in UTF-8, fields in the order of the struct. And the one text of a document that is hashed and signed."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec


def canonical(value: Any) -> bytes:
    """A value's one text: JSON with its keys sorted and no blanks."""
    return msgspec.json.encode(value, order="deterministic")


def sha256_of(value: Any) -> str:
    """Of a value's canonical text: 64 hexadecimal digits."""
    return hashlib.sha256(canonical(value)).hexdigest()


def encode(view: Any) -> bytes:
    return msgspec.json.encode(view, enc_hook=_refuse)


def merge_patch(was: Any, patch: Any) -> Any:
    """RFC 7396: objects are merged, null takes a name away, anything else takes the place of what was there."""
    if not isinstance(patch, dict):
        return patch
    kept = dict(was) if isinstance(was, dict) else {}
    for name, told in patch.items():
        if told is None:
            kept.pop(name, None)
        else:
            kept[name] = merge_patch(kept.get(name), told)
    return kept


def _refuse(value: Any) -> Any:
    raise NotImplementedError(f"{type(value).__name__} has no wire form")
