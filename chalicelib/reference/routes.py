"""The endpoints of what describes the platform itself."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.reference import service, views
from chalicelib.shared.http import ANYONE, FOR_FIVE_MINUTES, Routes, etag, respond
from chalicelib.shared.request import RequestContext

routes = Routes(group="Reference")


@routes.read("/v1/health", public=True, timeless=True)
def health(request: RequestContext) -> views.HealthView:
    """Whether the API can serve, which stage and version it is, and what time it is here."""
    return service.health()


@routes.read("/v1/policies", public=True)
def policies(request: RequestContext) -> views.PoliciesView:
    """Every policy with its announced versions and the one in force."""
    return service.listed(request.now)


@routes.read("/v1/policies/{name}", public=True)
def policy(name: str, query: views.PolicyQuery, request: RequestContext) -> views.PolicyView:
    """What applies, or applied, on a day."""
    return service.policy(name, query.on, request.now)


@routes.read("/v1/policies/{name}/diff", by=ANYONE)
def policy_diff(name: str, query: views.DiffQuery, request: RequestContext) -> views.PolicyDiffView:
    """Every value in which two versions differ."""
    return service.diff(name, query.start, query.end, request.now)


@routes.read("/v1/vocabulary", public=True, timeless=True)
def vocabulary(request: RequestContext) -> views.VocabularyView:
    """What people call kinds of things, statuses, actions, parties and deadlines, by their code, in the language of `Accept-Language`."""
    return service.vocabulary()


@routes.read("/v1/openapi.json", response=dict, public=True, timeless=True)
def openapi(request: RequestContext) -> Response:
    """This document."""
    document = service.document()
    return respond(document, Content_Type="application/json", Cache_Control=FOR_FIVE_MINUTES, ETag=etag(document))


@routes.read("/v1/postman.json", response=dict, public=True, timeless=True)
def postman(request: RequestContext) -> Response:
    """This API as a Postman collection (v2.1), for Postman, Bruno and Insomnia."""
    collection = service.collection()
    return respond(collection, Content_Type="application/json", Cache_Control=FOR_FIVE_MINUTES, ETag=etag(collection))
