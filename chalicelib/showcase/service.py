"""Public pages: what anybody may read through the API, as a page in the reader's language."""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

from msgspec.structs import replace

from chalicelib.channels.service import badge as channels_badge
from chalicelib.channels.service import reading as channels_reading
from chalicelib.channels.views.badge import BadgeQuery
from chalicelib.conduct.service import integrity
from chalicelib.listings.service import reading as listings_reading
from chalicelib.listings.views.listing import CardView
from chalicelib.listings.views.requests import CatalogueQuery as ListingsQuery
from chalicelib.shared import languages, policies
from chalicelib.shared.errors import NotFound
from chalicelib.shared.pages import BadCursor, Page
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import RequestContext
from chalicelib.showcase import channel, missing, storefront
from chalicelib.showcase.frame import Sheet, document
from chalicelib.showcase.views import CatalogueQuery, PageQuery
from chalicelib.suppliers.rules.qualification import Terms
from chalicelib.suppliers.service import storefront as suppliers_storefront

SHOWN_AT_ONCE: Final = 6
"""Listings on a storefront's page; the channel's page has all of them."""
PAGE: Final = 24
VERIFIER: Final = "verify_badge.py"


class Written(NamedTuple):
    """A page, in which language it is, and whether it is one or says that there is none."""

    html: str
    language: str
    is_found: bool


def of_storefront(member_id: str, query: PageQuery, request: RequestContext) -> Written:
    language, request = _in_language(query, request)
    try:
        shown = suppliers_storefront.storefront(member_id, request)
    except NotFound:
        return _written(missing.sheet(f"{storefront.PATH}{member_id}", request.base_url), language)
    level = integrity.level(member_id, request)  # before the badge, which waits for an ill store and is shown without
    national = channels_badge.badge(member_id, BadgeQuery(), request).badge
    listings = (
        _on_sale(national.channel_id, ListingsQuery(supplier=member_id, limit=SHOWN_AT_ONCE), request)
        if national.channel_id
        else Page[CardView](items=[])
    )
    qualification = policies.in_force("qualification", business_date(request.now)).read_as(Terms)
    sheet = storefront.sheet(shown, national, level, listings.items, qualification, request.base_url, language)
    return _written(sheet, language)


def of_channel(channel_id: str, query: CatalogueQuery, request: RequestContext) -> Written:
    """Where the rest of the address makes no sense, such as a cursor that was cut off, it is the first page."""
    language, request = _in_language(query, request)
    try:
        shown = channels_reading.channel(channel_id, request)
    except NotFound:
        return _written(missing.sheet(f"{channel.PATH}{channel_id}", request.base_url), language)
    listings_query = ListingsQuery(
        category=query.category, supplier=query.supplier, sort=query.sort, cursor=query.cursor, limit=PAGE
    )
    try:
        listings = _on_sale(channel_id, listings_query, request)
    except (BadCursor, listings_reading.NotSorted):
        query = CatalogueQuery(lang=query.lang)
        listings = _on_sale(channel_id, ListingsQuery(limit=PAGE), request)
    return _written(channel.sheet(shown, listings, query, request.base_url, language), language)


def verifier() -> str:
    """The script that checks badges: one file, in `docs/` here and beside this module where it is deployed."""
    here = Path(__file__)
    places = (here.with_name(VERIFIER), here.parents[2] / "docs" / VERIFIER)
    return next(place for place in places if place.is_file()).read_text(encoding="utf-8")


def _in_language(query: PageQuery, request: RequestContext) -> tuple[str, RequestContext]:
    """The language that the address names, else the one that the reader prefers; all that is read is said in it."""
    language = query.lang if query.lang in languages.OFFERED else languages.preferred(request.languages)
    return language, replace(request, languages=language)


_on_sale = listings_reading.catalogue


def _written(sheet: Sheet, language: str) -> Written:
    return Written(document(sheet, language), language, sheet.is_found)
