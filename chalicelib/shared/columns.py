"""Column types DynamoDB and PynamoDB do not have, or have loosely.

PynamoDB's own number takes floats and its own date takes naive ones; here a number is whole, an instant is aware and
sorts, and a document is typed.

A condition or an update of a `Plain` column is PynamoDB's, of operands that cost a tenth of its own: those work out what they are of each time.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

import msgspec
from msgspec import Struct
from pynamodb.attributes import Attribute, UnicodeAttribute
from pynamodb.constants import BINARY, NUMBER
from pynamodb.expressions.condition import Comparison, NotExists
from pynamodb.expressions.update import AddAction, RemoveAction, SetAction

from chalicelib.shared import packing, periods

T = TypeVar("T")


class Name(Struct, frozen=True):
    """A column's name as an operand."""

    name: str

    def serialize(self, names: dict[str, str], values: dict[str, Any]) -> str:
        return names.setdefault(self.name, f"#{len(names)}")

    def _equals_to(self, other: object) -> Any:
        return self == other

    def _type_check(self, *kinds: str) -> None:
        """What may be added to is known by the column."""


class Given(Struct, frozen=True):
    """A value in the engine's words as an operand."""

    value: dict[str, Any]

    def serialize(self, names: dict[str, str], values: dict[str, Any]) -> str:
        placeholder = f":{len(values)}"
        values[placeholder] = self.value
        return placeholder

    def _equals_to(self, other: object) -> Any:
        return self == other

    def _type_check(self, *kinds: str) -> None:
        """The same."""


def added(column: str, number: int) -> AddAction:
    """What an update does to increase a column of whole numbers that its row does not declare."""
    return AddAction(*_numbered(column, number))


def put(column: str, number: int) -> SetAction:
    """The same to set it."""
    return SetAction(*_numbered(column, number))


def removed(column: str) -> RemoveAction:
    """The same to take it away."""
    path: Any = Name(column)
    return RemoveAction(path)


def _numbered(column: str, number: int) -> Any:
    return Name(column), Given({NUMBER: str(number)})


class Plain(Attribute[T]):
    """A column at the top of its item. What it is compared with, set to or increased by is a value, or else left to PynamoDB."""

    held: type[Any]

    def __set_name__(self, owner: Any, name: str) -> None:
        super().__set_name__(owner, name)
        self._name: Any = Name(self.attr_name)

    def __eq__(self, other: Any) -> Any:
        return self._compared("=", other) if isinstance(other, self.held) else super().__eq__(other)

    def __lt__(self, other: Any) -> Any:
        return self._compared("<", other) if isinstance(other, self.held) else super().__lt__(other)

    def __le__(self, other: Any) -> Any:
        return self._compared("<=", other) if isinstance(other, self.held) else super().__le__(other)

    def __gt__(self, other: Any) -> Any:
        return self._compared(">", other) if isinstance(other, self.held) else super().__gt__(other)

    def __ge__(self, other: Any) -> Any:
        return self._compared(">=", other) if isinstance(other, self.held) else super().__ge__(other)

    def does_not_exist(self) -> NotExists:
        return NotExists(self._name)

    def set(self, value: Any) -> Any:
        return SetAction(self._name, self._given(value)) if isinstance(value, self.held) else super().set(value)

    def add(self, *values: Any) -> AddAction:
        return AddAction(self._name, self._given(*values))

    def _compared(self, operator: str, other: Any) -> Comparison:
        return Comparison(operator, self._name, self._given(other))

    def _given(self, value: Any) -> Any:
        return Given({self.attr_type: self.serialize(value)})


class PlainText(Plain[str], UnicodeAttribute):
    """A text that requests compare. Where none does, PynamoDB's own `UnicodeAttribute` costs nothing more."""

    held = str


class WholeNumber(Plain[int]):
    """Money in minor units, counts, versions, basis points. Refuses bool, float and Decimal."""

    attr_type = NUMBER
    held = int

    def serialize(self, value: Any) -> str:
        if type(value) is not int:
            raise TypeError(f"a whole number is an int, not {type(value).__name__}")
        return str(value)

    def deserialize(self, value: str) -> int:
        return int(value)


class Instant(Plain[datetime]):
    """A moment, stored as milliseconds since 1970."""

    attr_type = NUMBER
    held = datetime

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
