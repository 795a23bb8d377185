"""Lists in pages: one thing after the other, however many pages they come in.

for order in surety.orders.list(status="funded"): …
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Generic, Protocol, TypeVar

T = TypeVar("T")
I = TypeVar("I", covariant=True)  # noqa: E741 - the thing of a list


class Page(Protocol[I]):
    """A page as the API answers it. It may hold nothing while there is more: `next_cursor` says so."""

    @property
    def items(self) -> Any: ...

    @property
    def next_cursor(self) -> Any: ...


class Listing(Generic[T]):
    """Iterates over all things of a list; each page is asked for when the one before is used up."""

    def __init__(self, page: Callable[[str | None], Page[T]]) -> None:
        self._page = page

    def __iter__(self) -> Iterator[T]:
        for page in self.pages():
            yield from page.items

    def pages(self) -> Iterator[Page[T]]:
        cursor: str | None = None
        while True:
            page = self._page(cursor)
            yield page
            cursor = page.next_cursor or None
            if cursor is None:
                return

    def first(self) -> T | None:
        """The first thing, or None where there is none."""
        return next(iter(self), None)
