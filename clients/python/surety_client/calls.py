"""What every collection of calls stands on: sending one, and the pages of a list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import httpx

from surety_client.connection import Connection
from surety_client.listing import Listing, Page

T = TypeVar("T")


class Calls:
    """Calls over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def _send(self, request: dict[str, Any], parse: Callable[[httpx.Response], T]) -> T:
        return parse(self._connection.send(**request))

    def _list(self, request: dict[str, Any], parse: Callable[[httpx.Response], Page[T]]) -> Listing[T]:
        def page(cursor: str | None) -> Page[T]:
            place = {"cursor": cursor} if cursor else {}
            return self._send({**request, "params": {**request["params"], **place}}, parse)

        return Listing(page)
