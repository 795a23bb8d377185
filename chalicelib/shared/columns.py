"""Column types DynamoDB and PynamoDB do not have, or have loosely.

PynamoDB's own number takes floats and its own date takes naive ones; here a number is whole, an instant is aware and
sorts, and a document is typed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

import msgspec
from pynamodb.attributes import Attribute
from pynamodb.constants import BINARY, NUMBER

from chalicelib.shared import packing, periods

T = TypeVar("T")


class WholeNumber(Attribute[int]):
    """Money in minor units, counts, versions, basis points. Refuses bool, float and Decimal."""

    attr_type = NUMBER

    def serialize(self, value: Any) -> str:
        if type(value) is not int:
            raise TypeError(f"a whole number is an int, not {type(value).__name__}")
        return str(value)

    def deserialize(self, value: str) -> int:
        return int(value)


class Instant(Attribute[datetime]):
    """A moment, stored as milliseconds since 1970."""

    attr_type = NUMBER

    def serialize(self, value: datetime) -> str:
        return str(periods.to_ms(value))

    def deserialize(self, value: str) -> datetime:
        return periods.from_ms(int(value))


class Packed(Attribute[T]):
    """One typed document in one column: see `shared/packing.py`."""

    attr_type = BINARY

    def __init__(self, form: type[T], **options: Any) -> None:
        super().__init__(**options)
        self.form = form

    def serialize(self, value: T) -> bytes:
        return packing.pack(value)

    def deserialize(self, value: bytes) -> T:
        return packing.unpack(value, self.form)


class Document(Attribute[T]):
    """One typed document as plain JSON: for small items, which packing would not make any cheaper to write."""

    attr_type = BINARY

    def __init__(self, form: Any, **options: Any) -> None:
        super().__init__(**options)
        self._decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(form)

    def serialize(self, value: T) -> bytes:
        return msgspec.json.encode(value)

    def deserialize(self, value: bytes) -> T:
        document: T = self._decoder.decode(value)
        return document


class PackedText(Attribute[bytes]):
    """Bytes of JSON, kept to the letter: an answer that may have to be given again."""

    attr_type = BINARY

    def serialize(self, value: bytes) -> bytes:
        return packing.pack_bytes(value)

    def deserialize(self, value: bytes) -> bytes:
        return packing.unpack_bytes(value)
