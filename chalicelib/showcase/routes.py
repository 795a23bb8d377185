"""The addresses of public pages: short, for people who share them."""

from __future__ import annotations

from typing import Final

from chalice.app import Response

from chalicelib.shared.http import Routes, html_page, respond
from chalicelib.shared.request import RequestContext
from chalicelib.showcase import service
from chalicelib.showcase.frame import POLICY
from chalicelib.showcase.service import Written
from chalicelib.showcase.views import CatalogueQuery, PageQuery

routes = Routes(group="Public pages")
HTML: Final = "text/html"
ASKED_EACH_TIME: Final = "no-cache"
"""What is revoked is so at once, as for badges."""


@routes.read("/s/verify_badge.py", response=str, public=True, timeless=True, media="text/x-python")
def verifier(request: RequestContext) -> Response:
    """The script that checks badges offline, with Python's standard library."""
    return respond(
        service.verifier(),
        Content_Type="text/x-python; charset=utf-8",
        Cache_Control="public, max-age=3600",
        X_Content_Type_Options="nosniff",
    )


@routes.read("/s/{member_id}", response=str, public=True, media=HTML, missing=HTML)
def storefront(member_id: str, query: PageQuery, request: RequestContext) -> Response:
    """A storefront as a page: badges, figures and how they are counted, what is on sale, how to check it."""
    return _page(service.of_storefront(member_id, query, request))


@routes.read("/c/{channel_id}", response=str, public=True, media=HTML, missing=HTML)
def channel(channel_id: str, query: CatalogueQuery, request: RequestContext) -> Response:
    """A country channel as a page: its terms, and what is on sale in it."""
    return _page(service.of_channel(channel_id, query, request))


def _page(written: Written) -> Response:
    status = 200 if written.is_found else 404
    return html_page(written.html, policy=POLICY, cache=ASKED_EACH_TIME, language=written.language, status=status)
