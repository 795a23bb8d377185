"""The endpoints of the officers' console."""

from __future__ import annotations

from functools import partial
from typing import Final

from chalice.app import Response

from chalicelib.console import service
from chalicelib.console.service import GoneByNow
from chalicelib.console.views import FormView, ReturnQuery, RoutesView, TextsView
from chalicelib.shared import languages
from chalicelib.shared.encoding import encode, encode_for
from chalicelib.shared.errors import NotFound
from chalicelib.shared.http import FOR_FIVE_MINUTES, Routes, html_page, in_the_language, respond
from chalicelib.shared.request import RequestContext

routes = Routes(group="Console")

FOR_EVER: Final = "public, max-age=31536000, immutable"
SCRIPT: Final = "text/javascript"
STYLE: Final = "text/css"


@routes.read("/console", response=str, public=True, timeless=True, media="text/html")
def console(query: ReturnQuery, request: RequestContext) -> Response:
    """The officers' console. It asks this API with the token of who has signed in. The query, which the identity provider sends people back with, is read in the browser."""
    return html_page(service.html(), policy=service.policy(), cache="no-cache")


_released = partial(routes.read, response=str, public=True, timeless=True, errors=[NotFound, GoneByNow])


@_released("/console/{release}/{file}", media=SCRIPT)
def own_module(release: str, file: str, request: RequestContext) -> Response:
    """A module of a release of the console: the same for ever."""
    return _kept(service.module(release, file), SCRIPT)


@_released("/console/{release}/vendor/{module}", media=SCRIPT)
def vendor_module(release: str, module: str, request: RequestContext) -> Response:
    """A module of others that the console loads."""
    return _kept(service.module(release, f"vendor/{module}"), SCRIPT)


@_released("/console/{release}/console.css", media=STYLE)
def style(release: str, request: RequestContext) -> Response:
    """The style sheet of a release."""
    return _kept(service.style(release), STYLE)


@routes.read("/console/routes", response=RoutesView, public=True, timeless=True)
def known_routes(request: RequestContext) -> Response:
    """Which endpoints there are, and what an allowed action of a thing is called among them."""
    return _for_a_while(encode(service.routes()))


@routes.read("/console/forms/{operation}", response=FormView, public=True, timeless=True, errors=[NotFound])
def form(operation: str, request: RequestContext) -> Response:
    """What one endpoint takes, as JSON Schema, and who may ask it: its words are in the language of `Accept-Language`."""
    language = languages.preferred(request.languages)
    body, _ = encode_for(service.form(operation), language)
    reply = _for_a_while(body)
    reply.headers.update(in_the_language(language))
    return reply


@routes.read("/console/texts/{language}", response=TextsView, public=True, timeless=True, errors=[NotFound])
def texts(language: str, request: RequestContext) -> Response:
    """The console's sentences in a language."""
    return _for_a_while(encode(service.texts_view(language)))


def _kept(content: str, media: str) -> Response:
    return respond(
        content, Content_Type=f"{media}; charset=utf-8", Cache_Control=FOR_EVER, X_Content_Type_Options="nosniff"
    )


def _for_a_while(body: bytes) -> Response:
    return respond(body, Content_Type="application/json", Cache_Control=FOR_FIVE_MINUTES)
