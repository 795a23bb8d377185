"""How two versions of a policy differ. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec


class Difference(msgspec.Struct, frozen=True):
    """A value that is not the same in both, by its JSON Pointer (RFC 6901); null where one of them lacks it."""

    path: str
    before: Any = None
    after: Any = None


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[Difference]:
    """Every single value that was added, dropped or changed, in the order of their paths."""
    was, now = dict(_leaves(before, "")), dict(_leaves(after, ""))
    return [
        Difference(path, was.get(path), now.get(path))
        for path in sorted(was.keys() | now.keys())
        if was.get(path) != now.get(path) or (path in was) != (path in now)
    ]


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            yield from _leaves(inner, f"{path}/{name.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, list) and value:
        for index, inner in enumerate(value):
            yield from _leaves(inner, f"{path}/{index}")
    else:
        yield path, value
