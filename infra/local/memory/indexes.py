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


class ByValue:
    """The items that have an attribute which is a text, by that text."""

    def __init__(self, name: str, items: Iterable[Any]) -> None:
        self._name = name
        self._items: dict[str, dict[int, Any]] = {}
        self._texts: dict[int, str] = {}
        for item in items:
            self.add(item)

    def under(self, text: str) -> dict[int, Any]:
        return self._items.get(text, {})

    def add(self, item: Any) -> None:
        value = item.attrs.get(self._name)
        if value is not None and value.type == "S":
            self._items.setdefault(value.value, {})[id(item)] = item
            self._texts[id(item)] = value.value

    def remove(self, item: Any) -> None:
        """From where it was added, whatever has been changed in it since."""
        text = self._texts.pop(id(item), None)
        if text is not None:
            del self._items[text][id(item)]
            if not self._items[text]:
                del self._items[text]


def items_under(table: Any, name: str, text: str) -> dict[Any, Any]:
    """The items of a table whose attribute is this text, shaped as a table's items are."""
    with CHANGES:
        kept = vars(table).setdefault(_KEPT, {})
        if name not in kept:
            kept[name] = ByValue(name, all_of(table))
        found = dict(kept[name].under(text))
    return found if table.range_key_attr is None else {text: found}


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
