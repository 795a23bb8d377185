"""Search: an id, what is found to the letter, then what begins so; each thing as it is now, for officers whose duties open it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from chalicelib.office.records import terms as records
from chalicelib.office.records.terms import Place
from chalicelib.office.rules import terms
from chalicelib.office.rules.things import Thing, prefix_of, thing_of
from chalicelib.office.service import homes
from chalicelib.office.views.search import FoundView, SearchQuery
from chalicelib.shared import pages
from chalicelib.shared.ids import MEMBER
from chalicelib.shared.pages import Page
from chalicelib.shared.request import RequestContext

Position = tuple[int, str]
"""Where a list goes on: in ids, in what is found whole or in beginnings, and after which place there."""
Found = tuple[Place, Any]
_OF_A_MEMBER = ("firm",)
"""What bears a member's id beside the member."""


def search(query: SearchQuery, request: RequestContext) -> Page[FoundView]:
    """What is found, each thing once on a page."""
    text = terms.folded(query.q)
    of = f"search:{text}"
    after: Position | None = tuple(pages.decode_cursor(query.cursor, request.caller, of)) if query.cursor else None
    known: dict[str, Place] = {}
    shown = set[str]()

    def places() -> Iterator[tuple[Position, str]]:
        for position, place in _places(query.q.strip(), text, after):
            known[key := "/".join(place)] = place
            yield position, key

    def show(one: Found) -> FoundView | None:
        place, state = one
        thing = thing_of(place.name)
        if thing is None or not thing.is_open_to(request.caller) or place.name in shown:
            return None
        view = _view(thing, place, state)
        shown.update([place.name] if view else ())
        return view

    return pages.filtered(
        places(), lambda keys: _load([(key, known[key]) for key in keys], request), show, query, request, of
    )


def _places(given: str, text: str, after: Position | None) -> Iterator[tuple[Position, Place]]:
    stage, place = after or (0, "")
    if stage == 0:
        yield from (((0, each.name), each) for each in _named(given) if not place or each.name > place)
    if stage <= 1:
        begun = place if stage == 1 else ""
        yield from (
            ((1, at), each) for at, each in records.beginning_with(terms.exact(text), f"{text}{records.BETWEEN}", begun)
        )
    if len(text) >= terms.LEAST_LETTERS:
        begun = place if stage == 2 else ""
        yield from (((2, at), each) for at, each in records.beginning_with(terms.bucket(text), text, begun))


def _named(given: str) -> Iterator[Place]:
    """The things that have that id."""
    if prefix_of(given) == MEMBER:
        yield from (Place(given, f"{also}:{given}", given) for also in _OF_A_MEMBER)
    if thing_of(given):
        yield Place(given, given, homes.record_of(given))


def _load(wanted: list[tuple[str, Place]], request: RequestContext) -> dict[str, Found]:
    """What is there of these, one round trip for each kind."""
    by_kind: dict[str, list[tuple[str, Place]]] = defaultdict(list)
    for key, place in wanted:
        by_kind[prefix_of(place.name)].append((key, place))
    there: dict[str, Found] = {}
    for prefix, places in by_kind.items():
        states = homes.states(prefix, [place.record for _, place in places], request.now)
        there |= {key: (place, states[place.record]) for key, place in places if place.record in states}
    return there


def _view(thing: Thing, place: Place, state: Any) -> FoundView | None:
    """None for what was called so once, and is not any more."""
    prefix, name = prefix_of(place.name), homes.record_of(place.name)
    own = terms.terms_of(prefix, state)
    is_by_id = place.term in (name, place.name)
    if not is_by_id and place.term not in {term for _, term in terms.places(own)}:
        return None
    return FoundView(
        id=name,
        kind=thing.kind,
        title=own.title or name,
        status=getattr(state, "status", None),
        href=thing.href(place.record),
        matched=place.term,
    )
