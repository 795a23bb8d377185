"""The page of a country channel: what it is, on which terms it sells, and what is on sale in it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final
from urllib.parse import urlencode

from chalicelib.channels.views.channel import ChannelView
from chalicelib.listings.views.listing import CardView
from chalicelib.shared.pages import Page
from chalicelib.shared.texts import Text, say, term
from chalicelib.showcase import words
from chalicelib.showcase.catalogue import cards
from chalicelib.showcase.frame import Sheet
from chalicelib.showcase.markup import Element, Node, tag
from chalicelib.showcase.views import CatalogueQuery

PATH: Final = "/c/"
SORTS: Final[dict[str, Text]] = {"newest": say("The newest first"), "price": say("The cheapest first")}


def sheet(shown: ChannelView, listings: Page[CardView], query: CatalogueQuery, base_url: str, language: str) -> Sheet:
    path = f"{PATH}{shown.id}"
    return Sheet(
        base_url=base_url,
        path=path,
        query=_query(query),
        title=_title(shown),
        summary=_summary(shown),
        body=list(_body(shown, listings, query, f"{base_url}{path}", language)),
    )


def _title(shown: ChannelView) -> Text:
    return say("{country} channel", country=words.country(shown.country))


def _summary(shown: ChannelView) -> Text:
    band = shown.terms.band
    return say(
        "Goods of suppliers that {agencies} vouches for, in small lots of {least} to {most}, ordered under protection.",
        agencies=_agencies(shown),
        least=words.amount(band.least),
        most=words.amount(band.most),
    )


def _agencies(shown: ChannelView) -> str:
    return ", ".join(each.upper() for each in shown.terms.agencies)


def _query(query: CatalogueQuery) -> dict[str, str]:
    """What of the query makes it another page."""
    filters = {"category": query.category, "supplier": query.supplier, "cursor": query.cursor}
    named = {name: value for name, value in filters.items() if value}
    return named | ({"sort": query.sort} if query.sort != "newest" else {})


def _body(
    shown: ChannelView, listings: Page[CardView], query: CatalogueQuery, address: str, language: str
) -> Iterator[Node]:
    title = _title(shown)
    yield tag("h1", title)
    yield tag("p", _summary(shown), class_="lead")
    if str(title) != shown.name:
        yield tag("p", shown.name)
    if shown.status != "open":
        yield tag(
            "p",
            say("Nothing can be ordered in it now: it is {status}.", status=term("status", shown.status)),
            class_="note warn",
        )
    yield tag("h2", say("On sale"))
    yield tag("nav", _chips(shown, query, address, language), aria_label=say("Categories"))
    yield tag("nav", _sorts(query, address, language), aria_label=say("Sorted by"))
    if listings.items:
        yield cards(listings.items, language, with_supplier=not query.supplier)
    else:
        yield tag("p", say("Nothing of it is on sale at the moment."), class_="note")
    if listings.next_cursor:
        more = _link(address, {**_query(query), "cursor": listings.next_cursor}, language)
        yield tag("p", tag("a", say("More"), href=more, rel="next"))
    yield tag("h2", say("Its terms"))
    yield tag("dl", [_fact(name, value) for name, value in _terms(shown)], class_="facts")


def _chips(shown: ChannelView, query: CatalogueQuery, address: str, language: str) -> Element:
    rest = {name: value for name, value in _query(query).items() if name not in ("category", "cursor")}
    every: list[tuple[str, Text | str]] = [("", say("Everything"))]
    every += [(code, words.category(code)) for code in shown.terms.categories]
    return _choice(
        every, query.category or "", lambda code: rest | ({"category": code} if code else {}), address, language
    )


def _sorts(query: CatalogueQuery, address: str, language: str) -> Element | None:
    """A supplier's listings are not sorted by price."""
    if query.supplier:
        return None
    rest = {name: value for name, value in _query(query).items() if name not in ("sort", "cursor")}
    return _choice(list(SORTS.items()), query.sort, lambda sort: rest | {"sort": sort}, address, language)


def _choice(
    options: list[tuple[str, Text | str]],
    chosen: str,
    query_with: Callable[[str], dict[str, str]],
    address: str,
    language: str,
) -> Element:
    return tag(
        "ul",
        [
            tag(
                "li",
                tag(
                    "a",
                    label,
                    href=_link(address, query_with(code), language),
                    aria_current="true" if code == chosen else None,
                ),
            )
            for code, label in options
        ],
        class_="chips",
    )


def _link(address: str, query: dict[str, str], language: str) -> str:
    return f"{address}?{urlencode(query | {'lang': language})}"


def _terms(shown: ChannelView) -> Iterator[tuple[Text, Node]]:
    terms = shown.terms
    yield say("Agencies"), _agencies(shown)
    yield say("Sold to"), [_list(words.country(code) for code in terms.buyer_markets)]
    yield say("Prices in"), ", ".join(terms.price_currencies)
    yield (
        say("An order comes to"),
        say("{least} to {most}", least=words.amount(terms.band.least), most=words.amount(terms.band.most)),
    )
    yield say("A quote adds to the rate"), words.rate(terms.spread_bp)
    yield say("Fee that the exporter bears"), words.rate(terms.fee_bp)


def _list(items: Iterable[Text | str]) -> list[Node]:
    listed: list[Node] = []
    for each in items:
        listed += [", ", each] if listed else [each]
    return listed


def _fact(name: Text, value: Node) -> list[Node]:
    return [tag("dt", name), tag("dd", value)]
