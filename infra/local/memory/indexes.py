"""Items of a table by the value of one attribute, kept while items come and go.

moto answers a query of an index by going through the whole table. Here a table that was asked once by an attribute remembers which items
have which of its values; a copy of a table remembers nothing, and finds out anew if it is ever asked. Whoever changes a table holds CHANGES
until it has said so: a service that runs answers several at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from threading import RLock
from typing import Any, Final

CHANGES: Final = RLock()
_KEPT: Final = "surety_by_attribute"


KINDS: Final = frozenset({"S", "N"})
"""Texts and numbers: what a key of an index can be, other than bytes. Those who write numbers here write each in one way."""


class ByValue:
    """The items that have an attribute which is a text or a number, by that value as it is written."""

    def __init__(self, name: str, items: Iterable[Any]) -> None:
        self._name = name
        self._items: dict[tuple[str, str], dict[int, Any]] = {}
        self._values: dict[int, tuple[str, str]] = {}
        for item in items:
            self.add(item)

    def under(self, value: Any) -> dict[int, Any]:
        return self._items.get((value.type, value.value), {})

    def add(self, item: Any) -> None:
        value = item.attrs.get(self._name)
        if value is not None and value.type in KINDS:
            written = self._values[id(item)] = (value.type, value.value)
            self._items.setdefault(written, {})[id(item)] = item

    def remove(self, item: Any) -> None:
        """From where it was added, whatever has been changed in it since."""
        written = self._values.pop(id(item), None)
        if written is not None:
            del self._items[written][id(item)]
            if not self._items[written]:
                del self._items[written]


def items_under(table: Any, name: str, value: Any) -> dict[Any, Any]:
    """The items of a table whose attribute is this text or number, shaped as a table's items are."""
    with CHANGES:
        kept = vars(table).setdefault(_KEPT, {})
        if name not in kept:
            kept[name] = ByValue(name, all_of(table))
        items = dict(kept[name].under(value))
    return items if table.range_key_attr is None else {name: items}


def replace(table: Any, old: Any, new: Any) -> None:
    """An item of a table was put, changed or deleted."""
    for by_value in vars(table).get(_KEPT, {}).values():
        if old is not None:
            by_value.remove(old)
        if new is not None:
            by_value.remove(new)
            by_value.add(new)


def of_a_copy() -> dict[str, Any]:
    """What a copy of a table does not share with it."""
    return {_KEPT: {}}


def all_of(table: Any) -> Iterator[Any]:
    for held in table.items.values():
        if table.range_key_attr is None:
            yield held
        else:
            yield from held.values()
