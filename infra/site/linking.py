"""Names in prose that have a place of their own become links: `POST /v1/orders/{order_id}/ship`, and codes of problems."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape, unescape
from typing import Final

from infra.site import errors
from infra.site.endpoints import Operation
from infra.site.html import link

_LEFT_ALONE: Final = re.compile(r"(<pre.*?</pre>|<a .*?</a>|<h1.*?</h1>)", re.DOTALL)
_NAMED: Final = re.compile(r"<code[^>]*>([^<]*)</code>|(?:GET|POST) /v1/[\w/{}…-]+\w\}?")
_ID: Final = re.compile(r"\{\w+\}|…")


class Places:
    """Where operations and codes are described."""

    def __init__(self, operations: Iterable[Operation], codes: Iterable[str]) -> None:
        self._of_operations: Mapping[str, str] = {
            _shape(f"{each.method} {each.path}"): each.place for each in operations
        }
        self._codes = frozenset(codes)

    def linked(self, content: str) -> str:
        """The content with its names linked, but for code to copy and what is linked already."""
        parts = _LEFT_ALONE.split(content)
        return "".join(part if index % 2 else _NAMED.sub(self._link, part) for index, part in enumerate(parts))

    def _link(self, match: re.Match[str]) -> str:
        name = unescape(match[0] if match[1] is None else match[1])
        place = errors.page_of(name) if name in self._codes else self._of_operations.get(_shape(name.partition("?")[0]))
        return link(place, f"<code>{escape(name)}</code>") if place else match[0]


def _shape(operation: str) -> str:
    """An operation whatever its ids are called."""
    return _ID.sub("{}", operation)
