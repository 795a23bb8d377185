"""What differs between two rulebooks, place by place. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import msgspec

from chalicelib.deposits.rules.book import Terms


class Change(msgspec.Struct, frozen=True):
    """One place in the terms: added, removed or changed, with what stood and stands there."""

    where: str
    kind: Literal["added", "removed", "changed"]
    was: Any
    now_is: Any


def diff(was: Terms, now_is: Terms) -> list[Change]:
    """Every place at which two books differ, in the order of the places."""
    changes = _between("", msgspec.to_builtins(was), msgspec.to_builtins(now_is))
    return sorted(changes, key=lambda change: change.where)


def _between(where: str, was: Any, now_is: Any) -> Iterator[Change]:
    if isinstance(was, dict) and isinstance(now_is, dict):
        for name in was.keys() | now_is.keys():
            yield from _at(f"{where}.{name}" if where else name, was.get(name, _GONE), now_is.get(name, _GONE))
    elif isinstance(was, list | tuple) and isinstance(now_is, list | tuple) and len(was) == len(now_is):
        for place, (before, after) in enumerate(zip(was, now_is, strict=True)):
            yield from _at(f"{where}[{place}]", before, after)
    elif was != now_is:
        yield Change(where, "changed", was, now_is)


def _at(where: str, was: Any, now_is: Any) -> Iterator[Change]:
    if was is _GONE:
        yield Change(where, "added", None, now_is)
    elif now_is is _GONE:
        yield Change(where, "removed", was, None)
    else:
        yield from _between(where, was, now_is)


_GONE = object()
