"""The endpoint of search."""

from __future__ import annotations

from chalicelib.office.routes.work import WORKERS
from chalicelib.office.service import search
from chalicelib.office.views.search import FoundView, SearchQuery
from chalicelib.shared.http import Routes
from chalicelib.shared.pages import BadCursor, Page
from chalicelib.shared.request import RequestContext

routes = Routes(group="Officers' work")


@routes.read("/v1/search", by=WORKERS, errors=[BadCursor])
def found(query: SearchQuery, request: RequestContext) -> Page[FoundView]:
    """Look for an id, a reference or the beginning of a name, over everything that one of your duties opens."""
    return search.search(query, request)
