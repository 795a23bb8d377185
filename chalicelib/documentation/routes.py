"""The endpoints of the documentation site."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Final

from chalice.app import Response

from chalicelib.documentation import service
from chalicelib.shared.errors import NotFound
from chalicelib.shared.http import FOR_FIVE_MINUTES, Routes, etag, html_page, respond
from chalicelib.shared.page import SELF, policy
from chalicelib.shared.request import RequestContext

routes = Routes(group="Documentation")

POLICY: Final = policy(SELF, script=SELF, connect=SELF)
HTML: Final = "text/html"
MEDIA: Final = {
    ".atom": "application/atom+xml",
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".sh": "text/x-shellscript",
}


@routes.read("/docs", response=str, public=True, timeless=True, media=HTML)
def front(request: RequestContext) -> Response:
    """The way into this documentation, to read in a browser."""
    return _file("docs")


@routes.read("/docs/{section}", response=str, public=True, timeless=True, media=HTML, errors=[NotFound])
def section(section: str, request: RequestContext) -> Response:
    """A section of the documentation: `guides`, `api`, `events`, `states`, `errors`, `changes`; `changes.atom` for feed readers, `prelude.sh` for a shell."""
    return _file(f"docs/{section}")


@routes.read("/docs/{section}/{page}", response=str, public=True, timeless=True, media=HTML, errors=[NotFound])
def page(section: str, page: str, request: RequestContext) -> Response:
    """A page of a section: `/docs/errors/not_found` is where `doc_url` of that problem leads."""
    return _file(f"docs/{section}/{page}")


def _file(path: str) -> Response:
    written = service.file(path)
    media = MEDIA.get(PurePosixPath(path).suffix)
    if media is None:
        return html_page(written, policy=POLICY, cache=FOR_FIVE_MINUTES)
    return respond(
        written,
        Content_Type=f"{media}; charset=utf-8",
        Cache_Control=FOR_FIVE_MINUTES,
        ETag=etag(written.encode()),
        X_Content_Type_Options="nosniff",
    )
