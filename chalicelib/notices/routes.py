"""The doors of outgoing webhooks: a member's own endpoints, and the platform's for officers."""

from __future__ import annotations

from typing import Final

from chalicelib.members.rules import NotRegistered
from chalicelib.notices.examples import A_GAP, A_TIME, ENDPOINT
from chalicelib.notices.rules.delivery import MessagesGone
from chalicelib.notices.rules.endpoint import EndpointDisabled, EndpointUnchanged, TooManyEndpoints
from chalicelib.notices.service import deliveries as notices_deliveries
from chalicelib.notices.service import endpoints as notices_endpoints
from chalicelib.notices.views import (
    DeliveriesQuery,
    DeliveryView,
    EndpointAsked,
    EndpointsQuery,
    EndpointView,
    ReplayAsked,
    ReplayView,
)
from chalicelib.shared.addresses import BadAddress
from chalicelib.shared.commit import Answer
from chalicelib.shared.http import MEMBER, OFFICER, Routes
from chalicelib.shared.pages import Page
from chalicelib.shared.request import Request

routes = Routes(group="Webhooks")

PLATFORM: Final = OFFICER.with_duty("admin")
"""Who looks after the platform's own endpoints, which are told of everything."""


@routes.command(
    "/v1/webhook-endpoints",
    asks=EndpointAsked,
    answers=EndpointView,
    status=201,
    by=MEMBER | PLATFORM,
    refuses=[BadAddress, NotRegistered, TooManyEndpoints],
    examples={"an endpoint": ENDPOINT},
)
def register(asked: EndpointAsked, request: Request) -> Answer:
    """Have events sent to an address. The answer shows the secret that proves them, this once."""
    return notices_endpoints.register(asked, request)


@routes.read("/v1/webhook-endpoints", query=EndpointsQuery, answers=Page[EndpointView], by=MEMBER | PLATFORM)
def endpoints(query: EndpointsQuery, request: Request) -> Page[EndpointView]:
    """Your endpoints, the oldest first."""
    return notices_endpoints.listed(query, request)


@routes.read("/v1/webhook-endpoints/{endpoint_id}", answers=EndpointView, by=MEMBER | PLATFORM)
def endpoint(endpoint_id: str, request: Request) -> EndpointView:
    """One of your endpoints, without its secret."""
    return notices_endpoints.shown(endpoint_id, request)


@routes.command("/v1/webhook-endpoints/{endpoint_id}/rotate-secret", answers=EndpointView, by=MEMBER | PLATFORM)
def rotate_secret(endpoint_id: str, request: Request) -> Answer:
    """A new secret, shown this once. The old one signs too for a day."""
    return notices_endpoints.rotate_secret(endpoint_id, request)


@routes.command(
    "/v1/webhook-endpoints/{endpoint_id}/enable",
    answers=EndpointView,
    by=MEMBER | PLATFORM,
    refuses=[EndpointUnchanged],
)
def enable(endpoint_id: str, request: Request) -> Answer:
    """Send to it again. What was held in the meantime comes with a replay."""
    return notices_endpoints.enable(endpoint_id, request)


@routes.command(
    "/v1/webhook-endpoints/{endpoint_id}/disable",
    answers=EndpointView,
    by=MEMBER | PLATFORM,
    refuses=[EndpointUnchanged],
)
def disable(endpoint_id: str, request: Request) -> Answer:
    """Send nothing to it for now. What happens is held for a replay."""
    return notices_endpoints.disable(endpoint_id, request)


@routes.command("/v1/webhook-endpoints/{endpoint_id}/delete", answers=EndpointView, by=MEMBER | PLATFORM)
def delete(endpoint_id: str, request: Request) -> Answer:
    """Forget it. The answer shows it as it was."""
    return notices_endpoints.delete(endpoint_id, request)


@routes.command(
    "/v1/webhook-endpoints/{endpoint_id}/ping", answers=EndpointView, by=MEMBER | PLATFORM, refuses=[EndpointDisabled]
)
def ping(endpoint_id: str, request: Request) -> Answer:
    """Send it a `webhook_endpoint.pinged`, whatever kinds it asked for."""
    return notices_endpoints.ping(endpoint_id, request)


@routes.command(
    "/v1/webhook-endpoints/{endpoint_id}/replay",
    asks=ReplayAsked,
    answers=ReplayView,
    by=MEMBER | PLATFORM,
    refuses=[EndpointDisabled, MessagesGone],
    examples={"a gap": A_GAP, "three days": A_TIME},
)
def replay(endpoint_id: str, asked: ReplayAsked, request: Request) -> Answer:
    """Send messages again, under the names they had: by id, by the numbers of a thing, or by time."""
    return notices_deliveries.replay(endpoint_id, asked, request)


@routes.read(
    "/v1/webhook-endpoints/{endpoint_id}/deliveries",
    query=DeliveriesQuery,
    answers=Page[DeliveryView],
    by=MEMBER | PLATFORM,
)
def deliveries(endpoint_id: str, query: DeliveriesQuery, request: Request) -> Page[DeliveryView]:
    """What was sent or waits to be, the newest first, with every attempt."""
    return notices_deliveries.listed(endpoint_id, query, request)
