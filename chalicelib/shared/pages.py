"""Lists in pages: opaque, signed cursors, bound to the caller and the list they were given out for."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Annotated, Any, Final, Generic, TypeVar

import msgspec

from chalicelib.shared import observe, secrets
from chalicelib.shared.refusal import Busy, Malformed
from chalicelib.shared.request import Caller, Request
from chalicelib.shared.store_errors import STORE_ERRORS

T = TypeVar("T")
R = TypeVar("R")

MOST_LOOKED_AT: Final = 10
"""Things a filtered list looks at for each that a page may hold."""


class BadCursor(Malformed):
    code = "bad_cursor"
    title = "That cursor was not given out for this list."
    fix = "Use next_cursor from this list's own answer, as the same caller, or start without a cursor."


class Paging(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The query of every list: `limit` 1 to 100, `cursor` as the last answer gave it."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 20
    """How many at most."""
    cursor: Annotated[str, msgspec.Meta(max_length=2000)] = ""
    """`next_cursor` of the page before; empty for the first page."""


class Page(msgspec.Struct, Generic[T], frozen=True):
    items: list[T]
    next_cursor: str | None = None


def isolated(tell: Callable[[T], R | None]) -> Callable[[T], R | None]:
    """For lists: what cannot be shown for a fault of ours is left out, named and counted; the others are shown."""

    def told(thing: T) -> R | None:
        try:
            return tell(thing)
        except (Busy, *STORE_ERRORS):
            raise  # the store's trouble is not this one's
        except Exception:
            observe.logger.exception("left out of a list", extra={"item": getattr(thing, "id", None)})
            observe.count("LeftOutOfList")
            return None

    return told


def page(found: Iterator[T], limit: int, *, position: Callable[[T], Any], caller: Caller, of: str) -> Page[T]:
    """The next `limit` things of an iterator. `position(last)` is what the list needs in order to go on after it."""
    items = list(islice(found, limit + 1))
    if len(items) <= limit:
        return Page(items=items)
    items.pop()
    return Page(items=items, next_cursor=seal(position(items[-1]), caller, of))


def filtered(
    places: Iterator[tuple[Any, str]],
    load: Callable[[list[str]], Mapping[str, T]],
    show: Callable[[T], R | None],
    paging: Paging,
    request: Request,
    of: str,
) -> Page[R]:
    """Things through a filter, `paging.limit` at a time: `show` gives None for what is not wanted.

    `places` are ids, each with where the list goes on after it. So that a page costs no more than in proportion to its limit, at most
    MOST_LOOKED_AT times as many are looked at; then the answer is what was found, and a cursor. What cannot be read or shown is left out.
    """
    shown_or_none, items, looked_at = isolated(show), list[R](), 0
    while batch := list(islice(places, paging.limit)):
        found = load([name for _, name in batch])
        for number, (position, name) in enumerate(batch, 1):
            looked_at += 1
            if name in found and (shown := shown_or_none(found[name])) is not None:
                items.append(shown)
            if len(items) == paging.limit or looked_at == MOST_LOOKED_AT * paging.limit:
                more = number < len(batch) or next(places, None) is not None
                return Page(items=items, next_cursor=seal(position, request.caller, of) if more else None)
    return Page(items=items)


def seal(position: Any, caller: Caller, of: str) -> str:
    """A cursor: the position in the list named `of`, and a signature over it, the list and the caller."""
    told = msgspec.json.encode(position)
    return _text(told) + "." + _text(_signature(told, caller, of))


def unseal(cursor: str, caller: Caller, of: str) -> Any:
    """The position again, or BadCursor."""
    try:
        told, signature = (
            urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in cursor.encode("ascii").decode().split(".")
        )
    except ValueError as broken:
        raise BadCursor("The cursor cannot be read.", param="cursor") from broken
    if not hmac.compare_digest(signature, _signature(told, caller, of)):
        raise BadCursor("The cursor belongs to another caller or list.", param="cursor")
    return msgspec.json.decode(told)


def _signature(told: bytes, caller: Caller, of: str) -> bytes:
    key = secrets.required("cursor-key").encode()
    return hmac.new(
        key, b"\0".join((caller.sub.encode(), caller.role.encode(), of.encode(), told)), hashlib.sha256
    ).digest()[:16]


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
