"""Lists in pages: opaque, signed cursors, bound to the caller and the list they were given out for.

Every list is filled by `fill`, so every page ends by bytes as well as by count: a function may answer no more than six megabytes.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Annotated, Any, Final, Generic, TypeVar

import msgspec

from chalicelib.shared import due, observe, secrets
from chalicelib.shared.encoding import encode
from chalicelib.shared.errors import Malformed, Unavailable
from chalicelib.shared.ranges import BookMoment
from chalicelib.shared.request import Caller, RequestContext
from chalicelib.shared.store_errors import STORE_ERRORS

T = TypeVar("T")
R = TypeVar("R")

MOST_BYTES: Final = 1_000_000
"""Of the items of a page. A single item is below this by the bounds of what it shows."""
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


class Waiting(Paging, frozen=True, kw_only=True):
    """The query of a list of things that wait for something."""

    due_before: BookMoment | None = None
    """Only those of which a deadline ends before this moment."""


class Page(msgspec.Struct, Generic[T], frozen=True):
    items: list[T]
    next_cursor: str | None = None


def isolated(tell: Callable[[T], R | None]) -> Callable[[T], R | None]:
    """For lists: what cannot be shown for a fault of ours is left out, named and counted; the others are shown."""

    def isolated_tell(thing: T) -> R | None:
        try:
            return tell(thing)
        except (Unavailable, *STORE_ERRORS):
            raise  # the store's trouble is not this one's
        except Exception:
            observe.logger.exception("left out of a list", extra={"item": getattr(thing, "id", None)})
            observe.count("LeftOutOfList")
            return None

    return isolated_tell


def page(things: Iterable[T], limit: int, *, position: Callable[[T], Any], caller: Caller, of: str) -> Page[T]:
    """The next page of items that are shown as they are. `position(last)` is what the list needs in order to go on after it."""
    return fill(((position(item), item) for item in things), lambda item: item, limit, caller=caller, of=of)


def filtered(
    places: Iterator[tuple[Any, str]],
    load: Callable[[list[str]], Mapping[str, T]],
    show: Callable[[T], R | None],
    paging: Paging,
    request: RequestContext,
    of: str,
) -> Page[R]:
    """Things through a filter, `paging.limit` at a time: `show` gives None for what is not wanted.

    `places` are ids, each with where the list goes on after it. So that a page costs no more than in proportion to its limit, at most
    MOST_LOOKED_AT times as many are looked at; then the answer is what was found, and a cursor. What cannot be read or shown is left out.
    """
    seen = isolated(show)

    def read(place: tuple[_Batch[T], str]) -> R | None:
        batch, name = place
        thing = batch.find(name)
        return None if thing is None else seen(thing)

    return fill(
        _in_batches(places, load, paging.limit, peeks=not request.caller.is_officer),
        read,
        paging.limit,
        caller=request.caller,
        of=of,
        most_looked_at=MOST_LOOKED_AT * paging.limit,
    )


def in_groups(
    groups: Sequence[str], after: tuple[str, str] | None, ids: Callable[[str, str | None], Iterable[str]]
) -> Iterator[tuple[tuple[str, str], str]]:
    """The ids of one group after the other, such as of each status, from behind a place on: a group and an id in it, where a list goes on.

    BadCursor where that group is none any more, such as a bank that is no partner since.
    """
    if after and after[0] not in groups:
        raise BadCursor("The cursor belongs to another caller or list.", param="cursor")
    for group in groups[groups.index(after[0]) if after else 0 :]:
        begun = after[1] if after and after[0] == group else None
        yield from (((group, name), name) for name in ids(group, begun))


def fill(
    places: Iterable[tuple[Any, T]],
    show: Callable[[T], R | None],
    limit: int,
    *,
    caller: Caller,
    of: str,
    most_looked_at: int | None = None,
) -> Page[R]:
    """The next page of a list: positions in order, each with what stands there; `show` gives its item, or None to leave it out.

    A page ends at `limit` items, before the item that would take it above MOST_BYTES, or after so many positions; then there is a
    cursor to go on after the last of them. To whoever may not see all that stands in a list it says that there is something more for the
    caller, and never that something stands there which is not.
    """
    items: list[R] = []
    size = 0
    last: Any = None
    sees_all = caller.is_officer
    for looked_at, (position, one) in enumerate(places):
        is_full = len(items) == limit
        is_over = looked_at == most_looked_at or (is_full and sees_all)
        item = None if is_over else show(one)
        size += len(encode(item)) if item is not None else 0
        if is_over or (item is not None and items and (is_full or size > MOST_BYTES)):
            return Page(items=items, next_cursor=encode_cursor(last, caller, of))
        if item is not None:
            items.append(item)
        last = last if is_full else position
    return Page(items=items)


class _Batch(Generic[T]):
    """Things that are read together, as soon as the first of them is looked at: not for who only asks whether there is one more."""

    def __init__(
        self, first: tuple[Any, str], others: Iterator[tuple[Any, str]], load: Callable[[list[str]], Mapping[str, T]]
    ) -> None:
        self.places = [first]
        self._others = others
        self._load = load
        self._found: Mapping[str, T] | None = None

    def find(self, name: str) -> T | None:
        if self._found is None:
            self.places += self._others
            self._found = self._load([name for _, name in self.places])
        return self._found.get(name)


def _in_batches(
    places: Iterator[tuple[Any, str]], load: Callable[[list[str]], Mapping[str, T]], at_once: int, *, peeks: bool
) -> Iterator[tuple[Any, tuple[_Batch[T], str]]]:
    """As many at once as a page may hold. Who `peeks` reads one alone after them, which is all that most pages ask for beyond themselves."""
    for number, first in enumerate(places):
        more = 0 if peeks and number == 1 else at_once - 1
        batch = _Batch(first, islice(places, more), load)
        yield first[0], (batch, first[1])
        yield from ((position, (batch, name)) for position, name in batch.places[1:])


def by_due(waiting: Callable[[due.Place | None], Iterator[due.Place]], after: Any) -> Iterator[tuple[due.Place, str]]:
    """The places of a list in the order of what is due. `waiting` has it from behind a place on; `after` is what a cursor held of one."""
    return ((place, place[2]) for place in waiting(place_after(after)))


def place_after(position: Any) -> due.Place | None:
    """The place that a cursor held. BadCursor where it is none, such as one of an earlier release."""
    try:
        return msgspec.convert(position, due.Place) if position else None
    except msgspec.ValidationError as broken:
        raise BadCursor("The cursor cannot be read.", param="cursor") from broken


def by_moment(keys: Iterable[tuple[int, str]]) -> Iterator[tuple[dict[str, Any], str]]:
    """The places of a list in the order of moments: it goes on after a moment (`at`) and an id."""
    return (({"at": at, "id": name}, name) for at, name in keys)


def encode_cursor(position: Any, caller: Caller, of: str) -> str:
    """A cursor: the position in the list named `of`, and a signature over it, the list and the caller."""
    encoded = msgspec.json.encode(position)
    return _text(encoded) + "." + _text(_signature(encoded, caller, of))


def decode_cursor(cursor: str, caller: Caller, of: str) -> Any:
    """The position again, or BadCursor."""
    try:
        encoded, signature = (
            urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in cursor.encode("ascii").decode().split(".")
        )
    except ValueError as broken:
        raise BadCursor("The cursor cannot be read.", param="cursor") from broken
    if not hmac.compare_digest(signature, _signature(encoded, caller, of)):
        raise BadCursor("The cursor belongs to another caller or list.", param="cursor")
    return msgspec.json.decode(encoded)


def _signature(encoded: bytes, caller: Caller, of: str) -> bytes:
    key = secrets.required("cursor-key").encode()
    return hmac.new(
        key, b"\0".join((caller.sub.encode(), caller.role.encode(), of.encode(), encoded)), hashlib.sha256
    ).digest()[:16]


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
