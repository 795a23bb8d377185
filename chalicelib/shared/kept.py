"""Items in versions, read and written many at once: each is written if it is still in the version that was read.

A slice keeps in them what many facts make of it, without a journal entry for each; `write` puts items of several tables together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Generic, TypeVar

import msgspec
from pynamodb.exceptions import TransactWriteError

from chalicelib.shared.commit import Put
from chalicelib.shared.errors import Unavailable, WriteConflict
from chalicelib.shared.store_errors import is_unstorable
from chalicelib.shared.tables import Row, get_many, transact

T = TypeVar("T")

Key = tuple[str, ...]
"""The columns of an item's key: one or two texts."""


class Kept(msgspec.Struct, Generic[T], frozen=True):
    """What stands under a key, in one version: as it was read, or as it is to be written."""

    key: Key
    version: int
    content: T


class KeptTable(Generic[T]):
    """A table of such items. Its row has a key of texts, `version`, and the column `body` for the content."""

    def __init__(self, row: type[Row], body: str) -> None:
        form: Any = row
        self._row = form
        self._name = row.Meta.table_name
        self._key = tuple(name for name in (form._hash_keyname, form._range_keyname) if name)
        self._body = body
        self._column = row.get_attributes()[body]

    def load(self, keys: Iterable[Key]) -> dict[Key, Kept[T]]:
        """The items of these keys: a round trip for each hundred. What is not there is left out."""
        wanted = [self._names(key) for key in dict.fromkeys(keys)]
        return {item.key: item for item in map(self._kept, get_many(self._name, wanted))}

    def put(self, item: Kept[T]) -> dict[str, Any]:
        """A guarded put in the engine's own words, for `write`."""
        columns = {"version": {"N": str(item.version)}, self._body: {"B": self._column.serialize(item.content)}}
        put: dict[str, Any] = {"TableName": self._name, "Item": self._names(item.key) | columns}
        if item.version == 1:
            return put | {"ConditionExpression": f"attribute_not_exists({self._key[0]})"}
        was = {":was": {"N": str(item.version - 1)}}
        return put | {"ConditionExpression": "version = :was", "ExpressionAttributeValues": was}

    def change(self, item: Kept[T]) -> Put:
        """The same for a commit with a journal entry."""
        row = self._row(*item.key, version=item.version, **{self._body: item.content})
        was = self._row.version == item.version - 1
        return Put(row, guard=getattr(self._row, self._key[0]).does_not_exist() if item.version == 1 else was)

    def _names(self, key: Key) -> dict[str, dict[str, Any]]:
        return {name: {"S": part} for name, part in zip(self._key, key, strict=True)}

    def _kept(self, item: dict[str, Any]) -> Kept[T]:
        content: T = self._column.deserialize(item[self._body]["B"])
        return Kept(tuple(item[name]["S"] for name in self._key), int(item["version"]["N"]), content)


def write(puts: Sequence[dict[str, Any]]) -> None:
    """Items in their next version, all or nothing. WriteConflict where one has changed since it was read, Unavailable where there is no answer."""
    try:
        transact(puts)
    except TransactWriteError as failure:
        if is_unstorable(failure):
            raise
        if any(failure.cancellation_reasons):
            raise WriteConflict("Somebody else wrote of this member at the same moment.") from failure
        raise Unavailable("What is known of members could not be written in time.") from failure
