"""Every consumer there is: of streams, of queues, of schedules. `app.py` declares them once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from chalicelib.shared.stream import Consumer, Stream


class Registry(msgspec.Struct, frozen=True, kw_only=True):
    """`streams` by name; names of `queues`, whose messages are sent back to them; handlers of `schedules` by their function's name.

    Of schedules only those that do not come again by themselves within the hour are kept: the next tick of the others does the same.
    """

    streams: Mapping[str, Consumer] = {}
    queues: tuple[str, ...] = ()
    schedules: Mapping[str, Callable[[dict[str, Any]], Any]] = {}

    @property
    def names(self) -> list[str]:
        return sorted([*self.streams, *self.queues, *self.schedules])

    def of(self, table: str) -> list[Consumer]:
        """Who consumes the stream of a table."""
        return [consumer for consumer in self.streams.values() if consumer.stream.table == table]

    def tables(self) -> dict[str, Stream]:
        """The streams there are, by their table."""
        return {consumer.stream.table: consumer.stream for consumer in self.streams.values()}


def declare(make: Callable[[], Registry]) -> None:
    """`app.py` says how the registry is made. It is made when somebody first looks at it: only few functions do."""
    global _make, _registry
    _make, _registry = make, None


def declared() -> Registry:
    global _registry
    if _registry is None:
        _registry = _make()
    return _registry


_make: Callable[[], Registry] = Registry
_registry: Registry | None = None
