"""Typed documents in as few bytes as they need: JSON, deflated against a preset dictionary.

DynamoDB charges a write by the kilobyte, twice in a transaction; an order of 2.6 KB packs to 0.7 KB. A dictionary is a file of
typical documents, `dictionaries/<number>.txt`. The first byte of a packed document names the one it was written against, so it
stays readable for ever: dictionaries are added, never changed.
"""

from __future__ import annotations

import zlib
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

T = TypeVar("T")

LATEST: Final = 3
_FOLDER: Final = Path(__file__).parent / "dictionaries"


def pack(document: Any) -> bytes:
    """A typed value as stored bytes."""
    return pack_bytes(_ENCODER.encode(document))


def pack_bytes(plain: bytes) -> bytes:
    squeeze = _primed().copy()
    packed: bytes = squeeze.compress(plain) + squeeze.flush()
    return bytes((LATEST,)) + packed


def stored(plain: bytes) -> bytes:
    """A document's JSON in the form that `unpack` reads, but as it is (a stored block of RFC 1951): where squeezing it would not make
    its item cheaper, and there are millions of them. At most 65,535 bytes."""
    size = len(plain)
    return bytes((LATEST, 1)) + size.to_bytes(2, "little") + (size ^ 0xFFFF).to_bytes(2, "little") + plain


def unpack(packed: bytes, form: type[T]) -> T:
    """The typed value again; a document that does not fit its form raises `msgspec.ValidationError`."""
    decoder: msgspec.json.Decoder[T] = _decoder(form)  # type: ignore[arg-type]
    return decoder.decode(unpack_bytes(packed))


def unpack_bytes(packed: bytes) -> bytes:
    return zlib.decompressobj(-15, zdict=_dictionary(packed[0])).decompress(packed[1:])


_ENCODER: Final = msgspec.json.Encoder()


@lru_cache(maxsize=1)
def _primed() -> Any:
    """A compressor that has read the dictionary: copying it is cheaper than reading again."""
    return zlib.compressobj(6, zlib.DEFLATED, -15, zdict=_dictionary(LATEST))


@lru_cache(maxsize=8)
def _dictionary(number: int) -> bytes:
    return (_FOLDER / f"{number}.txt").read_bytes()


@lru_cache(maxsize=64)
def _decoder(form: Any) -> Any:
    return msgspec.json.Decoder(form)
